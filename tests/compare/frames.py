"""Small studies made by hand: a design, observations in the agreed shape, and measures of each kind."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pandas as pd

from evaltool.design import StudyDesign
from evaltool.measures import measure
from evaltool.result import Provenance

AS_OF = dt.date(2025, 12, 31)
SCORE = measure("qpr15_total")
SHARE = measure("readmission_30d_unplanned")
NIGHTS = measure("length_of_stay")
BED_DAYS = measure("bed_days")
PROVENANCE = Provenance(study="s", snapshot="1", as_of=AS_OF, version="0")


def small(found, minimum_n: int = 1):
    """The same measure with a minimum n that six rows can reach."""
    return dataclasses.replace(found, minimum_n=minimum_n)


def design(starts: dict[str, str | None], *, months: int = 0, wash_in: str = "planned") -> StudyDesign:
    days = ("planned_start", "start", "wash_in_end", "paused_from", "paused_to")
    rollout = pd.DataFrame([{"department": d, "start": s} for d, s in starts.items()], columns=["department", *days])
    for name in days:
        rollout[name] = pd.to_datetime(rollout[name]).dt.as_unit("us")
    departments = pd.DataFrame({"department": list(starts), "name": list(starts), "service": "s", "unit_type": "u"})
    return StudyDesign.from_register(
        rollout=rollout, departments=departments, as_of=AS_OF, wash_in_months=months, wash_in=wash_in
    )


def observations(rows: list[tuple]) -> pd.DataFrame:
    """Rows (department, person or None, date, value) or with a wave as fifth."""
    frame = pd.DataFrame(
        [(*r, None)[:5] for r in rows], columns=["department", "person", "date", "value", "wave"]
    )
    return pd.DataFrame({
        "row": range(len(frame)), "department": frame["department"].astype("str"),
        "person": frame["person"].astype("str"), "date": pd.to_datetime(frame["date"]).dt.as_unit("us"),
        "wave": frame["wave"].astype("str"), "value": frame["value"].astype("float64"), "event": True,
        "included": True, "reason": pd.Series([None] * len(frame), dtype="str"),
    })


def call(function, rows, made: StudyDesign, measure, link: str = "repeated_cross_section"):
    return function(
        observations=rows if isinstance(rows, pd.DataFrame) else observations(rows), design=made, measure=measure,
        link=link, provenance=PROVENANCE,
    )


def codes(result, department: str) -> set[str]:
    notes = result.notes
    return set(notes.loc[notes["department"] == department, "code"])
