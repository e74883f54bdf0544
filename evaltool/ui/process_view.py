"""Process charts on a page: the overview table with icons."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from functools import cache
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from ..figures.process_icons import assurance_icon, variation_icon
from ..process.charts import only
from ..process.overview import overview
from ..process.words import now_told, series_place
from ..text import t
from .all_charts import all_charts
from .session import lang, remembered, theme
from .text_table import TALL

if TYPE_CHECKING:
    from ..process.charts import ProcessCharts
    from ..result import Release
    from .filters import Chosen


def measures_over_time(*, release: Release) -> tuple[str, ...]:
    """The measures that stand in periods."""
    def make() -> tuple[str, ...]:
        seen = set(release.series.loc[release.series["kind"].eq("period"), "measure"])
        return tuple(name for name in release.spec.measures if name in seen)

    return remembered("measures_over_time", make=make)


def places_over_time(*, chosen: Chosen, charts: ProcessCharts, name: str) -> dict[str, str]:
    """The places (code -> name) that have a chart of the measure ``name`` in ``charts``: departments, then what is several."""
    def make() -> dict[str, str]:
        places = sorted(charts.points.loc[charts.points["measure"].eq(name), "department"].unique(), key=lambda one: one not in chosen.order)
        return {place: series_place(release=chosen.release, department=place, lang=lang()) for place in places}

    return remembered("places_over_time", lang(), charts.rule_set, chosen.about, name, make=make)


def process_table(*, chosen: Chosen, charts: ProcessCharts, group: str = "all") -> None:
    """The overview: department, measure, what the variation says, the target, latest, centre, limits, since when."""
    drawn = remembered("process_table", lang(), theme(), charts.rule_set, chosen.about, group,
                       make=lambda: _table(charts, chosen.release, group))
    if drawn:
        st.html(drawn)
    else:
        st.info(t("page.none", lang()))


def _table(charts: ProcessCharts, release: Release, group: str) -> str:
    """The overview as HTML, empty without rows."""
    rows = overview(charts=charts, release=release, lang=lang(), group=group)
    if rows.empty:
        return ""
    several = rows["department"].nunique() > 1
    names = [*(["department"] if several else []), "measure", "variation", "latest", "mean", "limits", "since"]
    if rows["assurance"].ne("no_target").any():
        names.append("assurance")
    head = "".join(f'<th scope="col">{escape(t(f"process_column.{name}", lang()))}</th>' for name in names)
    places = groupby(rows.itertuples(index=False), key=lambda row: row.department)
    body = "".join(_rows(list(part), len(names) - several, several, theme()) for _, part in places)
    caption = escape(t("page.process_overview", lang()))
    tall = " tall" if len(rows) >= TALL else ""
    return (f'<div class="ev-scroll{tall}" tabindex="0" role="region" aria-label="{caption}"><table class="ev"><thead><tr>{head}'
            f"</tr></thead><tbody>{body}</tbody></table></div>")


def department_process(*, release: Release, department: str) -> None:
    """One department: how all its charts vary now, with the same icons as on the page of process charts."""
    def make() -> str:
        charts = only(charts=all_charts(release=release), departments=(department,))
        told = escape(now_told(charts=charts, department=department, lang=lang()))
        return f'<p class="ev-sentence">{told}</p>{_table(charts, release, "all") or _none()}'

    st.header(t("page.process_now", lang()), anchor=False)
    st.html(remembered("department_process", lang(), theme(), department, make=make))


def _none() -> str:
    return f'<p class="ev-note">{escape(t("page.none", lang()))}</p>'


def _rows(part: list, cells: int, headed: bool, theme: str) -> str:
    """The rows of one department, ``headed`` under its name; the first ``cells`` cells of each."""
    name = f'<th scope="rowgroup" rowspan="{len(part)}" style="vertical-align:top">{escape(part[0].name)}</th>'
    told = ["".join(f"<td>{cell}</td>" for cell in _cells(row, theme)[:cells]) for row in part]
    return "".join(f"<tr>{name if headed and i == 0 else ''}{row}</tr>" for i, row in enumerate(told))


def _cells(row, theme: str) -> tuple[str, ...]:
    return (
        escape(row.label), _named(variation_icon, row.variation, row.variation_word, theme), escape(row.latest), escape(row.mean),
        escape(row.limits), escape(row.since), _named(assurance_icon, row.assurance, row.assurance_word, theme),
    )


@cache
def _named(icon: Callable[..., str], code: str, word: str, theme: str) -> str:
    """The icon as a picture (the word stands beside it, so its text alternative is empty). A few dozen, for thousands of cells."""
    return f'<span class="cell">{_picture(icon(code=code, word=word, theme=theme))}<span>{escape(word)}</span></span>'


def _picture(svg: str) -> str:
    return f'<img src="data:image/svg+xml;base64,{b64encode(svg.encode("utf8")).decode("ascii")}" alt="" width="20" height="20">'
