"""Slow, obvious versions of the statistics that the stay indicators use: sums over rows, one time after the other."""

from __future__ import annotations

import math
from collections import Counter
from functools import lru_cache

from scipy.stats import chi2, norm, t

from .plain import apart

Z = norm.ppf(0.975)


def wilson(events: float, n: float) -> tuple[float, float]:
    middle, half = events / n + Z * Z / (2 * n), Z * math.sqrt(events / n * (1 - events / n) / n + Z * Z / (4 * n * n))
    return (middle - half) / (1 + Z * Z / n), (middle + half) / (1 + Z * Z / n)


def student(values: list[float]) -> tuple[float, float, float]:
    """Mean and its interval, none where there is one value or all are alike."""
    n, mean = len(values), sum(values) / len(values)
    sd = math.sqrt(sum((v - mean) ** 2 for v in values) / (n - 1)) if n > 1 else 0.0
    half = t_end(n - 1) * sd / math.sqrt(n) if n > 1 and max(values) - min(values) > 1e-12 * abs(mean) else math.nan
    return mean, mean - half, mean + half


@lru_cache
def t_end(df: int) -> float:
    return t.ppf(0.975, df)


@lru_cache
def poisson_ends(events: float) -> tuple[float, float]:
    """By the chi-square quantiles; no event still has an upper end."""
    return (chi2.ppf(0.025, 2 * events) / 2 if events else 0.0), chi2.ppf(0.975, 2 * events + 2) / 2


def garwood(events: float, exposure: float) -> tuple[float, float]:
    low, high = poisson_ends(events)
    return low / exposure, high / exposure


def kaplan_meier(times: list[tuple[float, bool]]) -> list[tuple[float, float, float]]:
    """(time, survival, its standard error by Greenwood) at every time something ended."""
    curve, left, spread, at_risk = [], 1.0, 0.0, len(times)
    gone, events = Counter(time for time, _ in times), Counter(time for time, event in times if event)
    for now in sorted(gone):
        if ended := events[now]:
            left *= 1 - ended / at_risk
            spread += ended / (at_risk * (at_risk - ended)) if at_risk > ended else 0.0
            curve.append((now, left, left * math.sqrt(spread)))
        at_risk -= gone[now]
    return curve


def log_log(share: float, error: float) -> tuple[float, float]:
    if not 0 < share < 1:
        return math.nan, math.nan
    wide = Z * error / (share * abs(math.log(share)))
    return share ** math.exp(wide), share ** math.exp(-wide)


def median(times: list[tuple[float, bool]]) -> tuple[float, float, float]:
    """Kaplan-Meier median and its interval; the middle of a flat piece at exactly one half."""
    curve = kaplan_meier(times)
    bands = [[left for _, left, _ in curve], *zip(*(log_log(left, error) for _, left, error in curve), strict=True)] if curve else [[], [], []]
    found = []
    for band in bands:
        at = next((i for i, value in enumerate(band) if not math.isnan(value) and value <= 0.5 + 1e-12), None)
        flat = at is not None and abs(band[at] - 0.5) <= 1e-12 and at + 1 < len(curve)
        found.append(math.nan if at is None else (curve[at][0] + curve[at + 1][0]) / 2 if flat else curve[at][0])
    return tuple(found)


def incidence(rows: list[dict], cause: int) -> list[tuple]:
    """(day, share with the cause, lower and upper end, still at risk) at every day on which something happened."""
    free, share, steps, curve, left = 1.0, 0.0, [], [], len(rows)
    for day, ended in sorted(apart(rows, "days").items()):
        n, d, own = left, sum(bool(row["cause"]) for row in ended), sum(row["cause"] == cause for row in ended)
        left -= len(ended)
        if not d:
            continue
        share += free * own / n
        steps.append((free, n, d, own, share))
        free *= 1 - d / n
        spread = sum(
            ((share - i) ** 2 * d_ / (n_ * (n_ - d_)) if n_ > d_ else 0.0) + f ** 2 * o * (n_ - o) / n_ ** 3 - 2 * (share - i) * f * o / n_ ** 2
            for f, n_, d_, o, i in steps)
        curve.append((day, share, *log_log(share, math.sqrt(max(spread, 0.0))), n))
    return curve


def log_rank(rows: list[tuple[float, bool, bool]]) -> float | None:
    """Chi-square of (time, event, in the group); None where it cannot be had."""
    observed = expected = spread = 0.0
    left = [(time, event, group) for time, event, group in rows]
    for now in sorted({time for time, event, _ in rows if event}):
        left = [row for row in left if row[0] >= now]
        n, own = len(left), sum(group for *_, group in left)
        d, mine = sum(time == now and event for time, event, _ in left), sum(time == now and event and group for time, event, group in left)
        observed, expected = observed + mine, expected + d * own / n
        spread += d * own * (n - own) * (n - d) / (n * n * (n - 1)) if n > 1 else 0.0
    return (observed - expected) ** 2 / spread if spread > 0 else None



def why_not(rows: list[tuple[float, bool, bool, str]]) -> str | None:
    """Why no hazard ratio of (time, event, in the group, person) can be had; None where one may be."""
    if len({group for _, _, group, _ in rows}) < 2 or len({who for *_, who in rows}) < 2:
        return "too_few"
    if len({group for _, event, group, _ in rows if event}) < 2:
        return "zero_events"
    even = dict.fromkeys([who for *_, who in rows], 1.0)
    # Still uphill far out on either side: the likelihood has no top.
    return "not_converged" if efron(rows, 12.0, even)[0] > 0 or efron(rows, -12.0, even)[0] < 0 else None


def cox(rows: list[tuple[float, bool, bool, str]]) -> tuple[float, float]:
    """Log hazard ratio of (time, event, in the group, person) with Efron's ties, and its standard error by persons: how far
    the estimate moves when one person weighs a little more."""
    even = dict.fromkeys([who for *_, who in rows], 1.0)
    log = 0.0
    for _ in range(60):
        score, information = efron(rows, log, even)
        log += max(-1.0, min(1.0, score / information))
    moved, little = 0.0, 1e-4
    for who in even:
        up, down = (efron(rows, log, even | {who: 1.0 + step})[0] for step in (little, -little))
        moved += ((up - down) / (2 * little)) ** 2
    return log, math.sqrt(moved) / efron(rows, log, even)[1]


def efron(rows: list[tuple[float, bool, bool, str]], log: float, weight: dict[str, float]) -> tuple[float, float]:
    """Slope of the partial likelihood, and what its curve is: each tied event once, with a part of the tied ones gone."""
    score = information = 0.0
    for now in sorted({time for time, event, *_ in rows if event}):
        pull = {(tied, group): sum(weight[who] * math.exp(log * group) for time, event, own, who in rows
                                   if time >= now and own == group and (not tied or (time == now and event)))
                for tied in (False, True) for group in (False, True)}
        ended = [(group, weight[who]) for time, event, group, who in rows if time == now and event]
        mean = sum(heavy for _, heavy in ended) / len(ended)
        score += sum(heavy for group, heavy in ended if group)
        for gone in range(len(ended)):
            left = {group: pull[False, group] - gone / len(ended) * pull[True, group] for group in (False, True)}
            share = left[True] / (left[True] + left[False])
            score -= mean * share
            information += mean * share * (1 - share)
    return score, information
