"""Overview: what matters now, users first; the matrix; the rollout; and where to read on."""

import streamlit as st

from evaltool.disclosure import select
from evaltool.figures.staircase import staircase
from evaltool.tables import rollout
from evaltool.text import t
from evaltool.ui.chart_card import chart_card
from evaltool.ui.filters import filters
from evaltool.ui.finding_list import finding_list, most_important, told
from evaltool.ui.frame import footer, header, hidden_note
from evaltool.ui.matrix_view import matrix_view
from evaltool.ui.read_on import read_on
from evaltool.ui.session import lang, released

release, language = released(), lang()
header(title=t("page.overview_title", language), release=release)

chosen = filters(release=release, sides=True)
about = chosen.measures

st.header(t("page.now", language), anchor=False)
found = told(release=lambda: select(release=release, measures=about), about=about)
finding_list(findings=most_important(findings=found, count=5), about=("most_important", *about), release=released)
read_on(keys=("users", "staff", "services"))

if chosen.refused:
    st.info(chosen.refused)
else:
    st.header(t("page.matrix", language), anchor=False)
    matrix_view(release=lambda: chosen.release, about=chosen.about)
    hidden_note(release=release)
    st.header(t("page.rollout", language), anchor=False)
    chart_card(chart=lambda: staircase(release=chosen.release, lang=language), about=chosen.about,
               table=lambda: rollout(release=chosen.release, lang=language), name="rollout",
               reading=t("page.rollout_reading", language))
footer(release=release)
