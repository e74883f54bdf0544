"""How much is filled in: choose a table and one of its columns, and see it by department and wave or year."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from ..contracts import contract
from ..export.view_names import view_name, view_names
from ..filled_table import filled_columns, filled_table
from ..result import ALL, Release
from ..text import t
from .session import lang, study
from .views_part import seen_view
from .workbook import workbook

TINTS = {"low": 34, "middle": 14}
"""Per cent of the signal colour: the emptier, the stronger."""


def filled_part() -> None:
    """The choice, one table and its downloads."""
    release = seen_view("filled")
    known = filled_columns(release=release)
    if known.empty:
        st.markdown(t("filled.nothing", lang()))
        return
    names = view_names(study=study(), lang=lang())
    left, right = st.columns(2)
    table = left.selectbox(t("status_column.table", lang()), list(dict.fromkeys(known["table"])),
                           format_func=lambda name: contract(name).label[lang()], key="filled_table")
    own = known.loc[known["table"].eq(table), "measure"]
    measure = right.selectbox(t("status_column.column", lang()), list(own), key=f"filled_{table}",
                              format_func=lambda name: view_name(names=names, measure=name).partition(": ")[2] or name.rpartition(".")[2])
    _drawn(release, measure)


def _drawn(release: Release, measure: str) -> None:
    cells = filled_table(release=release, measure=measure, lang=lang())
    periods = sorted(cells["period"].unique())
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in periods)
    body = "".join(_row(name, place, group.set_index("period"), periods) for (place, name), group in cells.groupby(["department", "name"], sort=False))
    title = escape(t("filled.title", lang()), quote=True)
    st.html(f'<div class="ev-scroll" tabindex="0" role="region" aria-label="{title}"><table class="ev wide"><thead><tr>'
            f'<th scope="col">{escape(t("column.department", lang()))}</th>{head}</tr></thead><tbody>{body}</tbody></table></div>')
    frame = cells.pivot(index="name", columns="period", values="text").reindex(dict.fromkeys(cells["name"])).reset_index()
    st.download_button(t("page.download_xlsx", lang()), lambda: workbook(frame=_named(frame), sheet=t("page.table_sheet", lang())),
                       f"{measure}.xlsx", on_click="ignore", key=f"xlsx_{measure}")


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.rename(columns={"name": t("column.department", lang())}).fillna("")


def _row(name: str, place: str, cells: pd.DataFrame, periods: list[str]) -> str:
    label = escape(name[0].upper() + name[1:])
    inside = "".join(_cell(cells.loc[one]) if one in cells.index else "<td></td>" for one in periods)
    return f'<tr><th scope="row">{f"<strong>{label}</strong>" if place == ALL else label}</th>{inside}</tr>'


def _cell(cell: pd.Series) -> str:
    share = TINTS.get(cell["level"], 0)
    tint = f' style="background:color-mix(in srgb, var(--signal) {share}%, var(--page))"' if share else ""
    word = ' class="word"' if cell["level"] == "hidden" else ""
    return f'<td{tint}><span{word}>{escape(cell["text"])}</span></td>'
