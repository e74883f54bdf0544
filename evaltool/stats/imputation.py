"""Values that were never given: filled in many times, analysed each time, and put together so that not knowing shows."""

from __future__ import annotations

import math

import numpy as np

from .estimate import Estimate, NotEstimable, t_estimate

RIDGE = 1e-5
"""Share of the diagonal added to the cross products, as in mice, so that alike predictors do not stop the draw."""


def impute_normal(*, y: np.ndarray, x: np.ndarray, draws: int, rng: np.random.Generator) -> np.ndarray:
    """``draws`` completed copies of y (n,), NaN filled from its regression on x (n, k) with constant: (draws, n).

    Bayesian linear regression with the usual vague prior: residual variance from its scaled inverse chi-square,
    coefficients around the fit, noise on top (Rubin, Multiple Imputation, 1987, p. 167; mice's ``norm``). Raises
    NotEstimable: ``too_few`` (observed values do not exceed the columns of x by two).
    """
    known = ~np.isnan(y)
    n, k = int(known.sum()), x.shape[1]
    if n < k + 2:
        raise NotEstimable("too_few")
    cross = x[known].T @ x[known]
    bread = np.linalg.inv(cross + np.diag(RIDGE * np.diag(cross)))
    coef = bread @ (x[known].T @ y[known])
    rest = y[known] - x[known] @ coef
    sigma = np.sqrt(float(rest @ rest) / rng.chisquare(n - k, draws))
    betas = coef + sigma[:, None] * (rng.standard_normal((draws, k)) @ np.linalg.cholesky((bread + bread.T) / 2).T)
    out = np.tile(y, (draws, 1))
    gaps = x[~known]
    out[:, ~known] = betas @ gaps.T + sigma[:, None] * rng.standard_normal((draws, len(gaps)))
    return out


def rubin(*, estimates: np.ndarray, variances: np.ndarray, df_complete: float, conf_level: float = 0.95) -> Estimate:
    """One answer from the answers (m,) of m completed data sets and their squared standard errors (m,).

    Rubin's rules with the degrees of freedom of Barnard and Rubin (Biometrika 1999;86:948), as R's
    ``mice::pool.scalar``; ``df_complete``: degrees of freedom had nothing been missing. Raises NotEstimable:
    ``too_few`` (under two data sets).
    """
    m = len(estimates)
    if m < 2:
        raise NotEstimable("too_few")
    within, between = float(np.mean(variances)), float(np.var(estimates, ddof=1))
    total = within + (1 + 1 / m) * between
    share = (1 + 1 / m) * between / total if total > 0 else 0.0
    observed = (df_complete + 1) / (df_complete + 3) * df_complete * (1 - share)
    old = (m - 1) / share**2 if share > 0 else math.inf
    df = observed if math.isinf(old) else old * observed / (old + observed)
    return t_estimate(
        estimate=float(np.mean(estimates)), std_error=math.sqrt(total), df=df, conf_level=conf_level, method="imputed_rubin",
    )
