"""Everything that is shown of one measure at once: can a hidden count be bounded from phases, series and totals together?

Unknown are the counts of each department, month and phase. What is shown are sums of them. A hidden count is safe
when the sums allow values large enough not to be a small one and far enough apart (linear programme, HiGHS).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, hstack, identity, vstack

from .block import GRAINS, LAYERS, MONTHS_IN, SPLIT, TOTAL, Block, few
from .phases import Cell
from .policies import Policy

RELATIVE_WIDTH = 0.2
"""A hidden amount must be open over at least this share of itself."""
SLACK = 1e-6


@dataclass(frozen=True)
class Atoms:
    """Arrays (n,): what can be in each department, month and phase. ``n`` rows, ``amount`` numerator, ``persons`` (n, 3)."""

    place: np.ndarray
    month: np.ndarray
    phase: np.ndarray
    n: np.ndarray
    amount: np.ndarray
    persons: np.ndarray


def unsafe(
    *, block: Block, grains: dict[int, str | None], hidden: set[Cell], possible: np.ndarray, policy: Policy,
    sums: Sequence[tuple[frozenset[int], int]] = (),
) -> bool:
    """True when some hidden count of the measure is bounded too closely.

    grains: shown grain by department code (and ``TOTAL``). possible: (n, 3) department, month, phase codes that the
    rollout register allows and that are not marked empty. sums: (departments, phase) of which the sum is shown too.
    """
    total = grains.get(TOTAL)
    open_ones = np.array([p for p, g in grains.items() if p != TOTAL and _is_open(p, g, total, hidden)])
    if total is None or not len(open_ones):
        return False
    atoms = _atoms(block, possible[np.isin(possible[:, 0], open_ones)], open_ones)
    system = None
    for layer, amount in _layers(atoms, block.monthly):
        targets = _targets(block, atoms, grains, hidden, open_ones, layer, policy)
        if targets.shape[0]:
            system = _system(atoms, block, grains, hidden, total, sums) if system is None else system
            there = _there(block, atoms, grains, hidden, open_ones) if layer == 0 else None
            if first_narrow(system, amount, targets, policy, there=there) is not None:
                return True
    return False


def _is_open(place: int, grain: str | None, total: str | None, hidden: set[Cell]) -> bool:
    """The total knows more of the department's months than is shown by itself, or one of its phases is hidden."""
    coarser = total is not None and (grain is None or GRAINS.index(grain) > GRAINS.index(total))
    return coarser or any(place == p for p, _ in hidden)


def _atoms(block: Block, possible: np.ndarray, open_ones: np.ndarray) -> Atoms:
    parts = block.parts.where(np.isin(block.parts.place, open_ones))
    mine = np.column_stack([parts.place, parts.month, parts.phase])
    cells, code = np.unique(np.vstack([mine, possible]), axis=0, return_inverse=True)
    numbers = np.zeros((len(cells), 2 + len(LAYERS)))
    numbers[code.ravel()[:len(mine)]] = np.nan_to_num(np.column_stack([parts.n, parts.amount, parts.persons]))
    return Atoms(*cells.T, n=numbers[:, 0], amount=numbers[:, 1], persons=numbers[:, 2:])


def _layers(atoms: Atoms, monthly: bool):
    """(layer of persons, amounts that are added up): rows or nights; numerator and the rest of a share."""
    yield 0, (atoms.amount if monthly else atoms.n)
    if atoms.persons[:, 1:].any():
        yield 1, atoms.amount
        yield 2, atoms.n - atoms.amount


def _groups(*keys: np.ndarray) -> tuple[np.ndarray, csr_array]:
    """The distinct keys, and one row for each over the atoms, with ones where they belong."""
    found, code = np.unique(np.column_stack(keys), axis=0, return_inverse=True)
    code = code.ravel()
    return found, csr_array((np.ones(len(code)), (code, np.arange(len(code)))), shape=(len(found), len(code)))


def _system(atoms: Atoms, block: Block, grains: dict[int, str | None], hidden: set[Cell], total: str, sums) -> csr_array:
    """The sums the reader knows exactly, as rows over atoms."""
    unnamed = block.names.index(SPLIT) if SPLIT in block.names else None
    known = [_groups(atoms.month // MONTHS_IN[total])[1]]
    found, phases = _groups(atoms.place, atoms.phase)
    known.append(phases[np.array([(p, f) not in hidden and f != unnamed for p, f in found.tolist()], dtype=bool)])
    found, phases = _groups(atoms.phase)
    known.append(phases[np.array([(TOTAL, f) not in hidden and f != unnamed for (f,) in found.tolist()], dtype=bool)])
    for places, phase in sums:
        known.append(csr_array((np.isin(atoms.place, list(places)) & (atoms.phase == phase)).astype(float)[None, :]))
    for grain in GRAINS:
        found, periods = _groups(atoms.place, atoms.month // MONTHS_IN[grain])
        known.append(periods[np.array([grains.get(p) == grain for p in found[:, 0].tolist()], dtype=bool)])
    return vstack([rows for rows in known if rows.shape[0]], format="csr")


def _targets(block, atoms, grains, hidden, open_ones, layer: int, policy: Policy) -> csr_array:
    """Hidden cells with too few persons, as rows over atoms: phases, periods of every grain, and single atoms."""
    chosen = [identity(len(atoms.n), format="csr")[few(atoms.persons[:, layer], policy.min_persons)]]
    phases = block.phases.where((block.phases.kind == "phase") & few(block.phases.persons[:, layer], policy.min_persons))
    wanted = {(int(p), int(f)) for p, f in zip(phases.place, phases.phase, strict=True)} & hidden
    chosen.append(_rows_of(wanted, *_groups(atoms.place, atoms.phase)))
    for grain in GRAINS:
        rows = block.periods
        small = (rows.grain == grain) & few(rows.persons[:, layer], policy.min_persons) & np.isin(rows.place, open_ones)
        closed = [p for p in open_ones.tolist() if grains[p] is None or GRAINS.index(grains[p]) > GRAINS.index(grain)]
        small &= np.isin(rows.place, closed)
        wanted = set(zip(rows.place[small].tolist(), (rows.month[small] // MONTHS_IN[grain]).tolist(), strict=True))
        chosen.append(_rows_of(wanted, *_groups(atoms.place, atoms.month // MONTHS_IN[grain])))
    return vstack([rows for rows in chosen if rows.shape[0]] or [csr_array((0, len(atoms.n)))], format="csr")


def _there(block, atoms, grains, hidden: set[Cell], open_ones: np.ndarray) -> csr_array:
    """Hidden phases and years as rows over atoms: what is marked hidden is not empty, and everybody knows that."""
    phases = {(p, f) for p, f in zip(block.phases.place.tolist(), block.phases.phase.tolist(), strict=True) if (p, f) in hidden}
    rows = block.periods
    dark = (rows.grain == "year") & (rows.persons[:, 0] > 0) & np.isin(rows.place, [p for p in open_ones.tolist() if grains[p] is None])
    years = set(zip(rows.place[dark].tolist(), (rows.month[dark] // MONTHS_IN["year"]).tolist(), strict=True))
    chosen = [_rows_of(phases, *_groups(atoms.place, atoms.phase)), _rows_of(years, *_groups(atoms.place, atoms.month // MONTHS_IN["year"]))]
    return vstack(chosen, format="csr")


def _rows_of(wanted: set[tuple[int, int]], found: np.ndarray, groups: csr_array) -> csr_array:
    return groups[np.array([tuple(key) in wanted for key in found.tolist()], dtype=bool)]


def first_narrow(
    system: csr_array, amount: np.ndarray, targets: csr_array, policy: Policy, *, there: csr_array | None = None
) -> int | None:
    """Position of the first target that is bounded too closely, or None.

    system: the sums that are known, as rows over unknown amounts; targets, there: rows over the same. Each target may
    be as large as ``min_persons`` and is open over a stretch of at least that less one; ``there`` are at least 1.
    """
    known = _Known(system, amount, csr_array((0, len(amount))) if there is None else there[there @ amount >= 1.0])
    true = targets @ amount
    width = np.maximum(policy.min_persons - 1.0, RELATIVE_WIDTH * true)
    high = _reach(known, targets, np.maximum(policy.min_persons, true + width), 1.0)
    low = true.copy()
    # A cell that is marked hidden is not empty: its lowest value is 1.
    left = np.flatnonzero(~_open(np.maximum(low, 1.0), high, width, policy))
    low[left] = _reach(known, targets[left], np.maximum(high[left] - width[left], 1.0), -1.0)
    for one in np.flatnonzero(~_open(np.maximum(low, 1.0), high, width, policy)):
        row = targets[[one]]
        high[one] = max(high[one], _move(known, row, np.maximum(policy.min_persons, true[[one]] + width[one]), 1.0)[0])
        if high[one] - max(low[one], 1.0) < width[one] - SLACK:
            low[one] = min(low[one], _move(known, row, np.array([max(high[one] - width[one], 1.0)]), -1.0)[0])
        if not _open(max(low[one], 1.0), high[one], width[one], policy):
            return int(one)
    return None


@dataclass(frozen=True)
class _Known:
    """What a reader knows: the sums of ``system``, of the true ``amount``, and that ``there`` are not empty."""

    system: csr_array
    amount: np.ndarray
    there: csr_array


def _open(low: np.ndarray, high: np.ndarray, width: np.ndarray, policy: Policy) -> np.ndarray:
    return (high >= policy.min_persons - SLACK) & (high - low >= width - SLACK)


def _reach(known: _Known, targets: csr_array, goal: np.ndarray, sign: float) -> np.ndarray:
    """How far towards ``goal`` (up: sign 1, down: -1) the targets go: all at once, then those left, while any gets there."""
    reached = targets @ known.amount
    left = np.flatnonzero(sign * (goal - reached) > SLACK)
    while len(left):
        moved = _move(known, targets[left], goal[left], sign)
        reached[left] = sign * np.maximum(sign * reached[left], sign * moved)
        still = left[sign * (goal[left] - reached[left]) > SLACK]
        if len(still) == len(left):
            break
        left = still
    return reached


def _move(known: _Known, targets: csr_array, goal: np.ndarray, sign: float) -> np.ndarray:
    """Another table with the same sums that moves the targets together as far towards their goals as it goes."""
    from scipy.optimize import linprog

    k, n, more = *targets.shape, known.there.shape[0]
    cost = np.concatenate([np.zeros(n), np.full(k, -sign)])
    step = hstack([-sign * targets, sign * identity(k)], format="csr")
    least = hstack([-known.there, csr_array((more, k))], format="csr")
    ends = np.column_stack([np.zeros(k), goal] if sign > 0 else [goal, np.full(k, np.inf)])
    bounds = np.vstack([np.column_stack([np.zeros(n), np.full(n, np.inf)]), ends])
    done = linprog(cost, A_ub=vstack([step, least], format="csr"), b_ub=np.concatenate([np.zeros(k), -np.ones(more)]),
                   A_eq=hstack([known.system, csr_array((known.system.shape[0], k))], format="csr"),
                   b_eq=known.system @ known.amount, bounds=bounds, method="highs")
    return targets @ done.x[:n] if done.status == 0 else targets @ known.amount
