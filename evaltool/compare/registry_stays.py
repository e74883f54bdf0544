"""Bed-days, admissions, long stays and lengths of a registry, from sums over persons: the numbers of the study's own release."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..design import PHASES
from ..indicators.aggregate import aggregate
from ..indicators.monthly import in_coverage
from ..indicators.registry_counts import SIDES, side_names
from ..indicators.registry_months import first_day
from ..indicators.registry_stays import NO_MONTH
from ..indicators.stay_series import MERGED, length_rows
from ..indicators.stays import CLASSES
from ..measures import measure
from ..result import ALL, SERIES_COLUMNS, SERIES_TEXT, canonical
from ..stats.proportions import wilsons
from .before_after import before_after
from .registry_changes import registry_changes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..design import StudyDesign
    from ..indicators.registry_cells import CellSums, Level
    from ..indicators.registry_months import MonthGrid
    from ..indicators.registry_stays import MonthSums, StaySums
    from ..result import Provenance

BED_DAYS, ADMISSIONS, LONG = "bed_days", "admissions", "long_stay_share"
MEASURES = (BED_DAYS, ADMISSIONS, LONG)
STEPS = {"month": 1, "quarter": 3, "year": 12}
"""Months in a period."""
MOST_WEIGHED = 3_000_000
"""Periods of few people times departments, above which there are no series: some hundred bytes each in the gate."""


@dataclass(frozen=True)
class Frame:
    """What all tables share. ``departments``: the register, in the order of the codes; ``periods``: series over time too."""

    design: StudyDesign
    departments: pd.DataFrame
    provenance: Provenance
    min_persons: int
    periods: bool
    conf_level: float

    @property
    def names(self) -> list[str]:
        """Departments by code, then ``*``."""
        return [*self.departments["department"], ALL]


def registry_stays(*, sums: StaySums, frame: Frame) -> tuple[list[dict], list[dict], pd.DataFrame]:
    """Estimates, notes and series of ``bed_days``, ``admissions`` and ``long_stay_share`` as ``answer`` gives them from the same
    stays (before and after of ``before_after``; no model over departments), and ``length_of_stay.*`` of ``length_series``."""
    parts = [_monthly(BED_DAYS, sums.nights, sums.rules.covered, frame), _monthly(ADMISSIONS, sums.admissions, sums.rules.covered, frame),
             _long(sums, frame)]
    series = pd.concat([*(part[2] for part in parts), _lengths(sums, frame)], ignore_index=True)
    return [row for part in parts for row in part[0]], [row for part in parts for row in part[1]], series


def _monthly(name: str, sums: MonthSums, grid: MonthGrid, frame: Frame) -> tuple[list[dict], list[dict], pd.DataFrame]:
    """One row per department and month is all that values and intervals need; the persons behind them come from the sums."""
    seen = _department_months(sums, grid, frame)
    about = {"observations": seen, "measure": measure(name), "design": frame.design, "conf_level": frame.conf_level}
    series = aggregate(**about, periods=_over_time(sums.names, [sums.cells], frame))
    persons, amount, top = _behind(series, sums, grid, frame)
    series = series.assign(persons=persons, persons_top_share=np.where(amount > 0, top / np.where(amount > 0, amount, 1.0), np.nan))
    found = before_after(**about, link="repeated_cross_section", provenance=frame.provenance)
    known = _phase_persons(sums.cells, sums.names, frame)
    estimates = found.estimates.assign(**{
        f"persons_{side}": [known.get((place, side), 0.0) for place in found.estimates["department"]] for side in ("before", "after")})
    return estimates.to_dict("records"), found.notes.to_dict("records"), series


def _over_time(levels: Mapping[str, Level], counted: list[CellSums], frame: Frame) -> bool:
    """Are there series? Not where so many periods of departments are of few people that they would be hidden anyway: the gate weighs
    each of them against all departments."""
    few = sum(int(((kept.persons[at] > 0) & (kept.persons[at] < frame.min_persons)).sum())
              for at, name in enumerate(levels) if name in STEPS for kept in counted)
    return frame.periods and few * len(frame.departments) <= MOST_WEIGHED


def _department_months(sums: MonthSums, grid: MonthGrid, frame: Frame) -> pd.DataFrame:
    """Observations (ARCHITECTURE.md section 2) of the months: covered ones with something in them, the first one of a department
    where that is not covered (it opens the months of zero), and these."""
    names = np.array(frame.names, dtype=object)
    amount = sums.cells.amount[list(sums.names).index("month")].reshape(len(frame.departments), len(grid.months))
    place, at = np.nonzero(amount)
    early = np.flatnonzero((sums.since != NO_MONTH) & ((sums.since < grid.first) | (sums.since > grid.last)))
    month = np.concatenate([grid.months[at], sums.since[early]]).astype("int64")
    found = pd.DataFrame({
        "row": np.arange(len(month)), "person": pd.Series(np.nan, index=range(len(month)), dtype="str"),
        "department": pd.Series(names[np.concatenate([place, early])], dtype="str"), "date": _dates(month),
        "value": np.concatenate([amount[place, at], np.zeros(len(early))]).astype("float64"),
    })
    covered = tuple(pd.Timestamp(day) for day in _dates(np.array([grid.first, grid.last])))
    seen = in_coverage(found=found, covered=covered, departments=frame.departments).reset_index(drop=True)
    return seen.assign(included=seen["reason"].isna(), event=True, wave=pd.Series(np.nan, index=seen.index, dtype="str"), began=pd.NaT)


def _dates(month: np.ndarray) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(first_day(month).astype("datetime64[D]").astype("datetime64[us]"))


def _behind(series: pd.DataFrame, sums: MonthSums, grid: MonthGrid, frame: Frame) -> np.ndarray:
    """(3, rows) persons, amount and most of one person of each row of ``series``."""
    place = pd.Index(frame.names).get_indexer(series["department"])
    month = pd.DatetimeIndex(series["period"]).to_numpy().astype("datetime64[M]").astype("int64")
    phase = pd.Index(PHASES).get_indexer(series["phase"])
    grain = series["kind"].map({"phase": "phase", "part": "month"}).fillna(series["grain"]).to_numpy(dtype=object)
    out, n = np.zeros((3, len(series))), len(frame.departments)
    for at, (name, level) in enumerate(sums.names.items()):
        own = name.removeprefix("all_")
        rows = np.flatnonzero((grain == own) & ((place == n) == (name != own)))
        step = STEPS.get(own, 1)
        position = phase[rows] if own == "phase" else month[rows] // step - grid.first // step
        cell = position if name != own else place[rows] * (level.n // n) + position
        out[:, rows] = [kept[at][cell] for kept in (sums.cells.persons, sums.cells.amount, sums.cells.top)]
    return out


def _phase_persons(cells: CellSums, levels: Mapping[str, Level], frame: Frame) -> dict[tuple[str, str], float]:
    """(department or ``*``, phase) -> persons."""
    names = list(levels)
    known = [*cells.persons[names.index("phase")], *cells.persons[names.index("all_phase")]]
    return {(place, phase): float(count) for (place, phase), count in zip(
        ((place, phase) for place in frame.names for phase in PHASES), known, strict=True)}


def _long(sums: StaySums, frame: Frame) -> tuple[list[dict], list[dict], pd.DataFrame]:
    over_time = _over_time(sums.long_names, [sums.long, sums.beyond, sums.within], frame)
    wanted = ["phase", "all_phase", *((*STEPS, *(f"all_{grain}" for grain in STEPS), "part") if over_time else ())]
    series = pd.concat([_shares(sums, name, frame) for name in wanted], ignore_index=True)
    low, high = wilsons(events=series["numerator"].to_numpy(), n=series["n"].to_numpy(), conf_level=frame.conf_level)
    told = series["kind"].ne("part")
    series = series.assign(
        measure=LONG, unit=measure(LONG).unit, value=(series["numerator"] / series["n"]).where(told), conf_low=pd.Series(low).where(told),
        conf_high=pd.Series(high).where(told), conf_level=told.map({True: frame.conf_level, False: np.nan}), method=told.map({True: "wilson", False: np.nan}))
    sides = pd.DataFrame(sums.long_sides.T, columns=list(side_names())).assign(department=frame.names)
    persons = _phase_persons(sums.long, sums.long_names, frame)
    estimates, notes = registry_changes(name=LONG, sides=sides, persons=persons, design=frame.design, conf_level=frame.conf_level)
    return estimates, notes, canonical(series, SERIES_COLUMNS, SERIES_TEXT)


def _shares(sums: StaySums, name: str, frame: Frame) -> pd.DataFrame:
    """The cells of one level that have an admission, with the counts behind them."""
    at, grid = list(sums.long_names).index(name), sums.rules.grid
    cell = np.flatnonzero(sums.long.amount[at])
    n = sums.long.amount[at][cell].astype("float64")
    grain, whole = name.removeprefix("all_"), name.startswith("all_")
    size = sums.long_names[name].n // (1 if whole else len(frame.departments))
    out = pd.DataFrame({
        "department": np.array(frame.names, dtype=object)[-1 if whole else cell // size] if len(cell) else [],
        "numerator": sums.beyond.amount[at][cell].astype("float64"), "denominator": n, "n": n, "persons": sums.long.persons[at][cell],
        "persons_numerator": sums.beyond.persons[at][cell], "persons_complement": sums.within.persons[at][cell],
        "persons_top_share": sums.long.top[at][cell] / n,
    }, index=range(len(cell)))
    position = cell % size
    if grain == "phase":
        return out.assign(kind="phase", phase=np.array(PHASES, dtype=object)[position])
    if grain == "part":
        return out.assign(kind="part", phase=np.array(PHASES, dtype=object)[position % len(PHASES)], period=_dates(grid.months[position // len(PHASES)]))
    step = STEPS[grain]
    return out.assign(kind="period", grain=grain, period=_dates((grid.first // step + position) * step))


def _lengths(sums: StaySums, frame: Frame) -> pd.DataFrame:
    """``length_series``: before and after by place, the two longest classes as one where the longest is of too few people."""
    names, n = list(sums.length_names), len(frame.departments)
    stays, persons = ({name: kept[names.index(name)] for name in names} for kept in (sums.lengths.amount, sums.lengths.persons))
    longest = persons["all_class"].reshape(2, -1)[:, -1]
    few = bool(((longest > 0) & (longest < frame.min_persons)).any())
    codes = [code for code, _, _ in CLASSES]
    codes, level = ([*codes[:-2], MERGED], "merged") if few else (codes, "class")
    nights, logs = (np.vstack([kept, kept.sum(axis=0)]) for kept in (sums.length_nights, sums.length_logs))
    rows = []
    for place, name in enumerate(frame.names):
        apart = "" if place < n else "all_"
        for side in range(2):
            at = (place if place < n else 0) * 2 + side
            own = slice(at * len(codes), (at + 1) * len(codes))
            classes = [(code, float(k), float(who)) for code, k, who in zip(
                codes, stays[apart + level][own], persons[apart + level][own], strict=True) if k]
            if classes:
                rows += length_rows(
                    department=name, phase=PHASES[SIDES[side]], classes=classes, persons=float(persons[f"{apart}whole"][at]),
                    nights=nights[place, side], logs=logs[place, side], conf_level=frame.conf_level)
    return canonical(pd.DataFrame(rows), SERIES_COLUMNS, SERIES_TEXT)
