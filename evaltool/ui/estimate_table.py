"""The estimates as a researcher wants them: every column, raw numbers, filters on codes, and code that repeats it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import pandas as pd
import streamlit as st

from ..findings import place_name
from ..measures import measure
from ..result import Release
from ..subgroup_name import subgroup_name
from ..tables import estimates, reasons
from ..text import t
from ..text.formats import number
from .host import host
from .session import lang
from .text_table import MOST_ROWS, text_table
from .workbook import workbook

MOST_NAMED = 6
"""More groups than this are counted, not named."""

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def estimate_table(*, release: Release, wanted: Mapping[str, tuple[str, ...]], name: str) -> None:
    """The rows that fit ``wanted`` (column -> codes, empty: all) in words, why each method was taken, and all their columns
    as CSV and XLSX. ``name``: file name of downloads."""
    keep = fits(frame=release.estimates, wanted=wanted)
    rows = release.estimates[keep]
    st.html(f'<p class="ev-note">{t("page.estimates_shown", lang(), count=number(len(rows), lang()))}</p>')
    first = keep & keep.cumsum().le(MOST_ROWS)
    text_table(frame=estimates(release=release, lang=lang(), rows=first), caption=t("page.estimates", lang()), count=len(rows))
    _reasons(release)
    with st.container(horizontal=True):
        st.download_button(t("page.download_csv", lang()), lambda: rows.to_csv(index=False).encode("utf8"), f"{name}.csv",
                           "text/csv", on_click="ignore")
        st.download_button(t("page.download_xlsx", lang()), lambda: workbook(frame=rows, sheet="estimates"), f"{name}.xlsx",
                           EXCEL, on_click="ignore")


def _reasons(release: Release) -> None:
    """Folded in: one line for each method in the table."""
    lines = reasons(release=release, lang=lang())
    told = "".join(f'<p class="ev-note">{escape(line)}</p>' for line in lines)
    summary = escape(t("page.method_reasons", lang(), count=number(len(lines), lang())))
    st.html(f'<details class="ev-note"><summary>{summary}</summary>{told}</details>' if lines else "<span></span>")


def fits(*, frame: pd.DataFrame, wanted: Mapping[str, tuple[str, ...]]) -> pd.Series:
    """Which rows of ``frame`` have one of the wanted codes in every column that something is wanted of."""
    keep = pd.Series(True, index=frame.index)
    for column, codes in wanted.items():
        keep &= frame[column].isin(codes) if codes else True
    return keep


def diagnostics(*, release: Release) -> None:
    """What was noticed while estimating, in words: one row per measure and remark, with where it holds."""
    rows = []
    for (name, code), part in release.notes.groupby(["measure", "code"], sort=False):
        m = measure(name)
        places = part["department"].map(lambda one: place_name(release=release, department=one, lang=lang())).drop_duplicates()
        groups = part["subgroup"].map(lambda one: subgroup_name(subgroup=one, measure=m, lang=lang())).drop_duplicates()
        groups = [one for one in groups if one]
        values = part["value"].dropna()
        rows.append({
            t("column.measure", lang()): m.text("short", lang()), t("page.note", lang()): t(f"note.{code}", lang()),
            t("column.value", lang()): number(values.iloc[0], lang(), 2) if len(part) == len(values) == 1 else "",
            t("column.department", lang()): ", ".join(places),
            t("column.subgroup", lang()): ", ".join(groups) if len(groups) <= MOST_NAMED else number(len(groups), lang()),
        })
    text_table(frame=pd.DataFrame(rows), caption=t("page.diagnostics", lang()))


def python_lines(*, method: str, wanted: Mapping[str, tuple[str, ...]], policy: Mapping[str, object]) -> None:
    """The lines that give the same rows in Python."""
    st.code(repeated(folder=host().folder.name, method=method, wanted=wanted, policy=str(policy["name"])), language="python")


def repeated(*, folder: str, method: str, wanted: Mapping[str, tuple[str, ...]], policy: str) -> str:
    """Python that makes ``rows``, the rows of the table, from the study folder."""
    conditions = [f"{column} in {list(codes)}" for column, codes in wanted.items() if codes]
    query = f".query({' and '.join(conditions)!r})" if conditions else ""
    return f"""from pathlib import Path

import evaltool as ev

released = ev.study_comparison(folder=Path({folder!r}), method={method!r}, policy_name={policy!r})
rows = released.estimates{query}
rows"""
