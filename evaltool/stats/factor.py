"""Minimum-residual factor analysis: only the uniquenesses, which is all that omega total needs."""

from __future__ import annotations

import numpy as np

LOWEST = 0.005
"""Smallest uniqueness allowed, as in R's psych: keeps a Heywood case at the edge instead of beyond it."""


def uniquenesses(*, correlation: np.ndarray, factors: int = 1) -> np.ndarray:
    """Unique variances (k,) of ``factors`` minimum-residual factors of a correlation matrix (k, k).

    Harman and Jöreskog's unweighted least squares: minimise half the squared eigenvalues beyond ``factors`` of the
    matrix less the uniquenesses. Starts from one minus the squared multiple correlations.
    """
    from scipy.optimize import minimize

    def loss(unique: np.ndarray) -> tuple[float, np.ndarray]:
        values, vectors = np.linalg.eigh(correlation - np.diag(unique))
        rest, axes = values[:-factors], vectors[:, :-factors]
        return 0.5 * float(rest @ rest), -(axes**2) @ rest

    start = np.clip(1 / np.diag(np.linalg.pinv(correlation)), LOWEST, 1)
    found = minimize(
        loss, start, jac=True, method="L-BFGS-B", bounds=[(LOWEST, 1)] * len(correlation),
        options={"maxiter": 2000, "ftol": 1e-14, "gtol": 1e-9},
    )
    return found.x
