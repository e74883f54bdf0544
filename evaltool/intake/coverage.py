"""What a file covers: how full each column is, where the faults lie, which months have nothing. Counts only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..contracts import Contract, is_item
from .main_stretch import EVENT_DAYS, main_stretch

EXPECTED_A_MONTH = 5.0
"""A month without rows is remarkable where the department has at least so many a month: chance alone leaves such a
month empty less than once in a hundred (Poisson)."""

_LAID_OUT_BY = ("department", "wave")


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
    filled, crossed = _filled(frame, contract, where)
    return Coverage(filled, crossed, _faults(found, where), _empty_months(frame))


def places(*, frame: pd.DataFrame) -> dict[str, pd.Series]:
    """How the rows (n,) can be laid out: by ``department``, and by ``period``, which is the wave or else the year."""
    out = {}
    if "department" in frame:
        out["department"] = frame["department"]
    day = _day(frame)
    if "wave" in frame:
        out["period"] = frame["wave"]
    elif day is not None:
        out["period"] = day.dt.year.astype("Int64").astype("str")
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


def _filled(frame: pd.DataFrame, contract: Contract, where: dict[str, pd.Series]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """``Coverage.filled`` and ``Coverage.crossed``; a column at a time, so that memory does not grow with their number."""
    groups = {by: pd.factorize(place, sort=True, use_na_sentinel=False) for by, place in where.items()}
    single: dict[str, list[pd.DataFrame]] = {by: [] for by in groups}
    both = _cross(groups) if len(groups) == 2 else None
    crossed = []
    for name, columns in variables(frame=frame, contract=contract).items():
        share = frame[columns].notna().mean(axis=1).to_numpy() if len(columns) > 1 else frame[columns[0]].notna().to_numpy()
        for by, (codes, labels) in groups.items():
            full, rows = (np.bincount(codes, weights=weights, minlength=len(labels)) for weights in (share, None))
            place = pd.Series(labels).astype("str")
            single[by].append(pd.DataFrame({"column": name, "by": by, "place": place, "filled": full, "rows": rows}))
        if both is not None:
            codes, names = both
            full, rows = (np.bincount(codes + 1, weights=weights, minlength=len(names) + 1)[1:] for weights in (share, None))
            made = names.assign(column=name, filled=full, rows=rows)
            crossed.append(made[made["rows"] > 0])
    parts = [part for by in groups for part in single[by]]
    return tuple(pd.concat(found, ignore_index=True)[list(columns)] if found else pd.DataFrame(columns=list(columns))
                 for found, columns in ((parts, _FILLED), (crossed, _CROSSED)))


def _cross(groups: dict[str, tuple[np.ndarray, pd.Index]]) -> tuple[np.ndarray, pd.DataFrame]:
    """Place of each row (n,) in the frame of department × period that is returned too; -1 where one of them is missing."""
    (departments, left), (periods, right) = groups["department"], groups["period"]
    names = pd.MultiIndex.from_product([left, right], names=["department", "period"]).to_frame(index=False)
    known = pd.notna(left)[departments] & pd.notna(right)[periods]
    return np.where(known, departments * len(right) + periods, -1), names


def _faults(found: list[tuple[str, str, np.ndarray]], places: dict[str, pd.Series]) -> pd.DataFrame:
    parts = []
    for rule, column, positions in found:
        for by, place in places.items():
            counts = place.iloc[positions].value_counts(dropna=False)
            parts.append(pd.DataFrame(
                {"rule": rule, "column": column, "by": by, "place": counts.index.astype("str"), "count": counts.to_numpy()}))
    columns = ["rule", "column", "by", "place", "count"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def _empty_months(frame: pd.DataFrame) -> pd.DataFrame:
    """Months inside a department's own first and last one that have no row, where rows are to be expected. A few dates far
    from all others (``main_stretch``) are no first or last: one wrong year is not decades without data."""
    day = _day(frame)
    empty = pd.DataFrame({"department": pd.Series(dtype="str"), "month": pd.Series(dtype="datetime64[us]")})
    if day is None or "department" not in frame or "wave" in frame:
        return empty
    known = (day.notna() & day.dt.year.between(1900, 2100) & frame["department"].notna()).to_numpy()
    times = pd.Series(day[known].to_numpy())
    parts = [empty]
    for department, own in times.groupby(frame["department"][known].to_numpy(), sort=True):
        first, last = (end.astype("datetime64[M]").astype("int64") for end in main_stretch(times=own.to_numpy()))
        months = own.to_numpy().astype("datetime64[M]").astype("int64")
        rows = int(((months >= first) & (months <= last)).sum())
        gaps = np.setdiff1d(np.arange(first, last + 1), months)
        if len(gaps) and rows / (last - first + 1) >= EXPECTED_A_MONTH:
            parts.append(pd.DataFrame({"department": department, "month": gaps.astype("datetime64[M]").astype("datetime64[us]")}))
    return pd.concat(parts, ignore_index=True).astype({"department": "str"})
