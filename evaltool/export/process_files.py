"""Process charts as files: the workbook, one drawing per measure (or chart) and its funnels, the numbers as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from ..disclosure import demand_release
from ..errors import UsageError
from ..figures.funnel_chart import KINDS, funnel_chart, has_expected
from ..figures.matplotlib import svg
from ..figures.process_chart import process_chart
from ..figures.process_grid import process_grid
from ..measures import measure as measure_of
from ..whole_file import write_whole
from .process_json import process_json
from .process_workbook import process_workbook

if TYPE_CHECKING:
    from ..process.charts import ProcessCharts
    from ..result import Release

FORMATS = ("xlsx", "svg", "json")
WIDE = 260.0
"""Millimetres: a sheet of paper lying down, less its margins."""


def process_files(*, charts: ProcessCharts, release: Release, folder: Path, lang: str, formats: tuple[str, ...]) -> list[Path]:
    """Write ``charts`` into ``folder`` and return the paths, in the order of ``formats`` (of ``FORMATS``).

    ``svg``: small charts of all departments on one sheet per measure, or one large chart per measure where ``charts``
    holds a single department; for a share or rate of all departments also its funnels, where there are enough for one. Raises UsageError on anything but a Release and a folder that cannot be written.
    """
    demand_release(release)
    paths = []
    for one in formats:
        if one == "xlsx":
            paths.append(_written(folder / "process.xlsx", process_workbook(charts=charts, release=release, lang=lang)))
        elif one == "json":
            text = json.dumps(process_json(charts=charts, release=release, lang=lang), ensure_ascii=False, indent=2)
            paths.append(_written(folder / "process.json", text.encode("utf8")))
        else:
            for name in charts.points["measure"].drop_duplicates():
                paths.append(_written(folder / f"process-{name}.svg", _drawn(charts, release, name, lang)))
                paths += [_written(folder / f"{kind}-{name}.svg", picture) for kind, picture in _funnels(charts, release, name, lang)]
    return paths


def _drawn(charts: ProcessCharts, release: Release, measure: str, lang: str) -> bytes:
    places = charts.points.loc[charts.points["measure"] == measure, "department"].drop_duplicates()
    if len(places) == 1:
        chart = process_chart(charts=charts, release=release, measure=measure, department=places.iloc[0], lang=lang)
    else:
        chart = process_grid(charts=charts, release=release, measure=measure, lang=lang)
    return svg(chart=chart, width_mm=WIDE, heading=True).encode("utf8")


def _funnels(charts: ProcessCharts, release: Release, measure: str, lang: str) -> list[tuple[str, bytes]]:
    """The funnel of a share or rate, and the adjusted one, where the charts are of all departments."""
    if measure_of(measure).kind not in KINDS or charts.points["department"].nunique() == 1:
        return []
    drawn = {"funnel": funnel_chart(release=release, measure=measure, lang=lang)}
    if has_expected(release=release, measure=measure):
        drawn["funnel-adjusted"] = funnel_chart(release=release, measure=measure, lang=lang, adjusted=True)
    return [(name, svg(chart=chart, width_mm=WIDE, heading=True).encode("utf8")) for name, chart in drawn.items() if chart.panels]


def _written(path: Path, content: bytes) -> Path:
    try:
        return write_whole(path=path, content=content)
    except OSError as problem:
        raise UsageError("process_not_written", path=path) from problem
