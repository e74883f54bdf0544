"""Has the mix of people moved between two sides? Categories only."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .estimate import NotEstimable, t_p_value


@dataclass(frozen=True)
class Mix:
    """``difference``: standardised difference over all categories. ``largest``: position of the category whose share
    moved most for its spread, ``p_value``: its two-sided p, multiplied by the number of categories (Bonferroni)."""

    difference: float
    largest: int
    p_value: float


def mix_difference(*, before: np.ndarray, after: np.ndarray) -> Mix:
    """How far two rows of counts over the same categories lie apart.

    before, after: (c,) counts, not necessarily whole (an effective number). Standardised difference for categories by
    Yang and Dalton (SAS Global Forum 2012, paper 335): Mahalanobis distance of the shares with the mean covariance,
    one category left out. The p value is that of the pooled two-sample test of the category that moved most: a shift
    into one group drowns in an overall chi-square with many categories. Raises NotEstimable: ``too_few`` (nobody on a
    side), ``zero_variance`` (one category only).
    """
    before, after = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    if min(before.sum(), after.sum()) <= 0:
        raise NotEstimable("too_few")
    live = np.flatnonzero(before + after > 0)
    if len(live) < 2:
        raise NotEstimable("zero_variance")
    sizes = before.sum(), after.sum()
    shares = [before[live] / sizes[0], after[live] / sizes[1]]
    gap = shares[1] - shares[0]
    spread = sum(np.diag(p) - np.outer(p, p) for p in (s[1:] for s in shares)) / 2
    pooled = (before[live] + after[live]) / sum(sizes)
    z = gap / np.sqrt(pooled * (1 - pooled) * (1 / sizes[0] + 1 / sizes[1]))
    largest = int(np.argmax(np.abs(z)))
    return Mix(
        difference=float(np.sqrt(gap[1:] @ np.linalg.pinv(spread) @ gap[1:])), largest=int(live[largest]),
        p_value=min(1.0, t_p_value(statistic=float(z[largest]), df=math.inf) * len(live)),
    )
