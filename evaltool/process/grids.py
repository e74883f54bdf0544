"""Released periods as arrays: one row per department, one column per calendar period, with the phase of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..disclosure import demand_release
from ..design import StudyDesign
from ..measures import measure as measure_of
from ..result import ALL
from ..settings import MeasureChart
from .declared import breaks_of
from .rare import grouped

if TYPE_CHECKING:
    from ..result import Release
    from ..settings import Process

OFFSETS = {"month": pd.DateOffset(months=1), "quarter": pd.DateOffset(months=3), "year": pd.DateOffset(years=1)}
BASELINE, REBASED = 0, 1
READ = ("measure", "department", "grain", "period", "value", "numerator", "denominator", "n", "persons", "status")
"""The columns of a released series that a chart rests on."""


@dataclass(frozen=True)
class Grid:
    """Series of one measure at one grain. Arrays (departments, periods).

    ``phase``: 0 baseline (and everything before the limits change), 1 after, plus two for each declared break; -1
    where there is no period yet. ``use``: the periods limits are worked out from: whole periods before the start and
    after the wash-in, not paused, not left out. ``name``: phase of the design, ``mixed`` for all departments
    together. ``status``: as released, ``no_data`` where there is no row, ``excluded`` where a point is left out.
    ``grouped``: these are released periods put together because events are rare. ``gaps``: departments with a missing
    period between others, that was left a gap (or made zero).
    """

    measure: str
    grain: str
    departments: tuple[str, ...]
    periods: pd.DatetimeIndex
    value: np.ndarray
    events: np.ndarray
    sizes: np.ndarray
    n: np.ndarray
    status: np.ndarray
    name: np.ndarray
    phase: np.ndarray
    use: np.ndarray
    grouped: bool
    gaps: np.ndarray


class Calendar:
    """The released periods of all measures, and the phase of each department in the periods somebody has asked for: many
    measures stand in the same."""

    def __init__(self, release: Release) -> None:
        self._release = demand_release(release)
        rows = release.series
        rows = rows.loc[rows["kind"].eq("period") & rows["subgroup"].isna(), list(READ)]
        self._rows = rows.drop_duplicates(["measure", "grain", "department", "period"])
        self._of: dict[str, dict[str, np.ndarray]] = {}
        for (measure, grain), at in self._rows.groupby(["measure", "grain"], sort=False).indices.items():
            self._of.setdefault(measure, {})[grain] = at
        self._design = StudyDesign(register=release.register, as_of=release.provenance.as_of, wash_in=release.spec.wash_in)
        self._known: dict[tuple[str, bytes], dict[str, np.ndarray]] = {}

    def rows(self, measure: str) -> dict[str, pd.DataFrame]:
        """Grain -> the released periods of ``measure``."""
        return {grain: self._rows.iloc[at] for grain, at in self._of.get(measure, {}).items()}

    def phases(self, names: tuple[str, ...], first: pd.DatetimeIndex, grain: str) -> np.ndarray:
        """Phase of each period, ``wash_in`` where its first and last day differ; for all departments ``mixed`` once somebody
        has started. Array (names, periods)."""
        key = (grain, first.asi8.tobytes())
        if key not in self._known:
            self._known[key] = self._phases(first, last_days(first, grain))
        return np.stack([self._known[key][name] for name in names])

    def _phases(self, first: pd.DatetimeIndex, last: pd.DatetimeIndex) -> dict[str, np.ndarray]:
        register = self._release.register
        places = register["department"].repeat(len(first)).reset_index(drop=True)
        opening, closing = (self._design.phase(department=places, date=pd.Series(np.tile(days, len(register)))).to_numpy(
            dtype=object).reshape(len(register), len(first)) for days in (first, last))
        apart = np.where(opening == closing, opening, "wash_in")
        start = register["start"].min()
        together = np.where(last < start, "before", "mixed") if pd.notna(start) else np.full(len(first), "not_started")
        return {ALL: together.astype(object), **dict(zip(register["department"], apart, strict=True))}


def last_days(first: pd.DatetimeIndex, grain: str) -> pd.DatetimeIndex:
    """The last day of each period."""
    return first + OFFSETS[grain] - pd.Timedelta(days=1)


def grids(*, calendar: Calendar, measure: str, kind: str, plan: Process) -> list[Grid]:
    """The grids of ``measure``, one per grain that was released (and one of longer periods where events are rare).

    ``calendar``: of the release. ``kind``: of chart. ``plan``: the study's ``[process]``. The periods of a survey are those in
    which somebody was asked.
    """
    out = []
    for grain, part in calendar.rows(measure).items():
        part, longer = grouped(rows=part, kind=kind)
        while len(part) or len(longer):
            if len(part):
                out.append(_grid(part, calendar, plan, grouped=part["grain"].iloc[0] != grain))
            part, longer = grouped(rows=longer, kind=kind) if len(longer) else (longer, longer)
    return out


def _grid(rows: pd.DataFrame, calendar: Calendar, plan: Process, *, grouped: bool) -> Grid:
    measure, grain, names = rows["measure"].iloc[0], rows["grain"].iloc[0], tuple(rows["department"].drop_duplicates())
    asked = "instrument" in measure_of(measure).source
    periods = pd.DatetimeIndex(np.sort(rows["period"].unique())) if asked else pd.date_range(
        rows["period"].min(), rows["period"].max(), freq=OFFSETS[grain]).as_unit("us")
    at = (pd.Index(names).get_indexer(rows["department"]), periods.get_indexer(rows["period"]))
    there = np.zeros((len(names), len(periods)), dtype=bool)
    there[at] = True
    status = _placed(rows["status"].to_numpy(dtype=object), at, np.full(there.shape, "no_data", dtype=object))
    numbers = {c: _placed(rows[c].to_numpy(dtype="float64"), at, np.full(there.shape, np.nan)) for c in (
        "value", "numerator", "denominator", "n")}
    told = plan.measures.get(measure, MeasureChart())
    if told.gaps == "zero":
        status[~there] = "shown"
        for column in ("value", "numerator"):
            numbers[column][~there] = 0.0
    name, phase, use = _phases(measure, names, periods, grain, calendar, plan)
    _leave_out(plan, measure, names, periods, grain, status, use)
    return Grid(
        measure=measure, grain=grain, departments=names, periods=periods, value=numbers["value"],
        events=numbers["numerator"], sizes=numbers["denominator"], n=numbers["n"], status=status, name=name, phase=phase,
        use=use, grouped=grouped, gaps=np.zeros(len(names), dtype=bool) if asked else _between(~there),
    )


def _placed(values: np.ndarray, at: tuple[np.ndarray, np.ndarray], empty: np.ndarray) -> np.ndarray:
    """``empty`` with ``values`` in the places (department, period) ``at``."""
    empty[at] = values
    return empty


def _between(absent: np.ndarray) -> np.ndarray:
    """Series with an absent period that has others before and after it."""
    there = ~absent
    before, after = (np.maximum.accumulate(x, axis=1) for x in (there, there[:, ::-1]))
    return (absent & before & after[:, ::-1]).any(axis=1)


def _leave_out(plan, measure, names, periods, grain, status, use) -> None:
    """Mark the points that the study leaves out; one that cannot be shown stays hidden."""
    for one in plan.exclusions:
        if one.measure == measure and one.department in names:
            day = pd.Timestamp(one.date)
            at = np.flatnonzero((periods <= day) & (day < periods + OFFSETS[grain]))
            here = names.index(one.department)
            use[here, at] = False
            status[here, at] = np.where(status[here, at] == "shown", "excluded", status[here, at])


def _phases(measure, names, periods, grain, calendar, plan) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Design phase, limits phase and use of every period."""
    rebase = plan.baseline == "rebase"
    last, name = last_days(periods, grain), calendar.phases(names, periods, grain)
    after = np.maximum.accumulate(name == "after", axis=1)
    phase = np.where(after & rebase, REBASED, BASELINE)
    steady = np.isin(name, ["before", "not_started"] + (["after"] if rebase else []))
    for i, department in enumerate(names):
        for day in (pd.Timestamp(one.date) for one in breaks_of(plan=plan, measure=measure, department=department)):
            phase[i] += np.asarray(periods >= day) * 2
            steady[i] &= ~np.asarray((periods < day) & (last >= day))
    return name, phase, steady
