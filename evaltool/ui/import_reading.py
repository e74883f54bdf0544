"""How a file is read: encoding, delimiter, sheet and heading row as they were found, each to be changed, and what comes of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from ..errors import EvaltoolError
from ..intake import KINDS, read_source
from ..intake.decode import ENCODINGS
from ..intake.mapping import DELIMITERS, FileMapping
from ..intake.words import masked
from ..intake.workbook import sheets
from ..text import t
from ..text.formats import number
from .session import lang
from .text_table import text_table

if TYPE_CHECKING:
    from ..intake import Source

FIRST_ROWS = 4
MOST_COLUMNS = 12
_ANY_TABLE = "stays"


def choose_reading(*, path: Path, file: str) -> Source | None:
    """Draw the controls and the first rows, covered; the file as it is read, or None where it cannot be.

    ``file``: names the upload, so that another file starts anew.
    """
    kind = KINDS[path.suffix.lower()]
    declared = dict.fromkeys(("encoding", "delimiter", "sheet", "header_row"))
    boxes = iter(st.columns(3, vertical_alignment="bottom")) if kind in ("text", "workbook") else iter(())
    try:
        if kind == "text":
            declared["encoding"] = _select(next(boxes), "encoding", ENCODINGS, file)
            declared["delimiter"] = _select(next(boxes), "delimiter", DELIMITERS, file)
        elif kind == "workbook":
            declared["sheet"] = _select(next(boxes), "sheet", sheets(path=path), file)
        if kind in ("text", "workbook"):
            declared["header_row"] = next(boxes).number_input(
                t("page.import_header_row", lang()), min_value=1, value=None, step=1, key=f"header_{file}",
                placeholder=t("page.import_found", lang()))
        source = _read(path, file, declared)
    except EvaltoolError as error:
        st.error(error.message(lang()))
        return None
    _preview(source)
    return source


def _select(box, name: str, options: tuple[str, ...] | list[str], file: str) -> str | None:
    names = {"\t": t("page.import_tab", lang())}
    return box.selectbox(t(f"page.import_{name}", lang()), options, index=None, key=f"{name}_{file}",
                         placeholder=t("page.import_found", lang()), format_func=lambda one: names.get(one, one))


def _read(path: Path, file: str, declared: dict) -> Source:
    """Read once for each choice, not once for each click."""
    key = (file, *declared.values())
    kept = st.session_state.get("ev_read")
    if kept is None or kept[0] != key:
        header = declared["header_row"]
        how = FileMapping(name=path.name, table=_ANY_TABLE, encoding=declared["encoding"], delimiter=declared["delimiter"],
                          header_row=None if header is None else int(header), sheet=declared["sheet"])
        with st.spinner(t("page.import_reading", lang()), show_time=True):
            kept = (key, read_source(path=path, mapping=how, sheet=declared["sheet"]))
        st.session_state["ev_read"] = kept
    return kept[1]


def _preview(source: Source) -> None:
    """What was decided, in a sentence, and the first rows with letters and digits covered."""
    said = [t(f"page.import_said_{name}", lang(), value=_shown(source.decisions[name])) for name in
            ("encoding", "delimiter", "sheet", "header_row", "blank_rows", "total_rows") if source.decisions.get(name)]
    facts = t("page.import_read", lang(), rows=number(source.rows, lang()), columns=number(len(source.headings), lang()))
    st.html(f'<p class="ev-note">{" ".join([facts, *said])}</p>')
    some = range(min(FIRST_ROWS, source.rows))
    rows = {h: [masked(cell) if cell is not None else "" for cell in source.columns[h].cells(list(some))]
            for h in source.headings[:MOST_COLUMNS]}
    numbers = pd.Series([str(source.row_numbers[i]) for i in some], name=t("page.import_row", lang()))
    text_table(frame=pd.concat([numbers, pd.DataFrame(rows)], axis=1), caption=t("page.import_preview", lang()))
    if len(source.headings) > MOST_COLUMNS:
        st.html(f'<p class="ev-note">{t("page.import_more_columns", lang(), count=len(source.headings) - MOST_COLUMNS)}</p>')


def _shown(value: object) -> str:
    import html

    return t("page.import_tab", lang()) if value == "\t" else html.escape(str(value))
