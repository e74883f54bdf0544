"""Do coders agree: Cohen's kappa for two, Krippendorff's alpha for any number with gaps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .estimate import NotEstimable

METRICS = ("nominal", "ordinal", "interval", "ratio")
WEIGHTS = ("none", "linear", "quadratic")


@dataclass(frozen=True)
class Agreement:
    """Chance-corrected agreement (1 perfect, 0 as by chance) and the plain share of agreement (NaN for alpha).

    ``n``: units that count; ``raters``: how many took part; ``method`` names coefficient, weights or metric.
    """

    estimate: float
    std_error: float
    conf_low: float
    conf_high: float
    conf_level: float
    observed: float
    n: int
    raters: int
    method: str


def cohen_kappa(*, first: np.ndarray, second: np.ndarray, weights: str = "none", conf_level: float = 0.95) -> Agreement:
    """Kappa of two raters over the units both rated.

    first, second: (n,) codes (numbers, or text with ``weights="none"``), missing where not rated. Weighted kappa takes
    the codes in rising order as equally spaced. Standard error by Fleiss, Cohen and Everitt (Psychological Bulletin
    1969). Raises NotEstimable: fewer than two units, or all ratings in one category.
    """
    import pandas as pd
    from scipy.special import ndtri

    if weights not in WEIGHTS:
        raise ValueError(weights)
    both = ~pd.isna(first) & ~pd.isna(second)
    n = int(both.sum())
    if n < 2:
        raise NotEstimable("too_few")
    codes, flat = np.unique(np.concatenate([np.asarray(first)[both], np.asarray(second)[both]]), return_inverse=True)
    k = len(codes)
    if k < 2:
        raise NotEstimable("zero_variance")
    share = np.zeros((k, k))
    np.add.at(share, (flat[:n], flat[n:]), 1 / n)
    row, column = share.sum(axis=1), share.sum(axis=0)
    weight = _weights(k, weights)
    observed, expected = float((weight * share).sum()), float(row @ weight @ column)
    kappa = (observed - expected) / (1 - expected)
    margin = (weight @ column)[:, None] + (row @ weight)[None, :]
    spread = float((share * (weight - margin * (1 - kappa)) ** 2).sum()) - (kappa - expected * (1 - kappa)) ** 2
    error = float(np.sqrt(max(spread, 0) / n) / (1 - expected))
    half = float(ndtri(0.5 + conf_level / 2)) * error
    return Agreement(
        estimate=kappa, std_error=error, conf_low=kappa - half, conf_high=min(kappa + half, 1.0), conf_level=conf_level,
        observed=float(np.trace(share)), n=n, raters=2, method=f"cohen_kappa_{weights}",
    )


def _weights(k: int, weights: str) -> np.ndarray:
    """Agreement weights (k, k): 1 on the diagonal, falling with the distance between categories."""
    distance = np.abs(np.subtract.outer(np.arange(k), np.arange(k)))
    if weights == "none":
        return (distance == 0).astype(float)
    return 1 - (distance / (k - 1)) ** (1 if weights == "linear" else 2)


def krippendorff_alpha(*, ratings: np.ndarray, metric: str = "nominal", conf_level: float = 0.95,
                       draws: int = 1000, seed: int = 1) -> Agreement:
    """Krippendorff's alpha over units rated by at least two.

    ratings: (raters, units), NaN or None where not rated; numbers, or text with ``metric="nominal"``. The interval
    comes from ``draws`` resamples of whole units with a fixed ``seed`` (percentiles), NaN with fewer than ten units.
    Krippendorff, Content Analysis 2019, chapter 12; Computing Krippendorff's alpha-reliability 2011.
    Raises NotEstimable: no unit with two ratings, or all ratings in one category.
    """
    import pandas as pd

    if metric not in METRICS:
        raise ValueError(metric)
    ratings = np.asarray(ratings)
    coded, values = pd.factorize(ratings.ravel(), sort=True)
    counts = np.array([
        np.bincount(unit[unit >= 0], minlength=len(values)) for unit in coded.reshape(ratings.shape).T
    ])
    counts = counts[counts.sum(axis=1) >= 2]
    if not len(counts):
        raise NotEstimable("too_few")
    estimate = _alpha(counts, values, metric)
    if np.isnan(estimate):
        raise NotEstimable("zero_variance")
    drawn = np.full(2, np.nan)
    if len(counts) >= 10:
        random = np.random.default_rng(seed)
        resampled = [_alpha(counts[random.integers(0, len(counts), len(counts))], values, metric) for _ in range(draws)]
        drawn = np.nanquantile(resampled, [(1 - conf_level) / 2, (1 + conf_level) / 2])
    return Agreement(
        estimate=estimate, std_error=float("nan"), conf_low=float(drawn[0]), conf_high=float(drawn[1]),
        conf_level=conf_level, observed=float("nan"), n=len(counts), raters=len(ratings),
        method=f"krippendorff_alpha_{metric}",
    )


def _alpha(counts: np.ndarray, values: np.ndarray, metric: str) -> float:
    """1 - observed over expected disagreement from the (units, values) counts; NaN when nothing could disagree."""
    per_unit = counts.sum(axis=1)
    total = counts.sum(axis=0)
    n = total.sum()
    distance = _distances(values, total, metric)
    pairs = np.einsum("uc,cd,ud->u", counts, distance, counts) / (per_unit - 1)
    expected = total @ distance @ total / (n - 1)
    return float(1 - pairs.sum() / expected) if expected > 0 else float("nan")


def _distances(values: np.ndarray, total: np.ndarray, metric: str) -> np.ndarray:
    """Squared difference between every two values (k, k) under the metric."""
    if metric == "nominal":
        return 1.0 - np.eye(len(values))
    if metric == "ordinal":
        # ranks: everything below, plus half of the value's own count
        place = np.cumsum(total) - total / 2
        return np.subtract.outer(place, place) ** 2
    numbers = np.asarray(values, dtype=float)
    squared = np.subtract.outer(numbers, numbers) ** 2
    if metric == "interval":
        return squared
    sums = np.add.outer(numbers, numbers) ** 2
    return np.divide(squared, sums, out=np.zeros_like(squared), where=sums > 0)
