"""The rollout: who started when, what was done, and how much of it."""

import streamlit as st

from evaltool.figures.staircase import staircase
from evaltool.tables import rollout
from evaltool.text import t
from evaltool.ui.chart_card import chart_card
from evaltool.ui.component_table import component_tables
from evaltool.ui.filters import filters
from evaltool.ui.frame import footer, header
from evaltool.ui.session import lang, released, remembered

release, language = released(), lang()
header(title=t("page.implementation_title", language), release=release)
chosen = filters(release=release)
if chosen.refused:
    st.info(chosen.refused)
else:
    chart = remembered("staircase", language, chosen.about, make=lambda: staircase(release=chosen.release, lang=language))
    chart_card(chart=chart, table=lambda: rollout(release=chosen.release, lang=language), name="rollout", level=2,
               reading=t("page.rollout_reading", language))
    st.header(t("page.components", language), anchor=False)
    component_tables(release=chosen.release)
footer(release=release)
