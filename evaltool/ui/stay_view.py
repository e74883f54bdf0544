"""Under the figures of the services page: which stays count, under which definition, how soon and how long."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import streamlit as st

from ..disclosure import within
from ..figures.return_chart import return_chart
from ..indicators.definitions import presets
from ..compare.readmission_by import MEASURE
from ..result import Release
from ..stay_fact_tables import after_limit_table, housing_table, intake_table, use_table
from ..stay_tables import (
    OWN, case_mix_table, definition_name, definitions_table, flow_table, lengths_table, rates_table, return_line, return_table,
)
from ..study_readmission import study_readmission
from ..study_stays import study_stays
from ..text import t
from .chart_card import chart_card
from .choice import choice
from .host import host
from .session import FRAMES, lang, released, remembered, seen_by
from .text_table import remembered_table, table_html

TABLES = {"rates": rates_table, "flow": flow_table, "definitions": definitions_table, "return": return_table,
          "case_mix": case_mix_table, "lengths": lengths_table}
FACTS = {"use": use_table, "after_limit": after_limit_table, "housing": housing_table, "intake": intake_table}
"""Parts that no definition of readmission changes, each a tab only where there is something to count."""


def stay_view() -> None:
    """Choose a definition of readmission; its rates, flow, and the same rate under all the others. Nothing without stays."""
    facts = remembered("stay_facts", memory=FRAMES, make=lambda: _mine(study_stays(folder=host().folder)))
    if facts is None or not remembered("readmission_known", make=lambda: MEASURE in set(released().series["measure"])):
        return
    st.header(t("stays.title", lang()), anchor=False)
    st.html(f'<p class="ev-note">{escape(t("stays.intro", lang()))}</p>')
    names = remembered("definitions", lang(), make=lambda: {one: definition_name(name=one, lang=lang()) for one in (OWN, *presets())})
    name = choice(label=t("stays.definition", lang()), options=list(names), key="definition", text=names.get)
    others = {part: table_html(make=lambda make=make: make(release=facts, lang=lang()), about=("stays",), caption=t(f"stay_part.{part}", lang()))
              for part, make in FACTS.items()}
    parts = [*TABLES, *(part for part, drawn in others.items() if drawn)]
    tabs = st.tabs([t(f"stay_part.{part}", lang()) for part in parts], on_change="rerun", key="stay_parts")
    for part, tab in zip(parts, tabs, strict=True):
        if tab.open:
            with tab:
                _part(part, name, others)


def _part(part: str, name: str, others: Mapping[str, str]) -> None:
    """One tab: its figure where it has one, its table, and the line that says how to read it."""
    if part in others:
        st.html(others[part])
        line = t(f"stay_note.{part}", lang())
    elif part == "return":
        chart_card(chart=lambda: return_chart(release=_rates(name), lang=lang()), about=(name,),
                   table=lambda: return_table(release=_rates(name), lang=lang()), name="return", reading=t("return.reading", lang()))
        line = remembered("return_line", lang(), name, make=lambda: return_line(release=_rates(name), lang=lang()))
    else:
        remembered_table(make=lambda: TABLES[part](release=_rates(name), lang=lang()), about=(name,), caption=t(f"stay_part.{part}", lang()))
        line = t(f"stay_note.{part}", lang())
    st.html(f'<p class="ev-note">{escape(line)}</p>')


def _rates(name: str) -> Release:
    """Readmission under one definition, for this visitor."""
    return remembered("readmission", name, memory=FRAMES, make=lambda: _mine(study_readmission(folder=host().folder, definition=name)))


def _mine(release: Release | None) -> Release | None:
    places = seen_by().departments
    return within(release=release, departments=places) if release is not None and places else release
