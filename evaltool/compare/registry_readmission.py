"""Readmission before and after in a registry too large for a data frame, as a Result: the numbers of ``readmission_by``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..design import PHASES
from ..indicators.flow import COLUMNS as STEP_COLUMNS
from ..indicators.flow import flow_series
from ..indicators.registry_counts import MOMENTS, SUMS, phase_table, registry_counts
from ..measures import measure
from ..result import ALL, SERIES_COLUMNS, SERIES_TEXT, canonical
from ..stats.clustered_difference import clustered_difference
from ..stats.estimate import NotEstimable
from ..stats.proportions import wilson
from .assemble import result, row
from .notes import note

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..design import StudyDesign
    from ..indicators.registry import FollowUp
    from ..indicators.registry_counts import RegistryCounts
    from ..result import Provenance, Result

MEASURE = "readmission_30d_unplanned"


def registry_readmission(
    *, found: Iterable[FollowUp], late: int, design: StudyDesign, departments: list[str], provenance: Provenance, min_persons: int,
    conf_level: float = 0.95,
) -> Result:
    """Estimates and series of ``readmission_by`` as far as they follow from ``found``: risk difference clustered on persons, the
    share by phase with Wilson's interval, and the flow.

    ``found``: parts that share no person; ``departments``: the names of their codes; ``late``: stays that begin after the data.
    The measure is ``readmission_30d_unplanned`` whatever the window of the definition is.
    """
    phase, low = phase_table(design=design, departments=departments)
    counts = registry_counts(found=found, phase=phase, low=low, started=np.isin(departments, design.started))
    names = np.array([*departments, ALL], dtype=object)
    levels = counts.levels.assign(department=names[counts.levels["department"]], phase=np.array(PHASES)[counts.levels["phase"]])
    estimates, notes = _changes(counts, names, levels, design, conf_level)
    series = pd.concat([_shares(levels, conf_level), flow_series(table=_flow(counts, late), min_persons=min_persons)], ignore_index=True)
    return result(
        estimates=estimates, notes=notes, design=design, measures=(MEASURE,), provenance=provenance, conf_level=conf_level, series=series)


def _changes(counts: RegistryCounts, names: np.ndarray, levels: pd.DataFrame, design: StudyDesign, conf_level: float) -> tuple[list[dict], list[dict]]:
    """One row per started department, and ``*`` for all of them."""
    sides = counts.sides.assign(department=names[counts.sides["department"]]).set_index("department")
    seen = levels.set_index(["department", "phase"])["persons"]
    known = [name for name in design.started if sides.at[name, "persons"]]
    estimates, notes = [], []
    for place in [*known, ALL]:
        sums = sides.loc[place, [*SUMS, *MOMENTS, "persons"]].to_dict()
        number = None
        try:
            number = clustered_difference(sums=sums, conf_level=conf_level)
        except NotEstimable as reason:
            notes.append(note(measure=MEASURE, department=place, code=reason.reason, value=float("nan")))
        estimates.append(row(
            measure=measure(MEASURE), department=place, estimand="risk_difference", conf_level=conf_level, method="cluster_robust", found=number,
            counts={"n_before": sums["m"], "n_after": sums["n"], "persons_before": float(seen.get((place, "before"), 0.0)),
                    "persons_after": float(seen.get((place, "after"), 0.0)), "departments": float(len(known)) if place == ALL else 1.0}))
    return estimates, notes


def _shares(levels: pd.DataFrame, conf_level: float) -> pd.DataFrame:
    ends = [wilson(events=k, n=n, conf_level=conf_level) for k, n in zip(levels["back"], levels["n"], strict=True)]
    low, high = np.array(ends).reshape(-1, 2).T
    return canonical(levels.assign(
        measure=MEASURE, kind="phase", value=levels["back"] / levels["n"], conf_low=low, conf_high=high, conf_level=conf_level,
        numerator=levels["back"], denominator=levels["n"], persons_numerator=levels["persons_back"],
        persons_complement=levels["persons_not"], unit="share", method="wilson"), SERIES_COLUMNS, SERIES_TEXT)


def _flow(counts: RegistryCounts, late: int) -> pd.DataFrame:
    """The steps of ``indicators.flow``; who only has stays after the data is not known to be a person more."""
    steps = counts.steps.set_index("step").astype("float64")
    whole = steps.loc["episodes"]
    head = [("all_stays", whole["stays"] + late, np.nan, whole["persons"]), ("after_as_of", float(late), np.nan, 0.0 if late == 0 else np.nan),
            ("merged", steps.at["merged", "stays"], np.nan, steps.at["merged", "persons"])]
    rest = steps.drop(index="merged").reset_index()[list(STEP_COLUMNS)]
    return pd.concat([pd.DataFrame(head, columns=list(STEP_COLUMNS)), rest], ignore_index=True)
