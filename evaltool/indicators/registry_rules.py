"""Rules about the stays of one person, on plain arrays: the same stay twice, overlaps, two open stays, stays after death."""

from __future__ import annotations

from collections import Counter
from collections.abc import Set
from dataclasses import dataclass

import numpy as np

from ..intake.repeats import overlapping
from .chaining import DAY
from .person_order import person_order
from .registry import StayArrays

REFUSED, BACKWARDS, DEATH, OPEN, BEYOND, WITHHELD = 1, 2, 4, 8, 16, 32
"""Bits of ``StayArrays.marks``: a rule keeps the row out; it ends before it begins; it ends with the death of the person; it has
no end; a rule for which study.toml sets no limit keeps it out; the person has withdrawn."""
NEVER = np.iinfo(np.int64).max
"""The end of a stay without an end, and the day of death of somebody who lives."""
COLUMN = {"S02": "person", "S08": "admitted", "S10": "admitted", "S15": "discharged"}
"""Rule -> the column it is said of."""


@dataclass(frozen=True)
class Deaths:
    """Who is known to have died: ``person`` (k,) int64 rising, ``day`` (k,) int64 days since 1970."""

    person: np.ndarray
    day: np.ndarray

    def of(self, person: np.ndarray) -> np.ndarray:
        """(n,) int64 persons -> their day of death, ``NEVER`` where none is known."""
        if not len(self.person):
            return np.full(len(person), NEVER)
        at = np.searchsorted(self.person, person).clip(max=len(self.person) - 1)
        return np.where(self.person[at] == person, self.day[at], NEVER)


NOBODY = Deaths(person=np.zeros(0, dtype=np.int64), day=np.zeros(0, dtype=np.int64))


@dataclass(frozen=True)
class Judged:
    """``stays``: those that stay in, persons together and each person's by start, end and department; ``broken``: rows by rule;
    ``kept_out``: rows that stay out, ``wrong`` of them by a rule without a limit."""

    stays: StayArrays
    broken: Counter[str]
    kept_out: int
    wrong: int


def person_rules(*, stays: StayArrays, deaths: Deaths = NOBODY, limited: Set[str] = frozenset()) -> Judged:
    """Hold all stays of some persons, the refused ones too, against rules S02, S08, S10 and S15 as ``rules.find`` does.

    ``stays.marks`` says what the rules of single rows have found; ``limited``: rules that study.toml sets a limit for. A person's
    stays must all be here. S02 and S10 keep rows out, of equal stays all but the first; S08 and S15 are only counted.
    """
    order = person_order(person=stays.person, start=stays.start, end=stays.end, department=stays.department)
    own, start, end, marks = (getattr(stays, name)[order] for name in ("person", "start", "end", "marks"))
    new = np.ones(len(own), dtype=bool)
    np.not_equal(own[1:], own[:-1], out=new[1:])
    code = np.cumsum(new) - 1
    twice = _repeated(new, start, end, stays.department[order])
    late = _after_death(code=code, start=start, end=end, marks=marks, known=deaths.of(own[new]))
    broken = Counter({"S02": int(twice.sum()), "S10": int(late.sum()), "S08": _overlaps(order, code, start, end, marks, twice),
                      "S15": _open_twice(code, marks, twice)})
    wrong = (marks & BEYOND > 0) | (twice & ("S02" not in limited)) | (late & ("S10" not in limited))
    keep = ~((marks & REFUSED > 0) | twice | late)
    kept = {name: getattr(stays, name)[order[keep]] for name in StayArrays.__dataclass_fields__}
    # A discharge written as a date alone on the day of admission: as ``episodes`` has it.
    np.maximum(kept["end"], kept["start"], out=kept["end"])
    return Judged(stays=StayArrays(**kept), broken=broken, kept_out=int((~keep).sum()), wrong=int((wrong & (marks & WITHHELD == 0)).sum()))


def _repeated(new: np.ndarray, start: np.ndarray, end: np.ndarray, department: np.ndarray) -> np.ndarray:
    """Equal stays stand side by side, the one that stood first in the file first."""
    out = ~new
    for values in (start, end, department):
        out[1:] &= values[1:] == values[:-1]
    return out


def _overlaps(order: np.ndarray, code: np.ndarray, start: np.ndarray, end: np.ndarray, marks: np.ndarray, twice: np.ndarray) -> int:
    rows = np.flatnonzero(~twice & (marks & BACKWARDS == 0))
    if not len(rows):
        return 0
    # Of stays that begin together the one that stands above in the file is the earlier.
    ties = np.flatnonzero((np.diff(code[rows]) == 0) & (np.diff(start[rows]) == 0))
    at = np.unique(np.concatenate([ties, ties + 1]))
    tied = rows[at]
    rows[at] = tied[np.lexsort((order[tied], start[tied], code[tied]))]
    begins, ends, never = start[rows], end[rows], marks[rows] & OPEN > 0
    last = max(int(ends[~never].max(initial=0)), int(begins.max())) + 1
    return int(overlapping(who=code[rows], begins=begins, ends=np.where(never, last, ends)).sum())


def _open_twice(code: np.ndarray, marks: np.ndarray, twice: np.ndarray) -> int:
    who = code[(marks & OPEN > 0) & ~twice]
    return int(np.count_nonzero(who[1:] == who[:-1]))


def _after_death(*, code: np.ndarray, start: np.ndarray, end: np.ndarray, marks: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Begun on a later day than the person died: by ``known`` (persons,), or by a stay that ended in death."""
    last = known.copy()
    ended = np.flatnonzero(marks & DEATH > 0)
    np.minimum.at(last, code[ended], end[ended] // DAY)
    return start // DAY > last[code]
