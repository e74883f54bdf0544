"""Process charts as arrays: many series at once, one row per series, one column per calendar period, NaN is a gap.

Sources: Montgomery, Introduction to Statistical Quality Control, 6th ed. 2009 (chapters 6 and 7); Laney, Quality
Engineering 2002;14:531 (p', u'); Benneyan, Health Care Management Science 2001;4:305 (g); Nelson, Journal of Quality
Technology 1994;26:239 (t); Nelson 1982;14:172 (screening of moving ranges); Provost and Murray, The Health Care Data
Guide, 2011. Checked against qicharts2 0.8.1 and NHSRplotthedots 0.2.2 (``tests/reference/spc.R``).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

KINDS = ("run", "xmr", "xbar", "s", "p", "pp", "u", "up", "c", "g", "t")
"""``pp`` and ``up`` are p' and u'. ``p pp u up`` take counts and sizes, ``xbar`` means, sizes and sds, ``s`` sds and
sizes, ``c`` counts, ``g`` cases between events, ``t`` days between events, the others plain values."""

SIZED = ("p", "pp", "u", "up")
COUNTS = (*SIZED, "c", "g")
MEAN_FACTOR, MEDIAN_FACTOR = 2.66, 3.145
"""Limits are the centre plus and minus this times the mean (median) moving range."""

SCREEN = 3.267
"""Moving ranges above this times their mean are left out when they are screened."""

D2 = 1.128
T_POWER = 1 / 3.6


@dataclass(frozen=True)
class Limits:
    """What a chart draws. All float, (series, points), NaN where the phase has no limits.

    ``value``: the plotted points (a share for counts with sizes). ``centre``, ``low``, ``high``: centre line and three
    sigma limits, cut at 0 (and 1) where the measure cannot go beyond. ``z``: distance from the centre in sigmas, on the
    scale on which the limits were worked out (NaN without limits). ``side``: 1 above, 0 on, -1 below the centre.
    ``dispersion``: sigma z of Laney for ``pp``/``up``, 1 elsewhere.
    """

    value: np.ndarray
    centre: np.ndarray
    low: np.ndarray
    high: np.ndarray
    z: np.ndarray
    side: np.ndarray
    dispersion: np.ndarray


def control_limits(
    *, kind: str, values: np.ndarray, sizes: np.ndarray | None = None, sds: np.ndarray | None = None,
    phase: np.ndarray | None = None, use: np.ndarray | None = None, centre: str = "mean", average: str = "mean",
    screen: bool = False,
) -> Limits:
    """Centre and limits of every series, phase by phase.

    ``values``, ``sizes``, ``sds``: float, (series, points). ``phase``: int, same shape, -1 = no limits here; one phase
    when missing. ``use``: bool, the points that the limits of their phase are worked out from (all when missing), so
    a frozen baseline is one phase with some points in use. ``centre`` and ``average`` (``xmr``): ``mean``, or ``median``
    for the median of the points and of the moving ranges. The centre line of ``g`` is the median (the limits come from
    the mean). ``screen``: leave out moving ranges above 3.267 times their mean, once. A moving range is never taken
    across a gap or a phase. A phase without variation has a centre and no limits.
    """
    phase = np.zeros(values.shape, dtype=int) if phase is None else phase
    sizes = np.ones_like(values) if sizes is None else sizes
    value = _plotted(kind, values, sizes)
    work = value**T_POWER if kind == "t" else value
    usable = np.isfinite(work) if use is None else np.isfinite(work) & use
    mid, line, sigma, spread = (np.full(value.shape, np.nan) for _ in range(4))
    for code in np.unique(phase[phase >= 0]):
        inside = phase == code
        base = inside & usable
        middle, width, sigma_z = _phase(kind, work, values, sizes, sds, base, (centre, average, screen))
        mid = np.where(inside, middle, mid)
        line = np.where(inside, _average(np.nanmedian, work, base) if kind == "g" else middle, line)
        sigma = np.where(inside, np.broadcast_to(width, value.shape), sigma)
        spread = np.where(inside, np.broadcast_to(sigma_z, value.shape), spread)
    with np.errstate(divide="ignore", invalid="ignore"):
        sigma = np.where(sigma > 1e-12 * np.maximum(1.0, np.abs(mid)), sigma, np.nan)
        z, side = (work - mid) / sigma, np.sign(work - line)
        low, high = _cut(kind, mid - 3 * sigma, mid + 3 * sigma)
    if kind == "t":
        line, low, high = (np.maximum(x, 0.0) ** (1 / T_POWER) for x in (line, low, high))
    return Limits(value=value, centre=line, low=low, high=high, z=z, side=side, dispersion=spread)


def faults(*, kind: str, values: np.ndarray, sizes: np.ndarray | None = None) -> dict[str, np.ndarray]:
    """What is wrong with each series: ``{code: bool (series,)}``; shapes as in ``control_limits``.

    ``no_points``, ``one_point``, ``all_zero``, ``no_variation``, ``empty_denominator`` (a period with size 0),
    ``negative_count``, ``above_one`` (more events than cases), ``not_positive`` (a t chart needs times above 0).
    """
    sizes = np.ones_like(values) if sizes is None else sizes
    value = _plotted(kind, values, sizes)
    known = np.isfinite(value)
    count = known.sum(axis=1)
    same = _extreme(np.max, value, known) == _extreme(np.min, value, known)
    zero = (count > 0) & ~np.any(known & (value != 0), axis=1)
    return {
        "no_points": count == 0, "one_point": count == 1, "all_zero": zero & (count > 1),
        "no_variation": same & ~zero & (count > 1),
        "empty_denominator": np.any(np.isfinite(values) & (sizes <= 0), axis=1),
        "negative_count": np.any(values < 0, axis=1) if kind in COUNTS else np.zeros(len(values), dtype=bool),
        "above_one": np.any(value > 1, axis=1) if kind in ("p", "pp") else np.zeros(len(values), dtype=bool),
        "not_positive": np.any(values <= 0, axis=1) if kind == "t" else np.zeros(len(values), dtype=bool),
    }


def phase_median(*, values: np.ndarray, phase: np.ndarray, least: int = 5) -> np.ndarray:
    """Median of each phase, repeated at every point of it.

    ``values``: float, (series, points), NaN = no point. ``phase``: int, same shape, -1 = in no phase. Returns float of
    the same shape, NaN outside the phases and where a phase has fewer than ``least`` points.
    """
    out = np.full(values.shape, np.nan)
    for code in np.unique(phase[phase >= 0]):
        inside = phase == code
        base = inside & np.isfinite(values)
        centre = _average(np.nanmedian, values, base)
        centre[base.sum(axis=1) < least] = np.nan
        out = np.where(inside, centre, out)
    return out


def c4(sizes: np.ndarray) -> np.ndarray:
    """Expected sample standard deviation over sigma for subgroups of ``sizes`` (Montgomery 6.26); NaN under 2."""
    from scipy.special import gammaln

    n = np.where(sizes > 1, sizes, np.nan)
    return np.sqrt(2 / (n - 1)) * np.exp(gammaln(n / 2) - gammaln((n - 1) / 2))


def _plotted(kind: str, values: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    if kind not in SIZED:
        return values
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(sizes > 0, values / sizes, np.nan)


def _phase(kind, work, values, sizes, sds, base, how) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Centre (series, 1), sigma (series, 1 or points) and Laney's sigma z (series, 1) from the points in ``base``."""
    average_of, average, screen = how
    one = np.ones((len(work), 1))
    if kind == "run":
        return _average(np.nanmedian, work, base), one * np.nan, one
    if kind in ("xmr", "t"):
        centre = _average(np.nanmedian if average_of == "median" and kind == "xmr" else np.nanmean, work, base)
        return centre, _moving_range_sigma(work, base, average, screen), one
    if kind == "c":
        centre = _average(np.nanmean, work, base)
        return centre, np.sqrt(centre), one
    if kind == "g":
        centre = _average(np.nanmean, work, base)
        return centre, np.sqrt(centre * (centre + 1)), one
    if kind in ("xbar", "s"):
        return (*_subgroups(kind, work, sizes, sds, base), one)
    return _counts(kind, values, sizes, base, screen)


def _counts(kind, values, sizes, base, screen) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = _sum(values, base) / _sum(sizes, base)
        variance = centre * (1 - centre) if kind in ("p", "pp") else centre
        sigma = np.sqrt(np.maximum(variance, 0.0) / np.where(sizes > 0, sizes, np.nan))
        if kind in ("p", "u"):
            return centre, sigma, np.ones_like(centre)
        score = (values / sizes - centre) / sigma
    sigma_z = _mean_moving_range(score, base & np.isfinite(score), screen) / D2
    return centre, sigma * sigma_z, sigma_z


def _subgroups(kind, work, sizes, sds, base) -> tuple[np.ndarray, np.ndarray]:
    """Xbar and S: the mean of the standard deviations for subgroups of one size, else the pooled one (6.29, 6.31)."""
    spread = work if kind == "s" else sds
    base = base & np.isfinite(spread) & (sizes > 1)
    equal = _extreme(np.max, sizes, base) == _extreme(np.min, sizes, base)
    free = np.where(base, sizes - 1, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = np.sqrt(_sum(free * spread**2, base) / _sum(free, base))
        typical = np.where(equal[:, None], _average(np.nanmean, spread, base), pooled)
        if kind == "s":
            return typical, typical * np.sqrt(1 - c4(sizes) ** 2) / c4(sizes)
        centre = _sum(sizes * work, base) / _sum(sizes, base)
        return centre, typical / (c4(sizes) * np.sqrt(sizes))


def _moving_range_sigma(work, base, average, screen) -> np.ndarray:
    if average == "median":
        steps, known = _steps(work, base)
        return _average(np.nanmedian, steps, known) * MEDIAN_FACTOR / 3
    return _mean_moving_range(work, base, screen) * MEAN_FACTOR / 3


def _mean_moving_range(work, base, screen) -> np.ndarray:
    steps, known = _steps(work, base)
    mean = _average(np.nanmean, steps, known)
    return _average(np.nanmean, steps, known & (steps < SCREEN * mean)) if screen else mean


def _steps(work, base) -> tuple[np.ndarray, np.ndarray]:
    """Absolute differences between neighbours, and which of them have both ends in use."""
    return np.abs(np.diff(work, axis=1)), base[:, 1:] & base[:, :-1]


def _cut(kind, low, high) -> tuple[np.ndarray, np.ndarray]:
    if kind in (*COUNTS, "s"):
        low = np.maximum(low, 0.0)
    return low, np.minimum(high, 1.0) if kind in ("p", "pp") else high


def _sum(values, base) -> np.ndarray:
    return np.where(base, values, 0.0).sum(axis=1, keepdims=True)


def _average(how, values, base) -> np.ndarray:
    """``how`` (nanmean or nanmedian) over the points in ``base``, (series, 1); NaN where there are none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return how(np.where(base, values, np.nan), axis=1, keepdims=True)


def _extreme(how, values, base) -> np.ndarray:
    """Largest or smallest value in ``base`` per series; infinite where there is none."""
    nothing = -np.inf if how is np.max else np.inf
    return how(np.where(base, values, nothing), axis=1)
