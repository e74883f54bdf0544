"""The same people twice: the mean of their own changes."""

from __future__ import annotations

import math

import numpy as np

from .estimate import Estimate, NotEstimable, require_values, t_estimate
from .two_sample import spread_is_zero


def paired_t(*, before: np.ndarray, after: np.ndarray, conf_level: float = 0.95) -> Estimate:
    """Mean of ``after - before`` over persons, t with n - 1 degrees of freedom (Student 1908).

    before, after: 1-d floats of equal length without gaps; position i is one person.
    Raises NotEstimable: ``too_few`` (under two persons), ``zero_variance`` (everybody changed by the same amount).
    ValueError when the lengths differ: pairs are never made by position from unequal lists.
    """
    if len(before) != len(after):
        raise ValueError(f"paired values differ in length: {len(before)} before, {len(after)} after")
    if len(before) < 2:
        raise NotEstimable("too_few")
    require_values(before, after)
    change = np.asarray(after, dtype=float) - np.asarray(before, dtype=float)
    if spread_is_zero(change):
        raise NotEstimable("zero_variance")
    n = len(change)
    return t_estimate(
        estimate=float(change.mean()), std_error=float(np.std(change, ddof=1)) / math.sqrt(n), df=n - 1,
        conf_level=conf_level, method="paired_t",
    )
