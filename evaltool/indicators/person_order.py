"""Integer kernel: sort millions of stays by person and time by sorting values, never indices."""

from __future__ import annotations

import numpy as np

_ODD = np.uint64(0x9E3779B97F4A7C15)
"""2^64 divided by the golden ratio, odd: multiplying by it is a one-to-one mix of 64 bits."""


def person_order(
    *, person: np.ndarray, start: np.ndarray, end: np.ndarray, department: np.ndarray, prefix_bits: int | None = None,
) -> np.ndarray:
    """Positions that put the persons together, each person's stays by start, end, department and position.

    All arguments (n,) integers; the order of the persons themselves means nothing. Answers with (n,) int64.

    The person is mixed and cut to the bits that are left beside the row number; one 64-bit word per stay is sorted
    as a value. Persons that fall on the same bits are found and put apart. Stays of a person that then stand out of
    order of time go to a second sort; extracts are mostly written in order of time, so these are few.
    ``prefix_bits`` keeps fewer bits of the person (tests force collisions with it).
    """
    n = len(person)
    if n == 0:
        return np.zeros(0, dtype=np.int64)
    order, opens = _together(person, prefix_bits)
    group = np.cumsum(opens)
    moment = start[order]
    backwards = np.flatnonzero(~opens[1:] & (moment[1:] < moment[:-1]))
    if len(backwards):
        at = _whole_groups(opens, group, backwards)
        sorted_at = at[_by_group_and_moment(group=group[at], moment=moment[at])]
        order[at], moment[at] = order[sorted_at], moment[sorted_at]
    ties = np.flatnonzero(~opens[1:] & (moment[1:] == moment[:-1]))
    if len(ties):
        at = _whole_groups(opens, group, ties)
        rows = order[at]
        order[at] = rows[np.lexsort([department[rows], end[rows], moment[at], group[at]])]
    return order


def mixed(person: np.ndarray) -> np.ndarray:
    """(n,) integers -> (n,) uint64, one to one, with all bits of the person in the high bits."""
    word = person.astype(np.uint64)
    word ^= word >> np.uint64(32)
    return word * _ODD


def _together(person: np.ndarray, prefix_bits: int | None) -> tuple[np.ndarray, np.ndarray]:
    """Positions with equal persons side by side, and where each new person opens."""
    n = len(person)
    low = max(int(n - 1).bit_length(), 1)
    if prefix_bits is not None:
        low = max(low, 64 - prefix_bits)
    shift, mask = np.uint64(low), np.uint64((1 << low) - 1)
    word = mixed(person)
    word &= ~mask
    word |= np.arange(n, dtype=np.uint64)
    word.sort()
    order = (word & mask).astype(np.int64)
    word >>= shift
    same_bits = np.zeros(n, dtype=bool)
    same_bits[1:] = word[1:] == word[:-1]
    del word
    own = person[order]
    opens = np.ones(n, dtype=bool)
    opens[1:] = own[1:] != own[:-1]
    clash = np.flatnonzero(same_bits & opens)
    if len(clash):
        run = np.cumsum(~same_bits)
        at = np.flatnonzero(np.isin(run, np.unique(run[clash])))
        order[at] = order[at][np.lexsort([order[at], own[at], run[at]])]
        own = person[order]
        opens[1:] = own[1:] != own[:-1]
    return order, opens


def _whole_groups(opens: np.ndarray, group: np.ndarray, members: np.ndarray) -> np.ndarray:
    """Positions of all stays of the persons that ``members`` belong to, in order."""
    wanted = np.zeros(int(group[-1]) + 1, dtype=bool)
    wanted[group[members]] = True
    return np.flatnonzero(wanted[group])


def _by_group_and_moment(*, group: np.ndarray, moment: np.ndarray) -> np.ndarray:
    """Order of rows whose equal groups already lie together: one word of group, moment and place in the group.

    Where the three need more than 64 bits (times over centuries and thousands of stays of one person) an ordinary
    two-key sort does it.
    """
    opens = np.diff(group, prepend=group[0] - 1) != 0
    begins = np.flatnonzero(opens)
    rank = np.cumsum(opens) - 1
    place = np.arange(len(group)) - begins[rank]
    since = moment - moment.min()
    bits = [int(part.max()).bit_length() for part in (rank, since, place)]
    if sum(bits) > 64:
        return np.lexsort([moment, group])
    times, places = np.uint64(bits[1]), np.uint64(bits[2])
    word = rank.astype(np.uint64) << times
    word |= since.astype(np.uint64)
    word <<= places
    word |= place.astype(np.uint64)
    del since, place
    word.sort()
    place = (word & ((np.uint64(1) << places) - np.uint64(1))).astype(np.int64)
    # The groups keep their places, so the rank of each word is the rank that already stands there.
    return begins[rank] + place
