"""A table of texts and its files."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from ..text import t
from .session import lang, remembered
from .text_table import remembered_table
from .workbook import workbook

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def downloadable_table(*, make: Callable[[], pd.DataFrame], about: tuple, caption: str, name: str) -> None:
    """``remembered_table`` with a button for CSV and one for XLSX. ``name``: of the files, and of the table for the memory."""
    frame = remembered("texts", lang(), name, about, make=make)
    remembered_table(make=lambda: frame, about=(name, *about), caption=caption)
    sheet = t("page.table_sheet", lang())
    with st.container(horizontal=True):
        st.download_button(t("page.download_csv", lang()), lambda: frame.to_csv(index=False).encode("utf-8-sig"), f"{name}.csv", "text/csv",
                           on_click="ignore", key=f"csv_{name}")
        st.download_button(t("page.download_xlsx", lang()), lambda: workbook(frame=frame, sheet=sheet), f"{name}.xlsx", EXCEL,
                           on_click="ignore", key=f"xlsx_{name}")
