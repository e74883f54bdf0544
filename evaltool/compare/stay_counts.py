"""Persons with stays, counted by department and quarter: admitted by kind, and whether those discharged came back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..contracts import contract
from ..errors import StudyError, UsageError
from ..indicators.stay_measures import STAY_MEASURES
from ..indicators.study_stays import covered_months, study_episodes
from .assemble import result
from .planned_design import planned_design

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..result import Dataset, Result
    from ..study import Study

PREFIX = "counts."
RETURN, WINDOW_DAYS = "readmission_30d_unplanned", 30
CAME_BACK = {1.0: "came_back=yes", 0.0: "came_back=no"}


def stay_counts(*, dataset: Dataset, study: Study, what: str) -> Result:
    """Series of ``counts.<what>``, kind ``cell``: persons by department, ``subgroup`` and whole quarter; no sums, no estimates.

    what: ``admitted`` (``admission_type=...``: persons admitted, each once per kind, department and quarter) or
    ``readmitted`` (``came_back=yes`` and ``no``: persons discharged and followed up for 30 days, by whether any of their
    discharges was followed by an unplanned readmission; quarters that are followed up whole). Every kind and quarter has its
    row in every department with stays, those without anybody too: that a row is there tells nothing. Raises UsageError for another
    ``what``, StudyError without stays and where no whole quarter is covered.
    """
    if what not in COUNTED:
        raise UsageError("unknown_count", got=what, expected=", ".join(COUNTED))
    if "stays" not in dataset.tables:
        raise StudyError("measure_without_table", got=PREFIX + what, expected="stays")
    find, groups, followed = COUNTED[what]
    quarters = _quarters(dataset, study, followed)
    if not len(quarters):
        raise StudyError("counts_no_quarter", got=what)
    rows = find(dataset, study)
    rows = rows.assign(period=rows["date"].dt.to_period("Q"))
    design = planned_design(dataset=dataset, study=study)
    known = set(dataset.tables["stays"]["department"])
    places = [name for name in design.register["department"] if name in known]
    every = pd.MultiIndex.from_product([places, groups, quarters], names=["department", "subgroup", "period"])
    persons = rows.groupby(["department", "subgroup", "period"])["person"].nunique().reindex(every, fill_value=0).rename("persons").reset_index()
    number = persons["persons"].astype("float64")
    series = persons.assign(
        measure=PREFIX + what, kind="cell", grain="quarter", period=persons["period"].dt.start_time.dt.as_unit("us"), unit="persons",
        value=number, numerator=number, denominator=number, n=number, persons=number, method="persons_counted",
    )
    return result(estimates=[], notes=[], design=design, measures=(PREFIX + what,), provenance=dataset.provenance, conf_level=0.95, series=series)


def _quarters(dataset: Dataset, study: Study, followed: int) -> pd.PeriodIndex:
    """The quarters that the stays cover whole, and whose last day is followed up for ``followed`` days."""
    first, last = covered_months(stays=dataset.tables["stays"], study=study)
    found = pd.period_range(first, last, freq="Q")
    ends = min(last + pd.offsets.MonthEnd(0), pd.Timestamp(study.as_of) - pd.Timedelta(days=followed))
    return found[(found.start_time >= first) & (found.end_time.normalize() <= ends)]


def _admitted(dataset: Dataset, study: Study) -> pd.DataFrame:
    chained = study_episodes(dataset=dataset, study=study)
    return pd.DataFrame({"department": chained["first_department"], "person": chained["person"], "date": chained["admitted"],
                         "subgroup": "admission_type=" + chained["admission_type"]})


def _came_back(dataset: Dataset, study: Study) -> pd.DataFrame:
    """One row per person, department and quarter: a person with several discharges came back if any was followed by a return."""
    found = STAY_MEASURES[RETURN](dataset=dataset, study=study)
    found = found[found["included"]]
    keys = ["department", "person", "quarter"]
    worst = found.assign(quarter=found["date"].dt.to_period("Q")).groupby(keys, as_index=False).agg(value=("value", "max"), date=("date", "min"))
    return worst.assign(subgroup=worst["value"].map(CAME_BACK))


COUNTED: Mapping = {
    "admitted": (_admitted, tuple(f"admission_type={code}" for code in contract("stays").columns["admission_type"].allowed), 0),
    "readmitted": (_came_back, tuple(CAME_BACK.values()), WINDOW_DAYS),
}
"""Name -> what finds its rows, the groups in their order, and how many days a quarter must be followed up."""
