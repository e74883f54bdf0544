"""The result vocabulary: Dataset, Result and Release, the three gates, and their canonical columns.

``Dataset`` is made by ``check``/``store`` only, ``Result`` by ``compare`` and the indicator summaries
only, ``Release`` by ``disclosure.release`` only. ``tests/test_house.py`` keeps that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

ALL = "*"
"""In the ``department`` column: all departments together."""

ESTIMATE_COLUMNS = (
    "measure", "department", "subgroup", "estimand", "contrast", "estimate", "conf_low", "conf_high",
    "conf_level", "std_error", "statistic", "df", "p_value", "p_adjusted", "family", "n_before", "n_after",
    "persons_before", "persons_after", "departments", "unit", "method", "why", "verdict", "claim", "plan_status",
)
"""One row per estimate, one scalar per cell, always all of these. ``why``: the code of why this method was taken."""

ESTIMATE_TEXT = (
    "measure", "department", "subgroup", "estimand", "contrast", "family", "unit", "method", "why", "verdict", "claim",
    "plan_status",
)
"""The text columns among them; all the others are float64 (counts too, so that a gap is NaN)."""

SERIES_COLUMNS = (
    "measure", "department", "subgroup", "kind", "phase", "grain", "period", "value", "conf_low", "conf_high",
    "conf_level", "numerator", "denominator", "n", "persons", "persons_numerator", "persons_complement",
    "persons_top_share", "unit", "method",
)
"""What a figure needs. ``kind``: ``phase`` (one row per phase), ``period`` (one row per calendar period, ``grain``
month, quarter or year, ``period`` its first day) or ``part`` (department, phase and month: what the others are sums
of; for the disclosure gate only). ``persons_numerator`` and ``persons_complement`` count the persons with at least one
row in, and at least one row outside, the numerator of a share; ``persons_top_share`` is the largest share one person
has of the rows, or of the amount where one is added up. The gate lets none of these three out."""

SERIES_TEXT = ("measure", "department", "subgroup", "kind", "phase", "grain", "unit", "method")

NOTE_COLUMNS = ("measure", "department", "subgroup", "code", "severity", "value")
"""Remarks as codes. ``severity``: ``info``, ``caution`` (limits the reading) or ``stop`` (no estimate).
``value``: a number the sentence may quote, or NaN."""

NOTE_TEXT = ("measure", "department", "subgroup", "code", "severity")

STATUSES = ("shown", "suppressed", "no_data", "not_identified")
"""Four different things, never mixed: a released row carries one of them in ``status``."""


@dataclass(frozen=True)
class Provenance:
    """Where the numbers come from. ``as_of``: the last day the data cover."""

    study: str
    snapshot: str
    as_of: dt.date
    version: str
    contracts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Dataset:
    """Validated tables of one snapshot: ``tables[name]`` is a frame that keeps its contract.

    ``registers``: departments, rollout and components (always present as frames, possibly empty).
    """

    tables: Mapping[str, pd.DataFrame]
    registers: Mapping[str, pd.DataFrame]
    provenance: Provenance


@dataclass(frozen=True)
class Spec:
    """The frozen request that made a Result: replay it on new data and get the same answer.

    ``important``: measures whose smallest important change the study has set itself, with that change in their unit.
    ``nested``: groups of measures that count the same rows by limits on one scale, so that each numerator lies inside
    another's: the gate looks at the differences.
    ``rows``: what a measure that is not in the register counts, as ``Measure.rows``.
    """

    measures: tuple[str, ...]
    departments: tuple[str, ...]
    methods: tuple[str, ...]
    conf_level: float = 0.95
    wash_in: str = "planned"
    important: Mapping[str, float] = field(default_factory=dict)
    nested: tuple[tuple[str, ...], ...] = ()
    rows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """Numbers and codes before the disclosure gate; no words, no colours, no fitted model.

    ``register``: one row per department (department, name, service, unit_type, planned_start, start, wash_in_end,
    paused_from, paused_to); ``events``: components log without counts of people (department, component,
    event_date, end_date, co_intervention, dose_value, dose_unit). Both describe the services, not persons.
    """

    estimates: pd.DataFrame
    series: pd.DataFrame
    notes: pd.DataFrame
    register: pd.DataFrame
    events: pd.DataFrame
    spec: Spec
    provenance: Provenance


@dataclass(frozen=True)
class Release:
    """What may be shown. Same frames as Result plus ``status`` in estimates and series; hidden cells are gone,
    not masked. ``policy``: name and thresholds it was made under."""

    estimates: pd.DataFrame
    series: pd.DataFrame
    notes: pd.DataFrame
    register: pd.DataFrame
    events: pd.DataFrame
    spec: Spec
    provenance: Provenance
    policy: Mapping[str, object]


def canonical(frame: pd.DataFrame, columns: tuple[str, ...], text: tuple[str, ...]) -> pd.DataFrame:
    """``frame`` with exactly ``columns`` in order: missing ones added, text as ``str``, ``period`` as a date, the rest float64."""
    import pandas as pd

    index = pd.RangeIndex(len(frame))
    kinds = {name: "str" if name in text else "datetime64[us]" if name == "period" else "float64" for name in columns}
    return pd.DataFrame({
        name: pd.Series(frame[name].to_numpy() if name in frame else None, index=index, dtype=kind) for name, kind in kinds.items()
    }, index=index)


def headline(estimates: pd.DataFrame) -> pd.DataFrame:
    """One row per measure, department and subgroup: the answer to show first.

    For all departments that is the model which carries calendar time (method starts with ``mixed``), else the only
    row there is; the crude comparison stays in the frame as a row of its own.
    """
    crude = (estimates["department"] == ALL) & ~estimates["method"].str.startswith("mixed").fillna(False)
    ranked = estimates.assign(_crude=crude).sort_values("_crude", kind="stable")
    keep = ranked.drop_duplicates(["measure", "department", "subgroup"]).index
    return estimates.loc[estimates.index.isin(keep)]
