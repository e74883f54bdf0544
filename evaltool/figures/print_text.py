"""Width of a text in print, and breaking it to a width, in millimetres of the figure font."""

from __future__ import annotations

from functools import cache

from .. import resources
from .style import FONT

MM_PER_PT = 25.4 / 72
LINE = 1.28


@cache
def fonts_ready() -> bool:
    """Make the shipped font known to matplotlib, once."""
    from matplotlib import font_manager

    for face in ("Regular", "Semibold"):
        font_manager.fontManager.addfont(str(resources.font_folder() / f"SourceSansPro-{face}.ttf"))
    return True


@cache
def width_mm(text: str, points: float) -> float:
    """Width of the longest line of ``text`` in millimetres."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    fonts_ready()
    own = FontProperties(family=FONT, size=points)
    return MM_PER_PT * max(text_to_path.get_text_width_height_descent(line, own, ismath=False)[0] for line in text.split("\n"))


def wrap(text: str, points: float, room: float) -> list[str]:
    """``text`` in lines of at most ``room`` millimetres, broken at spaces; a longer word stands alone."""
    lines: list[str] = []
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and width_mm(joined, points) <= room:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def line_mm(points: float) -> float:
    """Height of one line of text in millimetres."""
    return points * MM_PER_PT * LINE
