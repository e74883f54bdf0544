"""Counts of several departments on the log scale: each has a level of its own, few clusters are allowed for."""

from __future__ import annotations

import math

import numpy as np

from .bias_reduced import cr2
from .estimate import Estimate, NotEstimable, require_values, t_p_value, t_quantile
from .separation import separated

LARGEST = 50.0
"""The log of a ratio beyond this is no answer."""
ROUNDS = 100


def fixed_effects_poisson(
    *, events: np.ndarray, exposure: np.ndarray, x: np.ndarray, clusters: np.ndarray, position: int, conf_level: float = 0.95
) -> Estimate:
    """Rate ratio of column ``position`` of x (n, k, no constant) by log-linear Poisson regression with one level per cluster.

    events (n,) counts, exposure (n,) above 0, clusters (n,) codes. Right whenever the mean is, whatever the spread
    (Wooldridge, J Econom 1999;90:77); CR2 covariance and Satterthwaite df of the weighted linear model that the fit ends
    in, levels absorbed (Pustejovsky and Tipton, J Bus Econ Stat 2018;36:672; R: ``glm``, then ``clubSandwich::coef_test`` on it).
    Clusters without any event say nothing and are left out. ``std_error`` is that of the log. Raises NotEstimable:
    ``zero_events``, ``too_few`` (under two clusters, or no freedom left), ``not_identified``, ``separation``, ``not_converged``.
    """
    require_values(events, exposure, x)
    code, n_clusters = np.unique(clusters, return_inverse=True)[1], len(np.unique(clusters))
    if not np.sum(events) > 0:
        raise NotEstimable("zero_events")
    live = (np.bincount(code, weights=events, minlength=n_clusters) > 0)[code]
    events, exposure, x, code = events[live], exposure[live], x[live], np.unique(code[live], return_inverse=True)[1]
    n_clusters = int(code.max()) + 1
    if n_clusters < 2 or len(events) <= x.shape[1] + n_clusters:
        raise NotEstimable("too_few")
    levels = (code[:, None] == np.arange(n_clusters)).astype(float)
    if np.linalg.matrix_rank(np.column_stack([levels, x])) < x.shape[1] + n_clusters:
        raise NotEstimable("not_identified")
    if (events == 0).any() and separated(y=events, x=np.column_stack([levels, x]), counts=True):
        raise NotEstimable("separation")
    coef, mean, centred = _fit(events, exposure, x, code)
    root = np.sqrt(mean)
    fit = cr2(coef=coef, x=centred * root[:, None], residual=(events - mean) / root, code=code, method="fixed_effects_poisson")
    value, error, df = float(coef[position]), math.sqrt(max(float(fit.cov[position, position]), 0.0)), float(fit.df[position])
    if not (error > 1e-12 and df > 0):
        raise NotEstimable("zero_variance")
    half = t_quantile(df=df, conf_level=conf_level) * error
    if abs(value) + half > LARGEST:
        raise NotEstimable("not_converged")
    return Estimate(
        estimate=math.exp(value), std_error=error, df=df, statistic=value / error,
        p_value=t_p_value(statistic=value / error, df=df), conf_low=math.exp(value - half), conf_high=math.exp(value + half),
        conf_level=conf_level, method=fit.method,
    )


def _fit(events: np.ndarray, exposure: np.ndarray, x: np.ndarray, code: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Newton's method on the likelihood without its levels: coefficients, means, and x around its weighted cluster means."""
    coef, whole = np.zeros(x.shape[1]), np.bincount(code, weights=events)
    for _ in range(ROUNDS):
        raw = exposure * np.exp(np.clip(x @ coef, -LARGEST, LARGEST))
        mean = raw * (whole / np.bincount(code, weights=raw))[code]
        middle = np.column_stack([np.bincount(code, weights=mean * column) for column in x.T]) / whole[:, None]
        centred = x - middle[code]
        step = np.linalg.solve(centred.T @ (centred * mean[:, None]), centred.T @ (events - mean))
        step *= min(1.0, 2.0 / max(float(np.abs(centred @ step).max()), 1e-300))
        if np.abs(centred @ step).max() < 1e-12:
            return coef, mean, centred
        coef = coef + step
    raise NotEstimable("not_converged")
