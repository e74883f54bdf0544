"""The readmission rate under every named definition: the numbers differ because the definitions do."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import pandas as pd

from ..result import ALL, SERIES_COLUMNS, SERIES_TEXT, Dataset, canonical
from ..stats.proportions import wilson
from ..study import Study
from .definitions import ReadmissionDefinition, presets
from .flow import flow, merge_small
from .readmission import readmission
from .study_stays import deaths, starts, study_definition, study_episodes

WINDOWS = (7, 30, 90, 365)
COLUMNS = (
    "definition", "department", "window_days", "numerator", "denominator", "value", "conf_low", "conf_high", "persons",
    "persons_numerator", "persons_complement", "crosses_start",
)


def definitions(*, dataset: Dataset, study: Study, departments: bool = False, conf_level: float = 0.95) -> pd.DataFrame:
    """One row per definition: the study's own at each of ``WINDOWS`` and at its ``window_days``, then the presets.

    ``definition``: ``study`` or the preset's name; ``value``: numerator over denominator with Wilson's interval,
    NaN where nothing is left to count; ``crosses_start``: index episodes whose window crosses a start. With
    ``departments`` also a row for each department that an episode is attributed to.
    """
    rows = []
    for name, definition in _wanted(study).items():
        flags = _flags(dataset=dataset, study=study, definition=definition)
        index = flags[flags["included"]]
        scopes = [(ALL, index)] + ([*index.groupby("department")] if departments else [])
        rows += [_row(name[0], definition, place, part, conf_level) for place, part in scopes]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def readmission_flow(*, dataset: Dataset, study: Study, definition: ReadmissionDefinition) -> pd.DataFrame:
    """The flow table (``flow()``) of the study's stays under one definition."""
    chained = study_episodes(dataset=dataset, study=study, definition=definition)
    flags = _flags(dataset=dataset, study=study, definition=definition)
    return flow(stays=dataset.tables["stays"], episodes=chained, flags=flags, as_of=study.as_of)


def _wanted(study: Study) -> Mapping[tuple[str, int], ReadmissionDefinition]:
    windows = sorted({*WINDOWS, study.readmission.window_days})
    own = study_definition(study=study, window_days=study.readmission.window_days)
    return {("study", days): dataclasses.replace(own, window_days=days) for days in windows} | {
        (name, definition.window_days): definition for name, definition in presets().items()
    }


def _flags(*, dataset: Dataset, study: Study, definition: ReadmissionDefinition) -> pd.DataFrame:
    return readmission(
        episodes=study_episodes(dataset=dataset, study=study, definition=definition), definition=definition,
        as_of=study.as_of, starts=starts(dataset=dataset), deaths=deaths(dataset=dataset),
    )


def _row(name: str, definition: ReadmissionDefinition, place: str, index: pd.DataFrame, conf_level: float) -> tuple:
    back = index["value"] == 1
    n, events = float(len(index)), float(back.sum())
    low, high = wilson(events=events, n=n, conf_level=conf_level) if n else (float("nan"),) * 2
    return (
        name, place, float(definition.window_days), events, n, events / n if n else float("nan"), low, high,
        float(index["person"].nunique()), float(index["person"][back].nunique()), float(index["person"][~back].nunique()),
        float(index["crosses_start"].sum()),
    )


def readmission_series(*, dataset: Dataset, study: Study, conf_level: float = 0.95) -> pd.DataFrame:
    """The two tables as ``result.SERIES_COLUMNS`` of the measure ``readmission_30d_unplanned``, for all departments.

    Kind ``definition``: ``phase`` is the name and the window (``study_30``, ``fhi_like_30``), ``value`` the rate.
    Kind ``flow``: ``phase`` is the step, ``value`` its episodes (stays for the steps before there are any), rare
    reasons merged by the study's ``min_persons``.
    """
    side = definitions(dataset=dataset, study=study, conf_level=conf_level)
    side = side.assign(
        kind="definition", phase=side["definition"] + "_" + side["window_days"].astype("int64").astype("str"), unit="share",
        n=side["denominator"], conf_level=conf_level, method="wilson",
    )
    steps = merge_small(
        table=readmission_flow(dataset=dataset, study=study, definition=study_definition(study=study, window_days=30)),
        min_persons=study.privacy.min_persons,
    )
    steps = steps.assign(
        department=ALL, kind="flow", phase=steps["step"], value=steps["episodes"].fillna(steps["stays"]), n=steps["stays"],
        unit="episodes", method="count",
    )
    both = pd.concat([side, steps], ignore_index=True).assign(measure="readmission_30d_unplanned")
    return canonical(both, SERIES_COLUMNS, SERIES_TEXT)
