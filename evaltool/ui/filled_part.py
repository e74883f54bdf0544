"""How much is filled in: choose a table and one of its columns, and see it by department and wave or year."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from ..contracts import contract
from ..export.view_names import view_name
from ..filled_table import filled_columns, filled_table
from ..result import ALL, Release
from ..text import t
from .session import lang, remembered
from .views_part import names_in_views, seen_view
from .workbook import workbook

FIRST = "user_survey"
"""The users' own answers are what is looked at first."""

TINTS = {"low": 34, "middle": 14}
"""Per cent of the signal colour: the emptier, the stronger."""


def filled_part() -> None:
    """The choice, one table and its downloads."""
    release = seen_view("filled")
    known = remembered("filled_columns", lang(), make=lambda: _columns(release))
    if not known:
        st.markdown(t("filled.nothing", lang()))
        return
    left, right = st.columns(2)
    table = left.selectbox(t("status_column.table", lang()), sorted(known, key=FIRST.__ne__), format_func=lambda name: contract(name).label[lang()], key="filled_table")
    measure = right.selectbox(t("status_column.column", lang()), list(known[table]), key=f"filled_{table}", format_func=known[table].get)
    cells = remembered("filled_cells", lang(), measure, make=lambda: filled_table(release=release, measure=measure, lang=lang()))
    st.html(remembered("filled", lang(), measure, make=lambda: _html(cells)))
    sheet, language = t("page.table_sheet", lang()), lang()
    st.download_button(t("page.download_xlsx", lang()), lambda: workbook(frame=_texts(cells, language), sheet=sheet),
                       f"{measure}.xlsx", on_click="ignore", key=f"xlsx_{measure}")


def _columns(release: Release) -> dict[str, dict[str, str]]:
    """Table -> (measure -> what its column is called)."""
    known, names = filled_columns(release=release), names_in_views()
    return {table: {one: view_name(names=names, measure=one).partition(": ")[2] or one.rpartition(".")[2] for one in own}
            for table, own in known.groupby("table", sort=False)["measure"]} if len(known) else {}


def _html(cells: pd.DataFrame) -> str:
    periods = sorted(cells["period"].unique())
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in periods)
    body = "".join(_row(name, place, group.set_index("period"), periods) for (place, name), group in cells.groupby(["department", "name"], sort=False))
    title = escape(t("filled.title", lang()), quote=True)
    return (f'<div class="ev-scroll" tabindex="0" role="region" aria-label="{title}"><table class="ev wide"><thead><tr>'
            f'<th scope="col">{escape(t("column.department", lang()))}</th>{head}</tr></thead><tbody>{body}</tbody></table></div>')


def _texts(cells: pd.DataFrame, lang: str) -> pd.DataFrame:
    frame = cells.pivot(index="name", columns="period", values="text").reindex(dict.fromkeys(cells["name"])).reset_index()
    return frame.rename(columns={"name": t("column.department", lang)}).fillna("")


def _row(name: str, place: str, cells: pd.DataFrame, periods: list[str]) -> str:
    label = escape(name[0].upper() + name[1:])
    inside = "".join(_cell(cells.loc[one]) if one in cells.index else "<td></td>" for one in periods)
    return f'<tr><th scope="row">{f"<strong>{label}</strong>" if place == ALL else label}</th>{inside}</tr>'


def _cell(cell: pd.Series) -> str:
    share = TINTS.get(cell["level"], 0)
    tint = f' style="background:color-mix(in srgb, var(--signal) {share}%, var(--page))"' if share else ""
    return f'<td{tint}>{escape(cell["text"])}</td>'
