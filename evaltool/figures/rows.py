"""Charts whose vertical axis is a list: where a mark of row ``i`` goes when the row's texts stand above it."""

from __future__ import annotations

import math
from dataclasses import replace

from .chart import Box, Label, Line, Mark, Points


def below_texts(mark: Mark, header: float) -> Mark:
    """``mark`` squeezed into the lower part of its row; ``header`` is the share that the texts take (0: none)."""
    if isinstance(mark, Box) and mark.y0 is not None:
        return replace(mark, y0=_down(mark.y0, header), y1=_down(mark.y1, header))
    if isinstance(mark, Points | Line):
        return replace(mark, y=tuple(_down(y, header) for y in mark.y))
    return replace(mark, y=_down(mark.y, header)) if isinstance(mark, Label) else mark


def slots(count: int, header: float) -> list[tuple[float, float]]:
    """Upper and lower end of the part below the texts, row by row; the whole height where there are no texts."""
    if not header:
        return [(-0.5, count - 0.5)]
    return [(i - 0.5 + header, i + 0.5) for i in range(count)]


def _down(y: float, header: float) -> float:
    if math.isnan(y):
        return y
    slot = math.floor(y + 0.5) - 0.5
    return slot + header + (y - slot) * (1 - header)
