"""The same people in departments that started and in departments that did not, at equal level before (ANCOVA)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..result import ALL
from ..stats.ancova import ancova
from ..stats.estimate import NotEstimable
from .assemble import result, row
from .notes import note
from .phased import no_counts, phased

if TYPE_CHECKING:
    from ..design import StudyDesign
    from ..measures import Measure
    from ..result import Provenance, Result

LEAST = 5
"""Fewer linked persons than this in either kind of department give no number."""


def adjusted(
    *, observations: pd.DataFrame, design: StudyDesign, measure: Measure, provenance: Provenance, conf_level: float = 0.95
) -> Result:
    """One row, ``*``, ``estimand`` adjusted_difference, ``contrast`` started-not_started: how much higher the value after
    is in departments that started than in those that did not, for persons with the same value before.

    Linked persons with values on both sides; a person's values on a side are averaged. A department that has not
    started has no start of its own: its before and after are split by the median start and the median end of the
    wash-in of those that have. Departments are the clusters (CR1, t with G - 1 df). ``n``: persons in both kinds of
    department together. No comparison, or fewer than ``LEAST`` persons on a side of it: no number and a note.
    """
    pairs = _pairs(observations, design, measure)
    found, codes = None, {"comparison_persons": float((~pairs["started"]).sum())}
    try:
        if min(pairs["started"].sum(), (~pairs["started"]).sum()) < LEAST:
            raise NotEstimable("too_few_linked")
        found = ancova(
            before=pairs["before"].to_numpy(), after=pairs["after"].to_numpy(), started=pairs["started"].to_numpy(dtype=bool),
            clusters=pairs["department"].to_numpy(), conf_level=conf_level,
        )
        if pairs["department"].nunique() < 10:
            codes["few_clusters"] = float(pairs["department"].nunique())
    except NotEstimable as reason:
        codes = {reason.reason: float(len(pairs))}
    counts = dict.fromkeys(no_counts(), float(len(pairs))) | {"departments": float(pairs["department"].nunique())}
    made = row(
        measure=measure, department=ALL, estimand="adjusted_difference", conf_level=conf_level, counts=counts, method="ancova",
        found=found,
    )
    return result(
        estimates=[made | {"contrast": "started-not_started", "method": "ancova"}],
        notes=[note(measure=measure.id, department=ALL, code=c, value=v) for c, v in codes.items()],
        design=design, measures=(measure.id,), provenance=provenance, conf_level=conf_level,
    )


def _pairs(observations: pd.DataFrame, design: StudyDesign, measure: Measure) -> pd.DataFrame:
    """``person, department, before, after, started``: linked persons with a value on both sides."""
    rows = phased(observations=observations, design=design, kind=measure.kind)
    rows = rows[rows["person"].notna()]
    own = design.register[design.register["department"].isin(design.started)]
    split, settled = own["start"].median(), own["wash_in_end"].median()
    waiting = rows["phase"].eq("not_started")
    rows = rows.assign(started=~waiting, side=rows["after"].where(~waiting, rows["date"] >= settled))
    rows = rows[~waiting | (rows["date"] < split) | (rows["date"] >= settled)]
    wide = rows.groupby(["person", "department", "started", "side"])["value"].mean().unstack().reindex(columns=[False, True])
    return wide.rename(columns={False: "before", True: "after"}).dropna().reset_index().astype({"started": bool})
