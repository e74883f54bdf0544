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
    changes = counts.loc[counts["measure"] == BEDS, ["department", "month", "numerator"]].sort_values("month")
    asked = pd.DataFrame({"department": department.array, "month": month.array}).sort_values("month", kind="stable")
    since = pd.merge_asof(asked, changes, on="month", by="department")["numerator"].set_axis(asked.index).sort_index()
    return since.set_axis(beds.index).fillna(beds)


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
    first, last = (np.datetime64(day, "M").astype("int64") for day in covered)
    seen = found.groupby("department")["date"].min()
    opened, closed = open_months(departments=departments, of=seen.index)
    months = np.arange(first, last + 1)
    free = (months >= np.where(np.isnan(opened), _month(seen), opened)[:, None]) & ~(months > closed[:, None])
    month = _month(found["date"])
    inside = (month >= first) & (month <= last)
    free[seen.index.get_indexer(found["department"])[inside], month[inside] - first] = False
    who, when = np.nonzero(free)
    empty = pd.DataFrame({"row": -1, "person": pd.Series(np.nan, index=range(len(who)), dtype="str"), "department": seen.index.take(who),
                          "date": months[when].astype("datetime64[M]").astype("datetime64[us]"), "value": 0.0})
    return pd.concat([found, empty], ignore_index=True) if len(who) else found


def _month(days: pd.Series) -> np.ndarray:
    return days.to_numpy().astype("datetime64[M]").astype("int64")
