"""Ordinal logistic regression by maximum likelihood, small and fast: the engine of the DIF tests."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .estimate import NotEstimable


@dataclass(frozen=True)
class CumulativeLogit:
    """``log_likelihood`` and the slopes (p,); a positive slope means higher answers."""

    log_likelihood: float
    slopes: np.ndarray
    n: int


def cumulative_logit(*, answers: np.ndarray, predictors: np.ndarray) -> CumulativeLogit:
    """Proportional-odds model of ordered answers (McCullagh, JRSS B 1980).

    answers: (n,) ordered codes; predictors: (n, p) floats without gaps. Raises NotEstimable: fewer than two answer
    codes in use, or no convergence.
    """
    from scipy.optimize import minimize

    codes, y = np.unique(answers, return_inverse=True)
    if len(codes) < 2:
        raise NotEstimable("zero_variance")
    scale = predictors.std(axis=0)
    scale[scale == 0] = 1.0
    x = (predictors - predictors.mean(axis=0)) / scale
    shares = np.cumsum(np.bincount(y))[:-1] / len(y)
    start = np.concatenate([np.log(shares / (1 - shares)), np.zeros(x.shape[1])])
    found = minimize(_loss, start, args=(y, x, len(codes) - 1), jac=True, method="BFGS", options={"gtol": 1e-5 * len(y), "maxiter": 500})
    if not np.isfinite(found.fun) or np.abs(found.jac).max() > 1e-3 * len(y):
        raise NotEstimable("not_converged")
    return CumulativeLogit(log_likelihood=-float(found.fun), slopes=found.x[len(codes) - 1:] / scale, n=len(y))


def _loss(parameters: np.ndarray, y: np.ndarray, x: np.ndarray, cuts: int) -> tuple[float, np.ndarray]:
    """Minus the log-likelihood and its gradient. Cut points that cross are given an infinite loss."""
    from scipy.special import expit

    thresholds, slopes = parameters[:cuts], parameters[cuts:]
    if (np.diff(thresholds) <= 0).any():
        return np.inf, np.zeros_like(parameters)
    linear = x @ slopes
    edges = np.concatenate([[-np.inf], thresholds, [np.inf]])
    upper, lower = expit(edges[y + 1] - linear), expit(edges[y] - linear)
    chance = np.maximum(upper - lower, 1e-300)
    from_upper, from_lower = upper * (1 - upper) / chance, lower * (1 - lower) / chance
    gradient = np.empty_like(parameters)
    gradient[:cuts] = (
        np.bincount(y, weights=from_upper, minlength=cuts + 1)[:cuts]
        - np.bincount(y, weights=from_lower, minlength=cuts + 1)[1:cuts + 1]
    )
    gradient[cuts:] = -(from_upper - from_lower) @ x
    return -float(np.log(chance).sum()), -gradient
