"""Where everything stands on the printed figure, in millimetres from the top left corner."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import matplotlib_marks
from .chart import Chart, Label, Panel, Rule
from .lanes import align_at, lanes
from .print_text import line_mm, width_mm, wrap
from .style import Style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SIDE_FROM = 120.0
GAP = 2.0
GLYPH = 3.2
TITLE_PT = 11.0
PLOT_MIN, PLOT_MAX = 42.0, 72.0
MANY_ROWS = 9


@dataclass(frozen=True)
class Sheet:
    """One chart at one width: measures its texts first, then knows its height, then draws. ``heading``: with title and
    sentence above and the note below, for a picture that stands alone."""

    chart: Chart
    width: float
    style: Style
    heading: bool = False

    def draw(self) -> Figure:
        """The finished matplotlib figure."""
        from matplotlib.figure import Figure

        heights = [self._row_of_panels_mm(r) for r in range(self._grid()[0])] or [line_mm(self.style.label_pt) * 3]
        legend = self._legend_lines()
        notes = self._footnotes()
        heading = self._heading()
        first = sum(line_mm(points) for _, points, _ in heading) + (2 * GAP if heading else 0)
        top = first + len(legend) * self._line() + (GAP if legend else 0)
        total = top + sum(heights) + len(notes) * line_mm(self.style.small_pt) + (GAP if notes else 0) + 0.8
        fig = Figure(figsize=(self.width / 25.4, total / 25.4))
        pen = matplotlib_marks.Pen(fig, self.width, total, self.style)
        self._draw_heading(pen, heading)
        self._draw_legend(pen, legend, first)
        if not self.chart.panels:
            pen.text(0, top + self._line(), self.chart.message, "text", self.style.label_pt)
        for r, height in enumerate(heights if self.chart.panels else []):
            self._draw_panels(pen, r, top + sum(heights[:r]), height)
        for i, text in enumerate(notes):
            below = top + sum(heights) + GAP + (i + 0.8) * line_mm(self.style.small_pt)
            pen.text(0, below, text, "text", self.style.small_pt)
        return fig

    def _line(self) -> float:
        return line_mm(self.style.label_pt)

    def _grid(self) -> tuple[int, int]:
        """Rows and columns of panels: fewer columns on narrow paper."""
        count = len(self.chart.panels)
        columns = max(1, min(self.chart.columns, int(self.width // 36), count))
        return math.ceil(count / columns), columns

    def _panels_of(self, r: int) -> list[Panel]:
        columns = self._grid()[1]
        return list(self.chart.panels[r * columns:(r + 1) * columns])

    # --- heading, legend and footnotes -------------------------------------------------------------------------------

    def _heading(self) -> list[tuple[str, float, str]]:
        """Lines of title and sentence with their size and weight; none where the page prints them itself."""
        if not self.heading:
            return []
        told = ((self.chart.title, TITLE_PT, "semibold"), (self.chart.subtitle, self.style.label_pt, "normal"))
        return [(line, points, weight) for text, points, weight in told if text for line in wrap(text, points, self.width)]

    def _draw_heading(self, pen: matplotlib_marks.Pen, lines: list[tuple[str, float, str]]) -> None:
        below = 0.0
        for text, points, weight in lines:
            below += line_mm(points)
            pen.text(0, below - 0.25 * line_mm(points), text, "ink", points, weight=weight)

    def _legend_lines(self) -> list[list]:
        lines: list[list] = []
        used = self.width
        for key in self.chart.legend:
            need = GLYPH * 1.7 + width_mm(key.text, self.style.label_pt) + 2 * GAP
            if used + need > self.width + 2 * GAP:
                lines.append([])
                used = 0.0
            lines[-1].append((used, key))
            used += need
        return lines

    def _draw_legend(self, pen: matplotlib_marks.Pen, lines: list[list], top: float) -> None:
        for i, entries in enumerate(lines):
            middle = top + (i + 0.5) * self._line()
            for left, key in entries:
                pen.glyph(left, middle, GLYPH, key)
                pen.text(left + GLYPH * 1.7, middle, key.text, "ink", self.style.label_pt, va="center")

    def _footnotes(self) -> list[str]:
        return [line for text in self._small_print() for line in wrap(text, self.style.small_pt, self.width)]

    def _small_print(self) -> tuple[str, ...]:
        return (*self.chart.footnotes, self.chart.note) if self.heading and self.chart.note else self.chart.footnotes

    # --- panels ---------------------------------------------------------------------------------------------

    def _row_of_panels_mm(self, r: int) -> float:
        return max(self._above(p) + self._plot_mm(p) + self._below(p) for p in self._panels_of(r))

    def _above(self, panel: Panel) -> float:
        title = self._line() * 1.1 if panel.title else 0.0
        return title + (self._line() if panel.y and panel.y.title else 0.0) + self._lane_count(panel) * self._line() + 1.2

    def _below(self, panel: Panel) -> float:
        lines = max((tick.text.count("\n") + 1 for tick in panel.x.ticks), default=1)
        return self._line() * (lines + 0.25 + (1.05 if panel.x.title else 0)) + 0.6

    def _plot_mm(self, panel: Panel) -> float:
        if panel.rows:
            return len(panel.rows) * self._slot(panel)[0]
        if len(self.chart.panels) > 1:
            return 27.0
        return min(PLOT_MAX, max(PLOT_MIN, self.width * 0.42))

    def _beside(self) -> bool:
        """Names and numbers beside the rows (wide paper) or above them (narrow)."""
        return self.width >= SIDE_FROM

    def _name_lines(self, panel: Panel) -> list[list[str]]:
        room = self._left(panel) - GAP if self._beside() else self.width - self._value_mm(panel) - GAP
        return [wrap(row.label, self.style.label_pt, room) for row in panel.rows]

    def _slot(self, panel: Panel) -> tuple[float, float]:
        """Height of one row and the share of it that its texts take when they stand above the marks."""
        lines = max(len(x) for x in self._name_lines(panel))
        texts = max(self._line() * lines, self._line() + line_mm(self.style.small_pt) if self._has_numbers(panel) else 0)
        if self._beside():
            # Many rows of one line each: close together, so that they still find room on a page with other things.
            tight = len(panel.rows) > MANY_ROWS and lines == 1 and not self._has_numbers(panel)
            return texts + (0.6 if tight else 2.2), 0.0
        marks = 9.0 if any(isinstance(m, Label) for m in panel.marks) else 6.6
        return texts + 0.6 + marks, (texts + 0.6) / (texts + 0.6 + marks)

    def _has_numbers(self, panel: Panel) -> bool:
        return any(row.note for row in panel.rows)

    def _value_mm(self, panel: Panel) -> float:
        wide = [width_mm(r.value, self.style.label_pt) for r in panel.rows]
        small = [width_mm(r.note, self.style.small_pt) for r in panel.rows]
        return max(wide + small, default=0.0)

    def _left(self, panel: Panel) -> float:
        if panel.rows and self._beside():
            longest = max(width_mm(r.label, self.style.label_pt) for r in panel.rows)
            return min(longest, self.width * 0.27) + 2 * GAP
        if panel.rows:
            return width_mm(panel.x.ticks[0].text, self.style.label_pt) / 2 if panel.x.ticks else 0.0
        return max((width_mm(x.text, self.style.label_pt) for x in panel.y.ticks), default=0.0) + 1.6

    def _right(self, panel: Panel) -> float:
        last = width_mm(panel.x.ticks[-1].text, self.style.label_pt) / 2 if panel.x.ticks else 0.0
        if panel.rows and self._beside():
            return self._value_mm(panel) + 2 * GAP
        at = (panel.x.ticks[-1].at - panel.x.low) / (panel.x.high - panel.x.low) if panel.x.ticks else 0
        return max(1.0, last if at > 0.95 else 1.0)

    def _draw_panels(self, pen: matplotlib_marks.Pen, r: int, top: float, height: float) -> None:
        columns = self._grid()[1]
        cell = self.width / columns
        for c, panel in enumerate(self._panels_of(r)):
            left = c * cell + self._left(panel)
            width = cell - self._left(panel) - self._right(panel) - (GAP if columns > 1 else 0)
            up = top + self._above(panel)
            plot = height - self._above(panel) - self._below(panel)
            self._draw_above(pen, panel, c * cell, left, width, top)
            if panel.rows:
                self._draw_row_texts(pen, panel, up)
            share = self._slot(panel)[1] if panel.rows else 0.0
            matplotlib_marks.draw(pen, panel, (left, up, width, plot), header=share)

    def _draw_above(
        self, pen: matplotlib_marks.Pen, panel: Panel, edge: float, left: float, width: float, top: float,
    ) -> None:
        at = top
        if panel.title:
            at += self._line() * 1.1
            pen.text(edge, at - 1.2, panel.title, "ink", self.style.label_pt, weight="semibold")
        if panel.y and panel.y.title:
            at += self._line()
            pen.text(edge, at - 1.0, panel.y.title, "text", self.style.label_pt)
        base = top + self._above(panel) - 1.2
        for rule, lane, start in self._lanes(panel, left, width):
            pen.text(start, base - lane * self._line(), rule.text, rule.role, self.style.label_pt)

    def _lanes(self, panel: Panel, left: float, width: float) -> list[tuple[Rule, int, float]]:
        rules = [m for m in panel.marks if isinstance(m, Rule) and m.vertical and m.text]
        shares = [(x.at - panel.x.low) / (panel.x.high - panel.x.low) for x in rules]
        wide = [width_mm(x.text, self.style.label_pt) for x in rules]
        shift = {"left": 0.0, "center": 0.5, "right": 1.0}
        starts = [left + s * width - shift[align_at(s)] * w for s, w in zip(shares, wide, strict=True)]
        return list(zip(rules, lanes(starts, wide, gap=GAP), starts, strict=True))

    def _lane_count(self, panel: Panel) -> int:
        cell = self.width / self._grid()[1]
        wide = cell - self._left(panel) - self._right(panel)
        return 1 + max((lane for _, lane, _ in self._lanes(panel, self._left(panel), wide)), default=-1)

    def _draw_row_texts(self, pen: matplotlib_marks.Pen, panel: Panel, top: float) -> None:
        slot, _ = self._slot(panel)
        for i, (row, lines) in enumerate(zip(panel.rows, self._name_lines(panel), strict=True)):
            middle = top + (i + 0.5) * slot
            up = top + i * slot + 1.0 + self._line() * 0.7
            if self._beside():
                up = middle - (len(lines) - 1) * self._line() / 2 + self._line() * 0.27
            for k, text in enumerate(lines):
                pen.text(0, up + k * self._line(), text, "ink", self.style.label_pt)
            first = up if not self._beside() else middle + self._line() * (0.27 if not row.note else -0.14)
            pen.text(self.width, first, row.value, "ink", self.style.label_pt, ha="right")
            pen.text(self.width, first + self._line() * 0.92, row.note, "text", self.style.small_pt, ha="right")
