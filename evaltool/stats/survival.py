"""Time to an event in whole numbers, by counting: Kaplan-Meier, cumulative incidence, log-rank."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .estimate import NotEstimable


@dataclass(frozen=True)
class KaplanMeier:
    """Product-limit estimate at each distinct time with an event.

    ``time, at_risk, events, survival, std_error`` are (k,) arrays; ``std_error`` is Greenwood's of the survival.
    """

    time: np.ndarray
    at_risk: np.ndarray
    events: np.ndarray
    survival: np.ndarray
    std_error: np.ndarray


@dataclass(frozen=True)
class Quantile:
    """A time with its interval; NaN where the curve does not come that far down."""

    estimate: float
    conf_low: float
    conf_high: float


def kaplan_meier(*, time: np.ndarray, event: np.ndarray) -> KaplanMeier:
    """Kaplan and Meier (1958) for ``time`` (n,) whole numbers >= 0 and ``event`` (n,) bool (False: censored).

    Somebody censored at a time is still at risk at that time. Raises ValueError for times that are negative or not
    whole.
    """
    time, event = np.asarray(time, dtype="float64"), np.asarray(event, dtype=bool)
    if len(time) and (time.min() < 0 or (time != np.floor(time)).any()):
        raise ValueError("time must be whole numbers from 0")
    whole = time.astype("int64")
    ended = np.bincount(whole[event])
    everyone = np.bincount(whole)
    at_risk = np.cumsum(everyone[::-1])[::-1]
    when = np.flatnonzero(ended)
    deaths, risk = ended[when].astype("float64"), at_risk[when].astype("float64")
    survival = np.cumprod(1 - deaths / risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(deaths / (risk * (risk - deaths)))
        error = np.where(survival > 0, survival * np.sqrt(greenwood), 0.0)
    return KaplanMeier(when.astype("float64"), risk, deaths, survival, error)


def quantile(*, curve: KaplanMeier, share: float = 0.5, conf_level: float = 0.95) -> Quantile:
    """The time by which ``share`` has ended, with the log-log interval (Brookmeyer and Crowley 1982).

    The first time at which the survival is at or under ``1 - share``; the interval ends are where the limits of the
    log(-log) band pass it. Where the curve is exactly flat at ``1 - share``, the middle of the flat part is taken,
    as R's survfit does.
    """
    low, high = limits(curve=curve, conf_level=conf_level)
    level = 1 - share
    return Quantile(*(_crossing(curve.time, band, level) for band in (curve.survival, low, high)))


def limits(*, curve: KaplanMeier, conf_level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Pointwise log(-log) limits of the survival (Kalbfleisch and Prentice); NaN where it is 0 or 1."""
    return _log_log(curve.survival, curve.std_error, conf_level)


def _crossing(time: np.ndarray, band: np.ndarray, level: float) -> float:
    known = ~np.isnan(band)
    # A last value of zero has no log-log limit; the survival itself is still under the level there.
    under = np.flatnonzero(known & (band <= level + 1e-12))
    if len(under) == 0:
        return float("nan")
    at = under[0]
    flat = abs(band[at] - level) <= 1e-12 and at + 1 < len(time)
    return float((time[at] + time[at + 1]) / 2) if flat else float(time[at])


@dataclass(frozen=True)
class CumulativeIncidence:
    """Share with the event by each distinct time with an event of any kind: (k,) arrays, log-log interval."""

    time: np.ndarray
    at_risk: np.ndarray
    incidence: np.ndarray
    std_error: np.ndarray
    conf_low: np.ndarray
    conf_high: np.ndarray


def cumulative_incidence(*, time: np.ndarray, cause: np.ndarray, conf_level: float = 0.95) -> CumulativeIncidence:
    """Aalen and Johansen (1978) for cause 1 with every other positive ``cause`` competing and 0 censored.

    ``time`` (n,) whole numbers >= 0, ``cause`` (n,) whole numbers. One minus Kaplan-Meier would count the dead as if
    they could still come back. Variance by the delta method (Marubini and Valsecchi 1995, 10.3); it takes the rows as
    independent.
    """
    whole, cause = np.asarray(time, dtype="int64"), np.asarray(cause)
    width = int(whole.max(initial=-1)) + 1
    everyone = np.bincount(whole, minlength=width)
    risk = np.cumsum(everyone[::-1])[::-1].astype("float64")
    first, any_event = (np.bincount(whole[pick], minlength=width).astype("float64") for pick in (cause == 1, cause > 0))
    when = np.flatnonzero(any_event)
    n, d1, d = risk[when], first[when], any_event[when]
    free = np.cumprod(1 - d / n)
    before = np.append(1.0, free[:-1])
    share = np.cumsum(before * d1 / n)
    error = np.sqrt(_incidence_variance(n=n, d1=d1, d=d, before=before, share=share))
    low, high = _log_log(share, error, conf_level)
    return CumulativeIncidence(when.astype("float64"), n, share, error, low, high)


def _incidence_variance(*, n, d1, d, before, share) -> np.ndarray:
    """The three sums of the delta method, each expanded so that running sums give it at every time."""
    hazard = np.divide(d, n * (n - d), out=np.zeros_like(n), where=n > d)
    a0, a1, a2 = (np.cumsum(hazard * share**power) for power in (0, 1, 2))
    own = np.cumsum(before**2 * d1 * (n - d1) / n**3)
    mixed = before * d1 / n**2
    b0, b1 = np.cumsum(mixed), np.cumsum(mixed * share)
    return np.maximum(share**2 * a0 - 2 * share * a1 + a2 + own - 2 * (share * b0 - b1), 0.0)


def _log_log(share: np.ndarray, error: np.ndarray, conf_level: float) -> tuple[np.ndarray, np.ndarray]:
    from scipy.stats import norm

    z = norm.ppf(0.5 + conf_level / 2)
    inside = (share > 0) & (share < 1)
    s = np.where(inside, share, 0.5)
    spread = z * error / (s * np.abs(np.log(s)))
    return np.where(inside, s ** np.exp(spread), np.nan), np.where(inside, s ** np.exp(-spread), np.nan)


def log_rank(*, time: np.ndarray, event: np.ndarray, group: np.ndarray) -> tuple[float, float]:
    """Chi-square with one degree of freedom and its p for two groups (``group`` (n,) bool); rows independent.

    Raises NotEstimable where a group is empty or nothing happens.
    """
    from scipy.special import chdtrc

    time, event, group = np.asarray(time, dtype="int64"), np.asarray(event, dtype=bool), np.asarray(group, dtype=bool)
    if group.all() or not group.any() or not event.any():
        raise NotEstimable("too_few")
    width = int(time.max()) + 1
    risk, risk_own = (np.cumsum(np.bincount(time[pick], minlength=width)[::-1])[::-1] for pick in (slice(None), group))
    when = np.flatnonzero(np.bincount(time[event], minlength=width))
    deaths, own = (np.bincount(time[event & pick], minlength=width)[when] for pick in (True, group))
    n, n1 = risk[when].astype("float64"), risk_own[when].astype("float64")
    spread = np.divide(deaths * n1 * (n - n1) * (n - deaths), n**2 * (n - 1), out=np.zeros_like(n), where=n > 1).sum()
    if spread <= 0:
        raise NotEstimable("zero_variance")
    chi2 = float((own - deaths * n1 / n).sum() ** 2 / spread)
    return chi2, float(chdtrc(1, chi2))
