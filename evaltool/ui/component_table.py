"""What was done where, how much of it and whom it reached, as tables with downloads."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import pandas as pd
import streamlit as st

from ..component_tables import components_done, components_log, components_reach, core_components
from ..components import component_label
from ..result import Release
from ..text import t
from .session import lang
from .text_table import text_table
from .views_part import seen_view
from .workbook import workbook


def component_tables(*, release: Release) -> None:
    """Tabs: department by component with dose, reach and core components; all departments together; and the log itself."""
    if release.events.empty:
        st.info(t("components.none", lang()))
        return
    reached = seen_view("components")
    core = ", ".join(component_label(code=code, lang=lang()) for code in core_components(release=release))
    parts: dict[str, tuple[Callable[[], pd.DataFrame], str]] = {
        "done": (lambda: components_done(release=release, reached=reached, lang=lang()), t("components.note_done", lang(), core=core or "–")),
        "reach": (lambda: components_reach(reached=reached, lang=lang()), t("components.note_reach", lang())),
        "log": (lambda: components_log(release=release, lang=lang()), t("components.note_log", lang())),
    }
    tabs = st.tabs([t(f"components.tab_{part}", lang()) for part in parts], on_change="rerun", key="component_parts")
    for (part, (make, said)), tab in zip(parts.items(), tabs, strict=True):
        if tab.open:
            with tab:
                _table(part, make(), said)


def _table(part: str, frame: pd.DataFrame, said: str) -> None:
    st.html(f'<p class="ev-note">{escape(said)}</p>')
    text_table(frame=frame, caption=t(f"components.tab_{part}", lang()))
    with st.container(horizontal=True):
        st.download_button(t("page.download_csv", lang()), lambda: frame.to_csv(index=False).encode("utf-8-sig"), f"components_{part}.csv",
                           "text/csv", on_click="ignore", key=f"csv_components_{part}")
        st.download_button(t("page.download_xlsx", lang()), lambda: workbook(frame=frame, sheet=t("page.table_sheet", lang())),
                           f"components_{part}.xlsx", on_click="ignore", key=f"xlsx_components_{part}")
