"""What stands in a figure where there is no number: hidden, no data and not to be computed each have a mark and a word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..text import t
from .chart import Box, Key, Points

LOOK = {"suppressed": ("hatch", "hidden"), "no_data": ("empty", "text"), "not_identified": ("cross", "text")}
"""Status of a row -> the kind of mark and its role. A zero is a number and stands on the axis like all others."""
HALF = 0.16
SIZE = 0.8


def absent_keys(*, statuses: Iterable[str], lang: str) -> tuple[Key, ...]:
    """Legend entries of those of ``LOOK`` that are among ``statuses``."""
    found = set(statuses)
    return tuple(Key(t(f"status.{code}", lang), *look) for code, look in LOOK.items() if code in found)


def absent_marks(*, statuses: Sequence[str], left: float, lang: str, half: float = HALF) -> list[Box | Points]:
    """One mark per row whose status is in ``LOOK``: hatched over its width where something is hidden, else a sign at ``left``."""
    marks: list[Box | Points] = []
    for i, code in enumerate(statuses):
        if code not in LOOK:
            continue
        kind, role = LOOK[code]
        word = t(f"status.{code}", lang)
        marks.append(Box(float("-inf"), float("inf"), role, i - half, i + half, hatch=True, hover=word) if kind == "hatch" else
                     Points((left,), (float(i),), kind, role, (word,), SIZE))
    return marks
