"""A table of ready texts as real HTML: headings with scope, numbers to the right, scrolls sideways on a telephone."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

import pandas as pd
import streamlit as st

from ..result import STATUSES
from ..text import t
from .session import lang, remembered
from .symbol import symbol

MOST_ROWS = 200
TALL = 16
"""From so many rows on the table scrolls in itself, with its headings in sight."""
SLIM = 3
"""So few columns stand close together instead of at the ends of the page."""
INTERVAL = re.compile(r"^[+\u2212]?[\d\u00a0.,%]+ (til|to) [+\u2212]?[\d\u00a0.,%]+$")
NUMBER = re.compile(r"^(\u2248 )?[+\u2212-]?[\d\u00a0.,]+(\u00a0?%)?( \(\u00b1 [\d\u00a0.,]+\))?$")


def text_table(*, frame: pd.DataFrame, caption: str, most: int = MOST_ROWS, count: int | None = None) -> None:
    """Draw ``frame`` (texts); the first column heads its row. ``caption`` names the table for those who do not see it;
    ``count``: of how many rows ``frame`` is the first, where it does not hold all."""
    st.html(table_drawn(frame=frame, caption=caption, most=most, count=count) or _nothing())


def remembered_table(*, make: Callable[[], pd.DataFrame], about: tuple, caption: str) -> None:
    """``text_table`` of what ``make`` gives, made once for all who see the same; ``about`` names what it depends on beside
    the language and what this visitor may see."""
    st.html(table_html(make=make, about=about, caption=caption) or _nothing())


def table_html(*, make: Callable[[], pd.DataFrame], about: tuple, caption: str) -> str:
    """What ``remembered_table`` draws; empty without rows."""
    return remembered("table", lang(), caption, about, make=lambda: table_drawn(frame=make(), caption=caption))


def _nothing() -> str:
    return f'<p class="ev-note">{escape(t("page.none", lang()))}</p>'


def table_drawn(*, frame: pd.DataFrame, caption: str, most: int = MOST_ROWS, count: int | None = None) -> str:
    """What ``text_table`` draws, as HTML; empty without rows."""
    if frame.empty:
        return ""
    texts = frame.head(most).astype("str").replace({"nan": "–", "NaT": "–", "None": "–", "": "–"})
    signs = {t(f"symbol.{code}", lang()): code for code in STATUSES[1:]}
    numeric = [bool(texts[name].map(lambda text: text == "–" or text[0] in signs or bool(NUMBER.match(text))).all()) for name in texts]
    head = "".join(f'<th scope="col"{_side(right)}>{escape(str(name))}</th>' for name, right in zip(texts, numeric, strict=True))
    rows = "".join(_row(row, numeric, signs) for row in texts.itertuples(index=False, name=None))
    count = count or len(frame)
    more = "" if count <= most else f'<p class="ev-note">{escape(t("page.more_rows", lang(), shown=most, count=count))}</p>'
    tall = " tall" if min(len(frame), most) >= TALL else ""
    slim = " slim" if len(texts.columns) <= SLIM else ""
    return (f'<div class="ev-scroll{tall}" tabindex="0" role="region" aria-label="{escape(caption, quote=True)}"><table class="ev{slim}">'
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>{more}")


def _row(cells: tuple[str, ...], numeric: list[bool], signs: dict[str, str]) -> str:
    first, *rest = cells
    body = "".join(f"<td{_side(right) or _kept(text)}>{_cell(text, signs)}</td>" for text, right in zip(rest, numeric[1:], strict=True))
    return f'<tr><th scope="row">{escape(first)}</th>{body}</tr>'


def _cell(text: str, signs: dict[str, str]) -> str:
    """The text; why there is no number with its sign drawn, as in all other tables."""
    if text[0] not in signs or text[1:2] != " ":
        return escape(text)
    return f'<span class="cell">{symbol(code=signs[text[0]], size=13)}<span class="word">{escape(text[2:])}</span></span>'


def _kept(text: str) -> str:
    """An interval stands on one line."""
    return ' class="ev-kept"' if INTERVAL.match(text) else ""


def _side(right: bool) -> str:
    return ' class="num"' if right else ""
