"""The data-quality tables, with plain headings and codes in words."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from ..status import worded
from ..text import t
from .session import lang


def quality_tables(*, tables: Mapping[str, pd.DataFrame]) -> None:
    """One heading and one table each; an empty one says so."""
    for name, frame in tables.items():
        st.header(t(f"status_table.{name}", lang()), anchor=False)
        if frame.empty:
            st.info(t("page.none", lang()))
        else:
            st.dataframe(worded(frame=frame, lang=lang()), hide_index=True, placeholder="–", alt=t(f"status_table.{name}", lang()))
