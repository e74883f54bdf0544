"""The data-quality tables, with plain headings and codes in words."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import pandas as pd
import streamlit as st

from ..status import worded
from ..text import t
from .filled_part import filled_part
from .session import lang, remembered
from .text_table import remembered_table
from .workbook import workbook


GROUPS = {"imports": ("tables", "imports"), "response": ("response",), "problems": ("problems", "clashes", "signs"),
          "filled": (), "scales": ("scales",)}
"""The tabs, and the tables on each; clashes only where monthly totals were imported; ``filled`` is a view."""


def quality_tables(*, tables: Mapping[str, pd.DataFrame]) -> None:
    """A tab per question; on it a heading, a table and its downloads for each frame. An empty one says so."""
    tabs = st.tabs([t(f"quality_tab.{group}", lang()) for group in GROUPS], on_change="rerun", key="quality_parts")
    for (group, names), tab in zip(GROUPS.items(), tabs, strict=True):
        if tab.open:
            with tab:
                st.html(f'<p class="ev-note">{escape(t(f"quality_note.{group}", lang()))}</p>')
                for name in (one for one in names if one in tables):
                    _table(name, tables[name])
                if group == "filled":
                    filled_part()


def _table(name: str, frame: pd.DataFrame) -> None:
    heading = t(f"status_table.{name}", lang())
    st.header(heading, anchor=False)
    said = remembered("status", lang(), name, make=lambda: worded(frame=frame, lang=lang()) if len(frame) else frame)
    remembered_table(make=lambda: said, about=("status", name), caption=heading)
    sheet = t("page.table_sheet", lang())
    if len(frame):
        st.download_button(t("page.download_xlsx", lang()), lambda: workbook(frame=said, sheet=sheet),
                           f"{name}.xlsx", on_click="ignore", key=f"xlsx_{name}")
