"""A hand-made Release for the figures: a few departments, one hidden, one empty, one not started."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from evaltool.result import (
    ESTIMATE_COLUMNS, ESTIMATE_TEXT, SERIES_COLUMNS, SERIES_TEXT, Provenance, Release, Spec, canonical,
)

AS_OF = dt.date(2026, 6, 30)
NAMES = (
    "Ambulant team Fjordvik sør", "Døgnenhet for psykose og rus, Indre Fjordvik", "Akuttpost", "FACT Øst",
    "Bolig og oppfølging Nordbyen", "Korttidspost for brukerstyrte opphold og avlastning", "DPS Nord", "DPS Sør",
    "Rehabilitering og ettervern", "Ungdomsteam", "Alderspsykiatri", "Lavterskel og møteplass",
)
STATES = ("shown", "suppressed", "shown", "not_started", "shown", "no_data", *["shown"] * 6)


def release(*, count: int = 6, measure: str = "qpr15_total", unit: str = "points", months: int = 48) -> Release:
    """Departments a, b, c ... with the states above and monthly periods for those that are shown."""
    ids = [chr(97 + i) for i in range(count)]
    rng = np.random.default_rng(7)
    estimates, phases, periods = [], [], []
    for i, name in enumerate(ids):
        before, change = _levels(unit, i)
        estimates += _estimate(measure, name, STATES[i], change, unit)
        phases += _phases(measure, name, STATES[i], before, before + change, unit)
        periods += _periods(measure, name, STATES[i], before, change, unit, months, rng)
    series = pd.concat([pd.DataFrame(phases), pd.DataFrame(periods)], ignore_index=True)
    return Release(
        estimates=_with_status(pd.DataFrame(estimates), ESTIMATE_COLUMNS, ESTIMATE_TEXT),
        series=_with_status(series, SERIES_COLUMNS, SERIES_TEXT),
        notes=pd.DataFrame(columns=["measure", "department", "subgroup", "code", "severity", "value"]),
        register=_register(ids), events=_events(ids),
        spec=Spec(measures=(measure,), departments=tuple(ids), methods=("welch",)),
        provenance=Provenance(study="fjordvik", snapshot="abc", as_of=AS_OF, version="0.1.0"),
        policy={"name": "default", "min_persons": 5},
    )


def _levels(unit: str, i: int) -> tuple[float, float]:
    before = 34 + 3 * (i % 4) if unit == "points" else 0.22 - 0.02 * (i % 3)
    change = (4.2, 0, -3.5, 0, 0.9, 0, 6.1, 2.0, -0.4, 3.3, 5.0, 1.2)[i]
    return before, change if unit == "points" else -change / 60


def _spread(unit: str) -> float:
    return 2.4 if unit == "points" else 0.03


def _estimate(measure: str, name: str, state: str, change: float, unit: str) -> list[dict]:
    if state == "not_started":
        return []
    row = {"measure": measure, "department": name, "estimand": "difference", "unit": unit, "status": state}
    if state == "shown":
        wide = _spread(unit)
        sign = 1 if unit == "points" else -1
        verdict = "better" if sign * change > wide else "worse" if sign * change < -wide else "cannot_tell"
        row |= {"estimate": change, "conf_low": change - wide, "conf_high": change + wide, "conf_level": 0.95,
                "n_before": 41, "n_after": 138, "verdict": verdict, "claim": "described", "method": "welch"}
    return [row]


def _phases(measure: str, name: str, state: str, before: float, after: float, unit: str) -> list[dict]:
    out = []
    for phase, value in (("before", before), ("after", after)):
        if state == "no_data" or (state == "not_started" and phase == "after"):
            continue
        row = {"measure": measure, "department": name, "kind": "phase", "phase": phase, "unit": unit,
               "status": "suppressed" if state == "suppressed" else "shown"}
        if row["status"] == "shown":
            wide = _spread(unit) * 0.8
            row |= {"value": value, "conf_low": value - wide, "conf_high": value + wide, "n": 41, "persons": 30}
        out.append(row)
    return out


def _periods(measure, name, state, before, change, unit, months, rng) -> list[dict]:
    if state == "no_data":
        return []
    start = _start(ord(name) - 97)
    out = []
    for k, month in enumerate(pd.date_range("2022-07-01", periods=months, freq="MS")):
        status = "suppressed" if state == "suppressed" or k in (9, 10) else "no_data" if k == 20 else "shown"
        row = {"measure": measure, "department": name, "kind": "period", "grain": "month", "period": month,
               "unit": unit, "status": status}
        if status == "shown":
            level = before + (change if start is not pd.NaT and month >= start else 0)
            row |= {"value": max(0.0, level + rng.normal(0, _spread(unit))), "n": float(rng.integers(8, 40))}
        out.append(row)
    return out


def _start(i: int) -> pd.Timestamp:
    return pd.NaT if STATES[i] == "not_started" else pd.Timestamp("2023-11-01") + pd.DateOffset(months=2 * i)


def _register(ids: list[str]) -> pd.DataFrame:
    starts = [_start(i) for i in range(len(ids))]
    planned = [pd.Timestamp("2023-10-01") + pd.DateOffset(months=2 * i) for i in range(len(ids))]
    planned = [p if STATES[i] != "not_started" else pd.Timestamp("2026-09-01") for i, p in enumerate(planned)]
    return pd.DataFrame({
        "department": ids, "name": list(NAMES[:len(ids)]), "service": "psykisk helse", "unit_type": "døgn",
        "planned_start": pd.to_datetime(pd.Series(planned)), "start": pd.to_datetime(pd.Series(starts)),
        "wash_in_end": pd.to_datetime(pd.Series([s + pd.DateOffset(months=3) if s is not pd.NaT else s for s in starts])),
        "paused_from": pd.to_datetime(pd.Series([pd.Timestamp("2025-03-01") if i == 2 else pd.NaT for i in range(len(ids))])),
        "paused_to": pd.to_datetime(pd.Series([pd.Timestamp("2025-07-31") if i == 2 else pd.NaT for i in range(len(ids))])),
    })


def _events(ids: list[str]) -> pd.DataFrame:
    rows = []
    for i, name in enumerate(ids):
        start = _start(i)
        if start is pd.NaT:
            continue
        rows += [(name, "training", start - pd.DateOffset(months=1), pd.NaT, False),
                 (name, "reflection_group", start + pd.DateOffset(days=20), pd.NaT, False),
                 (name, "peer_worker", start + pd.DateOffset(months=5), pd.NaT, False)]
        if i == 0:
            rows.append((name, "merger", pd.Timestamp("2025-02-01"), pd.NaT, True))
    frame = pd.DataFrame(rows, columns=["department", "component", "event_date", "end_date", "co_intervention"])
    return frame.assign(event_date=pd.to_datetime(frame["event_date"]), end_date=pd.to_datetime(frame["end_date"]))


def _with_status(frame: pd.DataFrame, columns: tuple, text: tuple) -> pd.DataFrame:
    return canonical(frame, columns, text).assign(status=frame["status"].astype("str").to_numpy())
