"""The data-quality tables, with plain headings and codes in words."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from ..status import worded
from ..text import t
from .session import lang
from .text_table import text_table


def quality_tables(*, tables: Mapping[str, pd.DataFrame]) -> None:
    """One heading and one table each; an empty one says so."""
    for name, frame in tables.items():
        heading = t(f"status_table.{name}", lang())
        st.header(heading, anchor=False)
        text_table(frame=worded(frame=frame, lang=lang()) if len(frame) else frame, caption=heading)
