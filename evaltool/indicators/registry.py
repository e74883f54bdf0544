"""The readmission pipeline on plain arrays, for millions of stays: the same answers as ``episodes`` and ``readmission``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .chaining import DAY, chain, gap_limit, last_out
from .definitions import ADMISSION_TYPES, ReadmissionDefinition
from .person_order import person_order

OTHER, DIED, TRANSFERRED_OUT, LEFT_OUT = range(4)
"""``way_out`` of a stay."""

REASONS = ("index", "ongoing", "died", "transferred_out", "left_out", "kind_not_followed", "follow_up_incomplete")
"""``reason`` codes of ``FollowUp``: 0 is in the denominator. A stay without a person must not come here."""


@dataclass(frozen=True)
class StayArrays:
    """Stays as arrays (n,): ``person`` int64, ``department`` integer codes, ``start`` and ``end`` int64 seconds since
    1970 (any moment after the data for an ongoing stay), ``kind`` position in ``ADMISSION_TYPES``, ``way_out``, ``marks``: what
    rules have said of it (``registry_rules``)."""

    person: np.ndarray
    department: np.ndarray
    start: np.ndarray
    end: np.ndarray
    kind: np.ndarray
    way_out: np.ndarray
    marks: np.ndarray


@dataclass(frozen=True)
class FollowUp:
    """One entry per episode: ``department`` it is attributed to, ``day`` of discharge (days since 1970), ``reason``
    (position in ``REASONS``), ``readmitted`` (False outside the denominator), ``person`` (codes from 0 that never
    decrease), ``sizes``: stays that were chained; ``first_department`` and ``began`` (day) of admission; ``n_stays`` in all."""

    person: np.ndarray
    department: np.ndarray
    day: np.ndarray
    reason: np.ndarray
    readmitted: np.ndarray
    sizes: np.ndarray
    first_department: np.ndarray
    began: np.ndarray
    n_stays: int


def follow_up(
    *, stays: StayArrays, definition: ReadmissionDefinition, close: int, time_of_day: bool, prefix_bits: int | None = None,
    died_on: Callable[[np.ndarray], np.ndarray] | None = None,
) -> FollowUp:
    """Chain the stays and say of every episode whether it is followed up and was followed by a readmission.

    ``close``: the midnight that ends the data, in seconds; stays that begin later are not there yet. ``died_on``: persons (n,)
    -> day of death, where a list of deaths is at hand; a discharge on that day is a death, as in ``readmission``. Only
    definitions with ``unit="episode"``, ``where="any"`` and neither ``drop_crossing`` nor ``drop_deaths`` (ValueError
    otherwise: they need registers of starts and deaths).
    """
    if not countable(definition=definition):
        raise ValueError("follow_up knows unit='episode', where='any', drop_crossing=False and drop_deaths=False")
    stays = _in_time(stays, close, time_of_day)
    order = person_order(
        person=stays.person, start=stays.start, end=stays.end, department=stays.department, prefix_bits=prefix_bits,
    )
    own = stays.person[order]
    code = np.zeros(len(own), dtype=np.int64)
    np.cumsum(own[1:] != own[:-1], out=code[1:])
    start, end = stays.start[order], stays.end[order]
    limit = gap_limit(transfer_gap_hours=definition.transfer_gap_hours, time_of_day=time_of_day)
    opens, latest = chain(person=code, start=start, end=end, limit=limit)
    first, last = np.flatnonzero(opens), last_out(opens=opens, end=end, latest=latest)
    del latest
    chosen = last if definition.attribute_to == "last" else first
    begin, until, person = start[first], end[last], code[first]
    del start, end, code
    gone = None if died_on is None else died_on(own[first]) == until // DAY
    del own
    kind = stays.kind[order[first]]
    died = np.logical_or.reduceat(stays.way_out[order] == DIED, first) if len(first) else np.zeros(0, dtype=bool)
    died = died if gone is None else died | gone
    reason = _reason(
        kind=kind, until=until, way_out=stays.way_out[order[last]], died=died, definition=definition, close=close,
    )
    followed = np.flatnonzero(reason == 0)
    back = np.zeros(len(first), dtype=bool)
    back[followed] = _readmitted(
        of=followed, person=person, begin=begin, until=until, kind=kind, definition=definition, shortest=limit + 1,
    )
    return FollowUp(
        person=person, department=stays.department[order[chosen]], day=until // DAY, reason=reason, readmitted=back,
        sizes=np.diff(np.append(first, len(order))).astype(np.int32),
        first_department=stays.department[order[first]], began=begin // DAY, n_stays=len(order),
    )


def countable(*, definition: ReadmissionDefinition) -> bool:
    """Can ``follow_up`` count under it?"""
    return (definition.unit, definition.where, definition.drop_crossing, definition.drop_deaths) == ("episode", "any", False, False)


def _in_time(stays: StayArrays, close: int, time_of_day: bool) -> StayArrays:
    """What is known when the data close: later stays gone, later discharges ongoing; whole days where asked for."""
    there = stays.start < close
    if not there.all():
        stays = StayArrays(*(getattr(stays, name)[there] for name in StayArrays.__dataclass_fields__))
    start, end = stays.start, np.minimum(stays.end, close)
    way_out = np.where(end < close, stays.way_out, OTHER).astype(np.uint8)
    if not time_of_day:
        start, end = start // DAY * DAY, end // DAY * DAY
    return StayArrays(stays.person, stays.department, start, end, stays.kind, way_out, stays.marks)


def _reason(*, kind, until, way_out, died, definition: ReadmissionDefinition, close: int) -> np.ndarray:
    """(m,) uint8: the first of ``REASONS`` that holds, written from the last to the first."""
    out = np.zeros(len(until), dtype=np.uint8)
    out[until // DAY + definition.window_days >= close // DAY] = REASONS.index("follow_up_incomplete")
    out[~_among(definition.index_types)[kind]] = REASONS.index("kind_not_followed")
    out[way_out == LEFT_OUT] = REASONS.index("left_out")
    out[way_out == TRANSFERRED_OUT] = REASONS.index("transferred_out")
    out[died] = REASONS.index("died")
    out[until >= close] = REASONS.index("ongoing")
    return out


def _readmitted(*, of, person, begin, until, kind, definition: ReadmissionDefinition, shortest: int) -> np.ndarray:
    """For the episodes ``of``: True where a counting episode of the person begins within the window.

    The episodes stand in order of person and time, so the next counting one is a running minimum from behind; where
    it comes before the lower gap is over, the one after it is tried. ``shortest`` pause between two episodes.
    """
    m = len(person)
    event = _among(definition.event_types)[kind]
    places = np.arange(m + 1)
    if definition.look != "next":
        places[:-1][~event] = m
    # follows[i]: the first candidate after episode i; m is nobody.
    follows = np.minimum.accumulate(places[::-1])[::-1][1:]
    at = follows[of]
    lower = int(np.ceil(definition.lower_gap_hours * 3600))
    if lower > shortest or definition.lower_gap_days > 0:
        at = _after_lower_gap(at=at, of=of, follows=follows, person=person, begin=begin, until=until, definition=definition)
    out = np.zeros(len(of), dtype=bool)
    some = np.flatnonzero(at < m)
    at, own = at[some], of[some]
    some, at, own = (part[person[at] == person[own]] for part in (some, at, own))
    out[some] = (begin[at] // DAY - until[own] // DAY <= definition.window_days) & event[at]
    return out


def _after_lower_gap(*, at, of, follows, person, begin, until, definition: ReadmissionDefinition) -> np.ndarray:
    """``at``, moved on to the first candidate that does not come too early."""
    out = until[of]
    earliest = np.maximum(
        out + int(np.ceil(definition.lower_gap_hours * 3600)), (out // DAY + definition.lower_gap_days) * DAY,
    )
    at, rows = at.copy(), np.arange(len(of))
    while len(rows):
        rows = rows[at[rows] < len(person)]
        now = at[rows]
        early = (person[now] == person[of[rows]]) & (begin[now] < earliest[rows])
        rows = rows[early]
        at[rows] = follows[now[early]]
    return at


def _among(names: tuple[str, ...]) -> np.ndarray:
    return np.array([name in names for name in ADMISSION_TYPES])


def counts(
    *, found: FollowUp, n_departments: int, low_month: int, n_months: int, started: np.ndarray, washed_in: np.ndarray,
) -> np.ndarray:
    """(departments, months, phases, 2) int64: index episodes and readmissions by month of discharge.

    Months count from ``low_month`` (months since January 1970); discharges outside them are left out. ``started``
    and ``washed_in``: first day of the wash-in and of the after phase by department, days since 1970, the largest
    int64 where there is none. Phases: before, wash_in, after, not_started.
    """
    first, beyond = (int(np.datetime64(m, "M").astype("datetime64[D]").astype("int64")) for m in (low_month, low_month + n_months))
    pick = np.flatnonzero((found.reason == 0) & (found.day >= first) & (found.day < beyond))
    day, department = found.day[pick], found.department[pick].astype(np.int64)
    table = np.arange(first, beyond).astype("datetime64[D]").astype("datetime64[M]").astype("int64") - low_month
    phase = (day >= started[department]).astype(np.int64) + (day >= washed_in[department])
    phase[(started == np.iinfo(np.int64).max)[department]] = 3
    cell = (department * n_months + table[day - first]) * 4 + phase
    shape = (n_departments, n_months, 4)
    whole = np.bincount(cell, minlength=n_departments * n_months * 4)
    back = np.bincount(cell[found.readmitted[pick]], minlength=len(whole))
    return np.stack([whole.reshape(shape), back.reshape(shape)], axis=-1)
