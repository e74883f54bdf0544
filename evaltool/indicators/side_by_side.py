"""The readmission rate under every named definition: the numbers differ because the definitions do."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import pandas as pd

from ..result import ALL, SERIES_COLUMNS, SERIES_TEXT, Dataset, canonical
from ..stats.proportions import wilson
from ..study import NAMED_WINDOWS, Study
from .definitions import WISHED, ReadmissionDefinition, presets
from .flow import flow, flow_series
from .readmission import readmission
from .study_stays import deaths, starts, study_definition, study_episodes

COLUMNS = (
    "definition", "department", "window_days", "numerator", "denominator", "value", "conf_low", "conf_high", "persons",
    "persons_numerator", "persons_complement", "crosses_start",
    "persons_differ",
)


def definitions(*, dataset: Dataset, study: Study, departments: bool = False, conf_level: float = 0.95) -> pd.DataFrame:
    """One row per definition: the study's own at each of ``study.NAMED_WINDOWS`` and at its ``window_days``, then the presets.

    ``definition``: ``study`` or the preset's name; ``value``: numerator over denominator with Wilson's interval,
    NaN where nothing is left to count; ``crosses_start``: index episodes whose window crosses a start;
    ``persons_differ``: fewest persons that tell its readmissions from those of a row above (rows alike apart). With
    ``departments`` also a row for each department that an episode is attributed to.
    """
    rows, told, differ = [], [], []
    chained: dict[tuple[float, str], pd.DataFrame] = {}
    for name, definition in _wanted(study).items():
        chain = (definition.transfer_gap_hours, definition.attribute_to)
        if chain not in chained:
            chained[chain] = study_episodes(dataset=dataset, study=study, definition=definition)
        flags = _flags(chained[chain], dataset, study, definition)
        index = flags[flags["included"]]
        scopes = [(ALL, index)] + ([*index.groupby("department")] if departments else [])
        rows += [_row(name[0], definition, place, part, conf_level) for place, part in scopes]
        back = index[index["value"] == 1]
        known = set(zip(back["person"], back["date"], strict=True))
        fewest = min((len({who for who, _ in known ^ other}) for other in told if known != other), default=float("nan"))
        told.append(known)
        differ += [fewest] * len(scopes)
    return pd.DataFrame(rows, columns=list(COLUMNS[:-1])).assign(persons_differ=differ)


def readmission_flow(*, dataset: Dataset, study: Study, definition: ReadmissionDefinition) -> pd.DataFrame:
    """The flow table (``flow()``) of the study's stays under one definition, and after it the wished-for stays: index
    episodes followed within the same window by one of each kind of ``WISHED``."""
    chained = study_episodes(dataset=dataset, study=study, definition=definition)
    flags = _flags(chained, dataset, study, definition)
    steps = flow(stays=dataset.tables["stays"], episodes=chained, flags=flags, as_of=study.as_of)
    index, sizes = flags["included"].to_numpy(), chained["n_stays"].to_numpy()
    apart = []
    for kind in WISHED:
        other = _flags(chained, dataset, study, dataclasses.replace(definition, event_types=(kind,), look="any"))
        back = index & (other["value"] == 1).to_numpy()
        apart.append((f"back_{kind}", float(sizes[back].sum()), float(back.sum()), float(flags["person"][back].nunique())))
    return pd.concat([steps, pd.DataFrame(apart, columns=steps.columns)], ignore_index=True)


def _wanted(study: Study) -> Mapping[tuple[str, int], ReadmissionDefinition]:
    own = study_definition(study=study, window_days=study.readmission.window_days)
    days = max(own.lower_gap_days, own.lower_gap_hours / 24)
    windows = [window for window in sorted({*NAMED_WINDOWS, own.window_days}) if window >= days]
    return {("study", days): dataclasses.replace(own, window_days=days) for days in windows} | {
        (name, definition.window_days): definition for name, definition in presets().items()
    }


def readmission_flags(*, dataset: Dataset, study: Study, definition: ReadmissionDefinition) -> pd.DataFrame:
    """``readmission()`` of the study's stays under one definition: every episode in or out, and why."""
    return _flags(study_episodes(dataset=dataset, study=study, definition=definition), dataset, study, definition)


def _flags(chained: pd.DataFrame, dataset: Dataset, study: Study, definition: ReadmissionDefinition) -> pd.DataFrame:
    return readmission(
        episodes=chained, definition=definition, as_of=study.as_of, starts=starts(dataset=dataset), deaths=deaths(dataset=dataset),
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


def readmission_series(
    *, dataset: Dataset, study: Study, definition: ReadmissionDefinition | None = None, conf_level: float = 0.95,
) -> pd.DataFrame:
    """The two tables as ``result.SERIES_COLUMNS``, for all departments; the flow of ``definition`` (the study's own).
    ``measure``: ``readmission.definitions`` and ``readmission.flow``.

    Kind ``definition``: ``phase`` is the name and the window (``study_30``, ``fhi_like_30``), ``value`` the rate.
    Kind ``flow``: ``phase`` is the step, ``value`` its episodes (stays for the steps before there are any), rare
    reasons merged by the study's ``min_persons``.
    """
    side = definitions(dataset=dataset, study=study, conf_level=conf_level)
    side = side.assign(
        kind="definition", phase=side["definition"] + "_" + side["window_days"].astype("int64").astype("str"), unit="share",
        n=side["denominator"], conf_level=conf_level, method="wilson",
        # Two definitions that a few people tell apart would, side by side, show these few.
        persons_numerator=side[["persons_numerator", "persons_differ"]].min(axis=1),
    )
    own = study_definition(study=study, window_days=study.readmission.window_days)
    steps = readmission_flow(dataset=dataset, study=study, definition=definition or own)
    both = [canonical(side.assign(measure="readmission.definitions"), SERIES_COLUMNS, SERIES_TEXT),
            flow_series(table=steps, min_persons=study.privacy.min_persons)]
    return pd.concat(both, ignore_index=True)
