"""Under the figures of the services page: which stays count, under which definition, how soon and how long."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import pandas as pd
import streamlit as st

from ..disclosure import within
from ..figures.return_chart import return_chart
from ..indicators.definitions import presets
from ..result import Release
from ..stay_fact_tables import after_limit_table, housing_table, intake_table
from ..stay_tables import (
    OWN, case_mix_table, definition_name, definitions_table, flow_table, lengths_table, rates_table, return_line, return_table,
)
from ..study_readmission import study_readmission
from ..study_stays import study_stays
from ..text import t
from .chart_card import chart_card
from .choice import choice
from .host import host
from .session import lang, released, remembered, seen_by
from .text_table import text_table

TABLES = {"rates": rates_table, "flow": flow_table, "definitions": definitions_table, "return": return_table,
          "case_mix": case_mix_table, "lengths": lengths_table}
FACTS = {"after_limit": after_limit_table, "housing": housing_table, "intake": intake_table}
"""Parts that no definition of readmission changes, each a tab only where there is something to count."""


def stay_view() -> None:
    """Choose a definition of readmission; its rates, flow, and the same rate under all the others. Nothing without stays."""
    folder, places = host().folder, seen_by().departments
    facts = remembered("stay_facts", make=lambda: study_stays(folder=folder))
    if facts is None or "readmission_30d_unplanned" not in set(released().series["measure"]):
        return
    st.header(t("stays.title", lang()), anchor=False)
    st.html(f'<p class="ev-note">{escape(t("stays.intro", lang()))}</p>')
    name = choice(label=t("stays.definition", lang()), options=[OWN, *presets()], key="definition",
                  text=lambda one: definition_name(name=one, lang=lang()))
    release = remembered("readmission", name, make=lambda: study_readmission(folder=folder, definition=name))
    release, facts = (within(release=one, departments=places) if places else one for one in (release, facts))
    others = {part: make(release=facts, lang=lang()) for part, make in FACTS.items()}
    parts = [*TABLES, *(part for part, frame in others.items() if len(frame))]
    tabs = st.tabs([t(f"stay_part.{part}", lang()) for part in parts], on_change="rerun", key="stay_parts")
    for part, tab in zip(parts, tabs, strict=True):
        if tab.open:
            with tab:
                _part(part, TABLES.get(part, lambda part=part, **_: others[part]), release)


def _part(part: str, make: Callable[..., pd.DataFrame], release: Release) -> None:
    """One tab: its figure where it has one, its table, and the line that says how to read it."""
    if part == "return":
        chart_card(chart=return_chart(release=release, lang=lang()), table=lambda: make(release=release, lang=lang()),
                   name="return", reading=t("return.reading", lang()))
        line = return_line(release=release, lang=lang())
    else:
        text_table(frame=make(release=release, lang=lang()), caption=t(f"stay_part.{part}", lang()))
        line = t(f"stay_note.{part}", lang())
    st.html(f'<p class="ev-note">{escape(line)}</p>')
