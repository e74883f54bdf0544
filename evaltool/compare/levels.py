"""The level of every measure before and after, without any comparison: what a new file would make of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..indicators.aggregate import aggregate
from ..indicators.observations import measurable, observations
from ..result import Result
from .assemble import result
from .planned_design import planned_design

if TYPE_CHECKING:
    from ..result import Dataset
    from ..study import Study


def levels(*, dataset: Dataset, study: Study) -> Result:
    """The phases of ``answer`` for the study's measures that ``dataset`` has tables for; no periods, estimates or notes."""
    design = planned_design(dataset=dataset, study=study)
    chosen = [m for m in study.measures() if measurable(dataset=dataset, measure=m)]
    series = [
        aggregate(observations=observations(dataset=dataset, study=study, measure=m), measure=m, design=design, periods=False) for m in chosen
    ]
    return result(
        estimates=[], notes=[], series=pd.concat(series, ignore_index=True) if series else None, design=design,
        measures=tuple(m.id for m in chosen), provenance=dataset.provenance, conf_level=0.95, rows={m.id: m.rows for m in chosen},
    )
