"""Sums over cells for rows of persons, part after part: what is added up, how many persons, and the most of one person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

AT_ONCE = 500_000
"""Rows that are grouped at a time: a dozen arrays of so many."""


@dataclass(frozen=True)
class Level:
    """One way of grouping. ``table`` (cells below,): the cell of each, -1 for none; ``n`` cells here; ``below``: position of
    the level whose cells they are, None for the cells of the rows themselves."""

    table: np.ndarray
    n: int
    below: int | None = None


class CellSums:
    """``amount``, ``persons`` and ``top`` (the most that one person has) by cell, one array (cells,) per level."""

    def __init__(self, *, levels: Sequence[Level]) -> None:
        self.levels = tuple(levels)
        self.amount, self.persons, self.top = ([np.zeros(level.n, dtype=np.int64) for level in levels] for _ in range(3))

    def add(self, *, person: np.ndarray, cell: np.ndarray, amount: np.ndarray) -> None:
        """Rows (n,) of persons that no earlier call had: ``person`` codes from 0 that never decrease, ``amount`` whole numbers."""
        for own in person_slices(person=person, until=np.arange(1, len(person) + 1)):
            self._add(person[own], cell[own], amount[own])

    def _add(self, person: np.ndarray, cell: np.ndarray, amount: np.ndarray) -> None:
        made: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        for at, level in enumerate(self.levels):
            who, where, much = (person, cell, amount) if level.below is None else made[level.below]
            rows = each_person(person=who, cell=level.table[where], amount=much, n=level.n)
            made.append(rows)
            self.amount[at] += np.bincount(rows[1], weights=rows[2], minlength=level.n).astype(np.int64)
            self.persons[at] += np.bincount(rows[1], minlength=level.n)
            np.maximum.at(self.top[at], rows[1], rows[2])


def person_slices(*, person: np.ndarray, until: np.ndarray, at_once: int = AT_ONCE) -> Iterator[slice]:
    """Stretches of the rows (n,) that hold whole persons and about ``at_once`` pieces at most, or one person alone.

    ``person``: codes that never decrease; ``until`` (n,): how many pieces there are up to and with each row.
    """
    edges = np.append(np.flatnonzero(np.diff(person)) + 1, len(person))
    low, done = 0, 0
    while low < len(person):
        fits = edges[:np.searchsorted(until[edges - 1], done + at_once, side="right")]
        high = int(fits[-1]) if len(fits) and fits[-1] > low else int(edges[np.searchsorted(edges, low, side="right")])
        yield slice(low, high)
        low, done = high, int(until[high - 1])


def each_person(*, person: np.ndarray, cell: np.ndarray, amount: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows (n,) -> one row per person and cell with the amounts added up; rows of cell -1 are left out."""
    used = cell >= 0
    if not used.all():
        person, cell, amount = person[used], cell[used], amount[used]
    if not len(person):
        return person, cell, amount
    key = person * np.int64(n) + cell
    # Rows that stand together first: there are fewer to sort then, and mostly nothing to sort.
    key, amount = _runs(key, amount)
    if (key[1:] < key[:-1]).any():
        order = np.argsort(key, kind="stable")
        key, amount = _runs(key[order], amount[order])
    who = key // n
    return who, key - who * n, amount


def _runs(key: np.ndarray, amount: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    first = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    return key[first], np.add.reduceat(amount, first)
