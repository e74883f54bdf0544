"""Does a scale hold together: Cronbach's alpha with Feldt's interval and McDonald's omega total."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .estimate import NotEstimable
from .factor import uniquenesses


@dataclass(frozen=True)
class Reliability:
    """``alpha`` with its interval, and the mean correlation between items. ``n``: persons behind it; ``items``: k."""

    alpha: float
    conf_low: float
    conf_high: float
    conf_level: float
    mean_inter_item: float
    n: int
    items: int
    method: str


def cronbach_alpha(*, items: np.ndarray, conf_level: float = 0.95, gaps: str = "complete") -> Reliability:
    """Cronbach's alpha from the item covariances with Feldt's F interval.

    items: (n, k) floats, reversed items already turned, NaN where unanswered. ``gaps``: ``complete`` uses the persons
    who answered every item; ``pairwise`` uses each pair of items for the persons who answered both, and the smallest
    such number for the interval. Cronbach, Psychometrika 1951; Feldt, Psychometrika 1965 (df n-1 and (n-1)(k-1)).
    Raises NotEstimable: fewer than two items or three persons, or an item without variance.
    """
    from scipy.special import fdtri

    covariance, n = covariances(items=items, gaps=gaps)
    k = len(covariance)
    total = covariance.sum()
    if total <= 0:
        raise NotEstimable("zero_variance")
    alpha = float(k / (k - 1) * (1 - np.trace(covariance) / total))
    tail = (1 - conf_level) / 2
    df1, df2 = n - 1, (n - 1) * (k - 1)
    correlation = _correlation(covariance)
    return Reliability(
        alpha=alpha, conf_low=1 - (1 - alpha) * float(fdtri(df1, df2, 1 - tail)),
        conf_high=1 - (1 - alpha) * float(fdtri(df1, df2, tail)), conf_level=conf_level,
        mean_inter_item=float(correlation[np.triu_indices(k, 1)].mean()), n=n, items=k, method=f"alpha_feldt_{gaps}",
    )


def omega_total(*, items: np.ndarray, factors: int = 1, gaps: str = "complete") -> float:
    """McDonald's omega total: 1 minus the summed uniquenesses over the summed correlations.

    items: (n, k) floats as for alpha, k at least 3. Uniquenesses from ``factors`` minimum-residual factors on the
    correlation matrix, as in R's psych::omega. McDonald, Test Theory 1999. Raises NotEstimable as alpha does.
    """
    covariance, _ = covariances(items=items, gaps=gaps)
    if len(covariance) < 3:
        raise NotEstimable("too_few_items")
    correlation = _correlation(covariance) if gaps == "complete" else _pairwise_correlation(items)
    return float(1 - uniquenesses(correlation=correlation, factors=factors).sum() / correlation.sum())


def covariances(*, items: np.ndarray, gaps: str = "complete") -> tuple[np.ndarray, int]:
    """Item covariance matrix (k, k) and the number of persons behind it (the smallest over pairs when pairwise)."""
    if items.ndim != 2 or items.shape[1] < 2:
        raise NotEstimable("too_few_items")
    answered = ~np.isnan(items)
    if gaps == "complete":
        used = items[answered.all(axis=1)]
        if len(used) < 3:
            raise NotEstimable("too_few")
        covariance, n = np.cov(used, rowvar=False), len(used)
    elif gaps == "pairwise":
        covariance, n = _pairwise(items, answered)
    else:
        raise ValueError(gaps)
    if (np.diag(covariance) <= 0).any():
        raise NotEstimable("zero_variance")
    return covariance, n


def _pairwise(items: np.ndarray, answered: np.ndarray) -> tuple[np.ndarray, int]:
    both = answered.T.astype(float) @ answered
    if both.min() < 3:
        raise NotEstimable("too_few")
    filled = np.where(answered, items - np.nanmean(items, axis=0), 0.0)
    sums = filled.T @ answered          # sum of i over those who also answered j
    covariance = (filled.T @ filled - sums * sums.T / both) / (both - 1)
    return covariance, int(both.min())


def _correlation(covariance: np.ndarray) -> np.ndarray:
    scale = np.sqrt(np.diag(covariance))
    return covariance / np.outer(scale, scale)


def _pairwise_correlation(items: np.ndarray) -> np.ndarray:
    """Correlation of each pair among those who answered both, with the SDs of those same persons."""
    answered = ~np.isnan(items)
    both = answered.T.astype(float) @ answered
    filled = np.where(answered, items - np.nanmean(items, axis=0), 0.0)
    sums = filled.T @ answered
    squares = (filled**2).T @ answered - sums**2 / both
    return (filled.T @ filled - sums * sums.T / both) / np.sqrt(squares * squares.T)
