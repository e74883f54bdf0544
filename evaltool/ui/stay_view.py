"""Under the figures of the services page: which stays count, under which definition, how soon and how long."""

from __future__ import annotations

from html import escape

import streamlit as st

from ..disclosure import within
from ..indicators.definitions import presets
from ..stay_tables import (
    OWN, definition_name, definitions_table, flow_table, lengths_table, rates_table, return_line, return_table,
)
from ..study_readmission import study_readmission
from ..text import t
from .choice import choice
from .host import host
from .session import lang, released, remembered, seen_by
from .text_table import text_table

TABLES = {"rates": rates_table, "flow": flow_table, "definitions": definitions_table, "return": return_table, "lengths": lengths_table}


def stay_view() -> None:
    """Choose a definition of readmission; its rates, flow, and the same rate under all the others. Nothing without stays."""
    if "readmission_30d_unplanned" not in set(released().series["measure"]):
        return
    st.header(t("stays.title", lang()), anchor=False)
    st.html(f'<p class="ev-note">{escape(t("stays.intro", lang()))}</p>')
    name = choice(label=t("stays.definition", lang()), options=[OWN, *presets()], key="definition",
                  text=lambda one: definition_name(name=one, lang=lang()))
    places = seen_by().departments
    folder = host().folder
    release = remembered("readmission", name, make=lambda: study_readmission(folder=folder, definition=name))
    release = within(release=release, departments=places) if places else release
    tabs = st.tabs([t(f"stay_part.{part}", lang()) for part in TABLES], on_change="rerun", key="stay_parts")
    for (part, make), tab in zip(TABLES.items(), tabs, strict=True):
        if tab.open:
            with tab:
                text_table(frame=make(release=release, lang=lang()), caption=t(f"stay_part.{part}", lang()))
                line = return_line(release=release, lang=lang()) if part == "return" else t(f"stay_note.{part}", lang())
                st.html(f'<p class="ev-note">{escape(line)}</p>')
