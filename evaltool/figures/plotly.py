"""A ``Chart`` on screen. One layout for every width: texts of a row stand above it, the legend above the plot."""

from __future__ import annotations

import html
import math
from typing import TYPE_CHECKING

from . import plotly_marks
from .chart import Axis, Chart, Key, Label, Panel, Rule
from .lanes import align_at, lanes
from .style import SCREEN_FONTS, Style, style

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

NARROW_PX = 324
LEGEND_PX = 640
LETTER_PX = 6.5
NAME_LETTERS = 30
LINE_PX = 18
ROW_PX = 26
LABELLED_ROW_PX = 36
PLOT_PX = 300
SMALL_PLOT_PX = 150
FOOT_PX = 26


def render(*, chart: Chart, theme: str = "light", compact: bool = False) -> Figure:
    """``chart`` as a Plotly figure in ``light`` or ``dark``; raises UsageError on another theme. ``compact``: low, for a
    row of small charts beside each other.

    Transparent, without title (the page prints title, subtitle, note and footnotes), as wide as its container and
    readable from 340 px. Hover texts are the ready ones of the chart. Nothing else than the chart's texts and the
    positions of its marks goes into the figure.
    """
    import plotly.graph_objects as go

    return go.Figure(**drawing(chart=chart, theme=theme, compact=compact))


def drawing(*, chart: Chart, theme: str = "light", compact: bool = False) -> dict:
    """What ``render`` draws as plain ``data`` and ``layout``, before plotly has looked at every property of it."""
    look = style(theme)
    if not chart.panels:
        return {"data": [], "layout": _layout(look, 60, 20) | {
            "xaxis": {"visible": False}, "yaxis": {"visible": False},
            "annotations": [_words(html.escape(chart.message, quote=False), look, x=0, y=0.5, xref="paper", yref="paper")],
        }}
    data = [plotly_marks.key_trace(key, look, group=f"key{i}") for i, key in enumerate(chart.legend)]
    grid = _Grid(chart, compact)
    layout = _layout(look, grid.height, grid.top)
    annotations, shapes = [], []
    for i, panel in enumerate(chart.panels):
        ids = _ids(i)
        layout |= grid.axes(i, panel, look)
        drawn = plotly_marks.draw(panel, ids, look, header=grid.header(panel))
        data += drawn.traces
        shapes += drawn.shapes
        annotations += drawn.annotations + _above(panel, ids, look) + _row_texts(panel, ids, look)
    layout["legend"]["y"] = 1 + (grid.above + 4) / grid.plot
    return {"data": data, "layout": layout | {"shapes": shapes, "annotations": annotations}}


class _Grid:
    """Pixels from top to bottom, and which part of the figure each panel gets."""

    def __init__(self, chart: Chart, compact: bool) -> None:
        self.columns = max(1, min(chart.columns, len(chart.panels)))
        self.rows = math.ceil(len(chart.panels) / self.columns)
        first = chart.panels[0]
        self.above = max(_above_px(p) for p in chart.panels)
        self.foot = FOOT_PX + (LINE_PX if first.x.title else 0)
        one = max(self._plot_px(p, compact or len(chart.panels) > 1) for p in chart.panels)
        self.plot = self.rows * one + (self.rows - 1) * (self.above + self.foot)
        self.top = self.above + 6 + _legend_px(chart.legend, NARROW_PX if first.rows else LEGEND_PX)
        self.height = self.top + self.plot + self.foot
        self.one = one

    @staticmethod
    def _plot_px(panel: Panel, small: bool) -> int:
        if panel.rows:
            return len(panel.rows) * (_texts_px(panel) + _marks_px(panel))
        return SMALL_PLOT_PX if small else PLOT_PX

    @staticmethod
    def header(panel: Panel) -> float:
        """The share of a row that its texts take."""
        return _texts_px(panel) / (_texts_px(panel) + _marks_px(panel)) if panel.rows else 0.0

    def axes(self, i: int, panel: Panel, look: Style) -> dict:
        row, column = divmod(i, self.columns)
        gap = 0.07 if self.columns > 1 else 0.0
        wide = (1 - gap * (self.columns - 1)) / self.columns
        left = column * (wide + gap)
        upper = 1 - row * (self.one + self.above + self.foot) / self.plot
        x, y = _ids(i)
        across = _axis(panel.x, look) | {"domain": [left, left + wide], "anchor": y, "ticks": "outside", "showline": True}
        if panel.rows:
            up = {"range": [len(panel.rows) - 0.5, -0.5], "showticklabels": False, "showgrid": False, "zeroline": False,
                  "fixedrange": True}
            across |= {"showgrid": False}
        else:
            up = _axis(panel.y, look) | {"title": None, "showline": False, "ticks": ""}
        up |= {"domain": [max(0.0, upper - self.one / self.plot), upper], "anchor": x}
        return {f"xaxis{x[1:]}": across, f"yaxis{y[1:]}": up}


def _ids(i: int) -> tuple[str, str]:
    return ("x", "y") if i == 0 else (f"x{i + 1}", f"y{i + 1}")


def _layout(look: Style, height: float, top: float) -> dict:
    return {
        "template": "none", "height": round(height), "margin": {"l": 8, "r": 8, "t": round(top), "b": FOOT_PX, "pad": 0},
        "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)", "showlegend": True, "dragmode": False,
        "font": {"family": SCREEN_FONTS, "size": look.label_px, "color": look.colour("ink")}, "hovermode": "closest",
        "hoverlabel": {"bgcolor": look.colour("panel"), "bordercolor": look.colour("rule"), "align": "left",
                       "font": {"family": SCREEN_FONTS, "size": look.label_px, "color": look.colour("ink")}},
        "legend": {"orientation": "h", "x": 0, "xanchor": "left", "yanchor": "bottom", "itemclick": False,
                   "itemdoubleclick": False, "font": {"size": look.label_px}, "itemsizing": "trace",
                   "bgcolor": "rgba(0,0,0,0)", "tracegroupgap": 4},
    }


def _axis(axis: Axis, look: Style) -> dict:
    return {
        "range": [axis.low, axis.high], "tickvals": [x.at for x in axis.ticks], "fixedrange": True, "zeroline": False,
        "ticktext": [html.escape(x.text, quote=False) for x in axis.ticks], "tickfont": {"color": look.colour("text")},
        "showgrid": axis.grid, "gridcolor": look.colour("rule"), "linecolor": look.colour("text"), "automargin": True,
        "tickcolor": look.colour("text"), "ticklen": 5, "tickangle": 0, "ticklabeloverflow": "allow",
        "minor": {"tickvals": list(axis.minor), "ticks": "outside", "ticklen": 3, "tickcolor": look.colour("text")}
        if axis.minor else None,
        "title": {"text": html.escape(axis.title, quote=False), "standoff": 6, "font": {
            "size": look.label_px, "color": look.colour("text")}},
    }


def _legend_px(legend: tuple[Key, ...], wide: float) -> int:
    """Room for the legend as it breaks at ``wide`` pixels. On a narrower screen it takes the rest from the plot, which
    a chart with rows cannot spare."""
    lines, used = 1, 0.0
    for key in legend:
        need = 46 + len(key.text) * LETTER_PX
        if used and used + need > wide:
            lines, used = lines + 1, 0.0
        used += need
    return lines * 20 + 4 if legend else 0


def _wrapped(text: str) -> list[str]:
    lines: list[str] = []
    for word in text.split(" "):
        if lines and len(lines[-1]) + 1 + len(word) <= NAME_LETTERS:
            lines[-1] += " " + word
        else:
            lines.append(word)
    return lines


def _texts_px(panel: Panel) -> int:
    return 4 + LINE_PX * max(max(len(_wrapped(r.label)) for r in panel.rows), 2 if any(r.note for r in panel.rows) else 1)


def _marks_px(panel: Panel) -> int:
    return LABELLED_ROW_PX if any(isinstance(m, Label) for m in panel.marks) else ROW_PX


def _labelled(panel: Panel) -> list[tuple[Rule, str, int]]:
    """Vertical rules with a text: side of the line it stands on, and its lane above the plot."""
    rules = [m for m in panel.marks if isinstance(m, Rule) and m.vertical and m.text]
    shares = [(r.at - panel.x.low) / (panel.x.high - panel.x.low) for r in rules]
    wide = [len(r.text) * LETTER_PX for r in rules]
    shift = {"left": 0.0, "center": 0.5, "right": 1.0}
    starts = [s * NARROW_PX - shift[align_at(s)] * w for s, w in zip(shares, wide, strict=True)]
    return list(zip(rules, [align_at(s) for s in shares], lanes(starts, wide, gap=8), strict=True))


def _above_px(panel: Panel) -> int:
    heads = bool(panel.title) + bool(panel.y and panel.y.title)
    return LINE_PX * (heads + 1 + max((lane for _, _, lane in _labelled(panel)), default=-1)) + 2


def _above(panel: Panel, ids: tuple[str, str], look: Style) -> list[dict]:
    """Panel title, title of the vertical axis and the texts of vertical lines, one under the other."""
    x, y = ids
    out = []
    for rule, side, lane in _labelled(panel):
        out.append(_words(html.escape(rule.text, quote=False), look, role=rule.role, x=rule.at, xref=x, y=1, xanchor=side,
                          yref=f"{y} domain", yanchor="bottom", yshift=lane * LINE_PX))
    used = LINE_PX * (1 + max((lane for _, _, lane in _labelled(panel)), default=-1))
    heads = [(panel.y.title, "text")] if panel.y and panel.y.title else []
    heads += [(f"<b>{html.escape(panel.title, quote=False)}</b>", "ink")] if panel.title else []
    for i, (text, role) in enumerate(heads):
        out.append(_words(text, look, role=role, x=0, xref="paper" if ids == ("x", "y") else f"{x} domain", y=1,
                          yref=f"{y} domain", yanchor="bottom", yshift=used + i * LINE_PX))
    return out


def _row_texts(panel: Panel, ids: tuple[str, str], look: Style) -> list[dict]:
    out = []
    for i, row in enumerate(panel.rows):
        place = {"xref": "paper", "y": i - 0.5, "yref": ids[1], "yanchor": "top", "yshift": -1}
        name = "<br>".join(html.escape(line, quote=False) for line in _wrapped(row.label))
        out.append(_words(name, look, x=0, **place))
        value = html.escape(row.value, quote=False)
        if row.note:
            value += f'<br><span style="color:{look.colour("text")};font-size:{look.small_px}px">' \
                     f"{html.escape(row.note, quote=False)}</span>"
        out.append(_words(value, look, x=1, **place | {"xanchor": "right", "align": "right"}))
    return out


def _words(text: str, look: Style, *, role: str = "ink", **place: object) -> dict:
    return {"text": text, "showarrow": False, "xanchor": "left", "align": "left", "borderpad": 0,
            "font": {"size": look.label_px, "color": look.colour(role)}} | place
