"""The change in each domain of a form by department: the number, and a tint as strong as the change is large."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from ..export.view_names import view_name
from ..figures.chart import Chart
from ..figures.heat_chart import heat_chart
from ..findings import cell_code, place_name
from ..instruments import instrument
from ..result import ALL, Release
from ..text import t
from ..text.formats import absent, change, interval, number
from .addresses import DEPARTMENT_PATH
from .chart_card import behind
from .matrix_view import departments_in_order
from .session import lang, released, remembered, study
from .symbol import symbol

STRONGEST = 34
"""Per cent of the colour in the cell with the largest change."""


def heat_table(*, release: Release, form: str, name: str, names: dict[str, str]) -> None:
    """One figure for ``form``, called ``name``: departments (those worth talking about first) by its domains, all together at the
    end. ``names``: ``view_names``."""
    def chart() -> Chart:
        scales, order = _scales(release, form, names), _order(release, form)
        return heat_chart(release=release, measures=scales, widths=_widths(form, scales), order=order, lang=lang(), form=name)

    with st.container(border=True, key=f"card_heat_{form}", gap="xsmall"):
        st.html(remembered("heat", lang(), form, make=lambda: _drawn(release, form, chart(), names)))
        behind(chart=chart, about=(), table=lambda: _told_table(release, form, names), name=f"heat_{form}", reading=t("view.reading_domains", lang()))


def _drawn(release: Release, form: str, chart: Chart, names: dict[str, str]) -> str:
    rows, scales = _of_form(release, form), _scales(release, form, names)
    cells, widths = rows.set_index(["department", "measure"]), _widths(form, scales)
    shown = rows[rows["status"] == "shown"]
    largest = (shown["estimate"].abs() / shown["measure"].map(widths)).max()
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in scales.values())
    body = "".join(_row(place, [(cells.loc[(place, m)], largest * widths[m]) for m in scales], release) for place in _order(release, form))
    return (f'<h3 class="ev-head">{escape(chart.title)}</h3><p class="ev-sentence">{escape(chart.subtitle)}</p>'
            f'<p class="ev-note">{escape(t("view.domains_note", lang()))} {escape(chart.note)}</p>'
            f'<div class="ev-scroll" tabindex="0" role="region" aria-label="{escape(chart.alt, quote=True)}"><table class="ev wide"><thead><tr>'
            f'<th scope="col">{escape(t("column.department", lang()))}</th>{head}</tr></thead><tbody>{body}</tbody></table></div>')


def _of_form(release: Release, form: str) -> pd.DataFrame:
    return release.estimates[release.estimates["measure"].str.startswith(f"domain.{form}.")]


def _order(release: Release, form: str) -> tuple[str, ...]:
    there = set(_of_form(release, form)["department"])
    return (*(one for one in departments_in_order(release=released) if one in there), ALL)


def _scales(release: Release, form: str, names: dict[str, str]) -> dict[str, str]:
    return {m: view_name(names=names, measure=m) for m in dict.fromkeys(_of_form(release, form)["measure"])}


def _widths(form: str, scales: dict[str, str]) -> dict[str, float]:
    return {m: _width(form, m) for m in scales}


def _told_table(release: Release, form: str, names: dict[str, str]) -> pd.DataFrame:
    scales = _scales(release, form, names)
    return pd.DataFrame([_told_row(row, scales, release) for _, row in _of_form(release, form).iterrows()])


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
        t("column.change", lang()): change(row["estimate"], "points", lang(), 2) if shown else absent(row["status"], lang()),
        t("column.interval", lang()): interval(row["conf_low"], row["conf_high"], "points", lang(), 2, difference=True) if shown else "",
        t("column.n_before", lang()): number(row["n_before"], lang()) if shown else "",
        t("column.n_after", lang()): number(row["n_after"], lang()) if shown else "",
        t("column.verdict", lang()): t(f"verdict.{cell_code(row)}", lang()),
    }
