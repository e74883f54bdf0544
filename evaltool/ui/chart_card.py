"""A figure as a page shows it: the finding as title, one plain sentence, the chart, how to read it, what it means,
the table behind it, and downloads."""

from __future__ import annotations

import io

import pandas as pd
import streamlit as st

from ..figures import matplotlib as print_figure
from ..figures import plotly as screen_figure
from ..figures.chart import Chart
from ..measures import Measure
from ..text import t
from .session import lang, theme

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def chart_card(*, chart: Chart, table: pd.DataFrame, name: str, measure: Measure | None = None, level: int = 3) -> None:
    """Draw one figure. ``table``: the texts behind it; ``name``: file name of downloads; ``level``: heading level."""
    with st.container(border=True, key=f"card_{name}"):
        st.markdown(f"{'#' * level} {_plain(chart.title)}", anchors=False)
        st.html(f'<p class="ev-sentence">{chart.subtitle}</p><p class="ev-note">{chart.note}</p>')
        if chart.panels:
            st.plotly_chart(screen_figure.render(chart=chart, theme=theme()), theme=None, alt=chart.alt,
                            config={"displayModeBar": False}, key=f"plot_{name}")
        else:
            st.info(chart.message)
        for line in chart.footnotes:
            st.html(f'<p class="ev-note">{line}</p>')
        with st.expander(t("page.behind", lang())):
            if measure is not None:
                st.markdown(f"**{t('page.how_to_read', lang())}** {measure.text('reading', lang())}")
                st.markdown(f"**{t('page.definition', lang())}** {measure.text('definition', lang())}")
                st.markdown(f"**{t('page.important_change', lang())}** {measure.text('important_source', lang())}")
            st.dataframe(table, hide_index=True, placeholder="–", alt=chart.alt)
            _downloads(chart, table, name)


def _downloads(chart: Chart, table: pd.DataFrame, name: str) -> None:
    with st.container(horizontal=True):
        st.download_button(t("page.download_csv", lang()), chart.data.to_csv(index=False).encode("utf8"), f"{name}.csv",
                           "text/csv", on_click="ignore", key=f"csv_{name}")
        st.download_button(t("page.download_xlsx", lang()), lambda: _xlsx(table), f"{name}.xlsx", EXCEL,
                           on_click="ignore", key=f"xlsx_{name}")
        st.download_button(t("page.download_svg", lang()), lambda: print_figure.svg(chart=chart, width_mm=170),
                           f"{name}.svg", "image/svg+xml", on_click="ignore", key=f"svg_{name}")


def _xlsx(table: pd.DataFrame) -> bytes:
    """The table as a workbook; text that looks like a formula stays text."""
    out = io.BytesIO()
    with pd.ExcelWriter(out, engine="xlsxwriter", engine_kwargs={"options": {
            "strings_to_formulas": False, "strings_to_urls": False}}) as writer:
        table.to_excel(writer, index=False, sheet_name="evaltool")
        writer.sheets["evaltool"].autofit()
    return out.getvalue()


def _plain(text: str) -> str:
    """Markdown sees no markup in a title."""
    return "".join("\\" + c if c in "\\`*_{}[]<>#$~:" else c for c in text)
