"""Each single answer of a form as yes or no among the same people: how many agree after who did not before (McNemar)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..result import ALL
from .assemble import result, row
from .item_answers import item_answers
from .notes import note
from .paired_change import METHOD, paired_change
from .phased import no_counts, phased

if TYPE_CHECKING:
    from ..design import StudyDesign
    from ..measures import Measure
    from ..result import Dataset, Result
    from ..study import Study


def paired_items(
    *, dataset: Dataset, study: Study, measure: Measure, observations: pd.DataFrame, design: StudyDesign, conf_level: float = 0.95,
    least: int = 0,
) -> Result:
    """Difference in the share that answers above the middle of the item's codes (yes of yes and no), per item of the measure's
    scale, started department and ``*``; ``estimand`` item_share_difference, ``subgroup`` the item, unit ``share``.

    Linked persons with an answer on both sides: the last before the start and the last after the wash-in; ``n``: those persons.
    Where nobody is known there is one row without number (``nobody_twice``). ``least``: as in ``paired_change``.
    """
    estimates, notes = [], []
    for item, seen in item_answers(dataset=dataset, study=study, measure=measure, observations=observations):
        rows = phased(observations=seen, design=design, kind=measure.kind).sort_values("date", kind="stable")
        rows = rows[(rows["phase"] != "not_started") & rows["person"].notna()]
        rows = rows.assign(yes=rows["value"] > (item.codes[0] + item.codes[-1]) / 2)
        for department in (*design.started, ALL) if len(rows) else ():
            part = rows if department == ALL else rows[rows["department"] == department]
            made, said = _one(part, measure, department, item.column, least, conf_level)
            estimates.append(made)
            notes += said
    if not estimates:
        made, notes = _one(pd.DataFrame(columns=["department", "person", "after", "yes"]), measure, ALL, None, least, conf_level)
        estimates = [made]
    return result(
        estimates=estimates, notes=notes, design=design, measures=(measure.id,), provenance=dataset.provenance, conf_level=conf_level,
    )


def _one(part: pd.DataFrame, measure: Measure, department: str, item: str | None, least: int, conf_level: float) -> tuple[dict, list[dict]]:
    last = part.drop_duplicates(["person", "after"], keep="last").set_index("person")
    sides = last[~last["after"].astype(bool)]["yes"], last[last["after"].astype(bool)]["yes"]
    both = sides[0].index.intersection(sides[1].index)
    was, now = (side.loc[both].to_numpy(dtype=bool) for side in sides)
    found, codes = paired_change(was=was, now=now, least=least, conf_level=conf_level)
    made = row(
        measure=measure, department=department, estimand="item_share_difference", conf_level=conf_level, method=METHOD, found=found,
        subgroup=item, counts=dict.fromkeys(no_counts(), float(len(both))) | {"departments": float(part["department"].nunique())},
    )
    return made | {"unit": "share"}, [note(measure=measure.id, department=department, code=c, value=v, subgroup=item) for c, v in codes.items()]
