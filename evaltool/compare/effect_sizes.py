"""The same changes as standardised and rank-based sizes, each named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..result import ALL
from ..stats.effect_size import cliffs_delta, d_av, d_z, hedges_g
from ..stats.estimate import NotEstimable
from ..stats.rank_biserial import rank_biserial
from .assemble import result, row
from .before_after import check_link
from .notes import note
from .phased import no_counts, phased, side_counts

if TYPE_CHECKING:
    from ..design import StudyDesign
    from ..measures import Measure
    from ..result import Provenance, Result

TWO_GROUPS = {"hedges_g": hedges_g, "cliffs_delta": cliffs_delta}
SAME_PEOPLE = {"d_z": d_z, "d_av": d_av, "rank_biserial": rank_biserial}


def effect_sizes(
    *, observations: pd.DataFrame, design: StudyDesign, measure: Measure, link: str, provenance: Provenance,
    conf_level: float = 0.95,
) -> Result:
    """Effect sizes of a score or duration per started department and ``*``; unit ``sd``, or ``probability`` for those from ranks.

    ``same_people``: ``d_z``, ``d_av`` and ``rank_biserial`` over persons' means on either side. Otherwise ``hedges_g`` and
    ``cliffs_delta`` over one value per person and side (anonymous rows each count as one); persons who repeat make
    their interval somewhat too wide, never too narrow. Thin data give a row without number and a note. Raises
    DesignError as ``before_after``.
    """
    rows = phased(observations=observations, design=design, kind=measure.kind)
    rows = rows[rows["phase"] != "not_started"]
    check_link(rows=rows, link=link, measure=measure)
    counts = side_counts(rows=rows, kind=measure.kind)
    kernels = SAME_PEOPLE if link == "same_people" else TWO_GROUPS
    estimates, notes = [], []
    for department in (*design.started, ALL):
        part = rows if department == ALL else rows[rows["department"] == department]
        before, after = _sides(part, paired=link == "same_people")
        for name, kernel in kernels.items():
            try:
                found = kernel(before=before, after=after, conf_level=conf_level)
            except NotEstimable as reason:
                found = None
                notes.append(note(measure=measure.id, department=department, code=reason.reason, value=float(len(part))))
            made = row(
                measure=measure, department=department, estimand=name, conf_level=conf_level, method=name, found=found,
                counts=counts.get(department, no_counts()) | {"departments": float(part["department"].nunique())},
            )
            estimates.append(made | {"unit": "probability" if name in ("cliffs_delta", "rank_biserial") else "sd"})
    return result(
        estimates=estimates, notes=notes, design=design, measures=(measure.id,), provenance=provenance, conf_level=conf_level,
    )


def _sides(part: pd.DataFrame, *, paired: bool) -> tuple:
    means = part.groupby(["unit", "after"])["value"].mean().unstack().reindex(columns=[False, True])
    means = means.dropna() if paired else means
    return means[False].dropna().to_numpy(), means[True].dropna().to_numpy()
