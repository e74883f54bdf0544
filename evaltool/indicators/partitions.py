"""More stays than fit in memory: whole persons at a time, split by a hash, so that no number changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

import numpy as np

from .person_order import mixed
from .registry import StayArrays

FIELDS = tuple(StayArrays.__dataclass_fields__)


class Shelf(Protocol):
    """Where the pieces of a part wait for each other: in memory, or on disk (``store.PersonShelf``)."""

    def put(self, number: int, piece: dict[str, np.ndarray]) -> None: ...

    def take(self, number: int) -> dict[str, np.ndarray]: ...


class _InMemory:
    def __init__(self) -> None:
        self._pieces: dict[int, list[dict[str, np.ndarray]]] = {}

    def put(self, number: int, piece: dict[str, np.ndarray]) -> None:
        self._pieces.setdefault(number, []).append(piece)

    def take(self, number: int) -> dict[str, np.ndarray]:
        pieces = self._pieces.pop(number, [])
        # One field at a time, and gone from the pieces: the part is never in memory twice.
        return {name: np.concatenate([piece.pop(name) for piece in pieces]) for name in FIELDS} if pieces else {}


def partition_of(*, person: np.ndarray, n: int) -> np.ndarray:
    """(n,) int64 numbers under ``n``: all stays of a person get the same one."""
    return ((mixed(person) >> np.uint64(40)) % np.uint64(n)).astype(np.int64)


def partitions(
    *, batches: Callable[[], Iterable[StayArrays]], n: int, at_once: int | None = None, shelf: Shelf | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Iterator[StayArrays]:
    """The stays of ``batches`` as ``n`` parts, each with all stays of its persons; parts without stays are left out.

    ``batches`` starts a new reading of the source every time it is called. ``at_once`` parts are gathered in one
    reading (all by default), on ``shelf`` (in memory by default). With a shelf on disk the source is read once and one
    batch or one part is in memory at a time, however large the source. ``progress(done, of)`` after each part.
    """
    shelf = _InMemory() if shelf is None else shelf
    step = n if at_once is None else at_once
    for low in range(0, n, step):
        wanted = range(low, min(low + step, n))
        for batch in batches():
            _sort_out(batch, n, wanted, shelf)
        for number in wanted:
            part = shelf.take(number)
            if part and len(part["person"]):
                yield StayArrays(**part)
            del part  # Gone before the next one is there.
            progress(number + 1, n)


def _sort_out(batch: StayArrays, n: int, wanted: range, shelf: Shelf) -> None:
    if n == 1:
        shelf.put(0, {name: getattr(batch, name) for name in FIELDS})
        return
    number = partition_of(person=batch.person, n=n)
    # A stable sort of small integers is a counting sort in numpy.
    order = np.argsort(number.astype(np.uint16), kind="stable")
    edges = np.searchsorted(number[order], np.arange(n + 1))
    for own in wanted:
        at = order[edges[own]:edges[own + 1]]
        shelf.put(own, {name: getattr(batch, name)[at] for name in FIELDS})
