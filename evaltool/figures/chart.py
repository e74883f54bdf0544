"""``Chart``: what a figure shows, before anybody draws it. Plain data with every text ready to print.

Positions are numbers: days are ``date.toordinal()``, rows count from 0 at the top. Colours are meanings
(``figures/style.py``), shapes are names both renderers know. Nothing here imports a drawing library.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

SHAPES = ("circle-open", "circle", "diamond", "diamond-open", "square", "square-open", "triangle-down", "triangle-up",
          "cross", "empty")
"""``empty``: a ring with a stroke through it, for a place without data."""


@dataclass(frozen=True)
class Tick:
    """A place on an axis and the text that stands there."""

    at: float
    text: str


@dataclass(frozen=True)
class Axis:
    """Ends, ready ticks and a title with the unit. ``grid``: draw thin lines at the ticks."""

    low: float
    high: float
    ticks: tuple[Tick, ...]
    title: str = ""
    minor: tuple[float, ...] = ()
    grid: bool = True


@dataclass(frozen=True)
class Row:
    """A named line of a chart whose vertical axis is a list of departments.

    ``value`` is the number beside it (estimate with interval, or why there is none), ``note`` the n behind it.
    """

    label: str
    value: str = ""
    note: str = ""


@dataclass(frozen=True)
class Points:
    """Markers; ``hover`` holds one ready text per marker (or none), lines by ``\\n``."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    shape: str
    role: str
    hover: tuple[str, ...] = ()
    size: float = 1.0


@dataclass(frozen=True)
class Line:
    """A line; NaN breaks it. ``dash``: solid, dash or dot. ``step``: steps between the points."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    role: str
    dash: str = "solid"
    width: float = 1.5
    step: bool = False


@dataclass(frozen=True)
class Area:
    """The area between ``low`` and ``high`` along ``x``."""

    x: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    role: str


@dataclass(frozen=True)
class Box:
    """A rectangle; without ``y0`` and ``y1`` it spans the height of the plot. ``hatch``: hidden, not empty."""

    x0: float
    x1: float
    role: str
    y0: float | None = None
    y1: float | None = None
    hatch: bool = False
    hover: str = ""


@dataclass(frozen=True)
class Rule:
    """A line through the whole plot at one place, with its text at the end."""

    at: float
    role: str
    text: str = ""
    dash: str = "dash"
    vertical: bool = True


@dataclass(frozen=True)
class Label:
    """Text inside the plot. ``align``: left, center or right of ``x``; ``lift``: above (1), on (0) or below (-1) ``y``.
    ``halo``: keeps clear of lines behind it."""

    x: float
    y: float
    text: str
    role: str = "text"
    align: str = "center"
    lift: int = 0
    halo: bool = False


Mark = Points | Line | Area | Box | Rule | Label


@dataclass(frozen=True)
class Key:
    """A legend entry. ``kind``: one of SHAPES, or ``line``, ``dash``, ``dot``, ``bar``, ``box``, ``hatch``."""

    text: str
    kind: str
    role: str


@dataclass(frozen=True)
class Panel:
    """One plot. With ``rows`` the vertical axis is the list of them and ``y`` is None."""

    x: Axis
    y: Axis | None
    marks: tuple[Mark, ...]
    rows: tuple[Row, ...] = ()
    title: str = ""


@dataclass(frozen=True)
class Chart:
    """A figure without a renderer.

    ``title``: the finding. ``subtitle``: one plain sentence. ``note``: n, period and last day of the data.
    ``alt``: the text alternative. ``footnotes``: lines under the plot (what the letters and numbers in it mean).
    ``message``: why nothing is drawn, when ``panels`` is empty. ``data``: the released frame behind the figure.
    """

    kind: str
    lang: str
    title: str
    subtitle: str
    note: str
    alt: str
    data: pd.DataFrame
    panels: tuple[Panel, ...] = ()
    legend: tuple[Key, ...] = ()
    footnotes: tuple[str, ...] = ()
    message: str = ""
    columns: int = 1
