"""The cells of ``attack_cells`` bounded: what follows at once, and integer programmes for the rest."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attack_cells import CELL, System
from attacker import close
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components


def attack(*, out: System, limit: int) -> tuple[int, list[dict]]:
    """Small cells that are not shown: how many were attacked, and those bounded too closely."""
    f = out.frame
    value, known = f["value"].to_numpy(), f["known"].to_numpy(copy=True)
    low = np.where(f["hidden"] & f["layer"].eq("rows") & (value >= 1), 1.0, 0.0)
    target = (f["persons"].gt(0) & f["persons"].lt(limit) & (value > 0)).to_numpy() & ~f["unit"].str.contains(r"\.(?:staff|leader)-", regex=True).to_numpy()
    matrix, least, most = _as_matrix(out)
    _follow(matrix, least, most, known)
    found = [{**f.iloc[i][["release", *CELL]].to_dict(), "low": value[i], "high": value[i]} for i in np.flatnonzero(target & known)]
    for unknown, lines in _components(matrix, known, target):
        part = matrix[lines]
        told = part[:, known] @ value[known]
        ends = LinearConstraint(part[:, unknown], least[lines] - told, most[lines] - told)
        tables = [value[unknown]]
        for at in np.flatnonzero(target[unknown]):
            if bounded := _narrow(ends, low[unknown], value[unknown], at, limit, tables):
                found.append({**f.iloc[unknown[at]][["release", *CELL]].to_dict(), "low": bounded[0], "high": bounded[1]})
    return int(target.sum()), found


def _as_matrix(out: System) -> tuple[csr_array, np.ndarray, np.ndarray]:
    column = np.concatenate([row[0] for row in out.rows])
    weight = np.concatenate([row[1] for row in out.rows])
    line = np.repeat(np.arange(len(out.rows)), [len(row[0]) for row in out.rows])
    matrix = csr_array((weight, (line, column)), shape=(len(out.rows), len(out.frame)))
    return matrix, np.array([row[2] for row in out.rows]), np.array([row[3] for row in out.rows])


def _follow(matrix: csr_array, least: np.ndarray, most: np.ndarray, known: np.ndarray) -> None:
    """What follows at once, in place: the only unknown of an equation is known."""
    exact = least == most
    there = (matrix != 0).astype(np.int64)
    while True:
        left = there @ (~known).astype(np.int64)
        one = exact & (left == 1)
        if not one.any():
            return
        rows = there[np.flatnonzero(one)].tocoo()
        known[rows.col] = True


def _components(matrix: csr_array, known: np.ndarray, target: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """(positions of unknowns that hang together, their lines), where there is something to attack."""
    free = np.flatnonzero(~known)
    own = abs(matrix[:, free])
    count, label = connected_components(own.T @ own, directed=False)
    line = matrix[:, free].tocsr()
    of_line = np.full(matrix.shape[0], -1)
    for i in range(matrix.shape[0]):
        if line.indptr[i] < line.indptr[i + 1]:
            of_line[i] = label[line.indices[line.indptr[i]]]
    wanted = set(label[target[free]])
    for one in wanted:
        yield free[label == one], np.flatnonzero(of_line == one)


def _narrow(ends: LinearConstraint, low: np.ndarray, value: np.ndarray, at: int, limit: int, tables: list) -> tuple[float, float] | None:
    seen = [table[at] for table in tables]
    if not close(min(seen), max(seen), limit):
        return None
    cost, bounds = np.zeros(len(value)), []
    whole = np.isclose(value, np.round(value)).astype(int)
    highest = 10.0 * value.sum() + 1000.0
    for sign in (1.0, -1.0):
        cost[at] = sign
        done = milp(cost, integrality=whole, bounds=Bounds(low, highest), constraints=ends)
        assert done.x is not None, f"the attacker's own equations do not hold: {done.message}"
        tables.append(np.where(whole == 1, np.round(done.x), done.x))
        bounds.append(done.x[at])
    return tuple(bounds) if close(*bounds, limit) else None
