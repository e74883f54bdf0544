"""The estimates as a researcher wants them: every column, raw numbers, filters on codes, and code that repeats it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from ..findings import place_name
from ..measures import measure
from ..result import Release
from ..tables import estimates
from ..text import t
from ..text.formats import number
from .host import host
from .session import lang
from .text_table import text_table
from .workbook import workbook

ESTIMATE_FILTERS = ("method", "estimand", "subgroup")
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def estimate_table(*, release: Release, wanted: Mapping[str, str | None]) -> None:
    """The rows that fit ``wanted`` (column -> code) in words, and all their columns as CSV and XLSX."""
    keep = pd.Series(True, index=release.estimates.index)
    for column, code in wanted.items():
        keep &= release.estimates[column].eq(code) if code else True
    rows = release.estimates[keep]
    st.html(f'<p class="ev-note">{t("page.estimates_shown", lang(), count=number(len(rows), lang()))}</p>')
    text_table(frame=estimates(release=release, lang=lang())[keep.to_numpy()], caption=t("page.estimates", lang()))
    with st.container(horizontal=True):
        st.download_button(t("page.download_csv", lang()), lambda: rows.to_csv(index=False).encode("utf8"), "estimates.csv",
                           "text/csv", on_click="ignore")
        st.download_button(t("page.download_xlsx", lang()), lambda: workbook(frame=rows, sheet="estimates"), "estimates.xlsx",
                           EXCEL, on_click="ignore")


def diagnostics(*, release: Release) -> None:
    """What was noticed while estimating, in words."""
    frame = pd.DataFrame([{
        t("column.measure", lang()): measure(row.measure).text("short", lang()),
        t("column.department", lang()): place_name(release=release, department=row.department, lang=lang()),
        t("page.note", lang()): t(f"note.{row.code}", lang()),
        t("column.value", lang()): number(row.value, lang(), 2),
    } for row in release.notes.itertuples()])
    text_table(frame=frame, caption=t("page.diagnostics", lang()))


def python_lines(*, measures: tuple[str, ...], wanted: Mapping[str, str | None], policy: Mapping[str, object]) -> None:
    """The lines that give the same rows in Python."""
    conditions = [f'{column} == "{code}"' for column, code in wanted.items() if code]
    if measures:
        conditions.append(f"measure in {list(measures)}")
    query = f".query({' and '.join(conditions)!r})" if conditions else ""
    st.code(f"""from pathlib import Path

import evaltool as ev

released = ev.study_release(folder=Path({host().folder.name!r}), policy_name={policy['name']!r})
released.estimates{query}""", language="python")
