"""A figure as a page shows it: the finding as title, one plain sentence, the chart, how to read it, what it means,
the table behind it, and downloads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import escape

import pandas as pd
import streamlit as st

from ..figures import matplotlib as print_figure
from ..figures.chart import Chart
from ..figures.unchecked import unchecked
from ..measures import Measure
from ..result import ALL
from ..text import t
from .addresses import DEPARTMENT_PATH
from .legend import legend
from .session import lang, theme
from .text_table import text_table
from .workbook import workbook

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTH_MM = 170
PLAIN = {"displayModeBar": False}


def chart_card(
    *, chart: Chart, table: Callable[[], pd.DataFrame], name: str, measure: Measure | None = None, level: int = 3,
    reading: str = "", stretch: bool = False,
) -> None:
    """Draw one figure. ``table``: makes the texts behind it, when somebody asks; ``name``: file name of downloads, and
    the key of the card; ``level``: heading level; ``reading``: how to read it, else the measure's own text;
    ``stretch``: as high as what stands beside it."""
    with st.container(border=True, key=f"card_{name}", height="stretch" if stretch else "content", gap="xsmall"):
        st.markdown(f"{'#' * level} {plain(chart.title)}", anchors=False)
        st.html(f'<p class="ev-sentence">{escape(chart.subtitle)}</p><p class="ev-note">{escape(chart.note)}</p>{legend(chart=chart)}')
        if chart.panels:
            _plots(chart, name)
        else:
            st.info(chart.message)
        if chart.footnotes:
            st.html("".join(f'<p class="ev-note">{escape(line)}</p>' for line in chart.footnotes))
        behind(chart=chart, table=table, name=name, measure=measure, reading=reading)


def _plots(chart: Chart, name: str) -> None:
    """One plot; small charts beside each other, as many in a row as there is room for."""
    if len(chart.panels) == 1 or chart.columns == 1:
        _plot(chart, name)
        return
    with st.container(horizontal=True, key=f"panels_{name}"):
        for panel in chart.panels:
            one = replace(chart, panels=(panel,), legend=(), title=panel.title)
            st.plotly_chart(unchecked(chart=one, theme=theme(), compact=True), theme=None, alt=f"{panel.title}. {chart.title}.",
                            config=PLAIN, key=f"plot_{name}_{panel.title}")


@st.fragment
def _plot(chart: Chart, name: str) -> None:
    """The plot; where its rows are departments, the one whose mark is chosen is told in words, with the way to its page."""
    rows = chart.panels[0].rows
    choose = bool(rows) and "department" in chart.data and len(chart.data) == len(rows)
    drawn = unchecked(chart=replace(chart, legend=()), theme=theme())
    given = {"theme": None, "alt": chart.alt, "config": PLAIN, "key": f"plot_{name}"}
    if not choose:
        st.plotly_chart(drawn, **given)
        return
    chosen = st.plotly_chart(drawn, on_select="rerun", selection_mode="points", **given).selection.points
    if not chosen or not -0.5 < chosen[0]["y"] < len(rows) - 0.5:
        return
    at = round(chosen[0]["y"])
    row, place = rows[at], str(chart.data["department"].iloc[at])
    link = "" if place == ALL else (f' <a href="/{DEPARTMENT_PATH}?department={escape(place)}&lang={lang()}" target="_self">'
                                    f"{escape(t('page.open_department', lang()))}</a>")
    said = ". ".join(part for part in (f"{row.label}: {row.value}", row.note) if part)
    st.html(f'<p class="ev-sentence ev-chosen" role="status">{escape(said)}.{link}</p>')


@st.fragment
def behind(
    *, chart: Chart, table: Callable[[], pd.DataFrame], name: str, measure: Measure | None = None, reading: str = "",
) -> None:
    """What lies behind the figure, made when it is opened; arguments as in ``chart_card``."""
    drawer = st.expander(t("page.behind", lang()), on_change="rerun", key=f"behind_{name}")
    if not drawer.open:
        return
    with drawer:
        explanation = reading or (measure.text("reading", lang()) if measure else "")
        for heading, text in (("how_to_read", explanation), *_meaning(measure)):
            if text:
                st.markdown(f"**{t(f'page.{heading}', lang())}** {plain(text)}")
        frame = table()
        text_table(frame=frame, caption=chart.alt)
        _downloads(chart, frame, name)


def _meaning(measure: Measure | None) -> tuple[tuple[str, str], ...]:
    if measure is None:
        return ()
    return ("definition", measure.text("definition", lang())), ("important_change", measure.text("important_source", lang()))


def _downloads(chart: Chart, frame: pd.DataFrame, name: str) -> None:
    files = {
        "csv": (lambda: chart.data.to_csv(index=False).encode("utf8"), "text/csv"),
        "xlsx": (lambda: workbook(frame=frame, sheet=t("page.table_sheet", lang())), EXCEL),
        "svg": (lambda: print_figure.svg(chart=chart, width_mm=WIDTH_MM, heading=True), "image/svg+xml"),
        "png": (lambda: print_figure.png(chart=chart, width_mm=WIDTH_MM, heading=True), "image/png"),
    }
    if not chart.panels:
        files = {kind: files[kind] for kind in ("csv", "xlsx")}
    with st.container(horizontal=True):
        for kind, (make, mime) in files.items():
            st.download_button(t(f"page.download_{kind}", lang()), make, f"{name}.{kind}", mime, on_click="ignore",
                               key=f"{kind}_{name}")


def plain(text: str) -> str:
    """``text`` so that Markdown sees no markup in it."""
    return "".join("\\" + c if c in "\\`*_{}[]<>#$~:" else c for c in text)
