"""For researchers: the full estimate table, how each number was made, and the Python lines that make it again."""

import streamlit as st

from evaltool.disclosure import select
from evaltool.measures import measure
from evaltool.text import t
from evaltool.ui.estimate_table import ESTIMATE_FILTERS, diagnostics, estimate_table, python_lines
from evaltool.ui.filters import filters
from evaltool.ui.frame import footer, header
from evaltool.ui.session import lang, released

release, language = released(), lang()
header(title=t("page.statistics_title", language), release=release)
chosen = filters(release=release)
names = st.multiselect(
    t("column.measure", language), list(release.spec.measures), key="measures", bind="query-params", select_all=False,
    format_func=lambda one: measure(one).text("label", language), placeholder=t("page.filter_all", language))
columns = st.columns(len(ESTIMATE_FILTERS))
mine = select(release=chosen.release, measures=tuple(names))
wanted = {one: place.selectbox(t(f"page.stat_{one}", language), mine.estimates[one].dropna().unique().tolist(), index=None,
                               key=f"stat_{one}", bind="query-params", placeholder=t("page.filter_all", language))
          for one, place in zip(ESTIMATE_FILTERS, columns, strict=True)}
st.header(t("page.estimates", language), anchor=False)
estimate_table(release=mine, wanted=wanted)
st.header(t("page.diagnostics", language), anchor=False)
diagnostics(release=mine)
st.header(t("page.python_lines", language), anchor=False)
python_lines(measures=tuple(names), wanted=wanted, policy=release.policy)
footer(release=release)
