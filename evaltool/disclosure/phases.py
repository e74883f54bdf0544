"""Before, after and the other phases: which further departments are hidden so that no hidden one can be worked out.

An exact optimisation: as few phases, series and before/after answers lost as possible, such that in every phase whose
total is shown the hidden departments together could be shown themselves.
"""

from __future__ import annotations

import numpy as np

from .block import TOTAL, Block, Rows, few
from .policies import Policy
from .programme import Programme

ANSWER_PHASES = ("before", "after")
COST_PHASE, COST_ANSWER_PHASE, COST_SERIES, COST_ANSWER, COST_TOTAL = 1.0, 2.0, 4.0, 4.0, 200.0
COST_SIZE, COST_ELSEWHERE = 0.1, 0.5
"""Rather a large department than a small one is shown; and rather one of the same service goes: the service as a whole
may then be shown (``coarser``)."""

Cell = tuple[int, int]
"""(department code or ``TOTAL``, phase code)."""


def hidden_phases(
    *, block: Block, policy: Policy, dark: frozenset[int] = frozenset(), seen: frozenset[Cell] = frozenset()
) -> set[Cell]:
    """The phases to be hidden, those that may not be shown for their own sake included.

    dark: departments of which nothing may be shown. seen: what this reader has been shown before; hiding it now would
    protect nobody, so none of it is in the answer.
    """
    rows = block.phases
    own = {_key(rows, i) for i in np.flatnonzero(rows.risky | np.isin(rows.place, list(dark)))} - seen
    if not own:
        return own
    programme = Programme()
    hidden = _variables(programme, block, own, seen)
    columns = {(rows.kind[i], rows.phase[i]) for i in range(len(rows))}
    for kind, phase in sorted(columns):
        _column(programme, rows.where((rows.kind == kind) & (rows.phase == phase)), hidden, policy)
    found = programme.solve()
    if found is None:  # what was seen stands in the way: nothing that was not seen is added
        return own | (set(hidden) - seen)
    return {key for key, at in hidden.items() if found[at]}


def loss(*, block: Block, place: int, hidden: set[Cell]) -> float:
    """What hiding all of a department's phases would cost beyond what is hidden already."""
    rows = block.phases
    more = {block.names[phase] for p, phase in (_key(rows, i) for i in np.flatnonzero(rows.place == place))
            if (p, phase) not in hidden}
    phases = sum(COST_ANSWER_PHASE if name in ANSWER_PHASES else COST_PHASE for name in more)
    return phases + (COST_ANSWER if more & set(ANSWER_PHASES) else 0.0)


def _key(rows: Rows, i: int) -> Cell:
    return int(rows.place[i]), int(rows.phase[i])


def _variables(programme: Programme, block: Block, own: set[Cell], seen: frozenset[Cell]) -> dict[Cell, int]:
    """One variable per department and phase, one per department's series, one per before/after answer."""
    rows, hidden = block.phases, {}
    answers = {block.names.index(name) for name in ANSWER_PHASES if name in block.names}
    kin = {block.services[place] for place, _ in own if place != TOTAL}
    size = np.nan_to_num(rows.persons[:, 0])
    rank = size.argsort(kind="stable").argsort() / max(len(size), 1)
    for i in range(len(rows)):
        key = _key(rows, i)
        if key not in hidden:
            cost = (COST_ANSWER_PHASE if key[1] in answers else COST_PHASE) + (COST_TOTAL if key[0] == TOTAL else 0.0)
            cost += 0.0 if key[0] == TOTAL or block.services[key[0]] in kin else COST_ELSEWHERE
            hidden[key] = programme.variable(cost + COST_SIZE * rank[i], low=key in own, high=key not in seen)
    lost: dict[tuple[int, str], int] = {}
    for (place, phase), at in hidden.items():
        for what, cost in (("series", COST_SERIES), *((("answer", COST_ANSWER),) if phase in answers else ())):
            if (place, what) not in lost:
                lost[place, what] = programme.variable(cost)
            programme.demand({lost[place, what]: 1.0, at: -1.0})
    return hidden


def _column(programme: Programme, column: Rows, hidden: dict[Cell, int], policy: Policy) -> None:
    """One kind and phase: total = sum of departments (and of those that are not in the frame). A total without departments
    is a number by itself."""
    whole = column.where(column.place == TOTAL)
    parts = column.where((column.place != TOTAL) & (column.persons[:, 0] != 0))
    if not len(whole) or not len(parts):
        return
    total = hidden[_key(whole, 0)]
    at = [hidden[_key(parts, i)] for i in range(len(parts))]
    persons, amount, top = parts.persons, parts.amount, parts.top
    if whole.n[0] - parts.n.sum() > 0.5:
        at.append(programme.variable(0.0, low=True))
        persons = np.vstack([persons, _least_left(whole.persons[0], persons)])
        amount, top = np.append(amount, whole.amount[0] - amount.sum()), np.append(top, 0.0)
    for i, mine in enumerate(at):
        programme.demand({total: 1.0, mine: -1.0} | {other: 1.0 for other in at if other != mine})
        for layer in persons.T:
            if few(layer[i], policy.min_persons) or (np.isnan(layer[i]) and not np.isnan(layer).all()):
                enough = [other for other, p in zip(at, layer, strict=True) if p >= policy.min_persons]
                programme.demand({total: 1.0, mine: -1.0} | dict.fromkeys(enough, 1.0))
        if top[i] > policy.max_share:
            least = top[i] * amount[i] / policy.max_share
            programme.demand(dict(zip(at, amount, strict=True)) | {total: least}, least)


def _least_left(whole: np.ndarray, parts: np.ndarray) -> np.ndarray:
    """Departments that are in the total and not in the frame, taken as one that is hidden: as few persons as can be."""
    return np.where(whole > 0, np.maximum(whole - np.nansum(parts, axis=0), 1.0), whole)
