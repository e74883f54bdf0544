"""The components log as short marks on a time axis, with what they mean in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..components import component_label
from ..text import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

LEAST_APART = 0.05


def component_name(*, code: str, lang: str, co_intervention: bool) -> str:
    """The word for a component, with a mark where it is another change at the same time."""
    text = component_label(code=code, lang=lang)
    return t("figure.co_intervention", lang, text=text) if co_intervention else text


def letters(events: pd.DataFrame) -> dict[tuple[str, bool], str]:
    """``{(component, co_intervention): letter}`` in order of first appearance: a, b, c ..."""
    kinds = dict.fromkeys(zip(events["component"], events["co_intervention"].fillna(False).astype(bool), strict=True))
    return {kind: _letter(i) for i, kind in enumerate(kinds)}


def _letter(i: int) -> str:
    return chr(97 + i) if i < 26 else _letter(i // 26 - 1) + chr(97 + i % 26)


def joined(*, at: Sequence[float], marks: Sequence[str], width: float) -> list[tuple[float, str]]:
    """Marks that would touch become one: ``[(where, "a, b")]``. ``at`` ascending; ``width``: length of the axis."""
    groups: list[list[tuple[float, str]]] = []
    for x, mark in zip(at, marks, strict=True):
        if groups and x - groups[-1][-1][0] < LEAST_APART * width:
            groups[-1].append((x, mark))
        else:
            groups.append([(x, mark)])
    return [(sum(x for x, _ in g) / len(g), _short([m for _, m in g])) for g in groups]


def _short(marks: list[str]) -> str:
    """``a, b`` for two marks, ``a–d`` for three or more that follow each other."""
    ordered = sorted(dict.fromkeys(marks), key=lambda m: (len(m), m))
    codes = [int(m) if m.isdigit() else ord(m[-1]) for m in ordered]
    if len(codes) > 2 and codes == list(range(codes[0], codes[0] + len(codes))):
        return f"{ordered[0]}–{ordered[-1]}"
    return ", ".join(ordered)
