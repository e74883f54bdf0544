"""Least squares whose standard errors respect that rows of one person (or department) belong together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .estimate import Estimate, NotEstimable, require_values, t_estimate


@dataclass(frozen=True)
class ClusteredFit:
    """Coefficients (k,), their covariance (k, k), degrees of freedom per coefficient (k,), number of clusters."""

    coef: np.ndarray
    cov: np.ndarray
    df: np.ndarray
    clusters: int
    method: str

    def estimate(self, *, position: int, conf_level: float) -> Estimate:
        """Coefficient number ``position`` with its t interval."""
        return t_estimate(
            estimate=float(self.coef[position]), std_error=float(np.sqrt(max(self.cov[position, position], 0.0))),
            df=float(self.df[position]), conf_level=conf_level, method=self.method,
        )


def ols_clustered(*, y: np.ndarray, x: np.ndarray, clusters: np.ndarray) -> ClusteredFit:
    """Least squares with CR1 covariance (Liang and Zeger 1986) times G/(G-1) x (N-1)/(N-K), t with G-1 df.

    y (n,), x (n, k) with its constant, clusters (n,) of any hashable code. The factor is the one of R's
    ``sandwich::vcovCL(type = "HC1")``. Raises NotEstimable: ``too_few`` (under two clusters or n <= k),
    ``not_identified`` (columns of x depend on each other).
    """
    require_values(y, x)
    n, k = x.shape
    code = np.unique(clusters, return_inverse=True)[1]
    n_clusters = int(code.max()) + 1 if n else 0
    if n_clusters < 2 or n <= k:
        raise NotEstimable("too_few")
    if np.linalg.matrix_rank(x) < k:
        raise NotEstimable("not_identified")
    bread = np.linalg.inv(x.T @ x)
    coef = bread @ (x.T @ y)
    scores = x * (y - x @ coef)[:, None]
    sums = np.zeros((n_clusters, k))
    np.add.at(sums, code, scores)
    factor = n_clusters / (n_clusters - 1) * (n - 1) / (n - k)
    cov = factor * bread @ (sums.T @ sums) @ bread
    return ClusteredFit(
        coef=coef, cov=cov, df=np.full(k, n_clusters - 1.0), clusters=n_clusters, method="cluster_robust",
    )
