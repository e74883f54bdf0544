"""The change in each domain of a form by department: the number, and a tint as strong as the change is large."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from ..export.view_names import view_name, view_names
from ..figures.heat_chart import heat_chart
from ..findings import cell_code, place_name
from ..instruments import instrument
from ..result import ALL, Release
from ..text import t
from ..text.formats import change, interval, number
from .addresses import DEPARTMENT_PATH
from .chart_card import behind
from .matrix_view import departments_in_order
from .session import lang, released, study
from .symbol import symbol

STRONGEST = 34
"""Per cent of the colour in the cell with the largest change."""


def heat_table(*, release: Release, form: str, name: str) -> None:
    """One figure for ``form``, called ``name``: departments (those worth talking about first) by its domains, all together at the end."""
    rows = release.estimates[release.estimates["measure"].str.startswith(f"domain.{form}.")]
    places = [one for one in departments_in_order(release=released()) if one in set(rows["department"])]
    cells = rows.set_index(["department", "measure"])
    names = view_names(study=study(), lang=lang())
    scales = {m: view_name(names=names, measure=m) for m in dict.fromkeys(rows["measure"])}
    widths = {m: _width(form, m) for m in scales}
    shown = rows[rows["status"] == "shown"]
    largest = (shown["estimate"].abs() / shown["measure"].map(widths)).max()
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in scales.values())
    body = "".join(_row(place, [(cells.loc[(place, m)], largest * widths[m]) for m in scales], release) for place in [*places, ALL])
    order = tuple([*places, ALL])
    chart = heat_chart(release=release, measures=scales, widths=widths, order=order, lang=lang(), form=name)
    with st.container(border=True, key=f"card_heat_{form}", gap="xsmall"):
        st.subheader(chart.title, anchor=False)
        st.html(f'<p class="ev-sentence">{escape(chart.subtitle)}</p><p class="ev-note">{escape(t("view.domains_note", lang()))} {escape(chart.note)}</p>'
                f'<div class="ev-scroll" tabindex="0" role="region" aria-label="{escape(chart.alt, quote=True)}"><table class="ev wide"><thead><tr>'
                f'<th scope="col">{escape(t("column.department", lang()))}</th>{head}</tr></thead><tbody>{body}</tbody></table></div>')
        behind(chart=chart, table=lambda: _told_table(rows, scales, release), name=f"heat_{form}", reading=t("view.reading_domains", lang()))


def _told_table(rows: pd.DataFrame, scales: dict[str, str], release: Release) -> pd.DataFrame:
    return pd.DataFrame([_told_row(row, scales, release) for _, row in rows.iterrows()])


def _width(form: str, name: str) -> float:
    """From the lowest to the highest score of the scale behind ``domain.<form>.<scale>``."""
    low, high = instrument(form, folder=study().instruments).scale(name.rpartition(".")[2]).range
    return high - low


def _row(place: str, cells: list[tuple[pd.Series, float]], release: Release) -> str:
    name = escape(place_name(release=release, department=place, lang=lang()))
    link = f'<a href="{DEPARTMENT_PATH}?department={escape(place)}&lang={lang()}" target="_self">{name}</a>' if place != ALL else f"<strong>{name[0].upper()}{name[1:]}</strong>"
    return f'<tr><th scope="row">{link}</th>{"".join(_cell(cell, largest) for cell, largest in cells)}</tr>'


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
