"""How many of those it was meant for took part in each component of the rollout: coarse by department, a share in all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from ..result import ALL
from ..stats.proportions import wilson
from .assemble import result
from .planned_design import planned_design

if TYPE_CHECKING:
    from ..result import Dataset, Result
    from ..study import Study

PREFIX = "component"
COLUMNS = ("department", "component", "n_staff", "n_staff_eligible", "n_users")
BANDS = (0.0, 0.2, 0.5, 0.8)
"""Where the bands of a department's reach begin."""


def components_reached(*, dataset: Dataset, study: Study, least: int | None = None, conf_level: float = 0.95) -> Result:
    """Series only, measure ``component.<code>``, ``phase`` ``all``:

    kind ``reach``, all departments: staff who took part over staff who could, with Wilson's interval; kind ``reach_band``,
    a department: where the band of its share begins (``BANDS``), because in a small department the exact share would
    count the few who were absent; kind ``users``: users who took part. Of what was done several times in a department
    the fullest time counts, since the same people come again. Departments where fewer than ``least`` staff could take part
    (default the study's ``min_persons``) are in neither, so that nothing can be subtracted.
    """
    least = study.privacy.min_persons if least is None else least
    log = dataset.registers["components"].reindex(columns=list(COLUMNS))
    design = planned_design(dataset=dataset, study=study)
    rows = []
    for code, part in log.groupby("component", sort=False):
        asked = part.assign(share=part["n_staff"] / part["n_staff_eligible"]).dropna(subset=["share"])
        asked = asked[asked["n_staff_eligible"] >= least]
        rows += [row | {"measure": f"{PREFIX}.{code}", "phase": "all"} for row in (*_staff(asked, conf_level), *_users(part))]
    names = tuple(dict.fromkeys(row["measure"] for row in rows))
    return result(estimates=[], notes=[], design=design, measures=names, provenance=dataset.provenance, conf_level=conf_level,
                  series=pd.DataFrame(rows))


def _staff(asked: pd.DataFrame, conf_level: float) -> Iterator[dict]:
    fullest = asked.sort_values("share", kind="stable").drop_duplicates("department", keep="last")
    if not len(fullest):
        return
    came, could = float(fullest["n_staff"].sum()), float(fullest["n_staff_eligible"].sum())
    low, high = wilson(events=came, n=could, conf_level=conf_level)
    yield {"department": ALL, "kind": "reach", "value": came / could, "conf_low": low, "conf_high": high, "conf_level": conf_level,
           "numerator": came, "denominator": could, "n": could, "persons": could, "persons_numerator": came,
           "persons_complement": could - came, "unit": "share", "method": "wilson"}
    for row in fullest.itertuples():
        could = float(row.n_staff_eligible)
        yield {"department": row.department, "kind": "reach_band", "value": max(b for b in BANDS if b <= row.share), "n": could,
               "denominator": could, "persons": could, "unit": "share", "method": "wilson"}


def _users(part: pd.DataFrame) -> Iterator[dict]:
    most = part.dropna(subset=["n_users"]).groupby("department", sort=False)["n_users"].max().astype("float64")
    for department, count in [*most.items(), *([(ALL, most.sum())] if len(most) else [])]:
        yield {"department": department, "kind": "users", "value": count, "numerator": count, "denominator": count, "n": count,
               "persons": count, "unit": "persons", "method": "counted"}
