"""The rollout: who started when, what was done, and how much of it."""

import streamlit as st

from evaltool.figures.staircase import staircase
from evaltool.tables import rollout
from evaltool.text import t
from evaltool.ui.chart_card import chart_card
from evaltool.ui.component_table import component_tables
from evaltool.ui.filters import filters
from evaltool.ui.frame import footer, header
from evaltool.ui.session import lang, released

release, language = released(), lang()
header(title=t("page.implementation_title", language), release=release)
chosen = filters(release=release)
if chosen.refused:
    st.info(chosen.refused)
else:
    chart_card(chart=lambda: staircase(release=chosen.release, lang=language), about=chosen.about, name="rollout", level=2,
               table=lambda: rollout(release=chosen.release, lang=language), reading=t("page.rollout_reading", language))
    st.header(t("page.components", language), anchor=False)
    component_tables(chosen=chosen)
footer(release=release)
