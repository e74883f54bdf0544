"""The overview matrix: department × measure, symbol with number, users' view first, never ranked by size."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import pandas as pd
import streamlit as st

from ..measures import measure
from ..result import Release, headline
from ..tables import estimates, matrix
from ..text import t
from ..text.formats import change_unit
from .addresses import DEPARTMENT_PATH
from .memory import Memory
from .session import lang, remembered
from .symbol import symbol
from .workbook import workbook

LEGEND = ("better", "worse", "no_important_change", "cannot_tell", "not_rated", "suppressed", "no_data", "not_identified",
          "not_started")
BEHIND = Memory(most=12)
"""What the matrices that are looked at now rest on, for those who take it along."""


def matrix_view(*, release: Callable[[], Release], about: tuple = ()) -> None:
    """Draw the matrix as a real table (headings, scope, caption), with a legend of the symbols that stand in it, and the numbers
    behind it to take away.

    ``about``: what the Release was narrowed to, for the memory.
    """
    st.html(remembered("matrix", lang(), about, make=lambda: _html(_cells(release, about))))
    held, language, sheet = remembered("matrix_behind", about, make=release, memory=BEHIND), lang(), t("page.table_sheet", lang())
    with st.container(horizontal=True):
        st.download_button(t("page.download_csv", lang()), lambda: _table(held, language).to_csv(index=False).encode("utf-8-sig"), "matrix.csv",
                           "text/csv", on_click="ignore", key="csv_matrix")
        st.download_button(t("page.download_xlsx", lang()), lambda: workbook(frame=_table(held, language), sheet=sheet),
                           "matrix.xlsx", on_click="ignore", key="xlsx_matrix")


def _table(release: Release, lang: str) -> pd.DataFrame:
    """The numbers of the matrix with interval, n, verdict and how strongly it can be said."""
    rows = release.estimates
    return estimates(release=release, lang=lang, rows=rows.index.isin(headline(rows).index))


def departments_in_order(*, release: Callable[[], Release], about: tuple = ()) -> tuple[str, ...]:
    """Departments in the order of the matrix: those worth talking about first."""
    return remembered("order", about, make=lambda: tuple(_cells(release, about)["department"].drop_duplicates()))


def _cells(release: Callable[[], Release], about: tuple) -> pd.DataFrame:
    return remembered("matrix_cells", lang(), about, make=lambda: matrix(release=release(), lang=lang()), memory=BEHIND)


def _html(cells: pd.DataFrame) -> str:
    head = cells.drop_duplicates("measure")
    rows = "".join(_row(name, group) for name, group in cells.groupby("department", sort=False))
    caption = escape(t("page.matrix_caption", lang()))
    used = set(cells["code"])
    return (
        f'<p class="ev-note">{caption}</p><div class="ev-scroll" tabindex="0" role="region" aria-label="{caption}">'
        f'<table class="ev wide"><thead>{_sides(head)}{_labels(head)}</thead><tbody>{rows}</tbody></table></div>'
        f'<p class="ev-legend">{"".join(_legend(code) for code in LEGEND if code in used)}</p>'
    )


def _sides(head: pd.DataFrame) -> str:
    groups = head["side"].where(head["side"] != "user", head["side"] + "_" + head["perspective"])
    spans = head.groupby(groups, sort=False).size()
    cells = "".join(f'<th scope="colgroup" colspan="{n}">{escape(t(f"matrix_group.{group}", lang()))}</th>' for group, n in spans.items())
    return f'<tr class="side"><td></td>{cells}</tr>'


def _labels(head: pd.DataFrame) -> str:
    cells = "".join(
        f'<th scope="col">{escape(row.label)}<br><span class="word">{escape(change_unit(measure(row.measure).unit, lang()))}</span></th>'
        for row in head.itertuples())
    return f'<tr><th scope="col">{escape(t("column.department", lang()))}</th>{cells}</tr>'


def _row(department: str, group: pd.DataFrame) -> str:
    link = f"{DEPARTMENT_PATH}?department={department}&lang={lang()}"
    name = escape(group["name"].iloc[0])
    cells = "".join(_cell(row) for row in group.itertuples())
    return f'<tr><th scope="row"><a href="{escape(link)}" target="_self">{name}</a></th>{cells}</tr>'


def _cell(row) -> str:
    text = f"<span>{escape(row.text)}</span>" if row.text else f'<span class="word">{escape(row.word)}</span>'
    return f'<td><span class="cell">{symbol(code=row.code)}{text}</span></td>'


def _legend(code: str) -> str:
    word = t(f"verdict.{code}", lang())
    return f'<span class="one" aria-hidden="true">{symbol(code=code, size=13)}{escape(word)}</span>'
