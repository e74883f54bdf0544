"""What a file covers: how full each column is, where the faults lie, which months have nothing. Counts only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as arrow

from ..contracts import Contract, is_item
from .distinct import column
from .main_stretch import EVENT_DAYS, main_stretch

EXPECTED_A_MONTH = 5.0
"""A month without rows is remarkable where the department has at least so many a month: chance alone leaves such a
month empty less than once in a hundred (Poisson)."""

_LAID_OUT_BY = ("department", "wave")
_APART = np.int64(1 << 32)
"""Days between the departments where the days of all are sorted as one row of numbers."""


@dataclass(frozen=True)
class Coverage:
    """``filled`` (column, by, place, filled, rows): filled cells by department, and by wave or year; items of a form are
    one column. ``crossed`` (column, department, period, filled, rows): the same for each department in each wave or year.
    ``faults`` (rule, column, by, place, count). ``empty_months`` (department, month).

    ``by``: ``department`` or ``period``; ``place``: the department, wave or year, missing where the row has none.
    """

    filled: pd.DataFrame
    crossed: pd.DataFrame
    faults: pd.DataFrame
    empty_months: pd.DataFrame


def coverage(*, frame: pd.DataFrame, contract: Contract, found: list[tuple[str, str, np.ndarray]]) -> Coverage:
    """Of a typed ``frame`` (all rows read) and the faults ``found`` in it (rule, column, positions)."""
    where = places(frame=frame)
    groups = {by: _numbered(place) for by, place in where.items()}
    filled, crossed = _filled(frame, contract, groups)
    faults = _faults(found, where)
    del where
    return Coverage(filled, crossed, faults, _empty_months(frame, groups.get("department")))


def places(*, frame: pd.DataFrame) -> dict[str, pd.Series]:
    """How the rows (n,) can be laid out: by ``department``, and by ``period``, which is the wave or else the year."""
    out = {}
    if "department" in frame:
        out["department"] = frame["department"]
    day = _day(frame)
    if "wave" in frame:
        out["period"] = frame["wave"]
    elif day is not None:
        codes, years = pd.factorize(day.dt.year)
        named = arrow.array([str(int(year)) for year in years], type=arrow.large_string())
        out["period"] = column(named, codes.astype("int32"), np.zeros(len(named), dtype=bool)).set_axis(day.index)
    return out


def _day(frame: pd.DataFrame) -> pd.Series | None:
    return next((frame[c] for c in EVENT_DAYS if c in frame), None)


def variables(*, frame: pd.DataFrame, contract: Contract) -> dict[str, list[str]]:
    """What can be filled in: name -> its columns in ``frame``. A form with its items is one; what nobody has filled in
    anywhere is left out."""
    single = {c: [c] for c in contract.columns if c not in _LAID_OUT_BY and c in frame and frame[c].notna().any()}
    forms: dict[str, list[str]] = {}
    for column in frame.columns:
        if is_item(column) and column not in contract.columns:
            forms.setdefault(column[:-3], []).append(column)
    return single | forms


_FILLED = ("column", "by", "place", "filled", "rows")
_CROSSED = ("column", "department", "period", "filled", "rows")


def _filled(
    frame: pd.DataFrame, contract: Contract, groups: dict[str, tuple[np.ndarray, pd.Index]]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """``Coverage.filled`` and ``Coverage.crossed``; a column at a time, so that memory does not grow with their number."""
    single: dict[str, list[pd.DataFrame]] = {by: [] for by in groups}
    both = _cross(groups) if len(groups) == 2 else None
    rows = {by: np.bincount(codes, minlength=len(labels)) for by, (codes, labels) in groups.items()}
    crossed, in_both = [], np.bincount(both[0], minlength=len(both[1]) + 1)[1:] if both is not None else None
    for name, columns in variables(frame=frame, contract=contract).items():
        share = frame[columns].notna().mean(axis=1).to_numpy() if len(columns) > 1 else frame[columns[0]].notna().to_numpy()
        for by, (codes, labels) in groups.items():
            full, place = np.bincount(codes, weights=share, minlength=len(labels)), pd.Series(labels).astype("str")
            single[by].append(pd.DataFrame({"column": name, "by": by, "place": place, "filled": full, "rows": rows[by]}))
        if both is not None:
            codes, names = both
            full = np.bincount(codes, weights=share, minlength=len(names) + 1)[1:]
            made = names.assign(column=name, filled=full, rows=in_both)
            crossed.append(made[made["rows"] > 0])
    parts = [part for by in groups for part in single[by]]
    return tuple(pd.concat(found, ignore_index=True)[list(columns)] if found else pd.DataFrame(columns=list(columns))
                 for found, columns in ((parts, _FILLED), (crossed, _CROSSED)))


def _numbered(place: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """Which of the labels, in order, each row (n,) has."""
    codes, labels = pd.factorize(place, sort=True, use_na_sentinel=False)
    return codes.astype("int32"), labels


def _cross(groups: dict[str, tuple[np.ndarray, pd.Index]]) -> tuple[np.ndarray, pd.DataFrame]:
    """Place of each row (n,), from 1, in the frame of department × period that is returned too; 0 where one of them is missing."""
    (departments, left), (periods, right) = groups["department"], groups["period"]
    names = pd.MultiIndex.from_product([left, right], names=["department", "period"]).to_frame(index=False)
    known = pd.notna(left)[departments] & pd.notna(right)[periods]
    place = departments * np.int32(len(right)) + periods + np.int32(1)
    place[~known] = 0
    return place, names


def _faults(found: list[tuple[str, str, np.ndarray]], places: dict[str, pd.Series]) -> pd.DataFrame:
    parts = []
    for rule, column, positions in found:
        for by, place in places.items():
            counts = place.iloc[positions].value_counts(dropna=False)
            parts.append(pd.DataFrame(
                {"rule": rule, "column": column, "by": by, "place": counts.index.astype("str"), "count": counts.to_numpy()}))
    columns = ["rule", "column", "by", "place", "count"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def _empty_months(frame: pd.DataFrame, departments: tuple[np.ndarray, pd.Index] | None) -> pd.DataFrame:
    """Months inside a department's own first and last one that have no row, where rows are to be expected. A few dates far
    from all others (``main_stretch``) are no first or last: one wrong year is not decades without data."""
    day = _day(frame)
    empty = pd.DataFrame({"department": pd.Series(dtype="str"), "month": pd.Series(dtype="datetime64[us]")})
    if day is None or departments is None or "wave" in frame:
        return empty
    times, (codes, labels) = day.to_numpy(), departments
    known = (times >= np.datetime64("1900-01-01")) & (times < np.datetime64("2101-01-01")) & pd.notna(labels)[codes]
    codes, days = codes[known], times[known].astype("datetime64[D]").view("int64")
    days += codes * _APART
    days.sort()
    counts = np.bincount(codes, minlength=len(labels))
    parts = [empty]
    for code, own in enumerate(np.split(days, np.cumsum(counts)[:-1])):
        if not len(own):
            continue
        department, own = labels[code], (own - code * _APART).view("datetime64[D]")
        first, last = (end.astype("datetime64[M]").astype("int64") for end in main_stretch(times=own))
        months = own.astype("datetime64[M]").astype("int64")
        rows = int(((months >= first) & (months <= last)).sum())
        gaps = np.setdiff1d(np.arange(first, last + 1), months)
        if len(gaps) and rows / (last - first + 1) >= EXPECTED_A_MONTH:
            parts.append(pd.DataFrame({"department": department, "month": gaps.astype("datetime64[M]").astype("datetime64[us]")}))
    return pd.concat(parts, ignore_index=True).astype({"department": "str"})
