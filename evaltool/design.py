"""The rollout register -> ``StudyDesign``: which phase a day belongs to in each department. Pure, no disk.

All periods are half-open. ``start`` is the first day of the wash-in, ``wash_in_end`` the first day that counts as
after, ``paused_from`` the first day of a pause and ``paused_to`` the first day when it is over (missing: still
paused). A department that has not started by ``as_of`` is ``not_started`` on every day: it is the comparison.
A pause does not move ``wash_in_end``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .errors import DesignError, StudyError

PHASES = ("before", "wash_in", "after", "paused", "not_started")
WASH_IN = ("planned", "none", "double")
REGISTER_COLUMNS = (
    "department", "name", "service", "unit_type", "planned_start", "start", "wash_in_end", "paused_from", "paused_to",
)
_DAYS = ("planned_start", "start", "wash_in_end", "paused_from", "paused_to")


@dataclass(frozen=True)
class StudyDesign:
    """Who started when. ``register``: one row per department with ``REGISTER_COLUMNS``, dates ``datetime64[us]``.

    ``wash_in_end`` in it is the one in force (declared, or from the study's months, or as ``wash_in`` asks).
    """

    register: pd.DataFrame
    as_of: dt.date
    wash_in: str

    @classmethod
    def from_register(
        cls, *, rollout: pd.DataFrame, departments: pd.DataFrame, as_of: dt.date, wash_in_months: int,
        wash_in: str = "planned",
    ) -> StudyDesign:
        """Join the registers, check that they do not contradict themselves, and fill in the end of the wash-in.

        ``wash_in``: ``planned`` as declared, ``none`` (after begins at the start), ``double`` (twice as long).
        Raises StudyError naming the first department whose row cannot be.
        """
        if wash_in not in WASH_IN:
            raise StudyError("wash_in_choice", got=wash_in, expected=", ".join(WASH_IN))
        _check_rollout(rollout, departments)
        joined = departments.reindex(columns=REGISTER_COLUMNS[:4]).merge(
            rollout.reindex(columns=["department", *_DAYS]), on="department", how="left", validate="one_to_one"
        )
        for name in _DAYS:
            joined[name] = pd.to_datetime(joined[name]).dt.as_unit("us")
        joined["wash_in_end"] = _wash_in_end(joined["start"], joined["wash_in_end"], wash_in_months, wash_in)
        return cls(register=joined, as_of=as_of, wash_in=wash_in)

    @property
    def started(self) -> tuple[str, ...]:
        """Departments that have started by ``as_of``, in the order of the register."""
        return tuple(self.register["department"][self._has_started()])

    def phase(self, *, department: pd.Series, date: pd.Series) -> pd.Series:
        """The phase of each row (one of ``PHASES``, ``str``), missing where the date is missing.

        ``department`` and ``date`` share an index, which the answer keeps; a time of day does not matter. Raises
        DesignError when a row names a department that is not in the register.
        """
        row = self._rows(department)
        day = date.to_numpy(dtype="datetime64[D]")
        start, end, paused, resumed = (self._days(name)[row] for name in _DAYS[1:])
        code = np.select(
            [np.isnat(day), ~self._has_started()[row], (day >= paused) & ~(day >= resumed), day >= end, day >= start],
            [-1, PHASES.index("not_started"), PHASES.index("paused"), PHASES.index("after"), PHASES.index("wash_in")],
            default=PHASES.index("before"),
        )
        return pd.Series(pd.array(PHASES, dtype="str").take(code, allow_fill=True), index=date.index, name="phase")

    def months_since_start(self, *, department: pd.Series, date: pd.Series) -> pd.Series:
        """Whole months from the start to each row, float64: 0 is the first month, -1 the last month before.

        Counted from the day of the month of the start (a start on the 31st counts from the last day of a shorter
        month), so it is negative exactly before the start. NaN where the department has not started by ``as_of``.
        """
        row = self._rows(department)
        start = pd.Series(np.where(self._has_started(), self._days("start"), np.datetime64("NaT"))[row], index=date.index)
        months = (date.dt.year - start.dt.year) * 12.0 + (date.dt.month - start.dt.month)
        anchor = start.dt.day.clip(upper=date.dt.days_in_month)
        return (months - (date.dt.day < anchor)).rename("months_since_start")

    def _days(self, name: str) -> np.ndarray:
        return self.register[name].to_numpy(dtype="datetime64[D]")

    def _has_started(self) -> np.ndarray:
        return self._days("start") <= np.datetime64(self.as_of)

    def _rows(self, department: pd.Series) -> np.ndarray:
        """The position in the register of each element of ``department``."""
        position = pd.Index(self.register["department"]).get_indexer(department)
        if (position < 0).any():
            unknown = department[position < 0]
            raise DesignError("rows_unknown_department", department=unknown.iloc[0], n=len(unknown))
        return position


def _wash_in_end(start: pd.Series, declared: pd.Series, months: int, wash_in: str) -> pd.Series:
    if wash_in == "none":
        return start
    times = 2 if wash_in == "double" else 1
    by_months = start + pd.DateOffset(months=months * times)
    return (start + (declared - start) * times).fillna(by_months).dt.as_unit("us")


def _check_rollout(rollout: pd.DataFrame, departments: pd.DataFrame) -> None:
    twice = rollout["department"].value_counts()
    if (twice > 1).any():
        raise StudyError("rollout_twice", department=twice.index[0], n=int(twice.iloc[0]))
    known = rollout["department"].isin(departments["department"])
    if not known.all():
        raise StudyError("rollout_unknown_department", department=rollout.loc[~known, "department"].iloc[0])
    day = {name: pd.to_datetime(rollout[name]) for name in _DAYS if name in rollout}
    missing = pd.Series(pd.NaT, index=rollout.index, dtype="datetime64[us]")
    start, end = day.get("start", missing), day.get("wash_in_end", missing)
    paused, resumed = day.get("paused_from", missing), day.get("paused_to", missing)
    broken = {
        "rollout_wash_in_without_start": (end.notna() & start.isna(), end, start),
        "rollout_wash_in_before_start": (end < start, end, start),
        "rollout_pause_before_start": (paused.notna() & ~(paused >= start), paused, start),
        "rollout_pause_backwards": (resumed.notna() & ~(resumed > paused), resumed, paused),
    }
    for code, (rows, got, against) in broken.items():
        if rows.any():
            at = rows.idxmax()
            raise StudyError(code, department=rollout.loc[at, "department"], got=_day(got[at]), start=_day(against[at]))


def _day(value: pd.Timestamp) -> str:
    return "-" if pd.isna(value) else f"{value:%Y-%m-%d}"
