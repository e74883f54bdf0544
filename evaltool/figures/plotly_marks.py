"""Marks of a ``Chart`` as Plotly traces, shapes and annotations (plain dictionaries)."""

from __future__ import annotations

import html
import math
from dataclasses import dataclass, field
from itertools import groupby

from .chart import Area, Box, Key, Label, Line, Panel, Points, Rule
from .rows import below_texts, slots
from .style import Style

SYMBOLS = {
    "circle-open": "circle", "circle": "circle", "diamond": "diamond", "diamond-open": "diamond", "square": "square",
    "square-open": "square", "triangle-down": "triangle-down", "triangle-up": "triangle-up", "cross": "x-thin", "empty": "circle", "stroke": "line-ne",
}
SIZE_PX = 11
QUIET = {"hoverinfo": "skip", "showlegend": False}


@dataclass
class Drawn:
    """What one panel adds to the figure."""

    traces: list[dict] = field(default_factory=list)
    shapes: list[dict] = field(default_factory=list)
    annotations: list[dict] = field(default_factory=list)


def draw(panel: Panel, ids: tuple[str, str], look: Style, *, header: float) -> Drawn:
    """Everything in ``panel`` on the axes ``ids``. ``header``: share of a row that its texts take above the marks."""
    out = Drawn()
    if panel.rows:
        _row_lines(panel, ids, look, header, out)
    for mark in panel.marks:
        moved = below_texts(mark, header) if panel.rows else mark
        kinds = {Points: _points, Line: _line, Area: _area, Box: _box, Rule: _rule, Label: _label}
        kinds[type(mark)](moved, panel, ids, look, header, out)
    return out


def key_trace(key: Key, look: Style, *, group: str) -> dict:
    """A legend entry: a trace without points. Each is a ``group`` of its own: groups break to lines by their own width."""
    base = {"legendgroup": group, "type": "scatter", "x": [None], "y": [None], "name": html.escape(key.text, quote=False), "hoverinfo": "skip"}
    colour = look.colour(key.role)
    if key.kind in ("line", "dash", "dot"):
        dash = "solid" if key.kind == "line" else key.kind
        return base | {"mode": "lines", "line": {"color": colour, "width": 2.5, "dash": dash}}
    if key.kind == "hatch":
        return base | {"mode": "lines", "fill": "toself", "line": {"width": 0, "color": colour}, **_hatch(colour)}
    if key.kind == "box":
        return base | {"mode": "markers", "marker": {"symbol": "square", "size": 15, "color": colour, "opacity": 1}}
    if key.kind == "bar":
        return base | {"mode": "markers", "marker": {
            "symbol": "line-ns", "size": 15, "line": {"width": 3, "color": colour}, "opacity": 1}}
    return base | {"mode": "markers", "marker": _marker(key.kind, colour, 1.0, look)}


def _marker(shape: str, colour: str, size: float, look: Style) -> dict:
    open_ = shape.endswith("-open") or shape == "empty"
    wide = 2.2 if open_ else 1.8 if shape in ("cross", "stroke") else 0.0
    return {"symbol": SYMBOLS[shape], "size": SIZE_PX * size * (0.86 if open_ else 1.0), "opacity": 1,
            "color": look.colour("page") if open_ else colour, "line": {"color": colour, "width": wide}}


def _hatch(colour: str) -> dict:
    return {"fillpattern": {"shape": "/", "fgcolor": colour, "bgcolor": "rgba(0,0,0,0)", "size": 7, "solidity": 0.32}}


def _points(mark: Points, panel: Panel, ids: tuple[str, str], look: Style, header: float, out: Drawn) -> None:
    hover = {"text": [_lines(x) for x in mark.hover], "hoverinfo": "text"} if mark.hover else {"hoverinfo": "skip"}
    out.traces += [{
        "type": "scatter", "mode": "markers", "x": list(mark.x), "y": list(mark.y), "xaxis": ids[0], "yaxis": ids[1],
        "marker": _marker(shape, look.colour(mark.role), mark.size, look), "cliponaxis": False, "showlegend": False,
        **hover,
    } for shape in ((mark.shape, "stroke") if mark.shape == "empty" else (mark.shape,))]


def _line(mark: Line, panel: Panel, ids: tuple[str, str], look: Style, header: float, out: Drawn) -> None:
    out.traces.append({
        "type": "scatter", "mode": "lines", "x": _gaps(mark.x), "y": _gaps(mark.y), "xaxis": ids[0], "yaxis": ids[1],
        "connectgaps": False, "line": {"color": look.colour(mark.role), "width": mark.width, "dash": mark.dash,
                                       "shape": "hvh" if mark.step else "linear"}, **QUIET,
    })


def _area(mark: Area, panel: Panel, ids: tuple[str, str], look: Style, header: float, out: Drawn) -> None:
    rows = list(zip(mark.x, mark.low, mark.high, strict=True))
    for whole, part in groupby(rows, key=lambda r: not any(math.isnan(v) for v in r)):
        if whole:
            x, low, high = zip(*part, strict=True)
            out.traces.append(_polygon([*x, *reversed(x)], [*low, *reversed(high)], ids, look.colour(mark.role)))


def _box(mark: Box, panel: Panel, ids: tuple[str, str], look: Style, header: float, out: Drawn) -> None:
    x0, x1 = (min(max(x, panel.x.low), panel.x.high) for x in (mark.x0, mark.x1))
    y0, y1 = (panel.y.low, panel.y.high) if mark.y0 is None else (mark.y0, mark.y1)
    trace = _polygon([x0, x1, x1, x0], [y0, y0, y1, y1], ids, look.colour(mark.role))
    if mark.hatch:
        trace |= _hatch(look.colour(mark.role))
    if mark.hover:
        trace |= {"hoveron": "fills", "hoverinfo": "text", "text": _lines(mark.hover)}
    out.traces.append(trace)


def _polygon(x: list[float], y: list[float], ids: tuple[str, str], colour: str) -> dict:
    return {"type": "scatter", "mode": "lines", "fill": "toself", "fillcolor": colour, "line": {"width": 0, "color": colour},
            "x": x, "y": y, "xaxis": ids[0], "yaxis": ids[1], **QUIET}


def _rule(mark: Rule, panel: Panel, ids: tuple[str, str], look: Style, header: float, out: Drawn) -> None:
    line = {"color": look.colour(mark.role), "width": 1.6, "dash": mark.dash}
    if not mark.vertical:
        out.shapes.append({"type": "line", "x0": 0, "x1": 1, "xref": f"{ids[0]} domain", "y0": mark.at, "y1": mark.at,
                           "yref": ids[1], "line": line})
        return
    out.shapes += [_upright(mark.at, y0, y1, ids, line) for y0, y1 in _reach(panel, header)]


def _reach(panel: Panel, header: float) -> list[tuple[float, float]]:
    """From where to where a vertical line goes: the whole plot, or the part of each row below its texts."""
    return slots(len(panel.rows), header) if panel.rows else [(panel.y.low, panel.y.high)]


def _upright(at: float, y0: float, y1: float, ids: tuple[str, str], line: dict) -> dict:
    return {"type": "line", "x0": at, "x1": at, "xref": ids[0], "y0": y0, "y1": y1, "yref": ids[1], "line": line,
            "layer": "below"}


def _label(mark: Label, panel: Panel, ids: tuple[str, str], look: Style, header: float, out: Drawn) -> None:
    out.annotations.append({
        "text": _lines(mark.text), "x": mark.x, "y": mark.y, "xref": ids[0], "yref": ids[1], "showarrow": False,
        "xanchor": mark.align, "yanchor": {1: "bottom", 0: "middle", -1: "top"}[mark.lift], "yshift": 3 * mark.lift,
        "font": {"size": look.small_px, "color": look.colour(mark.role)}, "borderpad": 0,
        "bgcolor": look.colour("page") if mark.halo else "rgba(0,0,0,0)",
    })


def _row_lines(panel: Panel, ids: tuple[str, str], look: Style, header: float, out: Drawn) -> None:
    line = {"color": look.colour("rule"), "width": 1}
    for i in range(1, len(panel.rows)):
        out.shapes.append({"type": "line", "x0": 0, "x1": 1, "xref": "paper", "y0": i - 0.5, "y1": i - 0.5,
                           "yref": ids[1], "line": line, "layer": "below"})
    if panel.x.grid:
        out.shapes += [_upright(x.at, y0, y1, ids, line) for x in panel.x.ticks for y0, y1 in _reach(panel, header)]


def _gaps(values: tuple[float, ...]) -> list[float | None]:
    return [None if math.isnan(v) else v for v in values]


def _lines(text: str) -> str:
    return html.escape(text, quote=False).replace("\n", "<br>")
