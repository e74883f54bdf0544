"""Rows of numbers and codes -> ``Result``."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from ..result import (
    ESTIMATE_COLUMNS, ESTIMATE_TEXT, NOTE_COLUMNS, NOTE_TEXT, SERIES_COLUMNS, SERIES_TEXT, Result, Spec, canonical, headline,
)
from ..stats.low_coverage import low_coverage
from .notes import note
from .why import why

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..design import StudyDesign
    from ..measures import Measure
    from ..result import Provenance
    from ..stats.estimate import Estimate

EVENT_COLUMNS = ("department", "component", "event_date", "end_date", "co_intervention", "dose_value", "dose_unit")


def row(
    *, measure: Measure, department: str, estimand: str, conf_level: float, counts: Mapping[str, float], method: str,
    found: Estimate | None, subgroup: str | None = None,
) -> dict:
    """One row of the estimates frame; ``found`` None: the counts and the method that was meant, no number.

    ``conf_level`` is that of the interval, where there is one (two one-sided tests have their own)."""
    numbers = dict.fromkeys(("estimate", "conf_low", "conf_high", "std_error", "statistic", "df", "p_value"), math.nan)
    if found is not None:
        numbers = {name: getattr(found, name) for name in numbers}
    return {
        "measure": measure.id, "department": department, "subgroup": subgroup, "estimand": estimand,
        "contrast": "after-before", **numbers, "conf_level": conf_level if found is None else found.conf_level, **counts, "unit": measure.unit,
        "method": method, "why": why(method=method),
    }


def result(
    *, estimates: Sequence[Mapping], notes: Sequence[Mapping], design: StudyDesign, measures: tuple[str, ...],
    provenance: Provenance, conf_level: float, series: pd.DataFrame | None = None, events: pd.DataFrame | None = None,
    important: Mapping[str, float] | None = None, nested: tuple[tuple[str, ...], ...] = (),
    rows: Mapping[str, tuple[str, ...]] | None = None,
) -> Result:
    """A Result in canonical columns; series and events are empty frames where none are given."""
    frame = canonical(pd.DataFrame(list(estimates)), ESTIMATE_COLUMNS, ESTIMATE_TEXT)
    notes = [*notes, *_too_narrow(frame, {(n["measure"], n["department"], n["code"]): n["value"] for n in notes})]
    return Result(
        estimates=frame,
        series=canonical(pd.DataFrame() if series is None else series, SERIES_COLUMNS, SERIES_TEXT),
        notes=canonical(pd.DataFrame(list(notes)), NOTE_COLUMNS, NOTE_TEXT),
        register=design.register,
        events=pd.DataFrame(columns=list(EVENT_COLUMNS)) if events is None else events,
        spec=Spec(
            measures=measures, departments=tuple(design.register["department"]),
            methods=tuple(dict.fromkeys(frame["method"])), conf_level=conf_level, wash_in=design.wash_in,
            important=dict(important or {}), nested=nested, rows=dict(rows or {}),
        ),
        provenance=provenance,
    )


def _too_narrow(estimates: pd.DataFrame, said: Mapping[tuple, float]) -> list[dict]:
    """``coverage_low`` for the answers shown first whose method is known to hold its truth too seldom in such a setting."""
    out = []
    for r in headline(estimates[estimates["conf_low"].notna()]).itertuples(index=False):
        unpaired = said.get((r.measure, r.department, "unpaired_left_out"), 0.0)
        persons = min(r.persons_before, r.persons_after)
        held = low_coverage(method=r.method, departments=r.departments, persons=persons, left_out=unpaired / max(unpaired + persons, 1.0))
        if held is not None and (r.measure, r.department, "coverage_low") not in said:
            subgroup = None if pd.isna(r.subgroup) else r.subgroup
            out.append(note(measure=r.measure, department=r.department, code="coverage_low", value=held, subgroup=subgroup))
    return out
