"""Where departments are hidden: their service as a whole, if it may be shown.

The rung between department and municipality. A service is the sum of its departments, so it is one more sum beside
those that are shown already: what is hidden in it, and what is hidden outside it, must each be safe by itself.
"""

from __future__ import annotations

from collections.abc import Set

import numpy as np
import pandas as pd

from ..measures import register
from ..result import Result
from .audit import unsafe
from .block import TOTAL, Block, Rows, few
from .grains import Grains
from .phases import Cell
from .policies import Policy
from .possible import possible, rollout

SIDES = ("before", "after")
PREFIX = "service:"
"""Before the name of a service in ``department``, in rows of kind ``service``."""


def coarser(
    *, series: pd.DataFrame, block: Block, grains: Grains, hidden: Set[Cell], policy: Policy, result: Result
) -> list[dict]:
    """Series rows of kind ``service``, before and after, for the services with a hidden department that may be shown.

    series: the Result's, which ``block`` gives the positions of. grains, hidden: as in ``audit.unsafe``. Value is numerator
    over denominator; ``persons`` the most in one of the departments: the same person can have been in several.
    """
    sides = {block.names.index(name): name for name in SIDES if name in block.names}
    wanted = sorted({block.services[place] for place, phase in hidden if place != TOTAL and phase in sides})
    shown: list[str] = []
    known = block.measure in register() and len(sides) == len(SIDES)
    can_be = possible(block=block, rollout=rollout(result=result)) if known and wanted and len(block.periods) else np.zeros((0, 3), dtype=int)
    for service in filter(None, wanted if known else ()):
        tried = [*shown, service]
        if all(_may(block, service, phase, policy) and _apart(block, tried, phase, hidden, policy) for phase in sides):
            sums = [(frozenset(np.flatnonzero(np.array(block.services) == name).tolist()), phase) for name in tried for phase in sides]
            if not unsafe(block=block, grains=grains, hidden=set(hidden), possible=can_be, policy=policy, sums=sums):
                shown = tried
    return [_row(series, block, service, phase, name) for service in shown for phase, name in sides.items()]


def _parts(block: Block, phase: int) -> Rows:
    rows = block.phases
    return rows.where((rows.kind == "phase") & (rows.phase == phase) & (rows.place != TOTAL) & (rows.persons[:, 0] != 0))


def _of(rows: Rows, block: Block, services: list[str]) -> np.ndarray:
    return np.isin(np.array(block.services, dtype=object)[rows.place], services)


def _may(block: Block, service: str, phase: int, policy: Policy) -> bool:
    """May the sum be shown for its own sake?"""
    rows = _parts(block, phase)
    rows = rows.where(_of(rows, block, [service]))
    if len(rows) < 2 or np.isnan(rows.persons[:, 0]).any():
        return False
    persons = np.nan_to_num(rows.persons).max(axis=0)
    share = not np.isnan(rows.persons[:, 1]).all()
    alike = share and (persons[2] == 0 and policy.hide_all or persons[1] == 0 and (policy.hide_none or block.measure in policy.sensitive))
    weight = np.maximum(np.nan_to_num(np.maximum(rows.amount, 0.0)), 0.0) if np.nansum(rows.amount) > 0 else rows.n
    heavy = float(np.nansum(weight * np.nan_to_num(rows.top))) > policy.max_share * float(np.nansum(weight))
    return bool(persons[0] >= policy.min_persons and not few(persons, policy.min_persons).any() and not alike and not heavy)


def _apart(block: Block, services: list[str], phase: int, hidden: Set[Cell], policy: Policy) -> bool:
    """What is hidden in each service, and outside them where the total is shown, holds as ``phases`` demands of a total."""
    rows = _parts(block, phase)
    gone = np.array([(place, phase) in hidden for place in rows.place.tolist()], dtype=bool)
    groups = [gone & _of(rows, block, [name]) for name in services]
    if (TOTAL, phase) not in hidden:
        groups.append(gone & ~_of(rows, block, services))
    return all(_holds(rows.where(group), policy) for group in groups)


def _holds(rows: Rows, policy: Policy) -> bool:
    if not len(rows):
        return True
    small = few(rows.persons, policy.min_persons) | np.isnan(rows.persons[:, :1])
    least = np.where(rows.top > policy.max_share, rows.top * rows.amount / policy.max_share, 0.0)
    return bool(len(rows) > 1 and (~small.any(axis=0) | (rows.persons >= policy.min_persons).any(axis=0)).all()
                and (np.nansum(rows.amount) >= np.nan_to_num(least)).all())


def _row(series: pd.DataFrame, block: Block, service: str, phase: int, name: str) -> dict:
    rows = _parts(block, phase)
    mine = series.iloc[rows.at[_of(rows, block, [service])]]
    sums = {column: float(mine[column].sum()) for column in ("numerator", "denominator", "n")}
    most = {column: float(mine[column].max()) for column in ("persons", "persons_numerator", "persons_complement")}
    return {"measure": block.measure, "department": f"{PREFIX}{service}", "kind": "service", "phase": name, "unit": mine["unit"].iloc[0],
            "value": sums["numerator"] / sums["denominator"], "method": "sum_of_departments", **sums, **most}
