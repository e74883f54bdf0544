"""Single events as the series that a process chart of them needs: rare ones by the time or the cases between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .estimate import NotEstimable

RARE = 2.0
"""Fewer events per month (or other period) than this are rare: a chart of their number is nearly all 0 and 1."""


@dataclass(frozen=True)
class EventChart:
    """What ``control_limits`` takes: ``kind``, ``values`` and, for shares, ``sizes``; float, (1, points)."""

    kind: str
    values: np.ndarray
    sizes: np.ndarray | None


def event_chart(*, day: np.ndarray, outcome: np.ndarray) -> EventChart:
    """The chart that fits the events among cases, and its series.

    day (n,) datetime64, outcome (n,) bool: was the case an event? Cases of one day in the order in which they stand. Under
    ``RARE`` events per calendar month: ``g`` (cases without event before each, Benneyan 2001), or ``t`` where only events are
    given (days between; several on one day are one point, Nelson 1994). Else by month: ``p``, or ``c`` where only events are
    given, from the first to the last month with a case. Raises NotEstimable: ``no_values`` (a case without a day),
    ``too_few`` (under two events, or all on one day).
    """
    day, outcome = np.asarray(day, dtype="datetime64[D]"), np.asarray(outcome, dtype=bool)
    if np.isnat(day).any():
        raise NotEstimable("no_values")
    order = np.argsort(day, kind="stable")
    day, outcome = day[order], outcome[order]
    if len(np.unique(day[outcome])) < 2:
        raise NotEstimable("too_few")
    month = (day.astype("datetime64[M]") - day[0].astype("datetime64[M]")).astype(int)
    events, cases = (np.bincount(one, minlength=month[-1] + 1).astype(float)[None, :] for one in (month[outcome], month))
    only = bool(outcome.all())
    if events.mean() >= RARE:
        return EventChart("c", events, None) if only else EventChart("p", events, np.where(cases > 0, cases, np.nan))
    if only:
        return EventChart("t", np.diff(np.unique(day)).astype(float)[None, :], None)
    place = np.flatnonzero(outcome)
    return EventChart("g", (np.diff(place, prepend=-1) - 1).astype(float)[None, :], None)
