"""A figure as a page shows it: the finding as title, one plain sentence, the chart, how to read it, what it means,
the table behind it, and downloads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape

import pandas as pd
import streamlit as st

from ..figures import matplotlib as print_figure
from ..figures.chart import Chart, Row
from ..figures.unchecked import Unchecked, unchecked
from ..measures import Measure
from ..result import ALL
from ..text import t
from .addresses import DEPARTMENT_PATH
from .legend import legend
from .session import lang, remembered, theme
from .text_table import remembered_table
from .workbook import workbook

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTH_MM = 170
PLAIN = {"displayModeBar": False}


@dataclass(frozen=True)
class _Face:
    """A figure ready to send. ``plots``: name, text alternative and drawing of each, none where there is nothing to draw.
    ``rows``: what is said of each row when its mark is chosen, none where nothing can be chosen."""

    head: str
    plots: tuple[tuple[str, str, Unchecked], ...]
    foot: str
    message: str
    rows: tuple[str, ...] = ()


def chart_card(
    *, chart: Callable[[], Chart], about: tuple, table: Callable[[], pd.DataFrame], name: str, measure: Measure | None = None,
    level: int = 3, reading: str = "", stretch: bool = False,
) -> None:
    """Draw one figure. ``chart`` and ``table`` make it and the texts behind it, once for all who see the same; ``about``:
    what they depend on beside ``name``, the language and what this visitor may see; ``name``: file name of downloads, and
    the key of the card; ``level``: heading level; ``reading``: how to read it, else the measure's own text; ``stretch``:
    as high as what stands beside it."""
    face = remembered("card", name, lang(), theme(), level, about, make=lambda: _face(chart(), level))
    with st.container(border=True, key=f"card_{name}", height="stretch" if stretch else "content", gap="xsmall"):
        st.html(face.head)
        _body(face, name)
        behind(chart=chart, about=about, table=table, name=name, measure=measure, reading=reading)


def _face(chart: Chart, level: int) -> _Face:
    told = f'<p class="ev-sentence">{escape(chart.subtitle)}</p><p class="ev-note">{escape(chart.note)}</p>'
    return _Face(
        head=f'<h{level} class="ev-head">{escape(chart.title)}</h{level}>{told}{legend(chart=chart)}', message=chart.message,
        plots=_plots(chart),
        foot="".join(f'<p class="ev-note">{escape(line)}</p>' for line in chart.footnotes), rows=_rows(chart))


def _plots(chart: Chart) -> tuple[tuple[str, str, Unchecked], ...]:
    """One plot; small charts beside each other are one each, so that they stand as many in a row as there is room for."""
    if not chart.panels:
        return ()
    if len(chart.panels) == 1 or chart.columns == 1:
        return (("", chart.alt, unchecked(chart=replace(chart, legend=()), theme=theme())),)
    small = [replace(chart, panels=(panel,), legend=(), title=panel.title) for panel in chart.panels]
    return tuple((f"_{one.title}", f"{one.title}. {chart.title}.", unchecked(chart=one, theme=theme(), compact=True)) for one in small)


def _rows(chart: Chart) -> tuple[str, ...]:
    """Where the rows are departments, several of them: each in words, with the way to its page."""
    rows = chart.panels[0].rows if chart.panels else ()
    if len(rows) < 2 or "department" not in chart.data or len(chart.data) != len(rows):
        return ()
    return tuple(_row(row, str(place)) for row, place in zip(rows, chart.data["department"], strict=True))


def _row(row: Row, place: str) -> str:
    link = "" if place == ALL else (f' <a href="{DEPARTMENT_PATH}?department={escape(place)}&lang={lang()}" target="_self">'
                                    f"{escape(t('page.open_department', lang()))}</a>")
    said = ". ".join(part for part in (f"{row.label}: {row.value}", row.note) if part)
    return f'<p class="ev-sentence ev-chosen" role="status">{escape(said)}.{link}</p>'


def _body(face: _Face, name: str) -> None:
    """The plots, and what is under them."""
    if not face.plots:
        st.info(face.message)
    elif face.rows:
        _choosable(face, name)
    elif len(face.plots) == 1:
        _plot(*face.plots[0], name)
    else:
        with st.container(horizontal=True, key=f"panels_{name}"):
            for one in face.plots:
                _plot(*one, name)
    if face.foot:
        st.html(face.foot)


def _plot(key: str, alt: str, drawn: Unchecked, name: str) -> None:
    st.plotly_chart(drawn, theme=None, alt=alt, config=PLAIN, key=f"plot_{name}{key}")


@st.fragment
def _choosable(face: _Face, name: str) -> None:
    """A plot whose rows are departments: the one whose mark is chosen is told in words, with the way to its page."""
    _, alt, drawn = face.plots[0]
    chosen = st.plotly_chart(drawn, on_select="rerun", selection_mode="points", theme=None, alt=alt, config=PLAIN,
                             key=f"plot_{name}").selection.points
    if chosen and -0.5 < chosen[0]["y"] < len(face.rows) - 0.5:
        st.html(face.rows[round(chosen[0]["y"])])


@st.fragment
def behind(
    *, chart: Callable[[], Chart], about: tuple, table: Callable[[], pd.DataFrame], name: str, measure: Measure | None = None,
    reading: str = "",
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
        frame = remembered("behind", name, lang(), about, make=table)
        made = remembered("chart", name, lang(), about, make=chart)
        remembered_table(make=lambda: frame, about=("card", name, about), caption=made.alt)
        _downloads(made, frame, name)


def _meaning(measure: Measure | None) -> tuple[tuple[str, str], ...]:
    if measure is None:
        return ()
    return ("definition", measure.text("definition", lang())), ("important_change", measure.text("important_source", lang()))


def _downloads(chart: Chart, frame: pd.DataFrame, name: str) -> None:
    """Each file is made when somebody takes it: then there is no page any more, so nothing may be asked of one."""
    sheet = t("page.table_sheet", lang())
    files = {
        "csv": (lambda: chart.data.to_csv(index=False).encode("utf8"), "text/csv"),
        "xlsx": (lambda: workbook(frame=frame, sheet=sheet), EXCEL),
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
