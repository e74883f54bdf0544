"""Readmission before and after in a registry too large for a data frame: the numbers of ``readmission_by``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..design import PHASES
from ..indicators.flow import COLUMNS as STEP_COLUMNS
from ..indicators.flow import flow_series
from ..result import ALL, SERIES_COLUMNS, SERIES_TEXT, canonical
from ..stats.proportions import wilson
from .registry_changes import registry_changes

if TYPE_CHECKING:
    from ..design import StudyDesign
    from ..indicators.registry_counts import RegistryCounts

MEASURE = "readmission_30d_unplanned"


def registry_readmission(
    *, counts: RegistryCounts, design: StudyDesign, departments: list[str], min_persons: int, conf_level: float = 0.95,
) -> tuple[list[dict], list[dict], pd.DataFrame]:
    """Estimates, notes and series of ``readmission_by`` as far as they follow from ``counts``: risk difference clustered on persons,
    the share by phase with Wilson's interval, and the flow.

    ``departments``: the names of their codes. The measure is ``readmission_30d_unplanned`` whatever the window of the definition is.
    """
    names = np.array([*departments, ALL], dtype=object)
    levels = counts.levels.assign(department=names[counts.levels["department"]], phase=np.array(PHASES)[counts.levels["phase"]])
    persons = levels.set_index(["department", "phase"])["persons"].to_dict()
    sides = counts.sides.assign(department=names[counts.sides["department"]])
    estimates, notes = registry_changes(name=MEASURE, sides=sides, persons=persons, design=design, conf_level=conf_level)
    series = pd.concat([_shares(levels, conf_level), flow_series(table=_flow(counts), min_persons=min_persons)], ignore_index=True)
    return estimates, notes, series


def _shares(levels: pd.DataFrame, conf_level: float) -> pd.DataFrame:
    ends = [wilson(events=k, n=n, conf_level=conf_level) for k, n in zip(levels["back"], levels["n"], strict=True)]
    low, high = np.array(ends).reshape(-1, 2).T
    return canonical(levels.assign(
        measure=MEASURE, kind="phase", value=levels["back"] / levels["n"], conf_low=low, conf_high=high, conf_level=conf_level,
        numerator=levels["back"], denominator=levels["n"], persons_numerator=levels["persons_back"],
        persons_complement=levels["persons_not"], unit="share", method="wilson"), SERIES_COLUMNS, SERIES_TEXT)


def _flow(counts: RegistryCounts) -> pd.DataFrame:
    """The steps of ``indicators.flow``; stays after the data have been refused (rule S06)."""
    steps = counts.steps.set_index("step").astype("float64")
    whole = steps.loc["episodes"]
    head = [("all_stays", whole["stays"], np.nan, whole["persons"]), ("after_as_of", 0.0, np.nan, 0.0),
            ("merged", steps.at["merged", "stays"], np.nan, steps.at["merged", "persons"])]
    rest = steps.drop(index="merged").reset_index()[list(STEP_COLUMNS)]
    return pd.concat([pd.DataFrame(head, columns=list(STEP_COLUMNS)), rest], ignore_index=True)
