"""What was ticked: every answer of every item, before and after, and how often an item is left or does not apply."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..indicators.observations import observations
from ..instruments import Instrument, instrument
from ..result import ALL
from ..scoring.answers import Answers, read_answers
from ..scale_measure import TABLES, scale_measure
from .assemble import result
from .behind import Behind
from .planned_design import planned_design

if TYPE_CHECKING:
    from ..design import StudyDesign
    from ..result import Dataset, Result
    from ..study import Study

PHASES = ("before", "after", "not_started")
GAPS = ("not_applicable", "dont_know", "unanswered")
METHOD = "share_of_answers"


def answers_given(*, dataset: Dataset, study: Study, conf_level: float = 0.95) -> Result:
    """Series rows for every form of the study that is answered in waves.

    ``answers.<column>`` and ``answers.<form>.<scale>``, kinds ``answer_<code>``, phase before, after or not_started, all
    departments: share of the answers to the item, or to all items of the scale together (N/A and don't know are no
    answer); the codes of one phase are hidden together. ``gaps.<column>.<why>``, kind ``whole``, per department and in
    all: share of the forms where the item did not apply, was not known, or was left. Codes as ticked, before any
    reversal. Only forms with all their columns in the dataset.
    """
    design = planned_design(dataset=dataset, study=study)
    rows: list[dict] = []
    counted = {}
    for table, form in forms_answered(dataset, study):
        before = len(rows)
        about, answers = _about(dataset, study, design, table, form)
        read = read_answers(answers, form)
        asked = answers[list(form.columns)].notna().any(axis=1).to_numpy()
        for item in read.values():
            if not item.item.continuous:
                rows += _ticked(about, f"answers.{item.item.column}", [item])
            rows += _gaps(about, item, answers[item.item.column].notna().to_numpy(), asked)
        for scale in form.scales:
            own = [read[number] for number in scale.items]
            if len({item.item.codes for item in own}) == 1 and not own[0].item.continuous:
                rows += _ticked(about, f"answers.{form.id}.{scale.id}", own)
        counted |= {one["measure"]: (f"{table}.{form.id}",) for one in rows[before:]}
    return result(estimates=[], notes=[], design=design, measures=tuple(counted), provenance=dataset.provenance, conf_level=conf_level,
                  series=pd.DataFrame(rows), rows=counted)


@dataclass(frozen=True)
class _About:
    """``department`` and ``phase`` (n,) of the rows, and who is behind them."""

    department: np.ndarray
    phase: np.ndarray
    behind: Behind


def forms_answered(dataset: Dataset, study: Study) -> Iterator[tuple[str, Instrument]]:
    """(table, form) for every form of the study that is answered in waves and whose columns are in the dataset."""
    for table, name in dict.fromkeys((survey.table, survey.instrument) for survey in study.surveys.values()):
        form = instrument(name, folder=study.instruments)
        there = table in dataset.tables and set(form.columns) <= set(dataset.tables[table])
        if there and form.status != "slot" and form.occasion == "wave" and table in TABLES.values():
            yield table, form


def _about(dataset: Dataset, study: Study, design: StudyDesign, table: str, form: Instrument) -> tuple[_About, pd.DataFrame]:
    measure = scale_measure(instrument=form, scale=form.scales[0].id, table=table)
    seen = observations(dataset=dataset, study=study, measure=measure)
    seen = seen[seen["reason"].ne("no_consent").fillna(True).to_numpy(dtype=bool)].reset_index(drop=True)
    phase = np.full(len(seen), "", dtype=object)
    known = seen["date"].notna().to_numpy()
    phase[known] = design.phase(department=seen.loc[known, "department"], date=seen.loc[known, "date"]).to_numpy(dtype=object)
    answers = dataset.tables[table].reset_index(drop=True).take(seen["row"]).reset_index(drop=True)
    behind = Behind(person=seen["person"], wave=seen["wave"])
    return _About(seen["department"].to_numpy(dtype=object), phase, behind), answers


def _ticked(about: _About, measure: str, items: list[Answers]) -> Iterator[dict]:
    """One row per phase and code."""
    values = np.column_stack([item.values for item in items])
    given = (~np.isnan(values)).sum(axis=1)
    for phase in PHASES:
        here = (about.phase == phase) & (given > 0)
        for code in items[0].item.codes if here.any() else ():
            hits = (values == code).sum(axis=1)
            yield about.behind.share(here=here, hits=hits, of=given, method=METHOD) | {
                "measure": measure, "department": ALL, "kind": f"answer_{code:g}", "phase": phase}


def _gaps(about: _About, item: Answers, given: np.ndarray, asked: np.ndarray) -> Iterator[dict]:
    why = {"not_applicable": item.not_applicable, "dont_know": item.dont_know, "unanswered": ~given}
    there = [name for name in GAPS if name == "unanswered" or name in item.item.missing.values()]
    whole = np.ones(len(asked), dtype=int)
    places = [(department, about.department == department) for department in sorted(set(about.department))]
    for department, chosen in (*places, (ALL, whole == 1)):
        here = asked & chosen
        for name in there if here.any() else ():
            yield about.behind.share(here=here, hits=why[name].astype(int), of=whole, method=METHOD) | {
                "measure": f"gaps.{item.item.column}.{name}", "department": department, "kind": "whole"}
