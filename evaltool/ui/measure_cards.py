"""Figures of one measure, each where the Release has something to draw: before and after, over time, department by
department, and against what chance alone would give."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd
import streamlit as st

from ..disclosure import select
from ..figures.chart import Chart
from ..figures.dumbbell import dumbbell
from ..figures.forest import forest
from ..figures.funnel_chart import KINDS as FUNNEL_KINDS
from ..figures.funnel_chart import funnel_chart, has_expected
from ..figures.process_chart import process_chart
from ..figures.process_grid import process_grid
from ..findings import place_name
from ..measures import Measure, measure
from ..process.charts import ProcessCharts
from ..result import ALL, Release
from ..studied import studied
from ..tables import changes, expected, levels, periods
from ..text import t
from .all_charts import chosen_charts
from .chart_card import chart_card
from .filters import Chosen
from .session import lang, released, remembered


def before_after_card(
    *, chosen: Chosen, name: str, order: tuple[str, ...] = (), key: str = "", stretch: bool = False,
) -> None:
    """Dumbbell of ``name`` for the departments in ``order`` (those chosen). Where the choice is of one group of people the
    figure says so wherever it is taken."""
    order = order or chosen.order

    def chart() -> Chart:
        made = dumbbell(release=chosen.release, measure=name, lang=lang(), order=order)
        if not chosen.group:
            return made
        return replace(made, title=f"{made.title} ({chosen.group})", alt=f"{chosen.group}. {made.alt}")

    chart_card(chart=chart, about=(chosen.about, order), table=lambda: levels(release=_only(chosen, order), measure_id=name, lang=lang()),
               name=f"{key or 'all'}_{name}_before_after", measure=_studied(name), stretch=stretch)


def over_time_card(*, chosen: Chosen, name: str, department: str = ALL, stretch: bool = False) -> None:
    """Process chart of ``name`` in ``department`` (``"*"``: all together), or that the years chosen have none."""
    if not remembered("over_time", chosen.about, name, department, make=lambda: _has_points(chosen, name, department)):
        st.info(t("page.filter_no_periods", lang()))
        return
    chart_card(chart=lambda: process_chart(charts=chosen_charts(chosen=chosen), release=chosen.release, measure=name, department=department, lang=lang()),
               about=(chosen.about,), table=lambda: periods(release=chosen.release, measure_id=name, department=department, lang=lang()),
               name=f"{'all' if department == ALL else department}_{name}_over_time", measure=_studied(name),
               reading=t("page.process_reading", lang()), stretch=stretch)


def grid_card(*, chosen: Chosen, name: str, charts: ProcessCharts | None = None, level: int = 3) -> None:
    """The same chart for each department, small, on the same axes. ``charts``: made by other rules than the study's own."""
    order = chosen.order

    def chart() -> Chart:
        return process_grid(charts=charts or chosen_charts(chosen=chosen), release=chosen.release, measure=name, lang=lang(), order=order)

    chart_card(chart=chart, about=(chosen.about, order, charts.rule_set if charts else ""),
               table=lambda: _each_period(chosen.release, chart().data["department"].drop_duplicates(), name),
               level=level, name=f"grid_{name}", measure=_studied(name), reading=t("process.reading", lang()))


def _each_period(release: Release, places: Iterable[str], name: str) -> pd.DataFrame:
    """The periods of every department in ``places``, one under the other."""
    parts = [periods(release=release, measure_id=name, department=place, lang=lang()) for place in places]
    words = [place_name(release=release, department=place, lang=lang()) for place in places]
    return pd.concat(parts, keys=words, names=[t("column.department", lang()), None]).reset_index(level=0)


def funnel_card(*, chosen: Chosen, name: str) -> None:
    """Departments by size, against chance; then the same adjusted for who they are, where that is known. For shares and
    rates only (``has_funnel``)."""
    known = remembered("expected", chosen.about, name, make=lambda: has_expected(release=chosen.release, measure=name))
    for adjusted in (False, True) if known else (False,):
        make = expected if adjusted else levels
        chart_card(chart=lambda adjusted=adjusted: funnel_chart(release=chosen.release, measure=name, lang=lang(), adjusted=adjusted),
                   about=(chosen.about,), table=lambda make=make: make(release=chosen.release, measure_id=name, lang=lang()),
                   name=f"funnel_{name}{'_adjusted' if adjusted else ''}", measure=_studied(name),
                   reading=t("page.funnel_adjusted_reading" if adjusted else "page.funnel_reading", lang()))


def forest_card(*, chosen: Chosen, name: str) -> None:
    """The departments' changes beside each other, together, and for a new one."""
    order = chosen.order
    chart_card(chart=lambda: forest(release=chosen.release, measure=name, lang=lang(), order=order), about=(chosen.about, order),
               table=lambda: changes(release=_only(chosen, order), measure_id=name, lang=lang()), name=f"forest_{name}",
               measure=_studied(name), reading=t("page.forest_reading", lang()))


def has_funnel(*, name: str) -> bool:
    """Is the measure one that a funnel fits?"""
    return measure(name).kind in FUNNEL_KINDS


def with_numbers(*, release: Release, department: str) -> frozenset[str]:
    """The measures of which there is anything in the department, shown or hidden."""
    def make() -> frozenset[str]:
        rows = release.series
        mine = rows["department"].eq(department) & rows["status"].isin(["shown", "suppressed"])
        return frozenset(rows.loc[mine, "measure"])

    return remembered("with_numbers", department, make=make)


def _has_points(chosen: Chosen, name: str, department: str) -> bool:
    rows = chosen_charts(chosen=chosen).points
    return bool((rows["measure"].eq(name) & rows["department"].eq(department)).any())


def _studied(name: str) -> Measure:
    return studied(release=released(), name=name)


def _only(chosen: Chosen, order: tuple[str, ...]) -> Release:
    return select(release=chosen.release, departments=(*order, ALL) if len(order) > 1 else order)
