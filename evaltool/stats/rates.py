"""Events per time: exact for one pair of rates, models with a check of the spread for many rows."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .ar1 import alike, ar1_memory
from .estimate import Estimate, NotEstimable, t_p_value, t_quantile
from .separation import separated

OVERDISPERSED = 1.5
"""Pearson chi-square over its degrees of freedom from here on is no Poisson noise."""


def rate_interval(*, events: float, exposure: float, conf_level: float = 0.95) -> tuple[float, float]:
    """Exact Poisson interval for a rate (Garwood, Biometrika 1936;28:437)."""
    from scipy.special import gammaincinv

    if exposure <= 0:
        raise NotEstimable("too_few")
    tail = (1 - conf_level) / 2
    low = gammaincinv(events, tail) / exposure if events > 0 else 0.0
    return float(low), float(gammaincinv(events + 1, 1 - tail) / exposure)


def rate_ratio_exact(
    *, events_before: int, exposure_before: float, events_after: int, exposure_after: float, conf_level: float = 0.95
) -> Estimate:
    """Rate after over rate before, conditional on the sum of events: Clopper-Pearson turned into a ratio (as R's
    ``poisson.test``). ``std_error`` is that of the log, NaN with an empty side. Raises NotEstimable: ``too_few`` (no
    exposure), ``zero_events`` (none at all)."""
    from scipy.special import betaincinv
    from scipy.stats import binomtest

    if min(exposure_before, exposure_after) <= 0:
        raise NotEstimable("too_few")
    total = events_before + events_after
    if total == 0:
        raise NotEstimable("zero_events")
    scale, tail = exposure_before / exposure_after, (1 - conf_level) / 2
    low = betaincinv(events_after, total - events_after + 1, tail) if events_after else 0.0
    high = betaincinv(events_after + 1, total - events_after, 1 - tail) if events_before else 1.0
    ratio = events_after / events_before * scale if events_before else math.inf
    return Estimate(
        estimate=ratio, std_error=math.sqrt(1 / events_before + 1 / events_after) if events_before and events_after else math.nan,
        df=math.nan, statistic=math.nan,
        p_value=float(binomtest(events_after, total, exposure_after / (exposure_before + exposure_after)).pvalue),
        conf_low=float(low / (1 - low) * scale), conf_high=float(high / (1 - high) * scale) if high < 1 else math.inf,
        conf_level=conf_level, method="rate_ratio_exact",
    )


@dataclass(frozen=True)
class RateModel:
    """``ratio``: exp of the coefficient. ``dispersion``: Pearson chi-square over df of the Poisson fit.
    ``theta``: size parameter of the negative binomial, ``memory``: correlation of neighbouring months; NaN where they
    were not fitted."""

    ratio: Estimate
    dispersion: float
    theta: float
    memory: float = math.nan


def rate_model(
    *, events: np.ndarray, exposure: np.ndarray, x: np.ndarray, position: int, family: str = "auto",
    period: np.ndarray | None = None, conf_level: float = 0.95,
) -> RateModel:
    """Log-linear model of counts with an offset; the ratio belongs to column ``position`` of x (n, k).

    family: ``poisson`` (normal), ``quasi_poisson`` (variance times the dispersion, t(n-k)), ``negative_binomial``
    (size parameter by maximum likelihood, normal) or ``auto``: Poisson unless the dispersion reaches
    ``OVERDISPERSED``, else quasi-Poisson. Same numbers as R's ``glm`` and ``MASS::glm.nb``. ``period`` (n,): the rows are
    months of one place, each number once: quasi-Poisson with a dispersion of at least 1, times what the AR(1) memory of
    the Pearson residuals costs (``quasi_poisson_ar1``; df as in ``ar1_difference``). ``std_error`` is that of the log.
    Raises NotEstimable: ``too_few``, ``not_identified``, ``zero_events``, ``separation``, ``zero_variance``, ``not_converged``.
    """
    events, exposure = np.asarray(events, dtype=float), np.asarray(exposure, dtype=float)
    n, k = x.shape
    if n <= k or (exposure <= 0).any():
        raise NotEstimable("too_few")
    if np.linalg.matrix_rank(x) < k:
        raise NotEstimable("not_identified")
    present = np.abs(x[events > 0]).sum(axis=0) if (events > 0).any() else np.zeros(k)
    if not events.sum() or (present == 0).any():
        raise NotEstimable("zero_events")
    if separated(y=events, x=x, counts=True):
        raise NotEstimable("separation")
    if period is not None:
        order = np.argsort(period)
        events, exposure, x, period = events[order], exposure[order], x[order], period[order]
    coef, mean, information = _fit(events, exposure, x, math.inf)
    dispersion = float(((events - mean) ** 2 / mean).sum() / (n - k))
    kind = family if family != "auto" else "poisson" if dispersion < OVERDISPERSED else "quasi_poisson"
    theta = memory = math.nan
    scale, df = 1.0, math.inf
    if period is not None:
        kind = "quasi_poisson_ar1"
        memory = ar1_memory(values=(events - mean) / np.sqrt(mean), x=x * np.sqrt(mean)[:, None], period=period)[0]
        scale, df = max(1.0, dispersion) * alike(memory=memory), max(1.0, n / alike(memory=memory) - k)
    elif kind == "quasi_poisson":
        scale, df = dispersion, float(n - k)
    elif kind == "negative_binomial":
        theta = _theta(events, exposure, x)
        coef, mean, information = _fit(events, exposure, x, theta)
    error = math.sqrt(scale * np.linalg.inv(information)[position, position])
    if not error > 0:
        raise NotEstimable("zero_variance")
    half = t_quantile(df=df, conf_level=conf_level) * error
    statistic = float(coef[position]) / error
    ratio = Estimate(
        estimate=math.exp(coef[position]), std_error=error, df=df, statistic=statistic,
        p_value=t_p_value(statistic=statistic, df=df), conf_low=math.exp(coef[position] - half),
        conf_high=math.exp(coef[position] + half), conf_level=conf_level, method=kind,
    )
    return RateModel(ratio=ratio, dispersion=dispersion, theta=theta, memory=memory)


def _fit(events, exposure, x, theta) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Iteratively weighted least squares with log link; theta inf is Poisson. Coefficients, means, information."""
    mean = (events + events.mean()) / 2
    offset = np.log(exposure)
    coef = np.zeros(x.shape[1])
    for _ in range(100):
        weight = mean if math.isinf(theta) else mean / (1 + mean / theta)
        target = np.log(mean) - offset + (events - mean) / mean
        information = (x * weight[:, None]).T @ x
        try:
            new = np.linalg.solve(information, x.T @ (weight * target))
        except np.linalg.LinAlgError:
            raise NotEstimable("not_converged") from None
        mean = np.exp(np.clip(offset + x @ new, -700, 700))
        if np.abs(new - coef).max() < 1e-12 * (1 + np.abs(new).max()):
            weight = mean if math.isinf(theta) else mean / (1 + mean / theta)
            return new, mean, (x * weight[:, None]).T @ x
        coef = new
    raise NotEstimable("not_converged")


def _theta(events, exposure, x) -> float:
    """Size parameter at the highest likelihood, coefficients fitted anew for each value."""
    from scipy.optimize import minimize_scalar
    from scipy.special import gammaln

    def deviance(log_theta):
        theta = math.exp(log_theta)
        mean = _fit(events, exposure, x, theta)[1]
        return -float((
            gammaln(events + theta) - gammaln(theta) - gammaln(events + 1) + theta * math.log(theta)
            + events * np.log(mean) - (events + theta) * np.log(theta + mean)
        ).sum())

    found = minimize_scalar(deviance, bounds=(-7, 14), method="bounded", options={"xatol": 1e-10})
    if found.x > 13.9:
        raise NotEstimable("not_overdispersed")
    return math.exp(found.x)
