"""What study.toml and the registers say about stays: episodes, readmission rules, starts, deaths, covered months."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from ..errors import StudyError
from ..result import Dataset
from ..study import Study
from .definitions import ADMISSION_TYPES, ReadmissionDefinition
from .episodes import clock_times, episodes


def study_episodes(*, dataset: Dataset, study: Study, definition: ReadmissionDefinition | None = None) -> pd.DataFrame:
    """The episodes of the study's stays by its own transfer gap and attribution, or by those of ``definition``."""
    stays = dataset.tables["stays"]
    rules = study.readmission if definition is None else definition
    return episodes(
        stays=stays, transfer_gap_hours=rules.transfer_gap_hours, attribute_to=rules.attribute_to, as_of=study.as_of,
        time_of_day=clock_times(stays=stays),
    )


def study_definition(*, study: Study, window_days: int, everything: bool = False) -> ReadmissionDefinition:
    """``[readmission]`` of study.toml with another window; ``everything``: all kinds of stay count and are followed up.

    Raises StudyError where the lower gap leaves no day of the window.
    """
    rules = study.readmission
    if rules.lower_gap_days > window_days or rules.lower_gap_hours > 24 * (window_days + 1):
        raise StudyError("gap_beyond_window", got=max(rules.lower_gap_days, rules.lower_gap_hours / 24), expected=window_days)
    planned, not_followed = ((), ()) if everything else (rules.planned_types, rules.not_followed_types)
    return ReadmissionDefinition(
        window_days=window_days, event_types=tuple(k for k in ADMISSION_TYPES if k not in planned),
        index_types=tuple(k for k in ADMISSION_TYPES if k not in not_followed),
        drop_deaths=rules.leave_out_deaths, drop_crossing=rules.leave_out_crossing,
        **{name: getattr(rules, name) for name in (
            "lower_gap_hours", "lower_gap_days", "transfer_gap_hours", "attribute_to", "where", "look", "unit",
            "transferred_out", "leave_out")},
    )


def starts(*, dataset: Dataset) -> dict[str, pd.Timestamp]:
    """Start of the rollout by department, for those that have one."""
    rollout = dataset.registers["rollout"]
    return rollout.dropna(subset=["start"]).set_index("department")["start"].to_dict()


def deaths(*, dataset: Dataset) -> dict[str, pd.Timestamp]:
    """Day of death by person, where a persons table says so."""
    persons = dataset.tables.get("persons")
    if persons is None or "died_on" not in persons:
        return {}
    return persons.dropna(subset=["died_on"]).set_index("person")["died_on"].to_dict()


def covered_months(*, stays: pd.DataFrame, study: Study) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First days of the first and the last month that the stays cover whole.

    An extract holds the stays that ended (or still lasted) in its period: of the nights before the month of its
    first discharge it knows only those of the people who stayed on.
    """
    ended = stays["discharged"].dropna()
    return whole_months(begin=ended.min() if len(ended) else stays["admitted"].min(), as_of=study.as_of)


def whole_months(*, begin: pd.Timestamp, as_of: dt.date) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First days of the month of ``begin`` and of the last month that is over at the end of ``as_of``."""
    tomorrow = pd.Timestamp(as_of) + pd.Timedelta(days=1)
    return pd.Timestamp(begin).to_period("M").start_time, tomorrow.to_period("M").start_time - pd.DateOffset(months=1)


def coverage_reason(*, month: pd.Series, covered: tuple[pd.Timestamp, pd.Timestamp]) -> pd.Series:
    """``before_coverage`` and ``month_incomplete`` (the data end inside the month) around ``covered_months``."""
    first, last = covered
    return coded(index=month.index, before_coverage=month < first, month_incomplete=month > last)


def began_uncovered(*, admitted: pd.Series, stays: pd.DataFrame, study: Study) -> pd.Series:
    """True for stays that began before the covered months: only those that lasted long are in the data at all."""
    return admitted < covered_months(stays=stays, study=study)[0]


def open_months(*, departments: pd.DataFrame, of: pd.Index) -> tuple[np.ndarray, np.ndarray]:
    """First and last month in which the register says that each department of ``of`` was open: months since 1970 as float,
    NaN where it is silent."""
    rows = departments.drop_duplicates("department").set_index("department").reindex(index=of, columns=["active_from", "active_to"])
    days = (pd.to_datetime(rows[name]) for name in rows)
    return tuple(np.where(day.isna(), np.nan, day.to_numpy().astype("datetime64[M]").astype("float64")) for day in days)


def coded(*, index: pd.Index, **holds: pd.Series) -> pd.Series:
    """The name of the first condition that holds in each row as ``str``, missing where none does."""
    found = np.select([np.asarray(c, dtype=bool) for c in holds.values()], list(holds), default="")
    return pd.Series(found, index=index, dtype="str").replace("", np.nan)
