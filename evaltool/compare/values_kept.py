"""The values exercise (choose ten, keep five): which values and groups of values are kept, before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..errors import StudyError
from ..indicators.aggregate import aggregate
from ..instruments import value_groups
from ..measures import Measure
from ..result import ALL
from .assemble import result
from .before_after import before_after
from .planned_design import planned_design

if TYPE_CHECKING:
    from ..result import Dataset, Result
    from ..study import Study

TABLE = "values_exercise"
RARE = 10
"""A value that fewer persons have kept than this, in all, is not shown by itself."""


def values_kept(*, dataset: Dataset, study: Study, conf_level: float = 0.95) -> Result:
    """Shares of the persons who did the exercise, with the change after the start (as ``before_after`` for a share).

    Measure ``values.<group>``: kept at least one value of the group, per department and in all; measure
    ``values.value.<value>``: kept that value, all departments only and only for values that at least ``RARE`` persons
    have kept. The groups are the study's ``value_groups.yaml``, else the shipped CHIME ones. The day of a form is the
    day its wave opened. Raises StudyError when there is no values exercise in the dataset.
    """
    if TABLE not in dataset.tables:
        raise StudyError("measure_without_table", got="values", expected=TABLE)
    design = planned_design(dataset=dataset, study=study)
    table = dataset.tables[TABLE].reset_index(drop=True)
    kept = table[table["kept"].fillna(False).to_numpy(dtype=bool)]
    kept = kept.assign(value=kept["value"].str.strip().str.lower())
    forms = _forms(table, study)
    estimates, series, notes, names = [], [], [], []
    for name, hits, places in _questions(kept, study):
        measure = _measure(name)
        seen = forms.assign(value=pd.MultiIndex.from_frame(forms[KEYS]).isin(pd.MultiIndex.from_frame(hits[KEYS])).astype(float))
        made = before_after(observations=seen, design=design, measure=measure, link="partly_linked",
                            provenance=dataset.provenance, conf_level=conf_level)
        lines = aggregate(observations=seen, measure=measure, design=design, conf_level=conf_level, departments=places)
        for found, frame in ((estimates, made.estimates), (notes, made.notes), (series, lines)):
            found.append(frame if places else frame[frame["department"] == ALL])
        names.append(name)
    return result(
        estimates=_records(estimates), notes=_records(notes), series=pd.concat(series, ignore_index=True) if series else None,
        design=design, measures=tuple(names), provenance=dataset.provenance, conf_level=conf_level,
    )


def value_labels(*, study: Study) -> dict[str, dict[str, str]]:
    """``{measure: {"nb": ..., "en": ...}}`` for the groups; a single value is its own label."""
    return {f"values.{group.id}": dict(group.label) for group in value_groups(folder=study.folder)}


KEYS = ["department", "person", "wave"]


def _forms(table: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Observation rows, one per person and wave."""
    opens = {wave.id: wave.opens for survey in study.surveys.values() for wave in survey.waves}
    first = table.rename(columns={"respondent": "person"}).assign(row=np.arange(len(table))).drop_duplicates(KEYS)
    date = pd.to_datetime(first["wave"].map(opens)).astype("datetime64[us]")
    return pd.DataFrame({
        "row": first["row"], **{name: first[name] for name in KEYS}, "date": date, "event": True, "included": date.notna(),
        "reason": pd.Series(np.where(date.isna(), "no_date", None), index=first.index, dtype="str"),
    }).reset_index(drop=True)


def _questions(kept: pd.DataFrame, study: Study):
    """(measure, rows of ``kept`` that say yes, is it shown by department)."""
    kept = kept.rename(columns={"respondent": "person"})
    for group in value_groups(folder=study.folder):
        yield f"values.{group.id}", kept[kept["value"].isin(group.values)], True
    persons = kept.groupby("value")["person"].nunique()
    for value in sorted(persons.index[persons >= RARE]):
        yield f"values.value.{value}", kept[kept["value"] == value], False


def _measure(name: str) -> Measure:
    return Measure(
        id=name, perspective="organisation", side="staff", kind="share", source={"table": TABLE}, unit="share", decimals=0,
        direction=0, important=None, important_certainty="none", minimum_n=5, chart="p", scale=None, texts={},
    )


def _records(frames: list[pd.DataFrame]) -> list[dict]:
    return pd.concat(frames, ignore_index=True).to_dict("records") if frames else []
