"""One Style for every figure: what a colour means, in light and in dark, and the sizes on screen and in print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..errors import UsageError

FONT = "Source Sans Pro"
SCREEN_FONTS = 'Source Sans, "Source Sans Pro", "Source Sans 3", sans-serif'


@dataclass(frozen=True)
class Style:
    """``colours`` by meaning, never by name of a hue.

    ``ink``, ``text`` (second-order text), ``rule`` (grid lines), ``page``, ``panel``; ``before``, ``after``,
    ``signal``, ``second``, ``third`` (marks); ``band`` (no important change), ``quiet`` (usual variation),
    ``wait`` (wash-in and pause behind points), ``wash`` (wash-in as a bar), ``trace`` (the line that leads the eye from point to point) and
    ``hidden`` (hatch over what may not be shown); ``against``, ``against_light``, ``neutral``, ``for_light`` and ``for``
    (answers from one end of a scale to the other).
    """

    name: str
    colours: Mapping[str, str]
    label_px: int = 14
    small_px: int = 13
    label_pt: float = 8.5
    small_pt: float = 7.5

    def colour(self, role: str) -> str:
        """The hex colour of a meaning."""
        return self.colours[role]


LIGHT = Style("light", {
    "ink": "#1B2733", "text": "#5B6875", "rule": "#D9DFE5", "page": "#FFFFFF", "panel": "#F3F6F8",
    "before": "#7A8794", "after": "#005F87", "signal": "#C24A00", "second": "#7A4E9E", "third": "#2E7D5B",
    "band": "#E1E8EE", "quiet": "#E6EFF4", "wait": "#F1EBDD", "hidden": "#8793A0", "trace": "#B3BDC7", "wash": "#8FBFD6",
    "against": "#A84100", "against_light": "#EDB68C", "neutral": "#CDD5DC", "for_light": "#8FBFD6", "for": "#005F87",
})
DARK = Style("dark", {
    "ink": "#E8EDF2", "text": "#AEB8C2", "rule": "#34404B", "page": "#11181F", "panel": "#1A232C",
    "before": "#98A5B1", "after": "#62B5DC", "signal": "#FF9A5A", "second": "#C6A4E0", "third": "#7CC7A4",
    "band": "#2A3641", "quiet": "#18293A", "wait": "#332E22", "hidden": "#7F8C99", "trace": "#4D5A66", "wash": "#2E627D",
    "against": "#FF9A5A", "against_light": "#96562C", "neutral": "#55626F", "for_light": "#2E627D", "for": "#62B5DC",
})
_STYLES = {"light": LIGHT, "dark": DARK}


def style(name: str) -> Style:
    """The style called ``light`` or ``dark``; raises UsageError naming both."""
    if name not in _STYLES:
        raise UsageError("unknown_theme", got=name, expected=", ".join(_STYLES))
    return _STYLES[name]
