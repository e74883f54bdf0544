"""Intervals by drawing persons again and again, for numbers whose spread follows no formula."""

from __future__ import annotations

import numpy as np

from .estimate import NotEstimable

BLOCK = 4_000_000
"""Drawn persons handled at once, over all draws, so that memory stays small however many persons there are."""


def cluster_bootstrap(
    *, values: np.ndarray, after: np.ndarray, clusters: np.ndarray, draws: int = 10_000, seed: int = 1, conf_level: float = 0.95
) -> tuple[float, float]:
    """Percentile interval for the mean after minus the mean before, whole clusters drawn with replacement.

    values (n,), after (n,) bool, clusters (n,). Davison and Hinkley (Bootstrap Methods, 1997, section 3.8). A draw
    without anyone on a side is drawn out of the count. The same seed gives the same interval. Raises NotEstimable:
    ``too_few`` (under five clusters on a side: the draws would repeat a handful of persons).
    """
    code = np.unique(clusters, return_inverse=True)[1]
    size = int(code.max()) + 1 if len(code) else 0
    counts = np.array([np.bincount(code[side], minlength=size) for side in (~after, after)], dtype=float)
    if (counts > 0).sum(axis=1).min() < 5:
        raise NotEstimable("too_few")
    sums = np.array([np.bincount(code[side], weights=values[side], minlength=size) for side in (~after, after)])
    rng = np.random.default_rng(seed)
    found = []
    together = max(1, BLOCK // size)
    for start in range(0, draws, together):
        picked = rng.integers(0, size, (min(together, draws - start), size))
        offset = np.arange(len(picked))[:, None] * size
        weight = np.bincount((picked + offset).ravel(), minlength=len(picked) * size).reshape(len(picked), size)
        total, number = weight @ sums.T, weight @ counts.T
        usable = (number > 0).all(axis=1)
        means = total[usable] / number[usable]
        found.append(means[:, 1] - means[:, 0])
    tail = (1 - conf_level) / 2
    low, high = np.quantile(np.concatenate(found), [tail, 1 - tail])
    return float(low), float(high)
