"""The change in every domain of a questionnaire, department by department: what a heat map shows."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from ..indicators.aggregate import aggregate
from ..indicators.observations import observations
from ..instruments import instrument
from ..scale_measure import scale_measure
from ..verdict import judge
from .answer import link_of
from .assemble import result
from .before_after import before_after
from .planned_design import planned_design

if TYPE_CHECKING:
    from ..measures import Measure
    from ..result import Dataset, Result
    from ..study import Study

PREFIX = "domain"


def domains(*, dataset: Dataset, study: Study, conf_level: float = 0.95) -> Result:
    """``before_after`` of every scale of each survey form that has several, measure ``domain.<form>.<scale>``, judged;
    series: before and after. p values are left out: many domains in many departments are looked at, and none was planned."""
    design = planned_design(dataset=dataset, study=study)
    estimates, notes, series, known, rows = [], [], [], {}, {}
    for measure in _scales(dataset, study):
        seen = observations(dataset=dataset, study=study, measure=measure)
        own = dataclasses.replace(measure, id=f"{PREFIX}.{measure.id}")
        given = {"observations": seen, "design": design, "measure": own, "conf_level": conf_level}
        part = before_after(**given, link=link_of(study, measure), provenance=dataset.provenance)
        levels = aggregate(**given, periods=False)
        known[own.id], rows[own.id] = own, measure.rows
        estimates.append(part.estimates.assign(p_value=float("nan"), statistic=float("nan")))
        notes += part.notes.to_dict("records")
        series.append(levels[levels["kind"].eq("phase") & levels["phase"].isin(["before", "after"])])
    frame = pd.concat(estimates, ignore_index=True) if estimates else pd.DataFrame()
    if len(frame):
        frame = judge(estimates=frame, measures=known, notes=pd.DataFrame(notes, columns=["measure", "department", "subgroup", "code"]))
        frame = frame.assign(claim="described")
    return result(estimates=frame.to_dict("records"), notes=notes, design=design, measures=tuple(known),
                  provenance=dataset.provenance, conf_level=conf_level, series=pd.concat(series, ignore_index=True) if series else None, rows=rows)


def _scales(dataset: Dataset, study: Study) -> Iterator[Measure]:
    """The scales of the forms that users and staff have filled in; a form with one scale says it elsewhere."""
    for table, name in dict.fromkeys((survey.table, survey.instrument) for survey in study.surveys.values()):
        form = instrument(name, folder=study.instruments)
        there = table in dataset.tables and form.status != "slot" and set(form.columns) <= set(dataset.tables[table])
        if there and len(form.scales) > 1 and form.respondent in ("user", "staff") and table in ("user_survey", "staff_survey"):
            for scale in form.scales:
                yield scale_measure(instrument=form, scale=scale.id, table=table)
