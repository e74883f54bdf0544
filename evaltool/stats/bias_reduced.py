"""Few clusters: cluster-robust standard errors that are not too small (CR2) with honest degrees of freedom."""

from __future__ import annotations

import numpy as np

from .clustered import ClusteredFit
from .estimate import NotEstimable, require_values


def fixed_effects_cr2(*, y: np.ndarray, x: np.ndarray, clusters: np.ndarray) -> ClusteredFit:
    """Least squares with one fixed level per cluster and CR2 covariance.

    y (n,), x (n, k) without a constant, clusters (n,) codes. CR2 of Bell and McCaffrey (Surv Methodol 2002) as
    generalised, with Satterthwaite degrees of freedom, by Pustejovsky and Tipton (J Bus Econ Stat 2018;36:672);
    the levels are absorbed by centring, which leaves CR2 unchanged (their theorem 2). R: ``clubSandwich::coef_test``.
    Raises NotEstimable: ``too_few`` (under two clusters, or no freedom left), ``not_identified``.
    """
    require_values(y, x)
    code = np.unique(clusters, return_inverse=True)[1]
    n_clusters = int(code.max()) + 1 if len(y) else 0
    k = x.shape[1]
    if n_clusters < 2 or len(y) <= k + n_clusters:
        raise NotEstimable("too_few")
    size = np.bincount(code)
    x = x - _means(x, code, size)[code]
    y = y - _means(y[:, None], code, size)[code, 0]
    if np.linalg.matrix_rank(x) < k:
        raise NotEstimable("not_identified")
    coef = np.linalg.solve(x.T @ x, x.T @ y)
    return cr2(coef=coef, x=x, residual=y - x @ coef, code=code, method="fixed_effects_cr2")


def cr2(*, coef: np.ndarray, x: np.ndarray, residual: np.ndarray, code: np.ndarray, method: str) -> ClusteredFit:
    """``coef`` (k,) with CR2 covariance and Satterthwaite df, from x (n, k) with its cluster levels taken out and residuals
    (n,), both divided by the square root of the rows' variance under the model. code (n,): clusters 0, 1 ..."""
    k, n_clusters = x.shape[1], int(code.max()) + 1
    bread = np.linalg.inv(x.T @ x)
    adjusted = [_adjust(x[code == g], bread) for g in range(n_clusters)]
    scores = np.array([a.T @ residual[code == g] for g, a in enumerate(adjusted)])
    df = np.array([_satterthwaite(adjusted, [x[code == g] for g in range(n_clusters)], bread, c) for c in np.eye(k)])
    return ClusteredFit(
        coef=coef, cov=bread @ (scores.T @ scores) @ bread, df=df, clusters=n_clusters, method=method,
    )


def _means(values: np.ndarray, code: np.ndarray, size: np.ndarray) -> np.ndarray:
    total = np.zeros((len(size), values.shape[1]))
    np.add.at(total, code, values)
    return total / size[:, None]


def _adjust(part: np.ndarray, bread: np.ndarray) -> np.ndarray:
    """(I - H)^(-1/2) x for one cluster, in the k-dimensional span of its columns; pseudo-inverse where leverage is one."""
    basis, triangle = np.linalg.qr(part)
    values, vectors = np.linalg.eigh(np.eye(basis.shape[1]) - triangle @ bread @ triangle.T)
    root = np.where(values > 1e-10, 1 / np.sqrt(np.where(values > 1e-10, values, 1.0)), 0.0)
    return basis @ (vectors * root) @ vectors.T @ triangle


def _satterthwaite(adjusted: list, parts: list, bread: np.ndarray, contrast: np.ndarray) -> float:
    """(sum of eigenvalues)^2 / sum of squares of the quadratic form behind the variance of ``contrast``; NaN where one
    cluster alone knows it, so that nothing is left to vary."""
    weights = [a @ bread @ contrast for a in adjusted]
    inner = np.array([x.T @ w for x, w in zip(parts, weights, strict=True)])
    gram = np.diag([float(w @ w) for w in weights]) - inner @ bread @ inner.T
    squares = float((gram**2).sum())
    return float(np.trace(gram) ** 2 / squares) if squares > 0 else np.nan
