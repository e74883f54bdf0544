"""Readmission before and after under one named definition, with everything that explains the number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..design import StudyDesign
from ..errors import StudyError, UsageError
from ..indicators.aggregate import aggregate
from ..indicators.case_mix_series import case_mix_series
from ..indicators.definitions import presets
from ..indicators.side_by_side import readmission_flags, readmission_series
from ..indicators.return_series import incidence_series
from ..indicators.stay_series import length_series, readmission_times
from ..indicators.study_stays import study_definition
from ..indicators.time_to_readmission import readmission_hazards
from ..measures import measure
from ..result import ALL
from .assemble import result
from .before_after import before_after

if TYPE_CHECKING:
    from ..result import Dataset, Result
    from ..study import Study

OWN = "study"
"""Name of the study's own definition, beside the presets."""
MEASURE = "readmission_30d_unplanned"
HAZARD = "readmission.hazard"


def readmission_by(*, dataset: Dataset, study: Study, definition: str = OWN, conf_level: float = 0.95) -> Result:
    """Before and after of the share readmitted under ``definition`` (``study`` or a preset), as a Result.

    Estimates: ``readmission_30d_unplanned`` whatever the window of the definition is (risk difference, clustered on
    persons) and ``readmission.hazard`` (hazard ratio of a Cox model, death ends the follow-up, clustered on persons,
    Efron's ties). Series: the share by phase; ``readmission.definitions``, ``readmission.flow``,
    ``readmission.within_<days>``, ``readmission.km_within_<days>`` (``indicators.return_series``) and ``length_of_stay.*``
    (``indicators.stay_series``); beside the share, kinds ``expected`` and ``observed_expected`` (``indicators.case_mix_series``).

    Raises UsageError for an unknown definition (naming the known ones), StudyError without stays.
    """
    known = {OWN: study_definition(study=study, window_days=study.readmission.window_days), **presets()}
    if definition not in known:
        raise UsageError("unknown_definition", got=definition, expected=", ".join(known))
    if "stays" not in dataset.tables:
        raise StudyError("measure_without_table", got=MEASURE, expected="stays")
    design = StudyDesign.from_register(
        rollout=dataset.registers["rollout"], departments=dataset.registers["departments"],
        as_of=dataset.provenance.as_of, wash_in_months=study.periods.wash_in_months,
    )
    chosen, told = known[definition], measure(MEASURE)
    flags = readmission_flags(dataset=dataset, study=study, definition=chosen)
    seen = flags.assign(wave=pd.Series(float("nan"), index=flags.index, dtype="str"), event=True)
    found = before_after(
        observations=seen, design=design, measure=told, link="repeated_cross_section", provenance=dataset.provenance,
        conf_level=conf_level,
    )
    times = readmission_times(flags=flags, dataset=dataset, study=study, definition=chosen)
    levels = aggregate(observations=seen, measure=told, design=design, conf_level=conf_level, periods=False)
    series = [
        levels,
        case_mix_series(flags=flags, levels=levels, dataset=dataset, study=study, design=design, conf_level=conf_level),
        readmission_series(dataset=dataset, study=study, definition=chosen, conf_level=conf_level),
        incidence_series(times=times, design=design, conf_level=conf_level, min_persons=study.privacy.min_persons),
        length_series(dataset=dataset, study=study, design=design, conf_level=conf_level),
    ]
    return result(
        estimates=[*found.estimates.to_dict("records"), *_hazards(times, design, conf_level)],
        notes=found.notes.to_dict("records"), series=pd.concat(series, ignore_index=True), design=design,
        measures=(MEASURE,), provenance=dataset.provenance, conf_level=conf_level,
    )


def _hazards(times: pd.DataFrame, design: StudyDesign, conf_level: float) -> list[dict]:
    """All departments together: the interval of a single one would tell how few its events are."""
    found = readmission_hazards(times=times, design=design, conf_level=conf_level)
    found = found[found["department"] == ALL]
    return [{
        "measure": HAZARD, "department": row.department, "subgroup": None, "estimand": "hazard_ratio",
        "contrast": "after-before", "estimate": row.hazard_ratio, "conf_low": row.conf_low, "conf_high": row.conf_high,
        "conf_level": conf_level, "statistic": row.log_rank, "df": 1.0, "p_value": row.log_rank_p, "n_before": row.n_before,
        "n_after": row.n_after, "persons_before": row.persons_before, "persons_after": row.persons_after,
        "departments": 1.0, "unit": "ratio", "method": "cox_clustered",
    } for row in found.itertuples(index=False)]
