"""Faults planted in copies of three exports, each in a row of its own, and the rule that must catch it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Fault:
    """One planted fault. ``row`` is the row in the spreadsheet, ``column`` the source's heading, ``rule`` the code
    expected, ``also`` further rules that the same fault may break, ``kept`` whether the row stays all the same (a note)."""

    file: str
    row: int
    column: str
    rule: str
    also: tuple[str, ...]
    kept: bool
    what: str


@dataclass(frozen=True)
class Edit:
    """How a fault is made: ``cells`` (heading -> new text, or a function of the row) in the first free row from
    ``after`` on that ``suits``; ``append``: in a copy of that row at the end; ``tail``: text added to the raw line."""

    after: int
    column: str
    rule: str
    what: str
    cells: Mapping[str, str | Callable[[pd.Series], str]]
    suits: Callable[[pd.DataFrame], pd.Series] | None = None
    append: bool = False
    also: tuple[str, ...] = ()
    kept: bool = False
    tail: str = ""


def plant(
    *, frame: pd.DataFrame, edits: tuple[Edit, ...], usable: pd.Series, file: str, first_row: int,
) -> tuple[pd.DataFrame, list[Fault], dict[int, str]]:
    """A copy of ``frame`` with the faults in it, the list of them, and by spreadsheet row what to add to its line.

    ``usable``: rows that nothing else depends on; ``first_row``: the spreadsheet row of the first row.
    """
    out = frame.astype({name: "object" for name in frame}).copy()
    taken: set[int] = set()
    faults, tails = [], {}
    for edit in edits:
        fits = usable & (edit.suits(frame) if edit.suits else True)
        position = next(int(p) for p in fits.to_numpy().nonzero()[0] if p >= edit.after and p not in taken)
        taken.add(position)
        row = out.iloc[position].copy()
        for heading, new in edit.cells.items():
            row[heading] = new(frame.iloc[position]) if callable(new) else new
        place = len(out) if edit.append else position
        out.loc[place] = row
        faults.append(Fault(file, place + first_row, edit.column, edit.rule, edit.also, edit.kept, edit.what))
        if edit.tail:
            tails[place + first_row] = edit.tail
    return out, faults, tails
