"""Texts at places along a line, put in as few lanes as keep them apart."""

from __future__ import annotations

from collections.abc import Sequence


def align_at(share: float) -> str:
    """Which side of its place a text should stand on so that it stays inside: ``share`` 0 (left end) to 1."""
    return "left" if share < 0.25 else "right" if share > 0.75 else "center"


def lanes(places: Sequence[float], widths: Sequence[float], *, gap: float) -> list[int]:
    """Lane number per text: ``places`` (where), ``widths`` (how wide), both in one unit, 0 is nearest the plot.

    ``places`` are the left ends. A text takes the lowest lane where it stands clear of those before it.
    """
    ends: list[float] = []
    chosen = []
    for left, width in zip(places, widths, strict=True):
        lane = next((i for i, end in enumerate(ends) if left >= end + gap), len(ends))
        if lane == len(ends):
            ends.append(left + width)
        else:
            ends[lane] = left + width
        chosen.append(lane)
    return chosen
