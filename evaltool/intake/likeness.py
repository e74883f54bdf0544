"""How alike a heading and the names of one of our columns are: 0 to 1."""

from __future__ import annotations

import difflib
import re

from ..contracts import Column
from .words import folded

CLEAR = 0.75
"""From here on a heading is taken to mean the column."""


def likeness(*, heading: str, column: Column) -> float:
    """1 for the same words as a name, label or synonym of ``column``; less for a part of them or a near spelling."""
    names = {column.name, column.label["nb"], column.label["en"], *column.synonyms}
    return max(_alike(words(heading), words(name)) for name in names)


def words(text: str) -> tuple[str, ...]:
    """The words of a heading in lower case: ``OppholdsID``, ``fra_dato`` and ``Fra dato:`` part alike."""
    parted = re.sub(r"(?<=[a-z\u00e0-\u00ff])(?=[A-Z\u00c0-\u00de])", " ", text)
    return tuple(re.findall(r"[^\W\d_]+|\d+", folded(parted)))


def _alike(heading: tuple[str, ...], name: tuple[str, ...]) -> float:
    if not heading or not name:
        return 0.0
    one, other = "".join(heading), "".join(name)
    if one == other:
        return 1.0
    if set(name) <= set(heading):
        return 0.8 + 0.15 * len(other) / len(one)
    if len(other) >= 5 and other in one:
        return 0.7 + 0.2 * len(other) / len(one)
    ratio = difflib.SequenceMatcher(None, one, other).ratio()
    return ratio * 0.95 if ratio >= 0.8 else 0.0
