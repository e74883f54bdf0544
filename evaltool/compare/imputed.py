"""Linked people who answered on one side only: what the change would be had their other answers been like those of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..result import ALL
from ..stats.estimate import Estimate, NotEstimable
from ..stats.imputation import impute_normal, rubin
from .assemble import result, row
from .estimator import ESTIMANDS
from .notes import note
from .phased import no_counts, phased, side_counts

if TYPE_CHECKING:
    from ..design import StudyDesign
    from ..measures import Measure
    from ..result import Provenance, Result

METHOD = "imputed_rubin"
DRAWS = 50
SEED = 20260630
"""Fixed, so that an old run gives the old answer."""


def imputed(
    *, observations: pd.DataFrame, design: StudyDesign, measure: Measure, provenance: Provenance, conf_level: float = 0.95
) -> Result:
    """Mean change of all linked persons, missing sides imputed from the other side, per started department and ``*``.

    A person's value on a side is the mean of its waves; anonymous rows are left out. Assumes that, at equal other
    side, those who did not answer would have answered like those who did: a sensitivity answer beside ``before_after``,
    never the first. Notes: ``imputed_share`` (share of sides filled in). Too few complete pairs: a row without number.
    """
    rows = phased(observations=observations, design=design, kind=measure.kind)
    rows = rows[(rows["phase"] != "not_started") & rows["person"].notna()]
    counts = side_counts(rows=rows, kind=measure.kind)
    estimates, notes = [], []
    for department in (*design.started, ALL):
        part = rows if department == ALL else rows[rows["department"] == department]
        wide = part.groupby(["person", "after"])["value"].mean().unstack().reindex(columns=[False, True])
        found, code, value = None, "imputed_share", float(wide.isna().to_numpy().mean()) if len(wide) else 0.0
        try:
            found = _change(wide[False].to_numpy(dtype=float), wide[True].to_numpy(dtype=float), conf_level)
        except NotEstimable as reason:
            code, value = reason.reason, float(len(part))
        estimates.append(row(
            measure=measure, department=department, estimand=ESTIMANDS[measure.kind], conf_level=conf_level, method=METHOD,
            counts=counts.get(department, no_counts()) | {"departments": float(part["department"].nunique())}, found=found,
        ))
        notes.append(note(measure=measure.id, department=department, code=code, value=value))
    return result(
        estimates=estimates, notes=notes, design=design, measures=(measure.id,), provenance=provenance, conf_level=conf_level,
    )


def _change(before: np.ndarray, after: np.ndarray, conf_level: float) -> Estimate:
    both = ~np.isnan(before) & ~np.isnan(after)
    n = len(before)
    if both.sum() < 5:
        raise NotEstimable("too_few")
    if min(np.ptp(before[both]), np.ptp(after[both])) == 0:
        raise NotEstimable("zero_variance")
    rng = np.random.default_rng(SEED)
    filled = []
    for target, other in ((before, after), (after, before)):
        usable = ~np.isnan(other)
        side = np.tile(target, (DRAWS, 1))
        given = np.where(both, target, np.nan)[usable]
        x = np.column_stack([np.ones(int(usable.sum())), other[usable]])
        drawn = impute_normal(y=given, x=x, draws=DRAWS, rng=rng)
        side[:, usable] = np.where(np.isnan(target[usable]), drawn, target[usable])
        filled.append(side)
    change = filled[1] - filled[0]
    return rubin(
        estimates=change.mean(axis=1), variances=change.var(axis=1, ddof=1) / n, df_complete=n - 1, conf_level=conf_level,
    )
