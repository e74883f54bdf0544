"""From numbers to the words a clinic uses: recovered, improved, unchanged, deteriorated, harmed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .estimate import NotEstimable
from .reliable_change import ReliableChange

CLASSES = ("recovered", "improved", "unchanged", "deteriorated", "harmed")
CUTOFFS = ("a", "b", "c")


@dataclass(frozen=True)
class Reference:
    """Mean and SD of a group (clinical or functional), and whose they are."""

    mean: float
    sd: float
    name: str


def cutoff(*, kind: str, direction: int, clinical: Reference, functional: Reference | None = None) -> float:
    """Jacobson and Truax's (1991) cut-off between the clinical and the functional group, in points.

    ``a``: two SD beyond the clinical mean; ``b``: within two SD of the functional mean (its own SD); ``c``: the
    crossing of the two. ``direction``: 1 higher is better, -1 lower is better. ``b`` and ``c`` need ``functional``.
    """
    if kind not in CUTOFFS or direction not in (1, -1):
        raise ValueError((kind, direction))
    if kind == "a":
        return clinical.mean + direction * 2 * clinical.sd
    if functional is None:
        raise NotEstimable("no_functional_reference")
    if kind == "b":
        return functional.mean - direction * 2 * functional.sd
    return (clinical.sd * functional.mean + functional.sd * clinical.mean) / (clinical.sd + functional.sd)


def change_class(*, change: ReliableChange, direction: int, before: np.ndarray | None = None,
                 after: np.ndarray | None = None, limit: float | None = None, side: str = "") -> np.ndarray:
    """A class per person, (n,) text, "" where the index is missing.

    Without ``limit``: improved, unchanged, deteriorated. With ``limit`` (and ``before`` and ``after``): reliable
    change from the clinical to the functional side of it is ``recovered``, the opposite ``harmed``. ``side``: what the
    source says belongs together, ``at_or_above``, ``above``, ``at_or_below`` or ``below`` the limit, so that exactly
    on it is one of the sides; "": exactly on it is neither. ``direction``: 1 higher is better, -1 lower is better.
    """
    if direction not in (1, -1) or side not in ("", "at_or_above", "above", "at_or_below", "below"):
        raise ValueError((direction, side))
    index = direction * change.index
    better, worse = index > change.critical, index < -change.critical
    out = np.select([np.isnan(index), better, worse], ["", "improved", "deteriorated"], default="unchanged").astype(object)
    if limit is not None:
        was, now = (_functional(values, limit, side, direction) for values in (before, after))
        out[better & (was == 0) & (now == 1)] = "recovered"
        out[worse & (was == 1) & (now == 0)] = "harmed"
    return out


def _functional(values: np.ndarray, limit: float, side: str, direction: int) -> np.ndarray:
    """1 on the functional side, 0 on the clinical one, 0.5 exactly on a limit that no side owns; six decimals."""
    above = np.sign(np.round(values, 6) - limit)
    on = {"at_or_above": 1, "below": 1, "at_or_below": -1, "above": -1}.get(side, 0)
    return 0.5 + 0.5 * direction * np.where(above == 0, on, above)


def important_change_class(*, before: np.ndarray, after: np.ndarray, direction: int, important: float) -> np.ndarray:
    """improved, unchanged or deteriorated by the smallest important change for one person; at the limit counts."""
    gain = direction * (after - before)
    return np.select(
        [np.isnan(gain), gain >= important, gain <= -important], ["", "improved", "deteriorated"], default="unchanged"
    ).astype(object)
