"""Marks of a ``Chart`` with matplotlib, and a pen that writes at millimetres from the top left corner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .chart import Area, Axis, Box, Key, Label, Line, Panel, Points, Rule
from .rows import below_texts, slots
from .style import Style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARKERS = {
    "circle-open": "o", "circle": "o", "diamond": "D", "diamond-open": "D", "square": "s", "square-open": "s",
    "triangle-down": "v", "triangle-up": "^", "cross": "x",
    "empty": "o",
}
DASHES = {"solid": "-", "dash": (0, (4, 2.2)), "dot": (0, (1, 1.8))}
KEY_DASHES = DASHES | {"dash": (0, (2.2, 1.2))}
MARKER_PT = 5.4


@dataclass(frozen=True)
class Pen:
    """Writes on ``figure`` (``width`` x ``height`` mm)."""

    figure: Figure
    width: float
    height: float
    style: Style

    def text(self, x: float, y: float, text: str, role: str, points: float, **options: object) -> None:
        """One line with its baseline at ``x``, ``y`` mm from the top left corner."""
        self.figure.text(
            x / self.width, 1 - y / self.height, text, color=self.style.colour(role), fontsize=points,
            parse_math=False, **{"va": "baseline", "ha": "left"} | options,
        )

    def axes(self, box: tuple[float, float, float, float]) -> Axes:
        """Axes at (left, top, width, height) mm, without frame."""
        left, top, width, height = box
        return self.figure.add_axes((
            left / self.width, 1 - (top + height) / self.height, width / self.width, height / self.height,
        ))

    def glyph(self, x: float, y: float, size: float, key: Key) -> None:
        """The sign of a legend entry, ``size`` mm wide, its middle line at ``y``."""
        axes = self.axes((x, y - size / 2, size * 1.3, size))
        axes.set_axis_off()
        axes.set_xlim(0, 1.3)
        axes.set_ylim(0, 1)
        if key.kind in ("box", "hatch"):
            _box(axes, Box(0.05, 1.25, key.role, 0.1, 0.9, hatch=key.kind == "hatch"), self.style)
        elif key.kind == "bar":
            axes.plot([0.65, 0.65], [0, 1], color=self.style.colour(key.role), lw=2.1)
        elif key.kind in ("line", "dash", "dot"):
            dash = "solid" if key.kind == "line" else key.kind
            axes.plot([0, 1.3], [0.5, 0.5], color=self.style.colour(key.role), ls=KEY_DASHES[dash], lw=1.5)
        else:
            _points(axes, Points((0.65,), (0.5,), key.kind, key.role), self.style)


def draw(pen: Pen, panel: Panel, box: tuple[float, float, float, float], *, header: float) -> None:
    """Draw ``panel`` in ``box`` mm. ``header``: the share of a row slot that its texts take above the marks."""
    axes = pen.axes(box)
    axes.patch.set_alpha(0)
    _frame(axes, panel, pen.style)
    if panel.rows:
        _row_lines(axes, panel, pen.style, header)
    for mark in panel.marks:
        if isinstance(mark, Rule) and panel.rows:
            _upright(axes, mark.at, slots(len(panel.rows), header), _stroke(mark, pen.style))
        else:
            _mark(axes, below_texts(mark, header) if panel.rows else mark, pen.style)


def _frame(axes: Axes, panel: Panel, style: Style) -> None:
    rule, text = style.colour("rule"), style.colour("text")
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(text)
    axes.set_axisbelow(True)
    axes.set_xlim(panel.x.low, panel.x.high)
    _ticks(axes.xaxis, panel.x)
    axes.tick_params(axis="x", length=2.4, width=0.6, color=text, labelcolor=text, labelsize=style.label_pt, pad=2)
    axes.tick_params(axis="x", which="minor", length=1.4, width=0.5, color=text)
    if panel.x.title:
        axes.set_xlabel(panel.x.title, color=text, fontsize=style.label_pt, labelpad=2.5)
    if panel.rows:
        axes.set_ylim(len(panel.rows) - 0.5, -0.5)
        axes.set_yticks([])
        return
    if panel.x.grid:
        axes.grid(axis="x", color=rule, lw=0.6)
    axes.set_ylim(panel.y.low, panel.y.high)
    _ticks(axes.yaxis, panel.y)
    axes.tick_params(axis="y", length=0, labelcolor=text, labelsize=style.label_pt, pad=3)
    if panel.y.grid:
        axes.grid(axis="y", color=rule, lw=0.6)


def _row_lines(axes: Axes, panel: Panel, style: Style, header: float) -> None:
    look = {"colors": style.colour("rule"), "lw": 0.6, "zorder": 0.5}
    axes.hlines([i - 0.5 for i in range(1, len(panel.rows))], panel.x.low, panel.x.high, **look)
    for tick in panel.x.ticks if panel.x.grid else ():
        _upright(axes, tick.at, slots(len(panel.rows), header), look)


def _upright(axes: Axes, at: float, reach: list[tuple[float, float]], look: dict) -> None:
    axes.vlines([at] * len(reach), [low for low, _ in reach], [high for _, high in reach], **look)


def _stroke(mark: Rule, style: Style) -> dict:
    return {"colors": style.colour(mark.role), "linestyles": [DASHES[mark.dash]], "lw": 1.1, "zorder": 2}


def _ticks(axis, scale: Axis) -> None:
    axis.set_ticks([x.at for x in scale.ticks], labels=[x.text for x in scale.ticks])
    axis.set_ticks(list(scale.minor), minor=True)


def _mark(axes: Axes, mark, style: Style) -> None:
    kinds = {Points: _points, Line: _line, Area: _area, Box: _box, Rule: _rule, Label: _label}
    kinds[type(mark)](axes, mark, style)


def _points(axes: Axes, mark: Points, style: Style) -> None:
    colour = style.colour(mark.role)
    open_ = mark.shape.endswith("-open") or mark.shape == "empty"
    axes.plot(
        mark.x, mark.y, ls="", marker=MARKERS[mark.shape], ms=MARKER_PT * mark.size, mec=colour, mew=1.4 if open_ else 0.8,
        mfc=style.colour("page") if open_ else colour, clip_on=False, zorder=5,
    )
    if mark.shape == "empty":
        axes.plot(mark.x, mark.y, ls="", marker=[(-1.2, -1.2), (1.2, 1.2)], ms=MARKER_PT * mark.size * 1.5, mec=colour, mew=1.0, clip_on=False, zorder=6)


def _line(axes: Axes, mark: Line, style: Style) -> None:
    axes.plot(
        mark.x, mark.y, color=style.colour(mark.role), ls=DASHES[mark.dash], lw=mark.width * 0.8, zorder=3,
        drawstyle="steps-mid" if mark.step else "default",
    )


def _area(axes: Axes, mark: Area, style: Style) -> None:
    axes.fill_between(mark.x, mark.low, mark.high, color=style.colour(mark.role), lw=0, zorder=1)


def _box(axes: Axes, mark: Box, style: Style) -> None:
    from matplotlib.patches import Rectangle

    (left, right), (low, high) = sorted(axes.get_xlim()), sorted(axes.get_ylim())
    x0, x1 = np.clip([mark.x0, mark.x1], left, right)
    y0, y1 = (low, high) if mark.y0 is None else (mark.y0, mark.y1)
    colour = style.colour(mark.role)
    look = {"fc": "none", "ec": colour, "lw": 0, "hatch": "//////"} if mark.hatch else {"fc": colour, "lw": 0}
    axes.add_patch(Rectangle((x0, y0), x1 - x0, y1 - y0, zorder=1, **look))


def _rule(axes: Axes, mark: Rule, style: Style) -> None:
    draw_line = axes.axvline if mark.vertical else axes.axhline
    draw_line(mark.at, color=style.colour(mark.role), ls=DASHES[mark.dash], lw=1.1, zorder=2)


def _label(axes: Axes, mark: Label, style: Style) -> None:
    va = {1: "bottom", 0: "center_baseline", -1: "top"}[mark.lift]
    axes.annotate(
        mark.text, (mark.x, mark.y), xytext=(0, 3 * mark.lift), textcoords="offset points", ha=mark.align, va=va,
        color=style.colour(mark.role), fontsize=style.small_pt, zorder=6, parse_math=False,
        bbox={"fc": style.colour("page"), "lw": 0, "pad": 0.6} if mark.halo else None,
    )
