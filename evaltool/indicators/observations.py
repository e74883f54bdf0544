"""``observations``: the one frame every estimator starts from, whatever is measured."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..errors import StudyError
from ..measures import Measure
from ..result import Dataset
from ..study import Study
from .counts import from_counts
from .stay_measures import STAY_MEASURES

COLUMNS = ("row", "department", "person", "date", "wave", "value", "event", "included", "reason", "began")
_PERSON = {"staff_survey": "respondent", "user_survey": "person", "sessions": "person"}


def observations(*, dataset: Dataset, study: Study, measure: Measure) -> pd.DataFrame:
    """One row per thing measured, with ``COLUMNS`` (ARCHITECTURE.md section 2), for any measure of the register.

    Scores: one row per form; the date is the day it was answered, or the day its wave opened where a source has only
    waves; ``reason`` is the scoring reason, ``no_date`` or ``no_consent``. Measures of stays: one row per episode, or
    per person, department and month (an empty month: a row of 0 with ``row`` -1 and no person); departments without
    stays by ``service_counts``. Rows that are not ``included`` stay in the frame with a ``reason``.

    Raises StudyError when the measure's table is not in the dataset.
    """
    if measure.source.get("indicator") is None:
        return _canonical(_scores(dataset=dataset, study=study, measure=measure))
    return _canonical(_stays(dataset=dataset, study=study, measure=measure))


def measurable(*, dataset: Dataset, measure: Measure) -> bool:
    """Are the tables there that the measure is made of? Monthly totals will do for a measure of stays."""
    if "table" in measure.source:
        return measure.source["table"] in dataset.tables
    made = {"stays", measure.source.get("needs", "stays")} <= set(dataset.tables)
    return made or "service_counts" in dataset.tables


def _stays(*, dataset: Dataset, study: Study, measure: Measure) -> pd.DataFrame:
    """From the stays, and from monthly totals for the departments without any stay."""
    needed = [name for name in ("stays", measure.source.get("needs", "stays")) if name not in dataset.tables]
    if needed:
        _table(dataset, "service_counts" if "service_counts" in dataset.tables else needed[0], measure)
        return from_counts(dataset=dataset, measure=measure, but_not=set())
    found = STAY_MEASURES[measure.source["indicator"]](dataset=dataset, study=study)
    told = from_counts(dataset=dataset, measure=measure, but_not=set(dataset.tables["stays"]["department"]))
    return pd.concat([found, told], ignore_index=True) if len(told) else found


def _scores(*, dataset: Dataset, study: Study, measure: Measure) -> pd.DataFrame:
    from ..instruments import instrument
    from ..scoring import score

    source = measure.source
    answers = _table(dataset, source["table"], measure).reset_index(drop=True)
    # The store holds answers as ticked: points of reversed items were turned back when the file was read.
    form = instrument(source["instrument"], folder=study.instruments)
    scores = score(answers=answers, instrument=form, already_reversed=False)
    scores = scores[scores["scale"] == source["scale"]]
    about = answers.take(scores["row"]).reset_index(drop=True)
    about = about.reindex(columns=["department", "wave", "answered_on", "consent", _PERSON[source["table"]]])
    opens = {wave.id: wave.opens for survey in study.surveys.values() if survey.table == source["table"]
             for wave in survey.waves}
    date = about["answered_on"].fillna(pd.to_datetime(about["wave"].map(opens)))
    reason = scores["reason"].reset_index(drop=True).mask(scores["scored"].to_numpy(dtype=bool))
    reason = reason.mask(date.isna(), "no_date").mask(about["consent"].eq(False).fillna(False).to_numpy(dtype=bool), "no_consent")
    return pd.DataFrame({
        "row": scores["row"].to_numpy(), "department": about["department"], "person": about[_PERSON[source["table"]]],
        "date": date, "wave": about["wave"], "value": scores["score"].to_numpy(), "reason": reason,
    })


def _table(dataset: Dataset, name: str, measure: Measure) -> pd.DataFrame:
    table = dataset.tables.get(name)
    if table is None:
        raise StudyError("measure_without_table", got=measure.id, expected=name)
    return table


def _canonical(found: pd.DataFrame) -> pd.DataFrame:
    """Types and order of ``COLUMNS``; a row is included exactly when it has no reason."""
    out = found.reindex(columns=COLUMNS).reset_index(drop=True)
    out["row"] = out["row"].astype("int64")
    for name in ("department", "person", "wave", "reason"):
        out[name] = out[name].astype("str")
    for name in ("date", "began"):
        out[name] = pd.to_datetime(out[name]).dt.as_unit("us")
    out["value"] = out["value"].astype("float64")
    out["event"] = out["event"].fillna(True).astype(bool) if "event" in found else np.ones(len(out), dtype=bool)
    out["included"] = out["reason"].isna()
    return out
