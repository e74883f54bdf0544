"""What a share would be in each department if only the mix of people differed: for the standardised-ratio funnel."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..design import StudyDesign
from ..measures import Measure
from ..result import ALL, SERIES_COLUMNS, SERIES_TEXT, Dataset, canonical
from ..study import Study
from .case_mix import standardise
from .mix_strata import mix_strata

KIND = "expected"
SIDES = {"before": "before", "not_started": "before", "after": "after"}
"""Phase -> the rows its expected number is worked out from; other phases have none."""
STRATA = {
    "readmission_7d": ("born", "acute"), "readmission_30d_unplanned": ("born", "acute"),
    "readmission_30d_all": ("born", "acute"), "readmission_90d": ("born", "acute"), "long_stay_share": ("born", "acute"),
    "involuntary_share": ("born",),
}
"""Indicator -> what its expected number takes into account: decade of birth, and whether the stay began as unplanned."""


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
    rows = rows.assign(stratum=mix_strata(rows=rows, dataset=dataset, study=study, names=names))
    found = standardise(rows=rows, by=["department", "phase"], strata=["side", "stratum"])
    levels = series[series["kind"].eq("phase") & series["department"].ne(ALL) & series["subgroup"].isna()]
    out = levels.merge(found[["department", "phase", "expected", "n"]], on=["department", "phase"], suffixes=("", "_found"))
    # Where some of the department's rows have no person, what is expected of the others is not what all had.
    out = out[out["n"].eq(out["n_found"])]
    return canonical(out.assign(kind=KIND, value=out["expected"].round(1), conf_low=np.nan, conf_high=np.nan, conf_level=np.nan,
                                unit="count", method="indirect"), SERIES_COLUMNS, SERIES_TEXT)
