"""A Release with one department and one monthly series, given as plain numbers."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from evaltool.measures import measure as measure_of
from evaltool.result import (
    ESTIMATE_COLUMNS, ESTIMATE_TEXT, SERIES_COLUMNS, SERIES_TEXT, Provenance, Release, Spec, canonical,
)

FIRST = pd.Timestamp("2022-01-01")


def register(start: int | None, wash_in: int) -> pd.DataFrame:
    day = pd.NaT if start is None else FIRST + pd.DateOffset(months=start)
    end = pd.NaT if start is None else day + pd.DateOffset(months=wash_in)
    frame = pd.DataFrame({"department": ["a"], "name": ["Avdeling A"], "service": ["x"], "unit_type": ["y"]})
    dates = {"planned_start": day, "start": day, "wash_in_end": end, "paused_from": pd.NaT, "paused_to": pd.NaT}
    return frame.assign(**{name: pd.to_datetime(pd.Series([value])).astype("datetime64[us]") for name, value in dates.items()})


def monthly(
    values: list[float], *, start: int | None, wash_in: int = 3, measure: str = "bed_days", sizes: float | None = None,
    drop: tuple[int, ...] = (),
) -> Release:
    """``values`` from January 2022 on; ``start``: months from then; ``sizes``: cases per month of a share."""
    size = np.full(len(values), np.nan if sizes is None else float(sizes))
    frame = pd.DataFrame({
        "measure": measure, "department": "a", "kind": "period", "grain": "month", "value": values, "n": 30.0,
        "period": pd.date_range(FIRST, periods=len(values), freq="MS"), "numerator": np.array(values) * size,
        "denominator": size, "unit": measure_of(measure).unit,
    }).drop(index=list(drop))
    series = canonical(frame, SERIES_COLUMNS, SERIES_TEXT).assign(status="shown")
    return Release(
        estimates=canonical(pd.DataFrame(), ESTIMATE_COLUMNS, ESTIMATE_TEXT).assign(status=pd.Series(dtype="str")),
        series=series, notes=pd.DataFrame(), register=register(start, wash_in),
        events=pd.DataFrame(columns=["department", "component", "event_date", "end_date", "co_intervention"]),
        spec=Spec(measures=(measure,), departments=("a",), methods=()),
        provenance=Provenance(study="x", snapshot="y", as_of=dt.date(2026, 6, 30), version="0"),
        policy={"name": "default", "min_persons": 5},
    )
