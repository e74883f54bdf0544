"""Random-effects pooling: one mean over departments that differ, how much they differ, and where a new one may fall."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .estimate import Estimate, NotEstimable, require_values, t_estimate, t_quantile


@dataclass(frozen=True)
class Pooled:
    """``mean`` with its interval; ``tau2`` between-department variance; ``i2`` 0-1 share of variance that is real,
    ``i2_low`` and ``i2_high`` its interval;
    ``predict_low``, ``predict_high``: where the effect of a new department may fall; ``q``, ``q_p``: Cochran's test;
    ``shrunken``, ``shrunken_se`` (d,): each department drawn towards the mean as far as its own noise warrants."""

    mean: Estimate
    tau2: float
    i2: float
    i2_low: float
    i2_high: float
    predict_low: float
    predict_high: float
    q: float
    q_p: float
    shrunken: np.ndarray
    shrunken_se: np.ndarray


def pool(*, estimates: np.ndarray, std_errors: np.ndarray, conf_level: float = 0.95, tau: str = "reml") -> Pooled:
    """Pool ``estimates`` (d,) with known ``std_errors`` (d,), d at least 2.

    tau: ``reml`` (Viechtbauer, J Educ Behav Stat 2005;30:261) or ``dersimonian_laird`` (1986). The mean has the
    Hartung-Knapp standard error (Stat Med 2001;20:3875) with t(d-1), never narrower than without (factor at least 1).
    Prediction interval with t(d-1) (Higgins, Thompson and Spiegelhalter, J R Stat Soc A 2009;172:137, df as in metafor).
    I2 from tau2 and the typical variance (Higgins and Thompson 2002), its interval from Q profiles (Viechtbauer, Stat Med
    2007;26:37), as in metafor; shrunken estimates are metafor's
    ``blup`` with Hartung-Knapp off. Raises NotEstimable: ``too_few``, ``zero_variance`` (a standard error of zero).
    """
    y, v = np.asarray(estimates, dtype=float), np.asarray(std_errors, dtype=float) ** 2
    d = len(y)
    if d < 2:
        raise NotEstimable("too_few")
    require_values(y, v)
    if not (v > 0).all():
        raise NotEstimable("zero_variance")
    weight = 1 / v
    mean_fixed = (weight * y).sum() / weight.sum()
    q = float((weight * (y - mean_fixed) ** 2).sum())
    spread = weight.sum() - (weight**2).sum() / weight.sum()
    tau2 = _reml(y, v) if tau == "reml" else max(0.0, (q - (d - 1)) / spread)
    w = 1 / (v + tau2)
    mean = float((w * y).sum() / w.sum())
    factor = max(1.0, float((w * (y - mean) ** 2).sum()) / (d - 1))
    found = t_estimate(
        estimate=mean, std_error=math.sqrt(factor / w.sum()), df=d - 1, conf_level=conf_level,
        method=f"pooled_{tau}_hartung_knapp",
    )
    half = t_quantile(df=d - 1, conf_level=conf_level) * math.sqrt(tau2 + found.std_error**2)
    typical = (d - 1) / spread
    i2_low, i2_high = (t / (t + typical) for t in _q_profile(y, v, conf_level))
    pull = tau2 / (tau2 + v)
    shrunken_variance = pull * v + (1 - pull) ** 2 / w.sum()
    return Pooled(
        mean=found, tau2=tau2, i2=tau2 / (tau2 + typical), i2_low=i2_low, i2_high=i2_high, predict_low=mean - half,
        predict_high=mean + half, q=q,
        q_p=_chi_square_tail(q, d - 1), shrunken=pull * y + (1 - pull) * mean, shrunken_se=np.sqrt(shrunken_variance),
    )


def _reml(y: np.ndarray, v: np.ndarray) -> float:
    """Between variance at the highest restricted likelihood, by bounded search and the boundary."""
    from scipy.optimize import minimize_scalar

    def deviance(tau2):
        w = 1 / (v + tau2)
        mean = (w * y).sum() / w.sum()
        return np.log(v + tau2).sum() + np.log(w.sum()) + (w * (y - mean) ** 2).sum()

    top = 10 * float(np.var(y, ddof=1)) + float(v.max())
    grid = np.linspace(0, 1, 41) ** 2 * top
    start = int(np.argmin([deviance(g) for g in grid]))
    low, high = grid[max(0, start - 1)], grid[min(len(grid) - 1, start + 1)]
    found = minimize_scalar(deviance, bounds=(low, high), method="bounded", options={"xatol": 1e-12 * top})
    return float(found.x) if found.fun < deviance(0.0) else 0.0


def _q_profile(y: np.ndarray, v: np.ndarray, conf_level: float) -> tuple[float, float]:
    """The between variances at which Cochran's Q is just as large as chi-square allows, either way."""
    from scipy.optimize import brentq
    from scipy.special import chdtri

    def q(tau2):
        w = 1 / (v + tau2)
        return float((w * (y - (w * y).sum() / w.sum()) ** 2).sum())

    tail, ends = (1 - conf_level) / 2, []
    for upper in (tail, 1 - tail):
        wanted, high = float(chdtri(len(y) - 1, upper)), float(v.max())
        if q(0.0) <= wanted:
            ends.append(0.0)
            continue
        while q(high) > wanted:
            high *= 2
        ends.append(brentq(lambda t, w=wanted: q(t) - w, 0.0, high, xtol=1e-12 * high))
    return ends[0], ends[1]


def _chi_square_tail(statistic: float, df: int) -> float:
    from scipy.special import chdtrc

    return float(chdtrc(df, statistic))
