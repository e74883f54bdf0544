"""Episodes of a registry, part after part, added up to what a table and the gate need: no part is kept."""

from __future__ import annotations

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
STEPS = ("merged", "episodes", *REASONS, "readmitted", "not_readmitted")


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


class ReadmissionSums:
    """The sums behind ``RegistryCounts``. ``phase`` and ``low`` as from ``phase_table``; ``started`` (departments,) bool."""

    def __init__(self, *, phase: np.ndarray, low: int, started: np.ndarray) -> None:
        self._phase, self._low, self._started = phase, low, started
        self._places = len(phase) + 1
        self._levels = np.zeros((5, self._places * len(PHASES)), dtype=np.int64)
        self._sides = np.zeros((len(side_names()), self._places))
        self._steps = np.zeros((len(STEPS), 3), dtype=np.int64)

    def add(self, *, found: FollowUp) -> None:
        """The episodes of persons that no earlier call had."""
        self._steps += _steps(found)
        pick = np.flatnonzero(found.reason == 0)
        place, person, back = found.department[pick].astype(np.int64), found.person[pick], found.readmitted[pick]
        when = self._phase[place, np.clip(found.day[pick] - self._low, 0, self._phase.shape[1] - 1)].astype(np.int64)
        for own in (place, np.full(len(place), self._places - 1)):
            self._levels += _levels(person, own * len(PHASES) + when, back, self._levels.shape[1])
        self._sides += side_sums(person=person, place=place, phase=when, event=back, started=self._started)

    def counts(self) -> RegistryCounts:
        """What has been added up so far."""
        index = pd.MultiIndex.from_product([range(self._places), range(len(PHASES))], names=["department", "phase"])
        levels = pd.DataFrame(self._levels.T, index=index, columns=["n", "back", "persons", "persons_back", "persons_not"])
        return RegistryCounts(
            levels=levels.query("n > 0").reset_index(),
            sides=pd.DataFrame(self._sides.T, columns=list(side_names())).rename_axis("department").reset_index(),
            steps=pd.DataFrame(self._steps, index=pd.Index(STEPS, name="step"), columns=["stays", "episodes", "persons"]).reset_index(),
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


def side_names() -> tuple[str, ...]:
    """The rows of ``side_sums``."""
    return (*SUMS, *MOMENTS, "persons")


def side_sums(*, person: np.ndarray, place: np.ndarray, phase: np.ndarray, event: np.ndarray, started: np.ndarray) -> np.ndarray:
    """(``side_names()``, departments and all of them) sums over the rows (n,) before and after in departments that have started."""
    n_places = len(started) + 1
    known = started[place] & np.isin(phase, SIDES)
    person, place, after, event = person[known], place[known], phase[known] == SIDES[1], event[known]
    return sum(_sides(person, own, after, event, n_places) for own in (place, np.full(len(place), n_places - 1)))


def _sides(person: np.ndarray, place: np.ndarray, after: np.ndarray, back: np.ndarray, n_places: int) -> np.ndarray:
    """Sums per person and place first, then their products added up by place."""
    pairs, at = np.unique(person * n_places + place, return_inverse=True)
    own = pairs % n_places
    count = lambda pick: np.bincount(at[pick], minlength=len(pairs)).astype(np.float64)  # noqa: E731
    each = {"b": count(back & ~after), "m": count(~after), "a": count(back & after), "n": count(after)}
    rows = [np.bincount(own, weights=each[name], minlength=n_places) for name in SUMS]
    rows += [np.bincount(own, weights=each[one] * each[other], minlength=n_places) for one, other in MOMENTS]
    return np.stack([*rows, np.bincount(own, minlength=n_places).astype(np.float64)])
