"""Readmissions observed and expected from the mix of people, beside the plain share, as series rows for the gate."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..design import StudyDesign
from ..result import ALL, SERIES_COLUMNS, SERIES_TEXT, Dataset, canonical
from ..study import Study
from .case_mix import standardise
from .mix_strata import mix_strata

STRATA = ("born", "group", "acute")
WITHOUT_PRACTICE = ("before", "not_started")


def case_mix_series(
    *, flags: pd.DataFrame, levels: pd.DataFrame, dataset: Dataset, study: Study, design: StudyDesign,
    conf_level: float = 0.95,
) -> pd.DataFrame:
    """For each phase row of ``levels`` (``aggregate`` of ``flags``, a share) two rows that differ from it in:

    kind ``expected``: ``value`` is the number of readmissions expected of these discharges; kind
    ``observed_expected``: observed over expected with the exact Poisson interval. The strata are age band, user group
    and whether the stay began as unplanned (``mix_strata``), their rates those of all discharges before the start and of departments that have not
    started (of all where there are none). Same measure, phase, persons and numerator: the gate hides them with the
    plain share, or not at all.
    """
    rows = flags[flags["included"]].reset_index(drop=True)
    if rows.empty:
        return canonical(pd.DataFrame(), SERIES_COLUMNS, SERIES_TEXT)
    phase = design.phase(department=rows["department"], date=rows["date"])
    rows = rows.assign(phase=phase, side=ALL)
    rows = rows.assign(stratum=mix_strata(rows=rows, dataset=dataset, study=study, names=STRATA))
    known = rows["phase"].isin(WITHOUT_PRACTICE)
    apart = [rows, rows.assign(department=pd.Series(ALL, index=rows.index, dtype="str"))]
    reference = known if known.any() else pd.Series(True, index=rows.index)
    made = pd.concat([standardise(rows=one[one["phase"].notna()], by=["department", "phase"], strata=["stratum"],
                                  reference=reference[one["phase"].notna()], conf_level=conf_level) for one in apart])
    both = levels[levels["kind"] == "phase"].drop(columns=["value", "conf_low", "conf_high"]).merge(made[
        ["department", "phase", "expected", "ratio", "conf_low", "conf_high"]], on=["department", "phase"])
    out = [both.assign(kind="expected", value=both["expected"].round(1), conf_low=np.nan, conf_high=np.nan, conf_level=np.nan,
                       unit="episodes", method="indirect_standardisation"),
           both.assign(kind="observed_expected", value=both["ratio"].round(3), conf_level=conf_level, unit="ratio",
                       method="indirect_standardisation")]
    return canonical(pd.concat(out, ignore_index=True), SERIES_COLUMNS, SERIES_TEXT)
