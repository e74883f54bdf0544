"""Standardised and rank-based sizes of a change. Every one is named, and its sign is that of after minus before."""

from __future__ import annotations

import math

import numpy as np

from .estimate import Estimate, NotEstimable, require_values, t_p_value, t_quantile
from .two_sample import spread_is_zero


def correction(*, df: float) -> float:
    """Hedges' exact small-sample factor J = gamma(m/2) / (sqrt(m/2) gamma((m-1)/2)) (J Educ Stat 1981;6:107)."""
    return math.exp(math.lgamma(df / 2) - math.lgamma((df - 1) / 2)) / math.sqrt(df / 2)


def hedges_g(*, before: np.ndarray, after: np.ndarray, conf_level: float = 0.95) -> Estimate:
    """Difference in means of different people over the pooled standard deviation, times J.

    Interval by inverting the noncentral t (Steiger and Fouladi 1997), times J. Statistic, df and p are Student's;
    the standard error is the usual large-sample one. Raises NotEstimable: ``too_few``, ``zero_variance``.
    """
    n_before, n_after = len(before), len(after)
    if min(n_before, n_after) < 2:
        raise NotEstimable("too_few")
    require_values(before, after)
    if spread_is_zero(before) and spread_is_zero(after):
        raise NotEstimable("zero_variance")
    df = n_before + n_after - 2
    pooled = math.sqrt(((n_before - 1) * np.var(before, ddof=1) + (n_after - 1) * np.var(after, ddof=1)) / df)
    d = float(np.mean(after) - np.mean(before)) / pooled
    scale = math.sqrt(1 / n_before + 1 / n_after)
    return _noncentral(
        d=d, scale=scale, df=df, factor=correction(df=df), conf_level=conf_level, method="hedges_g",
        std_error=math.sqrt(scale**2 + d * d / (2 * (n_before + n_after))),
    )


def d_z(*, before: np.ndarray, after: np.ndarray, conf_level: float = 0.95) -> Estimate:
    """Mean change of the same people over the standard deviation of their changes; noncentral t interval.

    Not comparable with ``hedges_g``: the more alike a person's two answers are, the larger it gets.
    """
    change = _changes(before, after)
    n = len(change)
    d = float(change.mean() / np.std(change, ddof=1))
    return _noncentral(
        d=d, scale=1 / math.sqrt(n), df=n - 1, factor=1.0, conf_level=conf_level, method="d_z",
        std_error=math.sqrt(1 / n + d * d / (2 * n)),
    )


def d_av(*, before: np.ndarray, after: np.ndarray, conf_level: float = 0.95) -> Estimate:
    """Mean change of the same people over sqrt of the mean of the two variances: on the scale of a two-group d.

    Standard error and normal interval by Bonett (Psychol Methods 2008;13:99), variances not assumed equal.
    """
    change = _changes(before, after)
    df = len(change) - 1
    first, second = float(np.var(before, ddof=1)), float(np.var(after, ddof=1))
    mean_variance = (first + second) / 2
    both = float(np.cov(before, after)[0, 1])
    d = float(change.mean()) / math.sqrt(mean_variance)
    part = d * d * (first**2 + second**2 + 2 * both**2) / (8 * df * mean_variance**2)
    error = math.sqrt(part + (first + second - 2 * both) / (df * mean_variance))
    half = t_quantile(df=math.inf, conf_level=conf_level) * error
    return Estimate(
        estimate=d, std_error=error, df=math.inf, statistic=d / error,
        p_value=t_p_value(statistic=d / error, df=math.inf), conf_low=d - half, conf_high=d + half,
        conf_level=conf_level, method="d_av",
    )


def cliffs_delta(*, before: np.ndarray, after: np.ndarray, conf_level: float = 0.95) -> Estimate:
    """P(after > before) - P(after < before) over all pairs of different people: needs order only.

    Unbiased variance and asymmetric interval of Cliff (Ordinal Methods for Behavioral Data Analysis, 1996, ch. 5).
    Raises NotEstimable: ``too_few``, ``zero_variance`` (all pairs tied, or no overlap at all).
    """
    n, m = len(after), len(before)
    if min(n, m) < 2:
        raise NotEstimable("too_few")
    require_values(before, after)
    by_after, by_before = _dominance(after, before), -_dominance(before, after)
    delta = float(by_after.mean())
    ties = np.searchsorted(np.sort(before), after, "right") - np.searchsorted(np.sort(before), after, "left")
    inner = n * m - float(ties.sum()) - n * m * delta**2
    outer = m**2 * float(((by_after - delta) ** 2).sum()) + n**2 * float(((by_before - delta) ** 2).sum())
    variance = (outer - inner) / (n * m * (n - 1) * (m - 1))
    if variance <= 0:
        raise NotEstimable("zero_variance")
    z, error = t_quantile(df=math.inf, conf_level=conf_level), math.sqrt(variance)
    half = z * error * math.sqrt((1 - delta**2) ** 2 + z * z * variance)
    bottom = 1 - delta**2 + z * z * variance
    return Estimate(
        estimate=delta, std_error=error, df=math.inf, statistic=delta / error,
        p_value=t_p_value(statistic=delta / error, df=math.inf), conf_low=(delta - delta**3 - half) / bottom,
        conf_high=(delta - delta**3 + half) / bottom, conf_level=conf_level, method="cliffs_delta",
    )


def _dominance(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Per value of ``one``: share of ``other`` below it minus share above it."""
    ordered = np.sort(other)
    below = np.searchsorted(ordered, one, "left")
    above = len(other) - np.searchsorted(ordered, one, "right")
    return (below - above) / len(other)


def _changes(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    if len(before) != len(after):
        raise ValueError(f"paired values differ in length: {len(before)} before, {len(after)} after")
    if len(before) < 3:
        raise NotEstimable("too_few")
    require_values(before, after)
    change = np.asarray(after, dtype=float) - np.asarray(before, dtype=float)
    if spread_is_zero(change):
        raise NotEstimable("zero_variance")
    return change


def _noncentral(
    *, d: float, scale: float, df: float, factor: float, std_error: float, conf_level: float, method: str
) -> Estimate:
    """``d`` and its interval by inverting the noncentral t of d/scale, both times ``factor``."""
    from scipy.optimize import brentq
    from scipy.special import nctdtr

    statistic = d / scale
    size, tail = abs(statistic), (1 - conf_level) / 2
    reach = 1 + 5 * math.sqrt(1 + size**2 / (2 * df))
    ends = [
        math.copysign(1.0, d) * brentq(lambda shift, p=p: nctdtr(df, shift, size) - p, size - reach, size + reach, xtol=1e-12)
        for p in (1 - tail, tail)
    ]
    ends.sort()
    return Estimate(
        estimate=factor * d, std_error=factor * std_error, df=df, statistic=statistic,
        p_value=t_p_value(statistic=statistic, df=df), conf_low=factor * ends[0] * scale,
        conf_high=factor * ends[1] * scale, conf_level=conf_level, method=method,
    )
