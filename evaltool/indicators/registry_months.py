"""Months of a registry: which there are, what they are parts of, and the nights of millions of stays in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ..design import PHASES
from .registry_cells import Level, person_slices


@dataclass(frozen=True)
class MonthGrid:
    """``n_departments`` times the months ``first`` to ``last`` (months since January 1970, inclusive; none where it is before
    ``first``)."""

    n_departments: int
    first: int
    last: int

    @property
    def months(self) -> np.ndarray:
        """(n,) months since January 1970."""
        return np.arange(self.first, max(self.last + 1, self.first))

    @property
    def opens(self) -> np.ndarray:
        """(n + 1,) first day of each month, since 1970, and the day after the last."""
        return first_day(np.append(self.months, self.first + len(self.months)))

    def month_of(self, day: np.ndarray) -> np.ndarray:
        """(n,) days that lie in the grid -> positions in ``months``."""
        lengths = np.diff(self.opens)
        return np.repeat(np.arange(len(lengths)), lengths)[day - self.opens[0]]


def month_number(day: np.ndarray) -> np.ndarray:
    """(n,) days since 1970 -> months since January 1970."""
    return day.astype("datetime64[D]").astype("datetime64[M]").astype("int64")


def first_day(month: np.ndarray) -> np.ndarray:
    """(n,) months since January 1970 -> first day since 1970."""
    return month.astype("datetime64[M]").astype("datetime64[D]").astype("int64")


def grid_levels(*, grid: MonthGrid, phase: np.ndarray | None) -> Mapping[str, Level]:
    """Name -> level of ``registry_cells``: ``month``, ``quarter``, ``year`` and ``phase`` by department (cell: department times
    the number of these, plus position), then ``all_...`` without departments.

    ``phase`` (departments, months): position in ``PHASES``, -1 for a month of two phases; the cells of the rows are departments
    times months then. None: they are department, month and phase (in this order), and there is a level ``part`` of these too.
    """
    d, n, p = grid.n_departments, len(grid.months), len(PHASES)
    place, month = np.repeat(np.arange(d), n), np.tile(np.arange(n), d)
    quarter, year = (grid.months // size - grid.first // size for size in (3, 12))
    n_quarters, n_years = (int(one[-1]) + 1 if n else 0 for one in (quarter, year))
    year_of = np.zeros(n_quarters, dtype=np.int64)
    year_of[quarter] = year
    out: dict[str, Level] = {}

    def level(name: str, table: np.ndarray, size: int, below: str | None) -> None:
        out[name] = Level(table=table, n=size, below=None if below is None else list(out).index(below))

    if phase is None:
        cells = np.arange(d * n * p)
        level("part", cells, d * n * p, None)
        level("month", cells // p, d * n, "part")
        level("phase", cells // max(n * p, 1) * p + cells % p, d * p, "part")
    else:
        level("month", np.arange(d * n), d * n, None)
        level("phase", np.where(phase < 0, -1, np.arange(d)[:, None] * p + phase).ravel(), d * p, "month")
    level("quarter", place * n_quarters + quarter[month], d * n_quarters, "month")
    level("year", np.repeat(np.arange(d), n_quarters) * n_years + np.tile(year_of, d), d * n_years, "quarter")
    level("all_month", month, n, "month")
    level("all_quarter", quarter, n_quarters, "all_month")
    level("all_year", year_of, n_years, "all_quarter")
    level("all_phase", np.tile(np.arange(p), d), p, "phase")
    return out


def nights_by_month(
    *, person: np.ndarray, department: np.ndarray, first: np.ndarray, after: np.ndarray, grid: MonthGrid,
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """(persons, cells of departments times months, nights) of the stays (n,) in the months of ``grid``, whole persons at a time.

    ``person``: codes that never decrease; ``first`` and ``after``: the first night and the day after the last, days since 1970.
    """
    opens = grid.opens
    first, after = np.maximum(first, opens[0]), np.minimum(after, opens[-1])
    rows = np.flatnonzero(after > first)
    person, department, first, after = (values[rows] for values in (person, department, first, after))
    begins = grid.month_of(first)
    repeat = grid.month_of(after - 1) - begins + 1
    for own in person_slices(person=person, until=np.cumsum(repeat)):
        count = repeat[own]
        row = np.repeat(np.arange(own.start, own.stop), count)
        month = begins[row] + np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
        nights = np.minimum(after[row], opens[month + 1]) - np.maximum(first[row], opens[month])
        yield person[row], department[row] * np.int64(len(opens) - 1) + month, nights
