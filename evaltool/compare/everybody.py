"""The series of everybody, without any comparison: what the gate holds the groups of people against."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..indicators.aggregate import aggregate
from ..indicators.observations import observations
from .assemble import result
from .planned_design import planned_design

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..measures import Measure
    from ..result import Dataset, Result
    from ..study import Study


def everybody(*, dataset: Dataset, study: Study, measures: Sequence[Measure], conf_level: float = 0.95) -> Result:
    """The ``series`` that ``answer`` would give for ``measures``, and no estimates: a fraction of its time."""
    design = planned_design(dataset=dataset, study=study)
    series = [aggregate(observations=observations(dataset=dataset, study=study, measure=m), measure=m, design=design, conf_level=conf_level)
              for m in measures]
    return result(estimates=[], notes=[], design=design, measures=tuple(m.id for m in measures), provenance=dataset.provenance,
                  conf_level=conf_level, series=pd.concat(series, ignore_index=True))
