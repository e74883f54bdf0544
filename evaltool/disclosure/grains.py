"""Series over time: each department's finest grain (month, quarter, year) that gives nobody away, or none.

A series is shown without holes and at one grain only, so that periods cannot be subtracted from a sum of them. The
grains of all departments and of the total are chosen together by an integer programme: as fine as possible, such
that in every period in which the total is known the departments that are not shown could be shown together.
"""

from __future__ import annotations

import numpy as np

from .block import GRAINS, MONTHS_IN, TOTAL, Block, Rows, few
from .policies import Policy
from .programme import Programme

COST = {"month": 3.0, "quarter": 2.0, "year": 3.0}
TOTAL_WEIGHT, COST_SIZE = 4.0, 0.1


Grains = dict[int, str | None]
"""Department code (and ``TOTAL``) -> month, quarter, year or None for not at all."""


def shown_grains(
    *, block: Block, blocked: set[int], policy: Policy, coarsest_total: str | None = "month", seen: Grains | None = None,
    floor: Grains | None = None,
) -> tuple[Grains, Grains]:
    """The one grain at which each series is shown, and the grain the reader then knows.

    blocked: departments with a hidden phase. coarsest_total: no finer grain than this for the total, None for no total.
    seen: the grain at which the reader has been shown the series before: she knows it, whatever is shown now.
    floor: no finer grain than this for a department (None: not at all).
    """
    rows, seen = block.periods, seen or {}
    places = list(dict.fromkeys(rows.place.tolist()))
    allowed = _allowed(block, places, blocked, policy)
    limit = GRAINS.index(coarsest_total) if coarsest_total and _complete(rows, block.monthly) else len(GRAINS)
    for (place, grain), fine in allowed.items():
        least = (floor or {}).get(place, "month")
        allowed[place, grain] = fine and least is not None and GRAINS.index(grain) >= GRAINS.index(least)
    for i, grain in enumerate(GRAINS):
        allowed[TOTAL, grain] = allowed.get((TOTAL, grain), False) and i >= limit
    if all(allowed[place, "month"] for place in places):
        return dict.fromkeys(places, "month"), dict.fromkeys(places, "month")
    programme = Programme()
    hidden = _variables(programme, rows, places, allowed, seen)
    if TOTAL in places:
        for grain in GRAINS:
            _demands(programme, rows.where((rows.grain == grain) & (rows.place != TOTAL) & (rows.persons[:, 0] != 0)),
                     grain, hidden, policy)
    found = programme.solve()
    if found is None:
        return dict.fromkeys(places), dict.fromkeys(places) | seen
    known = {place: next((g for g in GRAINS if not found[hidden[place, g]]), None) for place in places}
    return {place: _finest(place, grain, allowed) for place, grain in known.items()}, known


def _finest(place: int, known: str | None, allowed: dict[tuple[int, str], bool]) -> str | None:
    """What is shown of what is known: nothing finer than this policy allows."""
    coarser = GRAINS[GRAINS.index(known):] if known else ()
    return next((grain for grain in coarser if allowed[place, grain]), None)


def _complete(rows: Rows, monthly: bool) -> bool:
    """Do the departments add up to the total? Else the difference would show those that are left out."""
    code = np.unique(np.column_stack([np.searchsorted(GRAINS, rows.grain, sorter=np.argsort(GRAINS)), rows.month]),
                     axis=0, return_inverse=True)[1].ravel()
    sign = np.where(rows.place == TOTAL, 1.0, -1.0)
    both = np.bincount(code, rows.place == TOTAL) * np.bincount(code, rows.place != TOTAL) > 0
    amount = np.bincount(code, sign * np.nan_to_num(rows.amount))
    n = np.zeros_like(amount) if monthly else np.bincount(code, sign * np.nan_to_num(rows.n))
    size = np.bincount(code, np.abs(np.nan_to_num(rows.amount)))
    return not (both & ((amount > 1e-6 * (1.0 + size)) | (n > 0.5))).any()


def _allowed(block: Block, places: list[int], blocked: set[int], policy: Policy) -> dict[tuple[int, str], bool]:
    """(department, grain) -> may its own numbers be shown so? A finer grain only where the coarser ones may."""
    rows, out = block.periods, {}
    risky = {(int(p), g) for p, g in zip(rows.place[rows.risky], rows.grain[rows.risky], strict=True)}
    risky |= _cut_by_a_phase(block.parts, policy)
    for place in places:
        fine = place not in blocked
        for grain in reversed(GRAINS):
            fine = fine and (place, grain) not in risky
            out[place, grain] = fine
    return out


def _cut_by_a_phase(parts: Rows, policy: Policy) -> set[tuple[int, str]]:
    """(department, grain) where a phase begins or ends inside a period and leaves a piece that may not be shown:
    phase less whole periods gives the piece. The persons of a piece are at least those of its largest month."""
    out: set[tuple[int, str]] = set()
    weight = np.abs(parts.amount)
    for grain in GRAINS:
        piece, code = np.unique(np.column_stack([parts.place, parts.month // MONTHS_IN[grain], parts.phase]), axis=0,
                                return_inverse=True)
        code = code.ravel()
        persons = np.zeros((len(piece), parts.persons.shape[1]))
        np.maximum.at(persons, code, np.nan_to_num(parts.persons))
        heavy = np.bincount(code, weight * np.nan_to_num(parts.top), len(piece))
        small = few(persons, policy.min_persons).any(axis=1) | (
            heavy > policy.max_share * np.bincount(code, weight, len(piece)))
        period, own, count = np.unique(piece[:, :2], axis=0, return_inverse=True, return_counts=True)
        cut = small & (count[own.ravel()] > 1) & (persons[:, 0] > 0)
        out |= {(int(place), grain) for place in piece[cut, 0]}
    return out


def _variables(
    programme: Programme, rows: Rows, places: list[int], allowed: dict, seen: Grains
) -> dict[tuple[int, str], int]:
    """``hidden[place, grain]``: the series is not known at this grain or a finer one."""
    size = np.array([np.nansum(rows.persons[rows.place == place, 0]) for place in places])
    rank, hidden = size.argsort(kind="stable").argsort() / len(size), {}
    for i, place in enumerate(places):
        for grain in GRAINS:
            cost = COST[grain] * (TOTAL_WEIGHT if place == TOTAL else 1.0) + COST_SIZE * rank[i]
            known = seen.get(place) in GRAINS[:GRAINS.index(grain) + 1]
            hidden[place, grain] = programme.variable(cost, low=not allowed[place, grain] and not known, high=not known)
        for fine, coarse in zip(GRAINS, GRAINS[1:], strict=False):
            programme.demand({hidden[place, fine]: 1.0, hidden[place, coarse]: -1.0})
    return hidden


def _demands(programme: Programme, rows: Rows, grain: str, hidden: dict, policy: Policy) -> None:
    """One grain: whoever is too few in a period, and is not shown at this grain, is so together with enough others."""
    total = hidden[TOTAL, grain]
    at = np.array([hidden[int(place), grain] for place in rows.place], dtype=int)
    order = np.argsort(rows.month, kind="stable")
    for members in np.split(order, np.flatnonzero(np.diff(rows.month[order])) + 1):
        small = few(rows.persons[members], policy.min_persons)
        enough = rows.persons[members] >= policy.min_persons
        alone = rows.risky[members] | (grain == "year")
        for i in np.flatnonzero(alone | small.any(axis=1)):
            mine = int(at[members[i]])
            groups = [enough[:, layer] for layer in np.flatnonzero(small[i])] + ([np.ones(len(members), dtype=bool)] if alone[i] else [])
            for group in groups:
                others = at[members[group]]
                programme.demand({int(o): 1.0 for o in others if o != mine} | {total: 1.0, mine: -1.0})
            if rows.top[members[i]] > policy.max_share:
                least = rows.top[members[i]] * rows.amount[members[i]] / policy.max_share
                terms = dict(zip(at[members].tolist(), rows.amount[members], strict=True))
                programme.demand(terms | {mine: terms[mine] - least, total: least})
