"""Months in a row are alike: the difference between two periods when each month remembers the one before."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .estimate import Estimate, NotEstimable, require_values, t_estimate


HIGHEST = 0.98
"""Largest memory that is searched."""


@dataclass(frozen=True)
class Ar1Difference:
    """``change`` after minus before; ``memory``: correlation of neighbouring months, by REML."""

    change: Estimate
    memory: float


def ar1_difference(*, values: np.ndarray, after: np.ndarray, period: np.ndarray, conf_level: float = 0.95) -> Ar1Difference:
    """Mean of the periods after minus mean of those before; the uncertainty from AR(1) noise fitted by REML.

    The estimate is the plain difference of the means that are shown, its variance that of the least-squares line under
    the fitted memory. values (n,), after (n,) bool, period (n,) integer number of the month, each once; months that are left out keep
    their distance (correlation memory^distance), as R's ``nlme::gls(correlation = corAR1(form = ~ period))``. t with
    the number of independent months the series is worth, n (1-r)/(1+r), less two (Bayley and Hammersley 1946), r the
    memory or 0 where that is negative: with n - 2 the interval is too short when memory is strong. A series that
    wanders without a level ends at the highest memory and one degree of freedom: a very wide interval. Raises
    NotEstimable: ``too_few`` (under three months on a side), ``zero_variance``.
    """
    n = len(values)
    if min(int(after.sum()), n - int(after.sum())) < 3:
        raise NotEstimable("too_few")
    require_values(values)
    order = np.argsort(period)
    y, x = values[order].astype(float), np.column_stack([np.ones(n), after[order].astype(float)])
    memory, spread = ar1_memory(values=y, x=x, period=period[order])
    bread = np.linalg.inv(x.T @ x) @ x.T
    place = period[order]
    cov = bread @ (spread * memory ** np.abs(np.subtract.outer(place, place))) @ bread.T
    change = t_estimate(
        estimate=float((bread @ y)[1]), std_error=math.sqrt(cov[1, 1]), df=max(1.0, n / alike(memory=memory) - 2),
        conf_level=conf_level, method="ar1_reml",
    )
    return Ar1Difference(change=change, memory=memory)


def ar1_memory(*, values: np.ndarray, x: np.ndarray, period: np.ndarray) -> tuple[float, float]:
    """REML memory of the noise around ``x b``, and its variance. values (n,), x (n, k), period (n,) rising integers.

    Raises NotEstimable: ``zero_variance`` (x leaves no noise).
    """
    from scipy.optimize import minimize_scalar

    gaps, scale = np.diff(period), max(1.0, float(np.max(np.abs(values))))
    if np.sum((values - x @ np.linalg.lstsq(x, values, rcond=None)[0]) ** 2) <= len(values) * (1e-10 * scale) ** 2:
        raise NotEstimable("zero_variance")
    found = minimize_scalar(lambda r: _fit(r, values, x, gaps)[0], bounds=(-HIGHEST, HIGHEST), method="bounded", options={"xatol": 1e-9})
    return float(found.x), _fit(float(found.x), values, x, gaps)[1]


def alike(*, memory: float) -> float:
    """(1 + r) / (1 - r), at least 1: how many months in a row are worth one that stands alone."""
    kept = max(memory, 0.0)
    return (1 + kept) / (1 - kept)


def _fit(memory: float, y: np.ndarray, x: np.ndarray, gaps: np.ndarray) -> tuple[float, float]:
    """Restricted deviance up to a constant, and the variance of a month, at one memory."""
    link = memory**gaps
    rest = np.sqrt(1 - link**2)
    white = np.column_stack([x, y])
    white[1:] = (white[1:] - link[:, None] * white[:-1]) / rest[:, None]
    wx, wy = white[:, :-1], white[:, -1]
    cross = wx.T @ wx
    coef = np.linalg.solve(cross, wx.T @ wy)
    rss = float(((wy - wx @ coef) ** 2).sum())
    free = len(y) - x.shape[1]
    deviance = 2 * np.log(rest).sum() + np.linalg.slogdet(cross)[1] + free * math.log(rss)
    return float(deviance), rss / free
