"""More stays than fit in memory: whole persons at a time, split by a hash, so that no number changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from .person_order import mixed
from .registry import StayArrays

FIELDS = tuple(StayArrays.__dataclass_fields__)


def partition_of(*, person: np.ndarray, n: int) -> np.ndarray:
    """(n,) int64 numbers under ``n``: all stays of a person get the same one."""
    return ((mixed(person) >> np.uint64(40)) % np.uint64(n)).astype(np.int64)


def partitions(
    *, batches: Callable[[], Iterable[StayArrays]], n: int, at_once: int | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Iterator[StayArrays]:
    """The stays of ``batches`` as ``n`` parts, each with all stays of its persons.

    ``batches`` starts a new reading of the source every time it is called. ``at_once`` parts are gathered in one
    reading (all by default): fewer need less memory and more readings. ``progress(done, of)`` after each part.
    """
    step = n if at_once is None else at_once
    for low in range(0, n, step):
        bins = _gather(batches(), n, range(low, min(low + step, n)))
        for number in range(low, min(low + step, n)):
            yield _joined(bins.pop(number))
            progress(number + 1, n)


def _joined(part: list[dict[str, np.ndarray]]) -> StayArrays:
    return StayArrays(**{name: np.concatenate([piece.pop(name) for piece in part]) for name in FIELDS})


def _gather(batches: Iterable[StayArrays], n: int, wanted: range) -> dict[int, list[dict[str, np.ndarray]]]:
    bins: dict[int, list[dict[str, np.ndarray]]] = {number: [] for number in wanted}
    for batch in batches:
        if n == 1:
            bins[0].append({name: getattr(batch, name) for name in FIELDS})
            continue
        number = partition_of(person=batch.person, n=n)
        # A stable sort of small integers is a counting sort in numpy.
        order = np.argsort(number.astype(np.uint16), kind="stable")
        edges = np.searchsorted(number[order], np.arange(n + 1))
        for own in wanted:
            at = order[edges[own]:edges[own + 1]]
            bins[own].append({name: getattr(batch, name)[at] for name in FIELDS})
    return bins
