"""Integer kernel: which stays of a person belong to one episode."""

from __future__ import annotations

import numpy as np

DAY = 86_400
"""Seconds in a day: all times inside the kernels are whole seconds since 1970 as int64."""


def gap_limit(*, transfer_gap_hours: float, time_of_day: bool) -> int:
    """Longest pause in seconds that still is a transfer.

    With time of day a pause *under* ``transfer_gap_hours`` is a transfer (eight hours exactly is not); with dates
    only, whole days up to ``transfer_gap_hours / 24`` (0 to 23 hours: same day; 24: the next day too). Stays that
    overlap or adjoin always are one episode.
    """
    if time_of_day:
        return max(int(np.ceil(transfer_gap_hours * 3600)) - 1, 0)
    return int(transfer_gap_hours // 24) * DAY


def chain(*, person: np.ndarray, start: np.ndarray, end: np.ndarray, limit: int) -> tuple[np.ndarray, np.ndarray]:
    """Where episodes open, for stays that are sorted by person and start.

    ``person`` (n,) int64 codes from 0 that never decrease, ``start`` and ``end`` (n,) int64 seconds, ``limit`` from
    ``gap_limit``. A stay opens an episode when it begins more than ``limit`` after the latest discharge of all
    earlier stays of the person: a running maximum, because a long stay can cover several short ones.

    Returns ``opens`` (n,) bool and ``latest`` (n,) int64: that running maximum, the stay itself included. A stay that
    does not open an episode and starts before the ``latest`` of the one before it overlaps.
    """
    n = len(person)
    if n == 0:
        return np.zeros(0, dtype=bool), np.zeros(0, dtype=np.int64)
    low = int(min(start.min(), end.min()))
    span = int(max(start.max(), end.max())) - low + limit + 2
    # One running maximum over all persons: each person's times lie above all times of the persons before.
    offset = person * span
    offset -= low
    latest = end + offset
    np.maximum.accumulate(latest, out=latest)
    latest -= offset
    opens = np.ones(n, dtype=bool)
    np.greater(start[1:] - latest[:-1], limit, out=opens[1:])
    opens[1:] |= person[1:] != person[:-1]
    return opens, latest


def last_out(*, opens: np.ndarray, end: np.ndarray, latest: np.ndarray) -> np.ndarray:
    """Position of the stay of each episode that ended last; at a tie the one that began last."""
    closes = np.flatnonzero(np.append(opens[1:], True)[:len(opens)])
    inner = np.flatnonzero(end[closes] < latest[closes])
    if len(inner):
        # A long stay covers the one that began last: look for it among the stays of these episodes only.
        episode = np.cumsum(opens) - 1
        wanted = np.zeros(len(closes), dtype=bool)
        wanted[inner] = True
        at = np.flatnonzero(wanted[episode] & (end == latest[closes][episode]))
        closes[episode[at]] = at
    return closes
