"""What was ticked: every answer of every item, before and after, and how often an item is left or does not apply."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..indicators.observations import observations
from ..instruments import Instrument, instrument
from ..result import ALL
from ..scoring.answers import Answers, read_answers
from ..scoring.scale_measure import TABLES, scale_measure
from .assemble import result
from .planned_design import planned_design

if TYPE_CHECKING:
    from ..design import StudyDesign
    from ..result import Dataset, Result
    from ..study import Study

PHASES = ("before", "after", "not_started")
GAPS = ("not_applicable", "dont_know", "unanswered")


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
    for table, form in forms_answered(dataset, study):
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
    names = tuple(dict.fromkeys(one["measure"] for one in rows))
    return result(estimates=[], notes=[], design=design, measures=names, provenance=dataset.provenance, conf_level=conf_level,
                  series=pd.DataFrame(rows))


class _About:
    """Who stands behind the rows: ``department`` and ``phase`` (n,), and a quick ``indicators.count_persons`` of a choice."""

    def __init__(self, rows: pd.DataFrame, phase: np.ndarray) -> None:
        self.department, self.phase = rows["department"].to_numpy(dtype=object), phase
        self.person, self.wave = pd.factorize(rows["person"])[0], pd.factorize(rows["wave"])[0] + 1

    def persons(self, chosen: np.ndarray) -> float:
        """Known persons once; rows without one as the largest number of them in any wave."""
        known = self.person[chosen]
        nameless = np.bincount(self.wave[chosen][known < 0], minlength=1).max()
        return float(len(np.unique(known[known >= 0])) + nameless)

    def top_share(self, weight: np.ndarray) -> float:
        """Largest share of ``weight`` (n,) that one person can have."""
        known = self.person >= 0
        most = np.bincount(self.person[known], weights=weight[known]).max() if known.any() else 0.0
        nameless = pd.Series(weight[~known]).groupby(self.wave[~known]).max().sum()
        return float(max(most, nameless) / weight.sum()) if weight.any() else np.nan


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
    return _About(seen, phase), answers


def _ticked(about: _About, measure: str, items: list[Answers]) -> Iterator[dict]:
    """One row per phase and code."""
    values = np.column_stack([item.values for item in items])
    given = (~np.isnan(values)).sum(axis=1)
    for phase in PHASES:
        here = (about.phase == phase) & (given > 0)
        for code in items[0].item.codes if here.any() else ():
            hits = (values == code).sum(axis=1)
            yield _share(about, here, hits, given) | {"measure": measure, "department": ALL, "kind": f"answer_{code:g}", "phase": phase}


def _gaps(about: _About, item: Answers, given: np.ndarray, asked: np.ndarray) -> Iterator[dict]:
    why = {"not_applicable": item.not_applicable, "dont_know": item.dont_know, "unanswered": ~given}
    whole = np.ones(len(asked), dtype=int)
    for department in (*sorted(set(about.department)), ALL):
        here = asked & ((about.department == department) | (department == ALL))
        for name in GAPS:
            if here.any() and (name == "unanswered" or name in item.item.missing.values()):
                yield _share(about, here, why[name].astype(int), whole) | {
                    "measure": f"gaps.{item.item.column}.{name}", "department": department, "kind": "whole"}


def _share(about: _About, here: np.ndarray, hits: np.ndarray, of: np.ndarray) -> dict:
    """``hits`` of ``of`` answers (n,) in the rows ``here``."""
    n = float(of[here].sum())
    return {
        "value": hits[here].sum() / n, "numerator": float(hits[here].sum()), "denominator": n, "n": n,
        "persons": about.persons(here), "persons_numerator": about.persons(here & (hits > 0)),
        "persons_complement": about.persons(here & (hits < of)), "persons_top_share": about.top_share(np.where(here, of, 0)),
        "unit": "share", "method": "share_of_answers",
    }
