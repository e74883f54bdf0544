"""Months in a row are alike: the difference between two periods with standard errors that know it."""

from __future__ import annotations

import math

import numpy as np

from .estimate import Estimate, NotEstimable, t_estimate


def newey_west_lag(*, n: int) -> int:
    """Lag floor(4 (n/100)^(2/9)) (Newey and West 1994), fixed by the length alone, at least 1."""
    return max(1, math.floor(4 * (n / 100) ** (2 / 9)))


def hac_difference(
    *, values: np.ndarray, after: np.ndarray, period: np.ndarray, lag: int | None = None, conf_level: float = 0.95
) -> Estimate:
    """Mean of the periods after minus mean of those before, Newey-West standard error.

    values (n,), after (n,) bool, period (n,) integer number of the month, each once. Months that are left out
    (wash-in) keep their distance: only pairs that really lie ``lag`` months apart are weighed (Parzen 1963's
    amplitude modulation). Bartlett weights, no prewhitening, factor n/(n-2), t with n-2 df.
    Raises NotEstimable: ``too_few`` (under three months on a side), ``zero_variance``.
    """
    n = len(values)
    n_after = int(after.sum())
    if min(n_after, n - n_after) < 3:
        raise NotEstimable("too_few")
    used = newey_west_lag(n=n) if lag is None else lag
    x = np.column_stack([np.ones(n), after.astype(float)])
    bread = np.linalg.inv(x.T @ x)
    coef = bread @ (x.T @ values)
    place = period - period.min()
    padded = np.zeros((int(place.max()) + 1, 2))
    padded[place] = x * (values - x @ coef)[:, None]
    meat = padded.T @ padded
    for step in range(1, min(used, len(padded) - 1) + 1):
        cross = padded[step:].T @ padded[:-step]
        meat += (1 - step / (used + 1)) * (cross + cross.T)
    variance = (n / (n - 2) * bread @ meat @ bread)[1, 1]
    scale = max(1.0, float(np.max(np.abs(values))))
    if variance <= (1e-10 * scale) ** 2:
        raise NotEstimable("zero_variance")
    return t_estimate(
        estimate=float(coef[1]), std_error=math.sqrt(variance), df=n - 2, conf_level=conf_level,
        method=f"hac_lag_{used}",
    )
