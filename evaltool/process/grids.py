"""Released periods as arrays: one row per department, one column per calendar period, with the phase of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..design import StudyDesign
from ..measures import measure as measure_of
from ..result import ALL

if TYPE_CHECKING:
    import datetime as dt

    from ..result import Release

OFFSETS = {"month": pd.DateOffset(months=1), "quarter": pd.DateOffset(months=3), "year": pd.DateOffset(years=1)}
BASELINE, REBASED = 0, 1


@dataclass(frozen=True)
class Grid:
    """Series of one measure at one grain. Arrays (departments, periods).

    ``phase``: 0 baseline (and everything before the limits change), 1 after, plus one for each declared break; -1
    where there is no period yet. ``use``: the periods limits are worked out from: whole periods before the start and
    after the wash-in, not paused, not left out. ``name``: phase of the design, ``mixed`` for all departments
    together. ``status``: as released, ``no_data`` where there is no row, ``excluded`` where a point is left out.
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


def grids(
    *, release: Release, measure: str, rebase: bool, breaks: Mapping[str, tuple[dt.date, ...]], excluded: pd.DataFrame,
    zero_gaps: bool,
) -> list[Grid]:
    """The grids of ``measure``, one per grain that was released.

    ``rebase``: limits change at the end of the wash-in; else the baseline is kept throughout. ``breaks``: department ->
    days from which limits are worked out anew. ``excluded``: ``measure, department, period, reason``. ``zero_gaps``:
    a month without a row is a zero, not a gap. The periods of a survey are those in which somebody was asked.
    """
    rows = release.series
    rows = rows[(rows["measure"] == measure) & (rows["kind"] == "period") & rows["subgroup"].isna()]
    left_out = excluded[excluded["measure"] == measure]
    return [_grid(part, grain, release, measure, rebase, breaks, left_out, zero_gaps)
            for grain, part in rows.groupby("grain", sort=False)]


def _grid(rows, grain, release, measure, rebase, breaks, left_out, zero_gaps) -> Grid:
    names = tuple(rows["department"].drop_duplicates())
    if "instrument" in measure_of(measure).source:
        periods = pd.DatetimeIndex(np.sort(rows["period"].unique()))
    else:
        periods = pd.date_range(rows["period"].min(), rows["period"].max(), freq=OFFSETS[grain]).as_unit("us")
    wide = rows.drop_duplicates(["department", "period"]).set_index(["department", "period"])
    wide = wide.reindex(pd.MultiIndex.from_product([names, periods]))
    shape = (len(names), len(periods))
    status = wide["status"].fillna("no_data").to_numpy(dtype=object).reshape(shape)
    numbers = {c: wide[c].to_numpy(dtype="float64").reshape(shape) for c in ("value", "numerator", "denominator", "n")}
    if zero_gaps:
        gap = wide["status"].isna().to_numpy().reshape(shape)
        status[gap] = "shown"
        for column in ("value", "numerator"):
            numbers[column] = np.where(gap, 0.0, numbers[column])
    name, phase, use = _phases(names, periods, grain, release, rebase, breaks)
    for row in left_out.itertuples():
        if row.department in names and row.period in periods:
            at = names.index(row.department), periods.get_loc(row.period)
            use[at], status[at] = False, "excluded"
    return Grid(
        measure=measure, grain=grain, departments=names, periods=periods, value=numbers["value"],
        events=numbers["numerator"], sizes=numbers["denominator"], n=numbers["n"], status=status, name=name, phase=phase,
        use=use,
    )


def _phases(names, periods, grain, release, rebase, breaks) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Design phase, limits phase and use of every period."""
    last = periods + OFFSETS[grain] - pd.Timedelta(days=1)
    name = np.stack([_design_phase(d, periods, last, release) for d in names])
    after = np.maximum.accumulate(name == "after", axis=1)
    phase = np.where(after & rebase, REBASED, BASELINE)
    steady = np.isin(name, ["before", "not_started"] + (["after"] if rebase else []))
    for i, department in enumerate(names):
        for day in sorted(breaks.get(department, ())):
            phase[i] += np.asarray(periods >= pd.Timestamp(day)) * 2
            steady[i] &= ~np.asarray((periods < pd.Timestamp(day)) & (last >= pd.Timestamp(day)))
    return name, phase, steady


def _design_phase(department: str, first: pd.DatetimeIndex, last: pd.DatetimeIndex, release: Release) -> np.ndarray:
    """Phase of each period, ``wash_in`` where its first and last day differ; ``mixed`` once somebody has started."""
    if department == ALL:
        start = release.register["start"].min()
        return np.where(last < start, "before", "mixed") if pd.notna(start) else np.full(len(first), "not_started")
    design = StudyDesign(register=release.register, as_of=release.provenance.as_of, wash_in=release.spec.wash_in)
    names = pd.Series(department, index=range(len(first)))
    opening, closing = (design.phase(department=names, date=pd.Series(days)).to_numpy(dtype=object) for days in (first, last))
    return np.where(opening == closing, opening, "wash_in")
