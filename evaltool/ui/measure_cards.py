"""Figures of one measure, each where the Release has something to draw: before and after, over time, department by
department, and against what chance alone would give."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from ..disclosure import select
from ..figures.dumbbell import dumbbell
from ..figures.forest import forest
from ..figures.funnel_chart import KINDS as FUNNEL_KINDS
from ..figures.funnel_chart import funnel_chart, has_expected
from ..figures.process_chart import process_chart
from ..figures.process_grid import process_grid
from ..findings import place_name
from ..measures import measure
from ..process.charts import ProcessCharts, process_charts
from ..result import ALL, Release
from ..studied import studied
from ..tables import expected, levels, periods
from ..text import t
from .all_charts import all_charts
from .chart_card import chart_card
from .session import lang, remembered, study


def before_after_card(
    *, release: Release, name: str, about: tuple, order: tuple[str, ...], key: str = "", group: str = "",
    stretch: bool = False,
) -> None:
    """Dumbbell of ``name`` for the departments in ``order``. ``about``: what the Release was narrowed to; ``group``: the
    people it is about, where not everybody, so that the figure says so wherever it is taken."""
    chart = remembered("dumbbell", lang(), about, name, order, make=lambda: dumbbell(
        release=release, measure=name, lang=lang(), order=order))
    if group:
        chart = replace(chart, title=f"{chart.title} ({group})", alt=f"{group}. {chart.alt}")
    chart_card(chart=chart, table=lambda: levels(release=_only(release, order), measure_id=name, lang=lang()),
               name=f"{key or 'all'}_{name}_before_after", measure=studied(release=release, name=name), stretch=stretch)


def over_time_card(*, release: Release, name: str, about: tuple, department: str = ALL, stretch: bool = False) -> None:
    """Process chart of ``name`` in ``department`` (``"*"``: all together)."""
    chart = remembered("over_time", lang(), about, name, department, make=lambda: process_chart(
        charts=charts_of(release=release, name=name, about=about), release=release, measure=name, department=department,
        lang=lang()))
    chart_card(chart=chart, table=lambda: periods(release=release, measure_id=name, department=department, lang=lang()),
               name=f"{'all' if department == ALL else department}_{name}_over_time", measure=studied(release=release, name=name),
               reading=t("page.process_reading", lang()), stretch=stretch)


def grid_card(
    *, release: Release, name: str, about: tuple, order: tuple[str, ...], charts: ProcessCharts | None = None, level: int = 3,
) -> None:
    """The same chart for each department, small, on the same axes. ``charts``: made by other rules than the study's own."""
    made = charts or charts_of(release=release, name=name, about=about)
    chart = remembered("grid", lang(), about, name, order, made.rule_set, make=lambda: process_grid(
        charts=made, release=release, measure=name, lang=lang(), order=order))
    chart_card(chart=chart, table=lambda: _each_period(release, chart.data["department"].drop_duplicates(), name), level=level,
               name=f"grid_{name}", measure=studied(release=release, name=name), reading=t("process.reading", lang()))


def _each_period(release: Release, places: Iterable[str], name: str) -> pd.DataFrame:
    """The periods of every department in ``places``, one under the other."""
    parts = [periods(release=release, measure_id=name, department=place, lang=lang()) for place in places]
    words = [place_name(release=release, department=place, lang=lang()) for place in places]
    return pd.concat(parts, keys=words, names=[t("column.department", lang()), None]).reset_index(level=0)


def funnel_card(*, release: Release, name: str, about: tuple) -> None:
    """Departments by size, against chance; then the same adjusted for who they are, where that is known. For shares and
    rates only (``has_funnel``)."""
    for adjusted in (False, True) if has_expected(release=release, measure=name) else (False,):
        chart = remembered("funnel", lang(), about, name, adjusted, make=lambda adjusted=adjusted: funnel_chart(
            release=release, measure=name, lang=lang(), adjusted=adjusted))
        make = expected if adjusted else levels
        chart_card(chart=chart, table=lambda make=make: make(release=release, measure_id=name, lang=lang()),
                   name=f"funnel_{name}{'_adjusted' if adjusted else ''}", measure=studied(release=release, name=name),
                   reading=t("page.funnel_adjusted_reading" if adjusted else "page.funnel_reading", lang()))


def forest_card(*, release: Release, name: str, about: tuple, order: tuple[str, ...]) -> None:
    """The departments' changes beside each other, together, and for a new one."""
    chart = remembered("forest", lang(), about, name, order, make=lambda: forest(release=release, measure=name, lang=lang(), order=order))
    chart_card(chart=chart, table=lambda: changes(release=_only(release, order), measure_id=name, lang=lang()), name=f"forest_{name}",
               measure=studied(release=release, name=name), reading=t("page.forest_reading", lang()))


def has_funnel(*, name: str) -> bool:
    """Is the measure one that a funnel fits?"""
    return measure(name).kind in FUNNEL_KINDS


def has_numbers(*, release: Release, name: str, department: str) -> bool:
    """Is there anything of the measure in the department, shown or hidden?"""
    rows = release.series
    mine = rows[(rows["measure"] == name) & (rows["department"] == department)]
    return bool(mine["status"].isin(["shown", "suppressed"]).any())


def charts_of(*, release: Release, name: str, about: tuple) -> ProcessCharts:
    """The process charts of one measure, kept in memory: out of all charts where nothing was narrowed (``about`` empty)."""
    if not about:
        return all_charts(release=release)
    return remembered("process", about, name, make=lambda: process_charts(
        release=release, plan=study().process, measures=(name,)))


def _only(release: Release, order: tuple[str, ...]) -> Release:
    return select(release=release, departments=(*order, ALL)) if len(order) > 1 else select(release=release, departments=order)
