"""Kaplan-Meier for whole-number durations, by counting."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


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
    from scipy.stats import norm

    z = norm.ppf(0.5 + conf_level / 2)
    inside = (curve.survival > 0) & (curve.survival < 1)
    s = np.where(inside, curve.survival, 0.5)
    spread = z * curve.std_error / (s * np.abs(np.log(s)))
    low, high = s ** np.exp(spread), s ** np.exp(-spread)
    return np.where(inside, low, np.nan), np.where(inside, high, np.nan)


def _crossing(time: np.ndarray, band: np.ndarray, level: float) -> float:
    known = ~np.isnan(band)
    # A last value of zero has no log-log limit; the survival itself is still under the level there.
    under = np.flatnonzero(known & (band <= level + 1e-12))
    if len(under) == 0:
        return float("nan")
    at = under[0]
    flat = abs(band[at] - level) <= 1e-12 and at + 1 < len(time)
    return float((time[at] + time[at + 1]) / 2) if flat else float(time[at])
