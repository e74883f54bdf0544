"""For researchers: the full estimate table, how each number was made, and the Python lines that make it again."""

import streamlit as st

from evaltool.disclosure import select
from evaltool.measures import measure
from evaltool.text import t
from evaltool.ui.choice import choice, choices
from evaltool.ui.estimate_table import ESTIMATE_FILTERS, diagnostics, estimate_table, python_lines
from evaltool.ui.filters import filters
from evaltool.ui.frame import footer, header
from evaltool.ui.session import lang, released

release, language = released(), lang()
header(title=t("page.statistics_title", language), release=release)
chosen = filters(release=release)
everything = t("page.filter_all", language)
names = choices(label=t("column.measure", language), options=list(release.spec.measures), key="measures", anything=everything,
                text=lambda one: measure(one).text("label", language))
mine = select(release=chosen.release, measures=names)
wanted = {one: choice(label=t(f"page.stat_{one}", language), options=mine.estimates[one].dropna().unique().tolist(), key=one,
                      anything=everything, box=box) for one, box in zip(ESTIMATE_FILTERS, st.columns(3), strict=True)}
st.header(t("page.estimates", language), anchor=False)
estimate_table(release=mine, wanted=wanted)
st.header(t("page.diagnostics", language), anchor=False)
diagnostics(release=mine)
st.header(t("page.python_lines", language), anchor=False)
python_lines(measures=names, wanted=wanted, policy=release.policy)
footer(release=release)
