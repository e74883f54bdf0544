"""Measures by department and month: bed-days, census, occupancy, admissions.

Every function answers with one row per person, department and month, so that people can be counted; the rows of a
department and month add up to its value. An empty month of a department that takes people in is a row of 0 with
``row`` -1 and no person.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..result import Dataset
from ..study import Study
from .bed_days import bed_days
from .study_stays import coded, coverage_reason, covered_months, open_months, study_episodes

BEDS = "beds"
"""Name in ``service_counts`` under which a department's number of beds changes from a month on (numerator)."""


def monthly_bed_days(*, dataset: Dataset, study: Study) -> pd.DataFrame:
    """Nights: columns ``row, person, department, date`` (first of the month)``, value, reason``."""
    stays = dataset.tables["stays"]
    found = bed_days(stays=stays, as_of=study.as_of, count_same_day=study.stays.count_same_day)
    found = found.rename(columns={"month": "date", "nights": "value"})
    return in_coverage(found=found, covered=covered_months(stays=stays, study=study), departments=dataset.registers["departments"])


def census(*, dataset: Dataset, study: Study) -> pd.DataFrame:
    """People present at midnight, on average over the month: nights by days in the month."""
    nights = monthly_bed_days(dataset=dataset, study=study)
    return nights.assign(value=nights["value"] / nights["date"].dt.days_in_month)


def occupancy(*, dataset: Dataset, study: Study) -> pd.DataFrame:
    """Nights by beds times days; ``reason`` ``no_beds`` where the department has no number of beds that month."""
    nights = monthly_bed_days(dataset=dataset, study=study)
    beds = beds_in(department=nights["department"], month=nights["date"], dataset=dataset)
    usable = beds.where(beds > 0)
    return nights.assign(
        value=nights["value"] / (usable * nights["date"].dt.days_in_month),
        reason=nights["reason"].fillna(coded(index=nights.index, no_beds=usable.isna())),
    )


def admissions(*, dataset: Dataset, study: Study) -> pd.DataFrame:
    """Episodes that began in the department in the month; a transfer within the data is no admission."""
    covered = covered_months(stays=dataset.tables["stays"], study=study)
    return in_coverage(found=_admitted(dataset=dataset, study=study), covered=covered, departments=dataset.registers["departments"])


def admissions_per_1000_bed_days(*, dataset: Dataset, study: Study) -> pd.DataFrame:
    """Admissions for each 1 000 nights of the department and month; ``no_bed_days`` where nobody stayed a night."""
    keys = ["department", "date"]
    nights = monthly_bed_days(dataset=dataset, study=study).groupby(keys)["value"].sum().rename("nights")
    began = admissions(dataset=dataset, study=study).merge(nights.reset_index(), on=keys, how="left")
    usable = began["nights"].where(began["nights"] > 0)
    return began.assign(
        value=began["value"] * 1000 / usable,
        reason=began["reason"].fillna(coded(index=began.index, no_bed_days=usable.isna())),
    ).drop(columns="nights")


def beds_in(*, department: pd.Series, month: pd.Series, dataset: Dataset) -> pd.Series:
    """Beds of each department in each month: ``service_counts`` named ``beds`` from that month on, else the register."""
    register = dataset.registers["departments"]
    fixed = register.reindex(columns=["department", "beds"]).set_index("department")["beds"]
    beds = department.map(fixed).astype("float64")
    counts = dataset.tables.get("service_counts")
    if counts is None:
        return beds
    changes = counts[counts["measure"] == BEDS].sort_values("month")
    for own, rows in changes.groupby("department"):
        at = np.searchsorted(rows["month"].to_numpy(), month.to_numpy(), side="right") - 1
        since = pd.Series(rows["numerator"].to_numpy()[at.clip(0)], index=month.index)
        beds = beds.where((department != own) | (at < 0), since)
    return beds


def _admitted(*, dataset: Dataset, study: Study) -> pd.DataFrame:
    chained = study_episodes(dataset=dataset, study=study)
    month = chained["admitted"].dt.to_period("M").dt.start_time.dt.as_unit("us")
    rows = chained.assign(department=chained["first_department"], date=month, value=1.0)
    keys = ["department", "date", "person"]
    return rows.groupby(keys, as_index=False, dropna=False).agg(row=("row", "min"), value=("value", "sum"))


def in_coverage(*, found: pd.DataFrame, covered: tuple[pd.Timestamp, pd.Timestamp], departments: pd.DataFrame) -> pd.DataFrame:
    """``found`` (``row, person, department, date, value``) and its empty months, with ``reason`` by ``coverage_reason``: within
    coverage, between the department's opening and closing in the register (without an opening: from its first month with a row)."""
    whole = _with_empty_months(found=found, covered=covered, departments=departments)
    return whole.assign(reason=coverage_reason(month=whole["date"], covered=covered))


def _with_empty_months(*, found: pd.DataFrame, covered: tuple[pd.Timestamp, pd.Timestamp], departments: pd.DataFrame) -> pd.DataFrame:
    grid = []
    first, last = covered
    for department, months in found.groupby("department")["date"]:
        opened, closed = open_months(department=department, departments=departments)
        begin = max(first, months.min() if opened is None else opened)
        every = pd.date_range(begin, last if closed is None else min(last, closed), freq="MS")
        free = every.difference(pd.DatetimeIndex(months.unique()))
        grid.append(pd.DataFrame({"department": pd.Series(department, index=range(len(free)), dtype="str"),
                                  "date": free.as_unit("us")}))
    if not grid:
        return found
    empty = pd.concat(grid, ignore_index=True)
    empty = empty.assign(row=-1, value=0.0, person=pd.Series(np.nan, index=empty.index, dtype="str"))
    return pd.concat([found, empty], ignore_index=True)
