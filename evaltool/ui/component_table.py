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
from .downloadable_table import downloadable_table
from .filters import Chosen
from .session import lang, remembered
from .views_part import seen_view


def component_tables(*, chosen: Chosen) -> None:
    """Tabs: department by component with dose, reach and core components; all departments together; and the log itself."""
    facts = remembered("components", lang(), chosen.about, make=lambda: _facts(chosen.release))
    if facts is None:
        st.info(t("components.none", lang()))
        return
    parts: dict[str, tuple[Callable[[], pd.DataFrame], str]] = {
        "done": (lambda: components_done(release=chosen.release, reached=seen_view("components"), lang=lang()),
                 t("components.note_done", lang(), core=facts or "–")),
        "reach": (lambda: components_reach(reached=seen_view("components"), lang=lang()), t("components.note_reach", lang())),
        "log": (lambda: components_log(release=chosen.release, lang=lang()), t("components.note_log", lang())),
    }
    tabs = st.tabs([t(f"components.tab_{part}", lang()) for part in parts], on_change="rerun", key="component_parts")
    for (part, (make, said)), tab in zip(parts.items(), tabs, strict=True):
        if tab.open:
            with tab:
                st.html(f'<p class="ev-note">{escape(said)}</p>')
                downloadable_table(make=make, about=chosen.about, caption=t(f"components.tab_{part}", lang()), name=f"components_{part}")


def _facts(release: Release) -> str | None:
    """The core components in words; None where nothing is logged."""
    if release.events.empty:
        return None
    return ", ".join(component_label(code=code, lang=lang()) for code in core_components(release=release))
