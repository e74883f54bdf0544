"""The same persons judged by seven formulas side by side, and by a clinical cut-off beside reliable change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..result import ALL
from ..stats.change_class import CLASSES, change_class
from ..stats.estimate import NotEstimable
from ..stats.growth_change import growth_change
from ..stats.proportions import wilson
from ..stats.reliable_change import METHODS, side_by_side

if TYPE_CHECKING:
    from ..measures import Measure
    from ..scoring.change_inputs import ChangeInputs
    from ..stats.reliable_change import ReliableChange

FORMULAS = (*METHODS, "HLM")
"""Names as in R's clinicalsignificance."""
CHAINS = (("JT", "HA"), ("EN", "GLN", "NK", "HLL"))
"""Formulas that set a limit on the same quantity (the change; the second score less what the first predicts): one's
persons lie inside another's. The order is the order in which the gate keeps them."""
SIDES = ("improved", "deteriorated")
SLOPES_BY = 365.25


def formula_shares(*, pairs: pd.DataFrame, forms: pd.DataFrame, inputs: ChangeInputs, sd: float, measure: Measure,
                   conf_level: float) -> Iterator[dict]:
    """Series rows, all departments: ``<measure>.improved_<formula>`` and ``.deteriorated_<formula>``, each a share.

    pairs: ``department, person, phase, first, last``; forms: ``person, date, value`` of every form. Kind ``formula``: one row per phase for
    the two-point formulas (means and spread of the persons in that phase, the published reliability, the given
    ``sd``), phase ``all`` for HLM, from all forms of those with three or more. A formula that cannot be worked out is
    not there.
    """
    for phase, part in pairs.groupby("phase", sort=False):
        first, last = part["first"].to_numpy(dtype=float), part["last"].to_numpy(dtype=float)
        try:
            found = side_by_side(before=first, after=last, reliability=inputs.reliability.value, sd=sd,
                                 reliability_name=inputs.reliability.method, sd_name="own_first")
        except NotEstimable:
            continue
        for name, change in found.items():
            classes = change_class(change=change, direction=measure.direction)
            for side in SIDES:
                yield _share(part, classes == side, conf_level) | {
                    "measure": f"{measure.id}.{side}_{name}", "kind": "formula", "phase": phase, "method": f"change_{name}"}
    yield from _slopes(forms, measure, conf_level)


def _slopes(forms: pd.DataFrame, measure: Measure, conf_level: float) -> Iterator[dict]:
    days = (forms["date"] - forms["date"].min()).dt.days.to_numpy(dtype=float)
    try:
        found = growth_change(person=forms["person"].to_numpy(dtype=object), time=days / SLOPES_BY,
                              value=forms["value"].to_numpy(dtype=float))
    except NotEstimable:
        return
    gain = found["reliable"].to_numpy() * np.sign(found["index"].fillna(0).to_numpy()) * measure.direction
    for side, sign in zip(SIDES, (1, -1), strict=True):
        yield _share(found, gain == sign, conf_level) | {
            "measure": f"{measure.id}.{side}_HLM", "kind": "formula", "phase": "all", "method": "change_HLM"}


def clinical_shares(*, pairs: pd.DataFrame, change: ReliableChange, inputs: ChangeInputs, measure: Measure,
                    conf_level: float) -> Iterator[dict]:
    """Series rows, all departments, by the instrument's first cut-off: ``<measure>.clinical``, five kinds
    ``phase_<class>`` that add up and are hidden together; ``<measure>.recovered``, kind ``alone``, the first of them."""
    limit = inputs.cutoff
    classes = change_class(change=change, direction=measure.direction, before=pairs["first"].to_numpy(dtype=float),
                           after=pairs["last"].to_numpy(dtype=float), limit=limit.value, side=limit.side)
    for phase, place in pairs.groupby("phase", sort=False).indices.items():
        part, own = pairs.iloc[place], classes[place]
        for name in CLASSES:
            row = _share(part, own == name, conf_level) | {"phase": phase, "method": "change_JT"}
            yield row | {"measure": f"{measure.id}.clinical", "kind": f"phase_{name}"}
            if name == "recovered":
                yield row | {"measure": f"{measure.id}.recovered", "kind": "alone"}


def nested_measures(*, measure: Measure) -> tuple[tuple[str, ...], ...]:
    """Which of these measures count persons inside each other's, for ``Spec.nested``. Jacobson-Truax is
    ``<measure>.improved`` too."""
    chains = [tuple(f"{measure.id}.{side}_{name}" for name in chain) for chain in CHAINS for side in SIDES]
    return (*chains, (f"{measure.id}.improved", f"{measure.id}.recovered"))


def _share(part: pd.DataFrame, inside: np.ndarray, conf_level: float) -> dict:
    n, hits = float(len(part)), float(inside.sum())
    low, high = wilson(events=hits, n=n, conf_level=conf_level)
    return {
        "department": ALL, "value": hits / n, "conf_low": low, "conf_high": high, "conf_level": conf_level, "numerator": hits,
        "denominator": n, "n": n, "persons": float(part["person"].nunique()),
        "persons_numerator": float(part.loc[inside, "person"].nunique()),
        "persons_complement": float(part.loc[~inside, "person"].nunique()),
        "persons_top_share": float(part["person"].value_counts().iloc[0]) / n, "unit": "share",
    }
