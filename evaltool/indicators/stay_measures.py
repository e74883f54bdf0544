"""Measures made from stays: the study's settings in, observation columns out, one function per indicator."""

from __future__ import annotations

from functools import partial

import pandas as pd

from ..result import Dataset
from ..study import Study
from .follow_up_contact import followed_up
from .monthly import admissions, admissions_per_1000_bed_days, census, monthly_bed_days, occupancy
from .readmission import readmission
from .stays import length_of_stay
from .study_stays import began_uncovered, coded, deaths, starts, study_definition, study_episodes

INVOLUNTARY = ("observation", "compulsory", "compulsory_substance_use", "sentence")
VOLUNTARY = ("voluntary",)


def _readmission(*, dataset: Dataset, study: Study, window_days: int, everything: bool = False) -> pd.DataFrame:
    return readmission(
        episodes=study_episodes(dataset=dataset, study=study),
        definition=study_definition(study=study, window_days=window_days, everything=everything), as_of=study.as_of,
        starts=starts(dataset=dataset), deaths=deaths(dataset=dataset),
    )


def _own_window(*, dataset: Dataset, study: Study) -> pd.DataFrame:
    """The one measure without days in its name: ``window_days`` of study.toml."""
    return _readmission(dataset=dataset, study=study, window_days=study.readmission.window_days)


def _lengths(*, dataset: Dataset, study: Study) -> pd.DataFrame:
    return length_of_stay(
        episodes=study_episodes(dataset=dataset, study=study), as_of=study.as_of,
        count_same_day=study.stays.count_same_day, long_stay_months=study.stays.long_stay_months,
    )


def _length_of_stay(*, dataset: Dataset, study: Study) -> pd.DataFrame:
    found = _lengths(dataset=dataset, study=study)
    return found.assign(
        value=found["nights"], event=~found["ongoing"], began=found["admitted_on"], reason=coded(index=found.index, ongoing=found["ongoing"]),
    )


def _long_stay(*, dataset: Dataset, study: Study) -> pd.DataFrame:
    """By day of admission, all admissions followed to the limit: by discharge, recent stays could only be short."""
    found = _lengths(dataset=dataset, study=study)
    early = began_uncovered(admitted=found["admitted_on"], stays=dataset.tables["stays"], study=study)
    return found.assign(
        date=found["admitted_on"], value=found["over_limit"].astype("float64"),
        reason=coded(index=found.index, before_coverage=early, follow_up_incomplete=~found["limit_reached"]),
    )


def _share_of_admissions(
    *, dataset: Dataset, study: Study, column: str, counted: tuple[str, ...], others: tuple[str, ...], unknown: str,
) -> pd.DataFrame:
    """Episodes by day of admission and first department, those with a known code in ``column`` only."""
    chained = study_episodes(dataset=dataset, study=study)
    code = chained[column]
    early = began_uncovered(admitted=chained["admitted"], stays=dataset.tables["stays"], study=study)
    return pd.DataFrame({
        "row": chained["row"], "person": chained["person"], "department": chained["first_department"],
        "date": chained["admitted"].dt.normalize(), "value": code.isin(counted).astype("float64"),
        "reason": coded(index=chained.index, before_coverage=early, **{unknown: ~code.isin(counted + others)}),
    })


STAY_MEASURES = {
    "readmission_30d_unplanned": partial(_readmission, window_days=30),
    "readmission_30d_all": partial(_readmission, window_days=30, everything=True),
    "readmission_7d": partial(_readmission, window_days=7),
    "readmission_90d": partial(_readmission, window_days=90),
    "readmission_365d": partial(_readmission, window_days=365),
    "readmission_own_window": _own_window,
    "length_of_stay": _length_of_stay,
    "long_stay_share": _long_stay,
    "bed_days": monthly_bed_days,
    "census": census,
    "occupancy": occupancy,
    "admissions": admissions,
    "admissions_per_1000_bed_days": admissions_per_1000_bed_days,
    "followed_up_7d": followed_up,
    "user_controlled_share": partial(
        _share_of_admissions, column="admission_type", counted=("user_controlled",),
        others=("unplanned", "planned", "respite", "transfer"), unknown="kind_unknown",
    ),
    "involuntary_share": partial(
        _share_of_admissions, column="legal_basis", counted=INVOLUNTARY, others=VOLUNTARY, unknown="legal_basis_unknown",
    ),
}
"""Indicator name in schemas/measures.yaml -> function of ``dataset`` and ``study``."""
