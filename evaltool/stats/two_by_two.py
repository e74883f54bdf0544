"""Two shares beside each other: ratio, odds, and the same people twice."""

from __future__ import annotations

import math

from .estimate import Estimate, NotEstimable, t_p_value, t_quantile


def risk_ratio(
    *, events_before: float, n_before: float, events_after: float, n_after: float, conf_level: float = 0.95
) -> Estimate:
    """Share after over share before; log interval (Katz et al., Biometrics 1978;34:469). ``std_error`` is that of the
    log. Raises NotEstimable: ``zero_events`` (nobody on a side: the ratio is 0 or unbounded)."""
    if min(n_before, n_after) < 1:
        raise NotEstimable("too_few")
    if min(events_before, events_after) == 0:
        raise NotEstimable("zero_events")
    ratio = (events_after / n_after) / (events_before / n_before)
    variance = 1 / events_after - 1 / n_after + 1 / events_before - 1 / n_before
    if variance <= 0:
        raise NotEstimable("zero_variance")
    error = math.sqrt(variance)
    half = t_quantile(df=math.inf, conf_level=conf_level) * error
    statistic = math.log(ratio) / error
    return Estimate(
        estimate=ratio, std_error=error, df=math.inf, statistic=statistic,
        p_value=t_p_value(statistic=statistic, df=math.inf), conf_low=ratio * math.exp(-half),
        conf_high=ratio * math.exp(half), conf_level=conf_level, method="risk_ratio_log",
    )


def odds_ratio(
    *, events_before: int, n_before: int, events_after: int, n_after: int, conf_level: float = 0.95
) -> Estimate:
    """Odds after over odds before: conditional maximum likelihood with exact interval and Fisher's p (as R).

    ``estimate`` may be 0 or inf and the interval open when a cell is empty; standard error and statistic are NaN.
    Raises NotEstimable: ``too_few`` (nobody on a side), ``zero_events`` (nobody at all has the event), ``zero_variance`` (all have it).
    """
    from scipy.stats import fisher_exact
    from scipy.stats.contingency import odds_ratio as scipy_odds_ratio

    if min(n_before, n_after) < 1:
        raise NotEstimable("too_few")
    if not 0 < events_before + events_after < n_before + n_after:
        raise NotEstimable("zero_variance" if events_before else "zero_events")
    table = [[events_after, n_after - events_after], [events_before, n_before - events_before]]
    found = scipy_odds_ratio(table, kind="conditional")
    low, high = found.confidence_interval(conf_level)
    return Estimate(
        estimate=float(found.statistic), std_error=math.nan, df=math.nan, statistic=math.nan,
        p_value=float(fisher_exact(table).pvalue), conf_low=float(low), conf_high=float(high), conf_level=conf_level,
        method="odds_ratio_exact",
    )


def mcnemar(*, gained: int, lost: int, n: int, conf_level: float = 0.95, mid_p: bool = False) -> Estimate:
    """Change in a share of the same people: ``gained`` have the event only after, ``lost`` only before, of ``n``.

    Exact McNemar p (binomial, two-sided), or with ``mid_p`` half the chance of what was seen taken off, which is less
    cautious with few changes (Fagerland, Lydersen and Laake, BMC Med Res Methodol 2013;13:91). Interval for the difference by Bonett and Price's adjusted Wald method
    (J Educ Behav Stat 2012;37:479). Raises NotEstimable: ``too_few`` (nobody), ``zero_variance`` (nobody changed).
    """
    from scipy.stats import binomtest

    if n < 1:
        raise NotEstimable("too_few")
    if gained + lost == 0:
        raise NotEstimable("zero_variance")
    p_value = float(binomtest(gained, gained + lost).pvalue)
    if mid_p:
        # The two-sided exact p counts the outcome that was seen on both sides, except in the middle.
        seen = math.comb(gained + lost, gained) * 0.5 ** (gained + lost)
        p_value = 1 - seen if gained == lost else p_value - seen
    up, down = (gained + 1) / (n + 2), (lost + 1) / (n + 2)
    error = math.sqrt((up + down - (up - down) ** 2) / (n + 2))
    half = t_quantile(df=math.inf, conf_level=conf_level) * error
    return Estimate(
        estimate=(gained - lost) / n, std_error=error, df=math.inf, statistic=math.nan,
        p_value=p_value, conf_low=max(-1.0, up - down - half),
        conf_high=min(1.0, up - down + half), conf_level=conf_level, method="mcnemar_mid_p" if mid_p else "mcnemar_exact",
    )
