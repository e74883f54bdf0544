"""Episodes of a registry, part after part, added up to what a table and the gate need: no part is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..design import PHASES, StudyDesign
from .chaining import DAY
from .episodes import seconds
from .registry import REASONS, FollowUp

SIDES = (PHASES.index("before"), PHASES.index("after"))
MOMENTS = ("bb", "bm", "mm", "aa", "an", "nn", "ab", "am", "bn", "mn")
"""Sums over persons of products of ``b`` and ``a`` (readmissions before and after), ``m`` and ``n`` (discharges before and after)."""
SUMS = ("b", "m", "a", "n")


@dataclass(frozen=True)
class RegistryCounts:
    """``levels``: ``n, back, persons, persons_back, persons_not`` by ``department`` (code, or the number of departments for
    all together) and ``phase`` (position in ``PHASES``). ``sides``: by ``department``, started ones only: ``SUMS``, ``MOMENTS``
    and ``persons``, from which a difference and its error clustered on persons follow. ``steps``: ``stays, episodes, persons`` by
    ``merged``, ``episodes``, the codes of ``registry.REASONS``, ``readmitted`` and ``not_readmitted``."""

    levels: pd.DataFrame
    sides: pd.DataFrame
    steps: pd.DataFrame


def phase_table(*, design: StudyDesign, departments: list[str]) -> tuple[np.ndarray, int]:
    """(departments, days) positions in ``PHASES`` and the day (since 1970) of the first column: the day before the first
    start, which all earlier days are like; the last column is ``as_of``."""
    known = seconds(design.register["start"].dropna()) // DAY
    last = int(np.datetime64(design.as_of, "D").astype("int64"))
    low = min(int(known.min(initial=last)), last) - 1
    days = np.arange(low, last + 1)
    place = pd.Series(np.repeat(departments, len(days)), dtype="str")
    moment = pd.Series(np.tile(days, len(departments)).astype("datetime64[D]").astype("datetime64[us]"))
    codes = pd.Categorical(design.phase(department=place, date=moment), categories=PHASES).codes
    return codes.reshape(len(departments), len(days)).astype(np.int8), low


def registry_counts(*, found: Iterable[FollowUp], phase: np.ndarray, low: int, started: np.ndarray) -> RegistryCounts:
    """``found``: parts that share no person. ``phase`` and ``low`` as from ``phase_table``; ``started`` (departments,) bool."""
    n_places = len(phase) + 1
    levels = np.zeros((5, n_places * len(PHASES)), dtype=np.int64)
    sides = np.zeros((len(SUMS) + len(MOMENTS) + 1, n_places))
    names = ("merged", "episodes", *REASONS, "readmitted", "not_readmitted")
    steps = np.zeros((len(names), 3), dtype=np.int64)
    for part in found:
        steps += _steps(part)
        pick = np.flatnonzero(part.reason == 0)
        place, person, back = part.department[pick].astype(np.int64), part.person[pick], part.readmitted[pick]
        when = phase[place, np.clip(part.day[pick] - low, 0, phase.shape[1] - 1)].astype(np.int64)
        for own in (place, np.full(len(place), n_places - 1)):
            levels += _levels(person, own * len(PHASES) + when, back, levels.shape[1])
        known = started[place] & np.isin(when, SIDES)
        person, place, after, back = person[known], place[known], when[known] == SIDES[1], back[known]
        for own in (place, np.full(len(place), n_places - 1)):
            sides += _sides(person, own, after, back, n_places)
    index = pd.MultiIndex.from_product([range(n_places), range(len(PHASES))], names=["department", "phase"])
    return RegistryCounts(
        levels=pd.DataFrame(levels.T, index=index, columns=["n", "back", "persons", "persons_back", "persons_not"]).query("n > 0").reset_index(),
        sides=pd.DataFrame(sides.T, columns=[*SUMS, *MOMENTS, "persons"]).rename_axis("department").reset_index(),
        steps=pd.DataFrame(steps, index=pd.Index(names, name="step"), columns=["stays", "episodes", "persons"]).reset_index(),
    )


def _steps(part: FollowUp) -> np.ndarray:
    reasons = [part.reason == code for code in range(len(REASONS))]
    merged = part.sizes > 1
    picks = [np.ones(len(part.reason), dtype=bool), *reasons, part.readmitted, reasons[0] & ~part.readmitted]
    rows = [(part.sizes[pick].sum(), pick.sum(), _different(part.person[pick])) for pick in picks]
    return np.array([((part.sizes[merged] - 1).sum(), 0, _different(part.person[merged])), *rows], dtype=np.int64)


def _different(person: np.ndarray) -> int:
    """How many persons: the codes never decrease."""
    return int(np.count_nonzero(np.diff(person))) + 1 if len(person) else 0


def _levels(person: np.ndarray, cell: np.ndarray, back: np.ndarray, width: int) -> np.ndarray:
    rows = [np.bincount(cell, minlength=width), np.bincount(cell[back], minlength=width)]
    for pick in (slice(None), back, ~back):
        pairs = np.unique(person[pick] * width + cell[pick])
        rows.append(np.bincount(pairs % width, minlength=width))
    return np.stack(rows)


def _sides(person: np.ndarray, place: np.ndarray, after: np.ndarray, back: np.ndarray, n_places: int) -> np.ndarray:
    """Sums per person and place first, then their products added up by place."""
    pairs, at = np.unique(person * n_places + place, return_inverse=True)
    own = pairs % n_places
    count = lambda pick: np.bincount(at[pick], minlength=len(pairs)).astype(np.float64)  # noqa: E731
    each = {"b": count(back & ~after), "m": count(~after), "a": count(back & after), "n": count(after)}
    rows = [np.bincount(own, weights=each[name], minlength=n_places) for name in SUMS]
    rows += [np.bincount(own, weights=each[one] * each[other], minlength=n_places) for one, other in MOMENTS]
    return np.stack([*rows, np.bincount(own, minlength=n_places).astype(np.float64)])
