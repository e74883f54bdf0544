"""Shares: one with Wilson's or the exact interval, two with Newcombe's."""

from __future__ import annotations

import math

import numpy as np

from .estimate import Estimate, NotEstimable, t_p_value, t_quantile


def wilson(*, events: float, n: float, conf_level: float = 0.95) -> tuple[float, float]:
    """Score interval for a share (Wilson, JASA 1927): ``(low, high)`` in 0-1. ``n`` may be an effective number."""
    if n <= 0:
        raise NotEstimable("too_few")
    z = t_quantile(df=math.inf, conf_level=conf_level)
    share = events / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low = 0.0 if events == 0 else max(0.0, centre - half)
    high = 1.0 if events == n else min(1.0, centre + half)
    return low, high


def wilsons(*, events: np.ndarray, n: np.ndarray, conf_level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """``wilson`` of many shares at once: events, n (m,), every n above 0; (lows, highs), to the last digit the same."""
    z = t_quantile(df=math.inf, conf_level=conf_level)
    share = events / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low = np.where(events == 0, 0.0, np.maximum(0.0, centre - half))
    return low, np.where(events == n, 1.0, np.minimum(1.0, centre + half))


def clopper_pearson(*, events: int, n: int, conf_level: float = 0.95) -> tuple[float, float]:
    """Exact interval for a share (Clopper and Pearson, Biometrika 1934;26:404): ``(low, high)`` in 0-1.

    Holds its level whatever the share, and is wider than it need be. Raises NotEstimable: ``too_few`` (nobody).
    """
    from scipy.special import betaincinv

    if n <= 0:
        raise NotEstimable("too_few")
    tail = (1 - conf_level) / 2
    low = float(betaincinv(events, n - events + 1, tail)) if events > 0 else 0.0
    return low, float(betaincinv(events + 1, n - events, 1 - tail)) if events < n else 1.0


def newcombe(
    *, events_before: float, n_before: float, events_after: float, n_after: float, conf_level: float = 0.95
) -> Estimate:
    """Share after minus share before with the hybrid score interval (Newcombe, Stat Med 1998;17:873, method 10).

    Standard error and p come from the pooled two-sample z test and are NaN where nobody or everybody has the event:
    the interval, which stays valid there, is the answer.
    """
    if min(n_before, n_after) < 1:
        raise NotEstimable("too_few")
    share_before, share_after = events_before / n_before, events_after / n_after
    low_before, high_before = wilson(events=events_before, n=n_before, conf_level=conf_level)
    low_after, high_after = wilson(events=events_after, n=n_after, conf_level=conf_level)
    difference = share_after - share_before
    down = math.hypot(share_after - low_after, high_before - share_before)
    up = math.hypot(high_after - share_after, share_before - low_before)
    unpooled = share_before * (1 - share_before) / n_before + share_after * (1 - share_after) / n_after
    pooled = (events_before + events_after) / (n_before + n_after)
    spread = math.sqrt(pooled * (1 - pooled) * (1 / n_before + 1 / n_after))
    statistic = difference / spread if spread > 0 else math.nan
    return Estimate(
        estimate=difference, std_error=math.sqrt(unpooled) if unpooled > 0 else math.nan, df=math.inf,
        statistic=statistic, p_value=t_p_value(statistic=statistic, df=math.inf), conf_low=difference - down,
        conf_high=difference + up, conf_level=conf_level, method="newcombe",
    )
