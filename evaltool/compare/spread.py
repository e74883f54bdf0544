"""What planning needs to know of the data one has: level, spread, how alike departments and persons are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..errors import DesignError
from ..indicators.observations import measurable, observations
from ..indicators.persons import count_persons
from ..result import ALL
from ..stats.estimate import NotEstimable
from ..stats.mixed_model import mixed_model
from .assemble import result
from .notes import note
from .phased import MONTHLY, model_rows, phased
from .planned_design import planned_design

if TYPE_CHECKING:
    from ..measures import Measure
    from ..result import Dataset, Result
    from ..study import Study

KIND = "spread"


def spread(*, dataset: Dataset, study: Study) -> Result:
    """Series rows of kind ``spread``, department ``*``, from the rows before the start, one per ``phase``:

    ``level`` (mean, share or mean per department-month), ``sd`` (total standard deviation without calendar time),
    ``icc`` (share of the variance between departments), ``correlation`` (between two values of one person in one
    department, where persons come back) and for months ``dispersion`` (variance over mean, without departments and time).
    A measure whose rows do not tell has no rows, and a note. ``n`` and ``persons`` are those of the rows used.
    """
    design = planned_design(dataset=dataset, study=study)
    series, notes, names = [], [], []
    for measure in study.measures():
        if not measurable(dataset=dataset, measure=measure):
            continue
        names.append(measure.id)
        seen = observations(dataset=dataset, study=study, measure=measure)
        rows = phased(observations=seen, design=design, kind=measure.kind)
        rows = rows[~rows["after"]]
        try:
            found = own_spread(rows=rows, measure=measure)
        except DesignError:
            notes.append(note(measure=measure.id, department=ALL, code="not_identified", value=float(len(rows))))
            continue
        persons = float(count_persons(observations=rows.assign(all="all"), by=["all"]).sum())
        series += [
            {"measure": measure.id, "department": ALL, "kind": KIND, "phase": name, "value": value, "n": float(len(rows)),
             "persons": persons, "unit": measure.unit, "method": "mixed"} for name, value in found.items()
        ]
    return result(
        estimates=[], notes=notes, series=pd.DataFrame(series), design=design, measures=tuple(names),
        provenance=dataset.provenance, conf_level=0.95,
        important={m.id: m.important for m in study.measures() if m.important_certainty == "study"},
    )


def own_spread(*, rows: pd.DataFrame, measure: Measure) -> dict[str, float]:
    """The numbers of ``spread`` from phased rows. Raises DesignError where the rows do not tell."""
    used = model_rows(rows=rows, kind=measure.kind)
    values = used["value"].to_numpy(dtype=float)
    years = used["years"].to_numpy(dtype=float)
    x = np.column_stack([np.ones(len(used)), years - years.mean()]) if len(used) else np.ones((0, 2))
    group = used["department"].to_numpy()
    monthly = measure.kind in MONTHLY
    unit = None if monthly or not used["unit"].duplicated().any() else used["unit"].to_numpy()
    try:
        fit = mixed_model(y=values, x=x, group=group, unit=unit)
    except NotEstimable as reason:
        raise DesignError("power_spread", reason=reason.reason) from reason
    total = sum(fit.variances.values())
    found = {"level": float(values.mean()), "sd": float(np.sqrt(total)), "icc": float(fit.variances["group"] / total)}
    if unit is not None:
        within = total - fit.variances["group"]
        found["correlation"] = float(fit.variances["unit"] / within)
    if monthly and values.mean() > 0:
        found["dispersion"] = max(1.0, float(fit.variances["residual"] / values.mean()))
    return found
