"""The overview matrix: department × measure, symbol with word, users' view first, never ranked by size."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from ..result import Release
from ..tables import matrix
from ..text import t
from .session import DEPARTMENT_PATH, lang
from .symbol import symbol

LEGEND = ("better", "worse", "no_important_change", "cannot_tell", "not_rated", "suppressed", "not_started")


def matrix_view(*, release: Release) -> None:
    """Draw the matrix as a real table (headings, scope, caption), with a legend of the symbols."""
    cells = matrix(release=release, lang=lang())
    head = cells.drop_duplicates("measure")
    rows = "".join(_row(name, group) for name, group in cells.groupby("department", sort=False))
    caption = escape(t("page.matrix_caption", lang()))
    st.html(
        f'<p class="ev-note">{caption}</p><div class="ev-scroll" tabindex="0" role="region" aria-label="{caption}"><table class="ev">'
        f"<thead>{_sides(head)}{_labels(head)}</thead><tbody>{rows}</tbody></table></div>"
        f'<p class="ev-legend">{"".join(_legend(code) for code in LEGEND)}</p>'
    )


def _sides(head: pd.DataFrame) -> str:
    spans = head.groupby("side", sort=False).size()
    cells = "".join(f'<th scope="colgroup" colspan="{n}">{escape(t(f"side.{side}", lang()))}</th>' for side, n in spans.items())
    return f'<tr class="side"><td></td>{cells}</tr>'


def _labels(head: pd.DataFrame) -> str:
    cells = "".join(f'<th scope="col">{escape(label)}</th>' for label in head["label"])
    return f'<tr><th scope="col">{escape(t("column.department", lang()))}</th>{cells}</tr>'


def _row(department: str, group: pd.DataFrame) -> str:
    link = f"{DEPARTMENT_PATH}?department={department}&lang={lang()}"
    name = escape(group["name"].iloc[0])
    cells = "".join(_cell(row) for row in group.itertuples())
    return f'<tr><th scope="row"><a href="{escape(link)}" target="_self">{name}</a></th>{cells}</tr>'


def _cell(row) -> str:
    text = f'<span>{escape(row.text)}</span>' if row.text else f'<span class="word">{escape(row.word)}</span>'
    return f'<td><span class="cell">{symbol(code=row.code)}{text}</span></td>'


def _legend(code: str) -> str:
    word = t(f"verdict.{code}", lang())
    return f'<span aria-hidden="true">{symbol(code=code, size=13)}{escape(word)}</span>'
