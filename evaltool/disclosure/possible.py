"""Which department, month and phase can have anything in it: what everybody knows from the rollout register."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..design import StudyDesign
from ..result import Result
from .block import MONTHS_IN, SPLIT, TOTAL, Block

TURNS = ("start", "wash_in_end", "paused_from", "paused_to")


@dataclass(frozen=True)
class Rollout:
    """What everybody knows: the ``register`` of a Result, the last day of the data, months of wash-in."""

    register: pd.DataFrame
    as_of: dt.date
    wash_in: str


def rollout(*, result: Result) -> Rollout:
    """The rollout that ``result`` was computed for."""
    return Rollout(register=result.register, as_of=result.provenance.as_of, wash_in=result.spec.wash_in)


def possible(*, block: Block, rollout: Rollout) -> np.ndarray:
    """(n, 3) codes of department, month and phase that the register allows and that are not marked empty.

    Months are those in which the total has a row. A department without a row for a year or a phase has nothing there,
    and the reader can see that.
    """
    register = rollout.register.drop_duplicates("department")
    places = pd.Index(block.places).get_indexer(register["department"])
    periods = block.periods
    months = np.unique(periods.month[(periods.place == TOTAL) & (periods.grain == "month")])
    place, month = (part.ravel() for part in np.meshgrid(places, months, indexing="ij"))
    first = np.repeat(register["department"].to_numpy(dtype=object), len(months))
    days = month.astype("datetime64[M]")
    looked_at = [(first, place, month, days.astype("datetime64[D]")),
                 (first, place, month, (days + 1).astype("datetime64[D]") - 1)]
    for turn in TURNS if not block.monthly else ():
        day = register[turn].to_numpy(dtype="datetime64[D]")
        there = ~np.isnat(day)
        at = day[there].astype("datetime64[M]").astype(np.int64)
        looked_at.append((register["department"].to_numpy(dtype=object)[there], places[there], at, day[there]))
    names, place, month, day = (np.concatenate(part) for part in zip(*looked_at, strict=True))
    design = StudyDesign(register=rollout.register, as_of=rollout.as_of, wash_in=rollout.wash_in)
    phase = pd.Index(block.names).get_indexer(
        design.phase(department=pd.Series(names, dtype="str"), date=pd.Series(day.astype("datetime64[us]"))))
    cells = np.unique(np.column_stack([place, month, phase])[(place >= 0) & (phase >= 0) & np.isin(month, months)], axis=0)
    return _not_empty(_unsplit(cells, block) if block.monthly else cells, block)


def _unsplit(cells: np.ndarray, block: Block) -> np.ndarray:
    """A month with several phases is one cell without a phase where months are not split."""
    month, code, count = np.unique(cells[:, :2], axis=0, return_inverse=True, return_counts=True)
    several = count[code.ravel()] > 1
    if SPLIT not in block.names:
        return cells[~several]
    split = np.column_stack([month[count > 1], np.full((count > 1).sum(), block.names.index(SPLIT))])
    return np.vstack([cells[~several], split])


def _not_empty(cells: np.ndarray, block: Block) -> np.ndarray:
    rows, phases = block.periods, block.phases
    # A year of bed-days that is not whole has no row without being empty.
    years = set() if block.monthly else set(zip(rows.place[rows.grain == "year"].tolist(), (rows.month[rows.grain == "year"] // 12).tolist(), strict=True))
    named = set(zip(phases.place.tolist(), phases.phase.tolist(), strict=True))
    split = block.names.index(SPLIT) if SPLIT in block.names else None
    keep = [(not years or (p, m // MONTHS_IN["year"]) in years) and (f == split or (p, f) in named) for p, m, f in cells.tolist()]
    return cells[np.array(keep, dtype=bool)]
