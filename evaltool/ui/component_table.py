"""What was done where and when, from the components log."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from ..figures.components import component_name
from ..findings import place_name
from ..result import Release
from ..text import t
from ..text.formats import date
from .session import lang
from .text_table import text_table
from .workbook import workbook


def component_table(*, release: Release) -> None:
    """One row per thing done, in order of time within each department, with downloads."""
    frame = pd.DataFrame([_row(row, release) for row in release.events.sort_values(
        ["department", "event_date"], kind="stable").to_dict("records")])
    text_table(frame=frame, caption=t("page.components", lang()))
    if len(frame):
        st.download_button(t("page.download_xlsx", lang()), lambda: workbook(frame=frame, sheet=t("page.table_sheet", lang())),
                           "components.xlsx", on_click="ignore", key="xlsx_components")


def _row(row: dict, release: Release) -> dict[str, str]:
    co = bool(row["co_intervention"]) if pd.notna(row["co_intervention"]) else False
    return {
        t("column.department", lang()): place_name(release=release, department=row["department"], lang=lang()),
        t("page.what", lang()): component_name(code=row["component"], lang=lang(), co_intervention=co),
        t("page.from", lang()): date(row["event_date"], lang()), t("page.to", lang()): date(row["end_date"], lang()),
    }
