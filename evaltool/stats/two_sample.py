"""Two groups of different people: the difference between their means."""

from __future__ import annotations

import math

import numpy as np

from .estimate import Estimate, NotEstimable, require_values, t_estimate


def welch(*, before: np.ndarray, after: np.ndarray, conf_level: float = 0.95) -> Estimate:
    """Mean of ``after`` minus mean of ``before``, unequal variances.

    before, after: 1-d floats without gaps, one value per person, in the measure's unit.
    Standard error sqrt(s1^2/n1 + s2^2/n2), degrees of freedom by Welch (Biometrika 1947) and Satterthwaite (1946).
    Raises NotEstimable: ``too_few`` (under two values on a side), ``zero_variance`` (no spread on either side).
    """
    n_before, n_after = len(before), len(after)
    if min(n_before, n_after) < 2:
        raise NotEstimable("too_few")
    require_values(before, after)
    part_before = np.var(before, ddof=1) / n_before
    part_after = np.var(after, ddof=1) / n_after
    variance = part_before + part_after
    if spread_is_zero(before) and spread_is_zero(after):
        raise NotEstimable("zero_variance")
    df = variance**2 / (part_before**2 / (n_before - 1) + part_after**2 / (n_after - 1))
    return t_estimate(
        estimate=float(np.mean(after) - np.mean(before)), std_error=math.sqrt(variance), df=float(df),
        conf_level=conf_level, method="welch",
    )


def spread_is_zero(values: np.ndarray) -> bool:
    """All values equal up to rounding error (a sum of equal decimals is rarely exactly constant)."""
    return bool(np.ptp(values) <= 1e-12 * max(1.0, float(np.max(np.abs(values)))))
