"""Measures made from stays: the study's settings in, observation columns out, one function per indicator."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from ..result import Dataset
from ..study import Study
from .bed_days import bed_days
from .definitions import ADMISSION_TYPES, ReadmissionDefinition
from .episodes import clock_times, episodes
from .readmission import readmission
from .stays import length_of_stay


def study_episodes(*, dataset: Dataset, study: Study, transfer_gap_hours: float | None = None) -> pd.DataFrame:
    """The episodes of the study's stays by its own transfer gap (or another) and attribution."""
    stays = dataset.tables["stays"]
    gap = study.readmission.transfer_gap_hours if transfer_gap_hours is None else transfer_gap_hours
    return episodes(
        stays=stays, transfer_gap_hours=gap, attribute_to=study.readmission.attribute_to, as_of=study.as_of,
        time_of_day=clock_times(stays=stays),
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


def study_definition(*, study: Study, window_days: int | None = None, everything: bool = False) -> ReadmissionDefinition:
    """The readmission definition of study.toml; ``everything``: all kinds of stay count and are followed up."""
    rules = study.readmission
    kinds = {"event_types": ADMISSION_TYPES, "index_types": ADMISSION_TYPES} if everything else {}
    return ReadmissionDefinition(
        window_days=rules.window_days if window_days is None else window_days,
        lower_gap_hours=rules.lower_gap_hours, transfer_gap_hours=rules.transfer_gap_hours,
        attribute_to=rules.attribute_to, **kinds,
    )


def _readmission(*, dataset: Dataset, study: Study, window_days: int | None, everything: bool) -> pd.DataFrame:
    return readmission(
        episodes=study_episodes(dataset=dataset, study=study),
        definition=study_definition(study=study, window_days=window_days, everything=everything), as_of=study.as_of,
        starts=starts(dataset=dataset), deaths=deaths(dataset=dataset),
    )


def _length_of_stay(*, dataset: Dataset, study: Study) -> pd.DataFrame:
    found = length_of_stay(
        episodes=study_episodes(dataset=dataset, study=study), as_of=study.as_of,
        count_same_day=study.stays.count_same_day, long_stay_months=study.stays.long_stay_months,
    )
    reason = pd.Series(np.where(found["ongoing"], "ongoing", ""), dtype="str").replace("", np.nan)
    return found.assign(value=found["nights"], event=~found["ongoing"], reason=reason)


def _bed_days(*, dataset: Dataset, study: Study) -> pd.DataFrame:
    stays = dataset.tables["stays"]
    found = bed_days(stays=stays, as_of=study.as_of, count_same_day=study.stays.count_same_day)
    found = found.rename(columns={"month": "date", "nights": "value"})
    empty = _empty_months(found=found, stays=stays, study=study, departments=dataset.registers["departments"])
    whole = pd.concat([found, empty], ignore_index=True)
    return whole.assign(reason=coverage_reason(month=whole["date"], stays=stays, study=study))


def coverage_reason(*, month: pd.Series, stays: pd.DataFrame, study: Study) -> pd.Series:
    """``before_coverage`` for months before the month of the first discharge, ``month_incomplete`` for the last one
    when the data end inside it, else missing.

    An extract holds the stays that ended (or still lasted) in its period: of the nights before its first discharge
    it knows only those of the people who stayed on.
    """
    first, last = _covered(stays=stays, study=study)
    code = np.select([month < first, month > last], ["before_coverage", "month_incomplete"], "")
    return pd.Series(code, index=month.index, dtype="str").replace("", np.nan)


def _covered(*, stays: pd.DataFrame, study: Study) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First days of the first and the last month that the stays cover whole."""
    tomorrow = pd.Timestamp(study.as_of) + pd.Timedelta(days=1)
    ended = stays["discharged"].dropna()
    begin = ended.min() if len(ended) else stays["admitted"].min()
    return pd.Timestamp(begin).to_period("M").start_time, tomorrow.to_period("M").start_time - pd.DateOffset(months=1)


def _empty_months(
    *, found: pd.DataFrame, stays: pd.DataFrame, study: Study, departments: pd.DataFrame,
) -> pd.DataFrame:
    """A row of 0 nights for each covered month in which a department that takes people in had nobody.

    Between its opening and closing in the register; without an opening from its first month with nights.
    """
    first, last = _covered(stays=stays, study=study)
    grid = []
    for department, months in found.groupby("department")["date"]:
        opened, closed = _open(department=department, departments=departments)
        begin = max(first, months.min() if opened is None else opened)
        end = last if closed is None else min(last, closed)
        every = pd.date_range(begin, end, freq="MS")
        free = every.difference(pd.DatetimeIndex(months.unique()))
        grid.append(pd.DataFrame({"department": department, "date": free.as_unit("us")}))
    if not grid:
        return found.iloc[:0]
    out = pd.concat(grid, ignore_index=True)
    return out.assign(row=-1, person=pd.Series(np.nan, index=out.index, dtype="str"), value=0.0)


def _open(*, department: str, departments: pd.DataFrame) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
    """First and last month in which the register says that the department was open, None where it is silent."""
    row = departments[departments["department"] == department].reindex(columns=["active_from", "active_to"])
    if row.empty:
        return None, None
    days = [pd.Timestamp(value) for value in row.iloc[0]]
    return tuple(None if pd.isna(day) else day.to_period("M").start_time for day in days)


STAY_MEASURES = {
    "readmission_30d_unplanned": partial(_readmission, window_days=None, everything=False),
    "length_of_stay": _length_of_stay,
    "bed_days": _bed_days,
}
"""Indicator name in schemas/measures.yaml -> function of ``dataset`` and ``study``."""
