"""Rank tests as the robust second opinion: did the t test only follow an outlier?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .estimate import NotEstimable, require_values

EXACT_UP_TO = 50
"""Exact p without ties up to this many values on a side (R's rule), else normal with continuity correction."""


@dataclass(frozen=True)
class RankTest:
    """``shift``: Hodges-Lehmann estimate of after minus before. ``variant``: ``exact`` or ``normal_corrected``."""

    statistic: float
    p_value: float
    shift: float
    variant: str


def mann_whitney(*, before: np.ndarray, after: np.ndarray) -> RankTest:
    """Different people. ``statistic`` is U of the after side; the normal variant corrects for ties and continuity.

    Raises NotEstimable: ``too_few`` (nobody on a side), ``zero_variance`` (all values tied).
    """
    from scipy.stats import mannwhitneyu

    if not (len(before) and len(after)):
        raise NotEstimable("too_few")
    require_values(before, after)
    both = np.concatenate([before, after])
    if np.ptp(both) == 0:
        raise NotEstimable("zero_variance")
    exact = len(np.unique(both)) == len(both) and max(len(before), len(after)) < EXACT_UP_TO
    found = mannwhitneyu(after, before, alternative="two-sided", method="exact" if exact else "asymptotic", use_continuity=True)
    return RankTest(
        statistic=float(found.statistic), p_value=float(found.pvalue), shift=float(np.median(np.subtract.outer(after, before))),
        variant="exact" if exact else "normal_corrected",
    )


def wilcoxon_signed_rank(*, before: np.ndarray, after: np.ndarray) -> RankTest:
    """The same people; changes of zero are left out. ``statistic`` is V+, the rank sum of the positive changes.

    Raises NotEstimable: ``too_few`` (no change other than zero). ValueError when the lengths differ.
    """
    from scipy.stats import rankdata
    from scipy.stats import wilcoxon as scipy_wilcoxon

    if len(before) != len(after):
        raise ValueError(f"paired values differ in length: {len(before)} before, {len(after)} after")
    require_values(before, after)
    change = np.asarray(after, dtype=float) - np.asarray(before, dtype=float)
    moved = change[change != 0]
    if not len(moved):
        raise NotEstimable("too_few")
    ranks = rankdata(np.abs(moved))
    exact = len(np.unique(ranks)) == len(moved) == len(change) and len(change) < EXACT_UP_TO
    found = scipy_wilcoxon(moved, zero_method="wilcox", correction=not exact, method="exact" if exact else "approx")
    upper = np.triu_indices(len(moved))
    return RankTest(
        statistic=float(ranks[moved > 0].sum()), p_value=float(found.pvalue),
        shift=float(np.median(np.add.outer(moved, moved)[upper] / 2)), variant="exact" if exact else "normal_corrected",
    )
