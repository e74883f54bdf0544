"""The report's figures, drawn at the widths the pages need, with the table behind each.

Letters must not shrink with the picture, so nothing is scaled: a figure comes as ``wide`` (the full text width), with
a ``dense`` twin (one line per department) where there are many departments, and as ``half`` (two side by side on
paper, alone on a telephone).
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

from ..figures import matplotlib
from ..figures.dumbbell import dumbbell
from ..figures.run_chart import run_chart
from ..figures.staircase import staircase
from ..measures import measure
from ..result import ALL
from ..tables import levels, matrix, periods, rollout

if TYPE_CHECKING:
    import pandas as pd

    from ..figures.chart import Chart
    from ..result import Release

WIDE, HALF = 174.0, 84.0
ROOMY_UP_TO, DENSE_FROM = 9, 6
"""With few departments only the roomy drawing can be wanted, with many only the dense one; between, the page decides."""


def pictures(*, release: Release, lang: str, department: str | None, formats: tuple[str, ...]) -> dict[str, list[dict]]:
    """Drawn once for all ``formats``: ``before_after`` (users first, then staff), ``over_time`` (users, then services) and ``done``.

    Each figure: title, subtitle, note, alt, reading, its SVG texts by width, and ``table`` (head, rows).
    """
    order = tuple(matrix(release=release, lang=lang)["department"].drop_duplicates())
    by_side = _by_side(release)
    widths = _row_widths(len(order), formats)
    rows = [
        _figure(dumbbell(release=release, measure=name, lang=lang, order=order),
                levels(release=release, measure_id=name, lang=lang), measure(name).text("reading", lang), widths)
        for name in [*by_side["user"][:1], *by_side["staff"][:1], *by_side["user"][1:], *by_side["staff"][1:]][:2]
    ]
    time = [
        _figure(chart, periods(release=release, measure_id=name, department=department or ALL, lang=lang),
                measure(name).text("reading", lang) if measure(name).side == "service" else "", ("half",))
        for name, chart in _over_time(release, by_side, department or ALL, lang)
    ]
    done = _figure(staircase(release=release, lang=lang), rollout(release=release, lang=lang), "", widths)
    return {"before_after": rows, "over_time": time, "done": [done]}


def _by_side(release: Release) -> dict[str, list[str]]:
    sides: dict[str, list[str]] = {"user": [], "staff": [], "service": []}
    for name in release.spec.measures:
        sides[measure(name).side].append(name)
    return sides


def _over_time(release: Release, by_side: dict[str, list[str]], place: str, lang: str) -> list[tuple[str, Chart]]:
    """Two charts: one of the users' measures and one of the services', or the next that can be shown."""
    sides = [[(name, run_chart(release=release, measure=name, department=place, lang=lang)) for name in by_side[side]]
             for side in ("user", "service", "staff")]
    ready = [sorted(charts, key=_empty) for charts in sides]
    firsts, others = [charts[:1] for charts in ready[:2]], [ready[0][1:], ready[1][1:], ready[2]]
    return sorted(itertools.chain(*firsts, *others), key=_empty)[:2]


def _empty(one: tuple[str, Chart]) -> bool:
    return not one[1].panels


def _row_widths(count: int, formats: tuple[str, ...]) -> tuple[str, ...]:
    wanted = {"wide", "half"} if "html" in formats else set()
    if "pdf" in formats:
        wanted |= {"wide"} if count <= ROOMY_UP_TO else set()
        wanted |= {"dense"} if count >= DENSE_FROM else set()
    return tuple(sorted(wanted))


def _figure(chart: Chart, table: pd.DataFrame, reading: str, widths: tuple[str, ...]) -> dict:
    drawn = {
        width: matplotlib.svg(chart=_dense(chart) if width == "dense" else chart, width_mm=HALF if width == "half" else WIDE)
        for width in widths
    }
    return {
        "title": chart.title, "subtitle": chart.subtitle, "note": chart.note, "alt": chart.alt, "svg": drawn,
        "reading": reading,
        "table": {"head": list(table.columns), "rows": table.astype("str").to_numpy().tolist()},
    }


def _dense(chart: Chart) -> Chart:
    """The same rows with value and n on one line."""
    panels = tuple(
        replace(panel, rows=tuple(
            replace(row, value="; ".join(part for part in (row.value, row.note) if part), note="") for row in panel.rows))
        for panel in chart.panels
    )
    return replace(chart, panels=panels)
