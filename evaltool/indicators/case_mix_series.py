"""Readmissions observed and expected from the mix of people, beside the plain share, as series rows for the gate."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..design import StudyDesign
from ..result import ALL, SERIES_COLUMNS, SERIES_TEXT, Dataset, canonical
from .case_mix import standardise

UNKNOWN = "unknown"
LEAST = 20
"""Discharges in a stratum before it gives a rate of its own; smaller ones are one stratum together."""
WITHOUT_PRACTICE = ("before", "not_started")


def case_mix_series(
    *, flags: pd.DataFrame, levels: pd.DataFrame, dataset: Dataset, design: StudyDesign, conf_level: float = 0.95,
) -> pd.DataFrame:
    """For each phase row of ``levels`` (``aggregate`` of ``flags``, a share) two rows that differ from it in:

    kind ``expected``: ``value`` is the number of readmissions expected of these discharges; kind
    ``observed_expected``: observed over expected with the exact Poisson interval. The strata are age band, user group
    and kind of admission, their rates those of all discharges before the start and of departments that have not
    started (of all where there are none). Same measure, phase, persons and numerator: the gate hides them with the
    plain share, or not at all.
    """
    rows = flags[flags["included"]].reset_index(drop=True)
    if rows.empty:
        return canonical(pd.DataFrame(), SERIES_COLUMNS, SERIES_TEXT)
    phase = design.phase(department=rows["department"], date=rows["date"])
    rows = rows.assign(phase=phase, stratum=_strata(rows, dataset))
    known = rows["phase"].isin(WITHOUT_PRACTICE)
    apart = [rows, rows.assign(department=pd.Series(ALL, index=rows.index, dtype="str"))]
    reference = known if known.any() else pd.Series(True, index=rows.index)
    made = pd.concat([standardise(rows=one[one["phase"].notna()], by=["department", "phase"], strata=["stratum"],
                                  reference=reference[one["phase"].notna()], conf_level=conf_level) for one in apart])
    both = levels[levels["kind"] == "phase"].drop(columns=["value", "conf_low", "conf_high"]).merge(made[
        ["department", "phase", "expected", "ratio", "conf_low", "conf_high"]], on=["department", "phase"])
    out = [both.assign(kind="expected", value=both["expected"], conf_low=np.nan, conf_high=np.nan, conf_level=np.nan,
                       unit="episodes", method="indirect_standardisation"),
           both.assign(kind="observed_expected", value=both["ratio"], conf_level=conf_level, unit="ratio",
                       method="indirect_standardisation")]
    return canonical(pd.concat(out, ignore_index=True), SERIES_COLUMNS, SERIES_TEXT)


def _strata(rows: pd.DataFrame, dataset: Dataset) -> pd.Series:
    """One code per discharge; what is not known about a person is a group of its own."""
    stays = dataset.tables["stays"]
    kind = stays["admission_type"].take(rows["row"]).reset_index(drop=True) if "admission_type" in stays else pd.Series(UNKNOWN, index=rows.index)
    parts = [kind, *(rows["person"].map(known) for known in _about_persons(dataset))]
    code = parts[0].fillna(UNKNOWN).astype("str")
    for part in parts[1:]:
        code = code + "|" + part.fillna(UNKNOWN).astype("str")
    few = code.map(code.value_counts()) < LEAST
    return code.mask(few, "few")


def _about_persons(dataset: Dataset) -> list[pd.Series]:
    """Age band and user group by person: of the persons table, else of the last form the person answered."""
    found = []
    for column in ("birth_year_band", "user_group"):
        for table in ("persons", "user_survey"):
            source = dataset.tables.get(table)
            if source is not None and {"person", column} <= set(source) and source[column].notna().any():
                known = source.dropna(subset=["person", column])
                order = known.sort_values("answered_on", kind="stable") if "answered_on" in known else known
                found.append(order.drop_duplicates("person", keep="last").set_index("person")[column])
                break
    return found
