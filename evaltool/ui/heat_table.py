"""The change in each domain of a form by department: the number, and a tint as strong as the change is large."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from ..export.view_names import view_name, view_names
from ..findings import cell_code, place_name
from ..result import ALL, Release
from ..text import t
from ..text.formats import change, interval, number
from .addresses import DEPARTMENT_PATH
from .matrix_view import departments_in_order
from .session import lang, released, study
from .symbol import symbol
from .text_table import text_table
from .workbook import workbook

STRONGEST = 34
"""Per cent of the colour in the cell with the largest change."""


def heat_table(*, release: Release, form: str, title: str) -> None:
    """One figure for ``form``: departments (those worth talking about first) by its domains, all together at the end."""
    rows = release.estimates[release.estimates["measure"].str.startswith(f"domain.{form}.")]
    places = [one for one in departments_in_order(release=released()) if one in set(rows["department"])]
    cells = rows.set_index(["department", "measure"])
    names = view_names(study=study(), lang=lang())
    scales = {m: view_name(names=names, measure=m) for m in dict.fromkeys(rows["measure"])}
    largest = rows.loc[rows["status"] == "shown", "estimate"].abs().max()
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in scales.values())
    body = "".join(_row(place, [cells.loc[(place, m)] for m in scales], largest, release) for place in [*places, ALL])
    with st.container(border=True, key=f"card_heat_{form}"):
        st.subheader(title, anchor=False)
        st.html(f'<p class="ev-sentence">{escape(_told(rows))}</p><p class="ev-note">{escape(t("view.domains_note", lang()))}</p>'
                f'<div class="ev-scroll" tabindex="0" role="region" aria-label="{escape(title, quote=True)}"><table class="ev wide"><thead><tr>'
                f'<th scope="col">{escape(t("column.department", lang()))}</th>{head}</tr></thead><tbody>{body}</tbody></table></div>')
        _behind(rows, scales, release, form)


@st.fragment
def _behind(rows: pd.DataFrame, scales: dict[str, str], release: Release, form: str) -> None:
    drawer = st.expander(t("page.behind", lang()), on_change="rerun", key=f"behind_heat_{form}")
    if not drawer.open:
        return
    with drawer:
        st.markdown(f"**{t('page.how_to_read', lang())}** {t('view.reading_domains', lang())}")
        frame = pd.DataFrame([_told_row(row, scales, release) for _, row in rows.iterrows()])
        text_table(frame=frame, caption=t("view.heading_domains", lang()))
        with st.container(horizontal=True):
            st.download_button(t("page.download_csv", lang()), lambda: rows.to_csv(index=False).encode("utf8"), f"domains_{form}.csv", "text/csv",
                               on_click="ignore", key=f"csv_heat_{form}")
            st.download_button(t("page.download_xlsx", lang()), lambda: workbook(frame=frame, sheet=t("page.table_sheet", lang())),
                               f"domains_{form}.xlsx", on_click="ignore", key=f"xlsx_heat_{form}")


def _told(rows: pd.DataFrame) -> str:
    """How many of the cells that can be shown are better, and worse."""
    own = rows[rows["department"] != ALL]
    codes = [cell_code(row) for _, row in own.iterrows()]
    shown = len(codes) - sum(code in ("suppressed", "no_data", "not_identified") for code in codes)
    return t("view.domains_told", lang(), shown=number(shown, lang()), better=number(codes.count("better"), lang()),
             worse=number(codes.count("worse"), lang()), hidden=number(codes.count("suppressed"), lang()))


def _row(place: str, cells: list[pd.Series], largest: float, release: Release) -> str:
    name = escape(place_name(release=release, department=place, lang=lang()))
    link = f'<a href="{DEPARTMENT_PATH}?department={escape(place)}&lang={lang()}" target="_self">{name}</a>' if place != ALL else f"<strong>{name[0].upper()}{name[1:]}</strong>"
    return f'<tr><th scope="row">{link}</th>{"".join(_cell(cell, largest) for cell in cells)}</tr>'


def _cell(row: pd.Series, largest: float) -> str:
    code = cell_code(row)
    if row["status"] != "shown":
        word = t(f"verdict.{code}", lang())
        return f'<td><span class="cell">{symbol(code=code, size=14)}<span class="word">{escape(word)}</span></span></td>'
    share = round(STRONGEST * abs(row["estimate"]) / largest) if largest else 0
    colour = "--main" if row["estimate"] > 0 else "--signal"
    tint = f"background:color-mix(in srgb, var({colour}) {share}%, var(--page))"
    ends = interval(row["conf_low"], row["conf_high"], "points", lang(), 2, difference=True)
    return (f'<td style="{tint}" title="{escape(ends, quote=True)}"><span class="cell">{symbol(code=code, size=14)}'
            f'<span>{change(row["estimate"], "points", lang(), 2)}</span></span></td>')


def _told_row(row: pd.Series, scales: dict[str, str], release: Release) -> dict[str, str]:
    shown = row["status"] == "shown"
    return {
        t("column.department", lang()): place_name(release=release, department=row["department"], lang=lang()),
        t("view_column.what", lang()): scales[row["measure"]],
        t("column.change", lang()): change(row["estimate"], "points", lang(), 2) if shown else t(f"status.{row['status']}", lang()),
        t("column.interval", lang()): interval(row["conf_low"], row["conf_high"], "points", lang(), 2, difference=True) if shown else "",
        t("column.n_before", lang()): number(row["n_before"], lang()) if shown else "",
        t("column.n_after", lang()): number(row["n_after"], lang()) if shown else "",
        t("column.verdict", lang()): t(f"verdict.{cell_code(row)}", lang()),
    }
