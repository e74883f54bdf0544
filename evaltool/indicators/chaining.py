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
    """Number the episodes of stays that are sorted by person and start.

    ``person`` (n,) int64 codes from 0 that never decrease, ``start`` and ``end`` (n,) int64 seconds, ``limit`` from
    ``gap_limit``. A stay opens an episode when it begins more than ``limit`` after the latest discharge of all
    earlier stays of the person: a running maximum, because a long stay can cover several short ones.

    Returns ``episode`` (n,) int64 counting from 0 and ``overlap`` (n,) bool: the stay began before that maximum.
    """
    n = len(person)
    if n == 0:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=bool)
    low = int(min(start.min(), end.min()))
    span = int(max(start.max(), end.max())) - low + limit + 2
    offset = person * span - low
    latest = np.maximum.accumulate(end + offset)
    pause = np.empty(n, dtype=np.int64)
    pause[0] = limit + 1
    pause[1:] = start[1:] + offset[1:] - latest[:-1]
    same = np.zeros(n, dtype=bool)
    same[1:] = person[1:] == person[:-1]
    opens = ~same | (pause > limit)
    return np.cumsum(opens) - 1, same & (pause < 0)
