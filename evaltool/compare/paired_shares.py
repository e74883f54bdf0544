"""Shares among the same people: how many have the event only after, and how many only before (McNemar)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..result import ALL
from .assemble import result, row
from .notes import note
from .paired_change import METHOD, paired_change
from .phased import no_counts, phased

if TYPE_CHECKING:
    from ..design import StudyDesign
    from ..measures import Measure
    from ..result import Provenance, Result


def paired_shares(
    *, observations: pd.DataFrame, design: StudyDesign, measure: Measure, provenance: Provenance, conf_level: float = 0.95,
    least: int = 0,
) -> Result:
    """Risk difference among persons with rows on both sides, per started department and ``*``, exact McNemar p.

    A person has the event on a side when at least one of its rows there has it, so a person with more rows on a side
    has more chances: the note ``rows_per_side`` gives the mean number of rows after over that before. ``n``: persons
    seen on both sides. Nobody seen twice, or nobody changed: no number and a note. ``least``: as in ``paired_change``.
    """
    rows = phased(observations=observations, design=design, kind=measure.kind)
    rows = rows[(rows["phase"] != "not_started") & rows["person"].notna()]
    estimates, notes = [], []
    for department in (*design.started, ALL):
        part = rows if department == ALL else rows[rows["department"] == department]
        sides = part.groupby(["person", "after"])["value"].agg(["max", "size"]).unstack()
        both = sides.dropna() if len(sides) and sides.columns.nlevels == 2 and len(sides.columns) == 4 else sides.iloc[:0]
        found, codes = _one(both, least, conf_level)
        counts = dict.fromkeys(no_counts(), float(len(both))) | {"departments": float(part["department"].nunique())}
        estimates.append(row(
            measure=measure, department=department, estimand="risk_difference", conf_level=conf_level, counts=counts,
            method=METHOD, found=found,
        ))
        notes += [note(measure=measure.id, department=department, code=c, value=v) for c, v in codes.items()]
    return result(
        estimates=estimates, notes=notes, design=design, measures=(measure.id,), provenance=provenance, conf_level=conf_level,
    )


def _one(both: pd.DataFrame, least: int, conf_level: float):
    if not len(both):
        return None, {"nobody_twice": 0.0}
    was, now = ((both[("max", side)] > 0).to_numpy() for side in (False, True))
    found, codes = paired_change(was=was, now=now, least=least, conf_level=conf_level)
    return found, codes or {"rows_per_side": float(both[("size", True)].mean() / both[("size", False)].mean())}
