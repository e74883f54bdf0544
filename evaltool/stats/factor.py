"""Minimum-residual factor analysis: only the uniquenesses, which is all that omega total needs."""

from __future__ import annotations

import numpy as np

LOWEST = 0.005
"""Smallest uniqueness allowed, as in R's psych: keeps a Heywood case at the edge instead of beyond it."""
STEPS, GRADIENT = 60, 1e-10


def uniquenesses(*, correlation: np.ndarray, factors: int = 1) -> np.ndarray:
    """Unique variances (k,) of ``factors`` minimum-residual factors of a correlation matrix (k, k).

    Harman and Jöreskog's unweighted least squares: minimise half the squared eigenvalues beyond ``factors`` of the
    matrix less the uniquenesses. Starts from one minus the squared multiple correlations.
    """
    start = np.clip(1 / np.diag(np.linalg.pinv(correlation)), LOWEST, 1)
    found = _newton(correlation, start, factors)
    return _bounded(correlation, start, factors) if found is None else found


def _rest(correlation: np.ndarray, unique: np.ndarray, factors: int) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues and axes beyond the first ``factors``."""
    values, vectors = np.linalg.eigh(correlation - np.diag(unique))
    return values[:-factors], vectors[:, :-factors]


def _newton(correlation: np.ndarray, unique: np.ndarray, factors: int) -> np.ndarray | None:
    """Newton's steps with the second derivatives at a perfect fit (Jöreskog 1977): a handful is enough. None where one
    leaves the allowed range or does not gain."""
    before = np.inf
    for _ in range(STEPS):
        rest, axes = _rest(correlation, unique, factors)
        loss, gradient = 0.5 * float(rest @ rest), -(axes**2) @ rest
        if loss > before + 1e-12:
            return None
        if np.abs(gradient).max() < GRADIENT:
            return unique
        try:
            unique, before = unique - np.linalg.solve((axes @ axes.T) ** 2, gradient), loss
        except np.linalg.LinAlgError:
            return None
        if (unique <= LOWEST).any() or (unique >= 1).any():
            return None
    return None


def _bounded(correlation: np.ndarray, start: np.ndarray, factors: int) -> np.ndarray:
    """Step by step within the bounds: for a uniqueness at the edge."""
    from scipy.optimize import minimize

    def loss(unique: np.ndarray) -> tuple[float, np.ndarray]:
        rest, axes = _rest(correlation, unique, factors)
        return 0.5 * float(rest @ rest), -(axes**2) @ rest

    found = minimize(
        loss, start, jac=True, method="L-BFGS-B", bounds=[(LOWEST, 1)] * len(correlation),
        options={"maxiter": 2000, "ftol": 1e-14, "gtol": 1e-9},
    )
    return found.x
