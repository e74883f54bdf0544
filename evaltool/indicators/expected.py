"""What a share would be in each department if only the mix of people differed: for the standardised-ratio funnel."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..design import StudyDesign
from ..measures import Measure
from ..result import ALL, SERIES_COLUMNS, SERIES_TEXT, Dataset, canonical
from ..study import Study
from .case_mix import standardise
from .study_stays import study_episodes

KIND = "expected"
SIDES = {"before": "before", "not_started": "before", "after": "after"}
"""Phase -> the rows its expected number is worked out from; other phases have none."""
STRATA = {
    "readmission_7d": ("born", "acute"), "readmission_30d_unplanned": ("born", "acute"),
    "readmission_30d_all": ("born", "acute"), "readmission_90d": ("born", "acute"), "long_stay_share": ("born", "acute"),
    "involuntary_share": ("born",),
}
"""Indicator -> what its expected number takes into account: decade of birth, and whether the stay began as unplanned."""

LEAST_ROWS, LEAST_PERSONS = 20, 10
"""A stratum with fewer is put together with the other small ones: its rate would be a few people's."""


def expected_rows(
    *, observations: pd.DataFrame, series: pd.DataFrame, dataset: Dataset, study: Study, measure: Measure, design: StudyDesign,
) -> pd.DataFrame:
    """Rows of kind ``expected`` (``result.SERIES_COLUMNS``), one per department and phase of ``series`` (``aggregate``).

    ``value``: events to be expected with the rates that all departments together have on that side (before the start
    or not started; after the wash-in), stratum by stratum (indirect standardisation), to one decimal; everything else as in the row of kind ``phase``, with which the gate
    hides it. No rows for measures that are not in ``STRATA``, and departments counted without persons are left out.
    """
    names = STRATA.get(measure.source.get("indicator", ""), ())
    rows = observations[observations["included"] & (observations["row"] >= 0) & observations["person"].notna()]
    if not names or rows.empty or "stays" not in dataset.tables:
        return canonical(pd.DataFrame(), SERIES_COLUMNS, SERIES_TEXT)
    rows = rows.assign(phase=design.phase(department=rows["department"], date=rows["date"]))
    rows = rows.assign(side=rows["phase"].map(SIDES))[lambda part: part["side"].notna()]
    if rows.empty:
        return canonical(pd.DataFrame(), SERIES_COLUMNS, SERIES_TEXT)
    rows = rows.assign(stratum=_strata(rows, dataset, study, names))
    found = standardise(rows=rows, by=["department", "phase"], strata=["side", "stratum"])
    levels = series[series["kind"].eq("phase") & series["department"].ne(ALL) & series["subgroup"].isna()]
    out = levels.merge(found[["department", "phase", "expected", "n"]], on=["department", "phase"], suffixes=("", "_found"))
    # Where some of the department's rows have no person, what is expected of the others is not what all had.
    out = out[out["n"].eq(out["n_found"])]
    return canonical(out.assign(kind=KIND, value=out["expected"].round(1), conf_low=np.nan, conf_high=np.nan, conf_level=np.nan,
                                unit="count", method="indirect"), SERIES_COLUMNS, SERIES_TEXT)


def _strata(rows: pd.DataFrame, dataset: Dataset, study: Study, names: tuple[str, ...]) -> pd.Series:
    """The stratum of each row as text; the small ones of a side together, and with the largest where that is small too."""
    facts = pd.DataFrame(index=rows.index)
    persons = dataset.tables.get("persons")
    if persons is not None and "birth_year_band" in persons:
        facts["born"] = rows["person"].map(persons.set_index("person")["birth_year_band"]).fillna("unknown")
    chained = study_episodes(dataset=dataset, study=study).drop_duplicates("row").set_index("row")
    facts["acute"] = rows["row"].map(chained["admission_type"]).eq("unplanned").map({True: "acute", False: "other"})
    used = [name for name in names if name in facts]
    told = facts[used].agg(" ".join, axis=1) if used else pd.Series("all", index=rows.index)
    told = told.mask(_small(rows, told), "small")
    largest = told.groupby(rows["side"]).agg(lambda part: part.value_counts().index[0])
    return told.mask(_small(rows, told), rows["side"].map(largest))


def _small(rows: pd.DataFrame, told: pd.Series) -> pd.Series:
    groups = rows.groupby([rows["side"], told])["person"]
    return (groups.transform("size") < LEAST_ROWS) | (groups.transform("nunique") < LEAST_PERSONS)
