"""Bed-days, admissions, long stays and lengths of a registry, part after part, as sums that tables and the gate need."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..design import PHASES
from .bed_days import nights_between
from .chaining import DAY
from .registry import REASONS, FollowUp, StayArrays
from .registry_cells import CellSums, Level
from .registry_counts import SIDES, side_names, side_sums
from .registry_months import MonthGrid, grid_levels, month_number, nights_by_month
from .stays import CLASSES, class_position, limit_day

ONGOING = REASONS.index("ongoing")
NO_MONTH = np.iinfo(np.int64).max


@dataclass(frozen=True)
class StayRules:
    """``close``: the midnight that ends the data, in seconds. ``covered`` months; ``grid``: those up to the one the data end in.
    ``phase`` (departments, days) positions in ``PHASES`` from day ``low`` on (``phase_table``); ``started`` (departments,) bool."""

    close: int
    count_same_day: int
    long_stay_months: int
    covered: MonthGrid
    grid: MonthGrid
    phase: np.ndarray
    low: int
    started: np.ndarray

    def phase_on(self, *, place: np.ndarray, day: np.ndarray) -> np.ndarray:
        """(n,) positions in ``PHASES`` of departments on days; earlier days are like the first, later ones like the last."""
        return self.phase[place, np.clip(day - self.low, 0, self.phase.shape[1] - 1)].astype(np.int64)

    def phase_of_months(self) -> np.ndarray:
        """(departments, covered months): the phase of the first and the last day, -1 where these are two."""
        place = np.arange(len(self.phase))[:, None]
        opens = self.covered.opens
        first, last = (self.phase_on(place=place, day=days[None, :]) for days in (opens[:-1], opens[1:] - 1))
        return np.where(first == last, first, -1)


class MonthSums:
    """``cells`` of persons by department and month, and ``since`` (departments,): the first month with anything, covered or not."""

    def __init__(self, rules: StayRules) -> None:
        self.names = grid_levels(grid=rules.covered, phase=rules.phase_of_months())
        self.cells = CellSums(levels=tuple(self.names.values()))
        self.since = np.full(rules.covered.n_departments, NO_MONTH)

    def began(self, *, place: np.ndarray, day: np.ndarray) -> None:
        """Something happened in departments on days."""
        earliest = np.full(len(self.since), NO_MONTH)
        np.minimum.at(earliest, place, day)
        known = earliest != NO_MONTH
        self.since[known] = np.minimum(self.since[known], month_number(earliest[known]))


class StaySums:
    """All sums. ``nights`` and ``admissions``: by month. ``long``: admissions followed to the limit, ``beyond`` and ``within`` it, by
    month and phase of admission; ``long_sides`` for its difference (``registry_counts.side_sums``). ``lengths``: ended stays by
    ``length_names``; ``length_nights`` and ``length_logs`` (departments and all, before and after)."""

    def __init__(self, *, rules: StayRules) -> None:
        self.rules = rules
        self.nights, self.admissions = MonthSums(rules), MonthSums(rules)
        self.long_names = grid_levels(grid=rules.grid, phase=None)
        self.long, self.beyond, self.within = (CellSums(levels=tuple(self.long_names.values())) for _ in range(3))
        places = len(rules.phase)
        self.long_sides = np.zeros((len(side_names()), places + 1))
        self.length_names = length_levels(places)
        self.lengths = CellSums(levels=tuple(self.length_names.values()))
        self.length_nights, self.length_logs = np.zeros((places, 2)), np.zeros((places, 2))

    def add(self, *, stays: StayArrays, found: FollowUp) -> None:
        """``stays``: of persons that no earlier call had, persons together; ``found``: the episodes made from them."""
        self._nights(stays)
        self._admissions(found)
        self._long(found)
        self._lengths(found)

    def _nights(self, stays: StayArrays) -> None:
        rules = self.rules
        first, after = nights_between(start=stays.start, end=stays.end, close=rules.close, count_same_day=rules.count_same_day)
        there = after > first
        self.nights.began(place=stays.department[there], day=first[there])
        code = np.zeros(len(there), dtype=np.int64)
        np.cumsum(stays.person[1:] != stays.person[:-1], out=code[1:])
        for person, cell, nights in nights_by_month(person=code, department=stays.department, first=first, after=after, grid=rules.covered):
            self.nights.cells.add(person=person, cell=cell, amount=nights)

    def _admissions(self, found: FollowUp) -> None:
        self.admissions.began(place=found.first_department, day=found.began)
        grid = self.rules.covered
        rows = np.flatnonzero((found.began >= grid.opens[0]) & (found.began < grid.opens[-1]))
        cell = found.first_department[rows].astype(np.int64) * len(grid.months) + grid.month_of(found.began[rows])
        self.admissions.cells.add(person=found.person[rows], cell=cell, amount=np.ones(len(rows), dtype=np.int64))

    def _long(self, found: FollowUp) -> None:
        """By day of admission, as ``stay_measures`` does it: by discharge, recent stays could only be short."""
        rules, grid = self.rules, self.rules.grid
        border = limit_day(day=found.began, months=rules.long_stay_months)
        rows = np.flatnonzero((border < rules.close // DAY) & (found.began >= grid.opens[0]))
        person, place, day = found.person[rows], found.department[rows].astype(np.int64), found.began[rows]
        over, phase = found.day[rows] > border[rows], rules.phase_on(place=place, day=day)
        cell = (place * len(grid.months) + grid.month_of(day)) * len(PHASES) + phase
        for cells, pick in ((self.long, slice(None)), (self.beyond, over), (self.within, ~over)):
            cells.add(person=person[pick], cell=cell[pick], amount=np.ones(len(cell[pick]), dtype=np.int64))
        self.long_sides += side_sums(person=person, place=place, phase=phase, event=over, started=rules.started)

    def _lengths(self, found: FollowUp) -> None:
        rules = self.rules
        place, phase = found.department.astype(np.int64), rules.phase_on(place=found.department, day=found.day)
        rows = np.flatnonzero((found.reason != ONGOING) & np.isin(phase, SIDES))
        place, side = place[rows], (phase[rows] == SIDES[1]).astype(np.int64)
        nights = found.day[rows] - found.began[rows]
        nights = np.where(nights == 0, rules.count_same_day, nights)
        at = place * 2 + side
        self.lengths.add(person=found.person[rows], cell=at * len(CLASSES) + class_position(nights=nights), amount=np.ones(len(rows), dtype=np.int64))
        self.length_nights += np.bincount(at, weights=nights, minlength=self.length_nights.size).reshape(-1, 2)
        self.length_logs += np.bincount(at, weights=np.log1p(nights), minlength=self.length_logs.size).reshape(-1, 2)


def length_levels(places: int) -> dict[str, Level]:
    """Ended stays by department, side and class of length; ``merged``: the two longest classes as one; ``whole``: all classes;
    ``all_...`` without departments."""
    k, last = len(CLASSES), len(CLASSES) - 1
    cells, sides = np.arange(places * 2 * k), 2 * k
    merged = np.minimum(cells % k, last - 1)
    return {
        "class": Level(table=cells, n=len(cells)),
        "merged": Level(table=cells // k * last + merged, n=places * 2 * last, below=0),
        "whole": Level(table=cells // k, n=places * 2, below=0),
        "all_class": Level(table=cells % sides, n=sides, below=0),
        "all_merged": Level(table=np.arange(sides) // k * last + np.minimum(np.arange(sides) % k, last - 1), n=2 * last, below=3),
        "all_whole": Level(table=np.arange(sides) // k, n=2, below=3),
    }
