"""Nights by department and month: every night counts in its own month, so the months add up to the total."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from .chaining import DAY
from .episodes import closing, seconds

COLUMNS = ("row", "person", "department", "month", "nights")


def bed_days(*, stays: pd.DataFrame, as_of: dt.date, count_same_day: int = 0) -> pd.DataFrame:
    """One row per person, department and month with at least one night, sorted so.

    A stay covers the half-open interval from the day in to the day out; a night belongs to the month of the evening.
    Ongoing stays count to the end of ``as_of``. Two stays of a person in one department over the same night are two
    bed-days (duplicates are refused by ``check``). ``row``: position in ``stays`` of the first stay in the month.
    """
    first, after = nights_in(stays=stays, as_of=as_of, count_same_day=count_same_day)
    opens, closes = _month(first), _month(after - 1)
    rows = np.flatnonzero(after > first)
    repeat = closes[rows] - opens[rows] + 1
    row = np.repeat(rows, repeat)
    month = np.repeat(opens[rows], repeat) + _steps(repeat)
    nights = np.minimum(after[row], _first_day(month + 1)) - np.maximum(first[row], _first_day(month))
    long = pd.DataFrame({
        "row": row, "person": stays["person"].take(row).array, "department": stays["department"].take(row).array,
        "month": month.astype("datetime64[M]").astype("datetime64[us]"), "nights": nights.astype("float64"),
    })
    keys = ["department", "month", "person"]
    # A stay without a person stays alone: nobody knows whom it could be added to.
    nameless = long["person"].isna()
    known = long[~nameless].groupby(keys, as_index=False).agg(row=("row", "min"), nights=("nights", "sum"))
    out = pd.concat([known, long[nameless]], ignore_index=True)[list(COLUMNS)]
    return out.sort_values([*keys, "row"], ignore_index=True)


def monthly_totals(
    *, department: np.ndarray, first: np.ndarray, after: np.ndarray, n_departments: int, low: int, n_days: int,
) -> np.ndarray:
    """Nights by department and month for millions of stays.

    ``department`` (n,) codes under ``n_departments``; ``first`` and ``after`` (n,) int64 days since 1970: the first
    night and the day after the last. All days lie in ``low .. low + n_days``. +1 where a stay begins, -1 where it
    ends, summed up per department: the daily census, which is then added by month.

    Returns (n_departments, months) int64; month 0 is the one that ``low`` lies in.
    """
    width = n_days + 1
    cells = n_departments * width
    change = np.bincount(department * width + (first - low), minlength=cells)
    change -= np.bincount(department * width + (after - low), minlength=cells)
    census = np.cumsum(change.reshape(n_departments, width), axis=1)
    month = _month(np.arange(low, low + width))
    return np.add.reduceat(census, np.flatnonzero(np.diff(month, prepend=month[0] - 1)), axis=1)


def nights_in(*, stays: pd.DataFrame, as_of: dt.date, count_same_day: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """First night and the day after the last night of each stay, as int64 days since 1970.

    Ongoing stays, and discharges after ``as_of``, end with ``as_of``; a stay that begins later has no night. A stay
    within one day counts ``count_same_day`` nights (0 or 1).
    """
    close = closing(as_of)
    end = np.where(stays["discharged"].isna(), close, seconds(stays["discharged"]))
    return nights_between(start=seconds(stays["admitted"]), end=end, close=close, count_same_day=count_same_day)


def nights_between(*, start: np.ndarray, end: np.ndarray, close: int, count_same_day: int) -> tuple[np.ndarray, np.ndarray]:
    """``nights_in`` on arrays: ``start`` and ``end`` (n,) int64 seconds, ``close`` the midnight that ends the data."""
    first, after = (np.minimum(moment, close) // DAY for moment in (start, end))
    return first, np.where((after == first) & (first < close // DAY), first + count_same_day, after)


def _month(day: np.ndarray) -> np.ndarray:
    return day.astype("datetime64[D]").astype("datetime64[M]").astype("int64")


def _first_day(month: np.ndarray) -> np.ndarray:
    return month.astype("datetime64[M]").astype("datetime64[D]").astype("int64")


def _steps(repeat: np.ndarray) -> np.ndarray:
    """0, 1, .. repeat[0] - 1, 0, 1, .. repeat[1] - 1, ..."""
    return np.arange(repeat.sum()) - np.repeat(np.cumsum(repeat) - repeat, repeat)
