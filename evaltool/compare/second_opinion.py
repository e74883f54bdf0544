"""Does another way of looking at the same rows say the same? Assumptions are checked by answers, not by tests of them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ..stats.bootstrap import cluster_bootstrap
from ..stats.estimate import Estimate, NotEstimable
from ..stats.outliers import outliers
from ..stats.paired import paired_t
from ..stats.rank_test import mann_whitney, wilcoxon_signed_rank
from ..stats.two_sample import welch

if TYPE_CHECKING:
    import pandas as pd

    from .estimator import Answer


DRAWS = 2000


def second_opinion(*, rows: pd.DataFrame, answer: Answer) -> dict[str, float]:
    """Note code -> number for one answer about scores or nights.

    ``ranks_disagree`` (p of the rank test): the t interval excludes no change and Mann-Whitney or Wilcoxon does not
    reject, or the reverse; outliers and skew move means, not ranks (``outliers``: some values
    do lie far out; how many would count persons). Partly linked: ``paired_only`` and ``unpaired_only`` (the change among persons seen on both sides, and among those seen on one),
    ``paired_unpaired_differ`` (p) when the two lie further apart than chance allows, ``leavers`` and ``joiners``
    (shares of the persons before and after who are not seen on the other side). Cluster-robust answers:
    ``bootstrap_disagrees`` when the interval from drawing persons again differs in what it excludes.
    """
    if answer.found is None:
        return {}
    if answer.method == "cluster_robust":
        return _drawn(rows, answer.found)
    value, after = rows["value"].to_numpy(dtype=float), rows["after"].to_numpy(dtype=bool)
    if answer.method == "welch":
        return _ranks(answer.found, mann_whitney, value[~after], value[after])
    means = _means(value, after, rows["unit"].to_numpy())
    both = means[~np.isnan(means).any(axis=1)]
    if answer.method == "paired_t":
        return _ranks(answer.found, wilcoxon_signed_rank, both[:, 0], both[:, 1], paired=True)
    if answer.method == "person_random_intercept":
        return _linked(both, means[np.isnan(means).any(axis=1)], answer.found.conf_level) | _turnover(means)
    return {}


def _means(value: np.ndarray, after: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """Each unit's mean before and after, (units, 2); NaN where it has no row on a side."""
    code = np.unique(unit, return_inverse=True)[1] * 2 + after
    n, total = (np.bincount(code, weights=w, minlength=2 * (code.max() // 2 + 1)) for w in (None, value))
    return np.where(n > 0, total / np.maximum(n, 1), np.nan).reshape(-1, 2)


def _drawn(rows: pd.DataFrame, found: Estimate) -> dict[str, float]:
    try:
        low, high = cluster_bootstrap(
            values=rows["value"].to_numpy(dtype=float), after=rows["after"].to_numpy(dtype=bool),
            clusters=rows["unit"].to_numpy(), draws=DRAWS, conf_level=found.conf_level,
        )
    except NotEstimable:
        return {}
    here, there = (int(a > 0) - int(b < 0) for a, b in ((found.conf_low, found.conf_high), (low, high)))
    return {"bootstrap_disagrees": float(there)} if here != there else {}


def _ranks(found: Estimate, test, before: np.ndarray, after: np.ndarray, *, paired: bool = False) -> dict[str, float]:
    try:
        p_value = test(before=before, after=after).p_value
    except NotEstimable:
        return {}
    alpha = 1 - found.conf_level
    if (found.p_value < alpha) == (p_value < alpha):
        return {}
    far = outliers(values=after - before) if paired else outliers(values=before) + outliers(values=after)
    return {"ranks_disagree": p_value} | ({"outliers": math.nan} if far else {})


def _turnover(means: np.ndarray) -> dict[str, float]:
    before, after = ~np.isnan(means).T
    return {"leavers": float((before & ~after).sum() / before.sum()), "joiners": float((after & ~before).sum() / after.sum())}


def _linked(both: np.ndarray, one_side: np.ndarray, conf_level: float) -> dict[str, float]:
    answers: dict[str, Estimate] = {}
    for code, call, (before, after) in (
        ("paired_only", paired_t, both.T), ("unpaired_only", welch, (side[~np.isnan(side)] for side in one_side.T)),
    ):
        try:
            answers[code] = call(before=before, after=after, conf_level=conf_level)
        except NotEstimable:
            continue
    notes = {code: found.estimate for code, found in answers.items()}
    if len(answers) == 2:
        first, second = answers.values()
        z = (first.estimate - second.estimate) / math.hypot(first.std_error, second.std_error)
        p_value = math.erfc(abs(z) / math.sqrt(2))
        if p_value < 1 - conf_level:
            notes["paired_unpaired_differ"] = p_value
    return notes
