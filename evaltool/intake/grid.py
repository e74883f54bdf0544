"""Rows of cells -> heading and rows: where the heading row is, clean and unique names, no total rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..errors import IntakeError
from .numbers import number
from .words import folded, known, plain

LOOK_FOR_HEADING = 40
"""A heading stands within the first rows; what stands above it is a title."""

MOST_COLUMNS = 5000


def heading_row(*, rows: Sequence[Sequence[str]], wanted: Iterable[str], name: str) -> int:
    """Position of the heading among the first ``rows``.

    With ``wanted`` headings (from a mapping): the row that holds most of them. Without: the first row that is as wide
    as the table and holds different texts that are no numbers. Raises IntakeError where there is none.
    """
    rows = rows[:LOOK_FOR_HEADING]
    wanted = {folded(w) for w in wanted}
    if wanted:
        hits = [len(wanted & {folded(c) for c in row}) for row in rows]
        if hits and max(hits) > 0:
            return hits.index(max(hits))
    widths = [sum(1 for c in row if c.strip()) for row in rows]
    if not widths or max(widths) == 0:
        raise IntakeError("empty_file", file=name)
    for position, row in enumerate(rows):
        cells = [c for c in map(folded, row) if c]
        if cells and len(cells) >= 0.6 * max(widths) and len(set(cells)) == len(cells) and not any(map(_figure, cells)):
            return position
    return next(i for i, width in enumerate(widths) if width >= 0.6 * max(widths))


def _figure(cell: str) -> bool:
    return number(cell) is not None


def headings(*, cells: Sequence[str], name: str) -> list[str]:
    """Clean names, one per column: line breaks gone, empty ones ``#3`` (their place), repeated ones ``Dato (2)``."""
    if len(cells) > MOST_COLUMNS:
        raise IntakeError("too_many_columns", file=name, got=len(cells), expected=MOST_COLUMNS)
    out: list[str] = []
    seen: set[str] = set()
    for place, cell in enumerate(cells, start=1):
        base = plain(cell) or f"#{place}"
        unique, again = base, 1
        while unique in seen:
            again += 1
            unique = f"{base} ({again})"
        seen.add(unique)
        out.append(unique)
    return out


def is_total(cells: Iterable[str | None]) -> bool:
    """Does this row open with a word like ``Totalt``?"""
    first = next((c for c in cells if c is not None and c.strip()), None)
    return first is not None and folded(first).rstrip(":") in known("totals")
