"""What is told about stays beside the measures and whatever readmission means: where long stays went, intake, housing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..errors import StudyError
from ..indicators.housing_series import housing_series
from ..indicators.intake_series import intake_series
from ..indicators.left_after_limit import left_after_limit
from ..indicators.stays import length_of_stay
from ..indicators.study_stays import study_episodes
from ..indicators.use_series import PREFIX, USED, use_series
from .assemble import result
from .planned_design import planned_design

if TYPE_CHECKING:
    from ..result import Dataset, Result
    from ..study import Study


def stay_facts(*, dataset: Dataset, study: Study, conf_level: float = 0.95) -> Result:
    """Series of ``indicators.use_series``, ``left_after_limit``, ``intake_series`` and ``housing_series``, each only
    where there is something to count; no estimates. Raises StudyError without stays."""
    if "stays" not in dataset.tables:
        raise StudyError("measure_without_table", got="stays.after_limit", expected="stays")
    design = planned_design(dataset=dataset, study=study)
    lengths = length_of_stay(
        episodes=study_episodes(dataset=dataset, study=study), as_of=study.as_of, count_same_day=study.stays.count_same_day,
        long_stay_months=study.stays.long_stay_months,
    )
    series = pd.concat([
        use_series(dataset=dataset, study=study, design=design, conf_level=conf_level),
        left_after_limit(lengths=lengths, min_persons=study.privacy.min_persons, conf_level=conf_level),
        intake_series(dataset=dataset, study=study, conf_level=conf_level),
        housing_series(dataset=dataset, study=study, design=design, conf_level=conf_level),
    ], ignore_index=True)
    return result(estimates=[], notes=[], design=design, measures=tuple(series["measure"].unique()), provenance=dataset.provenance,
                  conf_level=conf_level, series=series, rows={f"{PREFIX}.{name}": rows for name, rows in USED.items()})
