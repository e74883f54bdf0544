"""The estimates as a researcher wants them: every column, raw numbers, filters on codes, and code that repeats it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import pandas as pd
import streamlit as st

from ..disclosure import select
from ..findings import place_name
from ..measures import measure
from ..result import Release
from ..subgroup_name import subgroup_name
from ..tables import estimates, reasons
from ..text import t
from ..text.formats import number
from .host import host
from .session import lang, remembered
from .text_table import MOST_ROWS, remembered_table, table_drawn
from .workbook import workbook

MOST_NAMED = 6
"""More groups than this are counted, not named."""

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def estimate_table(*, release: Release, wanted: Mapping[str, tuple[str, ...]], name: str) -> None:
    """The rows that fit ``wanted`` (column -> codes, empty: all) in words, why each method was taken, and all their columns
    as CSV and XLSX. ``name``: of the method, and file name of downloads."""
    def rows() -> pd.DataFrame:
        return release.estimates[fits(frame=release.estimates, wanted=wanted)]

    count, said, why = remembered("estimates", lang(), name, tuple(wanted.items()), make=lambda: _words(release, wanted))
    st.html(f'<p class="ev-note">{t("page.estimates_shown", lang(), count=number(count, lang()))}</p>')
    st.html(said)
    st.html(why)
    with st.container(horizontal=True):
        st.download_button(t("page.download_csv", lang()), lambda: rows().to_csv(index=False).encode("utf8"), f"{name}.csv",
                           "text/csv", on_click="ignore")
        st.download_button(t("page.download_xlsx", lang()), lambda: workbook(frame=rows(), sheet="estimates"), f"{name}.xlsx",
                           EXCEL, on_click="ignore")


def _words(release: Release, wanted: Mapping[str, tuple[str, ...]]) -> tuple[int, str, str]:
    """How many rows, the first of them as a table, and why each method was taken; the last two as HTML."""
    keep = fits(frame=release.estimates, wanted=wanted)
    first, here = keep & keep.cumsum().le(MOST_ROWS), select(release=release, measures=wanted.get("measure", ()))
    said = table_drawn(frame=estimates(release=release, lang=lang(), rows=first), caption=t("page.estimates", lang()), count=int(keep.sum()))
    return int(keep.sum()), said, _reasons(here)


def _reasons(release: Release) -> str:
    """Folded in: one line for each method in the table."""
    lines = reasons(release=release, lang=lang())
    told = "".join(f'<p class="ev-note">{escape(line)}</p>' for line in lines)
    summary = escape(t("page.method_reasons", lang(), count=number(len(lines), lang())))
    return f'<details class="ev-note"><summary>{summary}</summary>{told}</details>' if lines else "<span></span>"


def fits(*, frame: pd.DataFrame, wanted: Mapping[str, tuple[str, ...]]) -> pd.Series:
    """Which rows of ``frame`` have one of the wanted codes in every column that something is wanted of."""
    keep = pd.Series(True, index=frame.index)
    for column, codes in wanted.items():
        keep &= frame[column].isin(codes) if codes else True
    return keep


def diagnostics(*, release: Release, wanted: Mapping[str, tuple[str, ...]], name: str) -> None:
    """What was noticed while estimating, in words: one row per measure and remark, with where it holds."""
    remembered_table(make=lambda: _remarks(release, wanted), about=("diagnostics", name, tuple(wanted.items())), caption=t("page.diagnostics", lang()))


def _remarks(release: Release, wanted: Mapping[str, tuple[str, ...]]) -> pd.DataFrame:
    rows = []
    notes = release.notes[fits(frame=release.notes, wanted={name: wanted.get(name, ()) for name in ("measure", "department")})]
    for (name, code), part in notes.groupby(["measure", "code"], sort=False):
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
    return pd.DataFrame(rows)


def subgroups(*, release: Release, wanted: Mapping[str, tuple[str, ...]], name: str) -> Mapping[str, str]:
    """The groups of people that the rows which fit ``wanted`` tell of, by code and name."""
    def make() -> dict[str, str]:
        rows = release.estimates[fits(frame=release.estimates, wanted=wanted)]
        first = rows[["subgroup", "measure"]].dropna().drop_duplicates("subgroup")
        return {one: subgroup_name(subgroup=one, measure=measure(of), lang=lang()) for one, of in first.itertuples(index=False)}

    return remembered("subgroups", lang(), name, tuple(wanted.items()), make=make)


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
