"""Population-average models of shares and counts over departments, with covariance for few clusters."""

from __future__ import annotations

import math
import warnings

import numpy as np

from .estimate import Estimate, NotEstimable, require_values, t_p_value, t_quantile
from .separation import separated

FAMILIES = ("binomial", "poisson")
LARGEST = 300.0
"""The log of a ratio whose interval reaches further than this is no answer."""


def gee_ratio(
    *, y: np.ndarray, x: np.ndarray, clusters: np.ndarray, position: int, family: str, exposure: np.ndarray | None = None,
    working: str = "exchangeable", covariance: str = "bias_reduced", conf_level: float = 0.95,
) -> Estimate:
    """Odds ratio (``binomial``) or rate ratio (``poisson``) of column ``position`` of x (n, k) by GEE.

    y (n,) 0/1 or counts, clusters (n,), exposure (n,) for rates. ``working``: ``exchangeable`` or ``independence``.
    ``covariance``: ``bias_reduced`` (Mancl and DeRouen, Biometrics 2001;57:126) or ``robust`` (Liang and Zeger 1986);
    t with G - k degrees of freedom either way. ``std_error`` is that of the log. statsmodels' GEE behind it, with
    scale 1. Raises NotEstimable: ``too_few`` (G <= k), ``not_identified``, ``separation`` (the columns tell who has the
    event without a fault), ``zero_events``, ``not_converged``.
    """
    import statsmodels.api as sm
    from statsmodels.tools.sm_exceptions import ConvergenceWarning, IterationLimitWarning

    y, k = np.asarray(y, dtype=float), x.shape[1]
    n_clusters = len(np.unique(clusters))
    if n_clusters <= k:
        raise NotEstimable("too_few")
    if np.linalg.matrix_rank(x) < k:
        raise NotEstimable("not_identified")
    require_values(y, x)
    _check_events(y, x, family)
    order = np.argsort(clusters, kind="stable")
    model = sm.GEE(
        y[order], x[order], groups=np.asarray(clusters)[order],
        family=sm.families.Binomial() if family == "binomial" else sm.families.Poisson(),
        cov_struct=sm.cov_struct.Exchangeable() if working == "exchangeable" else sm.cov_struct.Independence(),
        exposure=None if exposure is None else np.asarray(exposure, dtype=float)[order],
    )
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        # The stopping rule is the score itself, which grows with the counts: a fixed one never stops for large counts.
        fit = model.fit(cov_type=covariance, scale=1.0, maxiter=200, ctol=1e-10 * max(1.0, float(np.abs(y).sum())))
    failed = any(issubclass(w.category, ConvergenceWarning | IterationLimitWarning) for w in said)
    variance = float(fit.cov_params()[position, position])
    if failed or not (np.isfinite(fit.params).all() and variance > 0):
        raise NotEstimable("not_converged")
    value, error, df = float(fit.params[position]), math.sqrt(variance), float(n_clusters - k)
    half = t_quantile(df=df, conf_level=conf_level) * error
    if abs(value) + half > LARGEST:
        raise NotEstimable("not_converged")
    return Estimate(
        estimate=math.exp(value), std_error=error, df=df, statistic=value / error,
        p_value=t_p_value(statistic=value / error, df=df), conf_low=math.exp(value - half),
        conf_high=math.exp(value + half), conf_level=conf_level, method=f"gee_{family}_{covariance}",
    )


def _check_events(y: np.ndarray, x: np.ndarray, family: str) -> None:
    if family not in FAMILIES:
        raise ValueError(f"family is {family}: expected {' or '.join(FAMILIES)}")
    if not y.sum():
        raise NotEstimable("zero_events")
    if separated(y=y, x=x, counts=family == "poisson"):
        raise NotEstimable("separation")
