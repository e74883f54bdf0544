"""A Result of a few rows for tests of the gate and everything behind it: built by hand, no data, no estimator."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from evaltool.result import (
    ALL, ESTIMATE_COLUMNS, ESTIMATE_TEXT, NOTE_COLUMNS, NOTE_TEXT, SERIES_COLUMNS, SERIES_TEXT, Provenance, Result,
    Spec, canonical,
)

START, WASH_IN_END = pd.Timestamp("2024-01-01"), pd.Timestamp("2024-04-01")


def small_result(*, persons: dict[str, tuple[int, int]], measure: str = "qpr15_total", months: list[dict] | None = None) -> Result:
    """One measure; ``persons``: department -> persons before and after; all together are their sums."""
    total = tuple(sum(p[i] for p in persons.values()) for i in (0, 1))
    rows = {**persons, ALL: total}
    names = list(persons)
    return Result(
        estimates=canonical(pd.DataFrame([_estimate(measure, d, p) for d, p in rows.items()]), ESTIMATE_COLUMNS, ESTIMATE_TEXT),
        series=canonical(pd.DataFrame([*_phases(measure, rows), *(months or []), *_parts(months or [])]), SERIES_COLUMNS, SERIES_TEXT),
        notes=canonical(pd.DataFrame([{"measure": measure, "department": d, "code": "ceiling", "severity": "caution",
                                       "value": 0.5} for d in rows]), NOTE_COLUMNS, NOTE_TEXT),
        register=_register(names), events=pd.DataFrame(columns=["department", "component", "event_date", "end_date", "co_intervention"]),
        spec=Spec(measures=(measure,), departments=tuple(names), methods=("welch",)),
        provenance=Provenance(study="test", snapshot="0" * 12, as_of=dt.date(2026, 6, 30), version="0"),
    )


def month(measure: str, department: str, day: str, persons: int, value: float, grain: str = "month") -> dict:
    """One period row of a series."""
    return {"measure": measure, "department": department, "kind": "period", "grain": grain, "period": pd.Timestamp(day),
            "value": value, "n": persons, "denominator": persons, "numerator": persons * value, "persons": persons,
            "unit": "points"}


def _parts(months: list[dict]) -> list[dict]:
    """What the months are made of: each lies in one phase (the departments start on the first of a month)."""
    return [{**row, "kind": "part", "grain": None, "phase": _phase(row["period"])} for row in months
            if row["grain"] == "month" and row["department"] != ALL]


def _phase(month: pd.Timestamp) -> str:
    return "before" if month < START else "wash_in" if month < WASH_IN_END else "after"


def _estimate(measure: str, department: str, persons: tuple[int, int]) -> dict:
    return {"measure": measure, "department": department, "estimand": "mean_difference", "contrast": "after-before",
            "estimate": 4.25, "conf_low": 1.8, "conf_high": 6.7, "conf_level": 0.95, "std_error": 1.2,
            "n_before": persons[0], "n_after": persons[1], "persons_before": persons[0], "persons_after": persons[1],
            "unit": "points", "method": "welch", "verdict": "better", "claim": "associated"}


def _phases(measure: str, rows: dict) -> list[dict]:
    return [{"measure": measure, "department": d, "kind": "phase", "phase": phase, "value": 30.0 + i, "conf_low": 29.0,
             "conf_high": 33.0, "conf_level": 0.95, "n": p[i], "denominator": p[i], "numerator": p[i] * (30.0 + i),
             "persons": p[i], "unit": "points", "method": "mean"}
            for d, p in rows.items() for i, phase in enumerate(("before", "after"))]


def _register(names: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame({"department": names, "name": [f"Avdeling {n}" for n in names]}).assign(
        service="Bolig", unit_type="housing", planned_start=START, start=START,
        wash_in_end=WASH_IN_END, paused_from=pd.NaT, paused_to=pd.NaT)
    return frame.astype({"department": "str", "name": "str", "service": "str", "unit_type": "str"})
