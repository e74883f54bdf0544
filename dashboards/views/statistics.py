"""For researchers: estimates by any method, how each number was made, the Python lines that make it again, and power."""

import streamlit as st

from evaltool.measures import measure
from evaltool.text import t
from evaltool.ui.choice import choice, choices
from evaltool.ui.compared import compared, methods
from evaltool.ui.estimate_table import diagnostics, estimate_table, python_lines, subgroups
from evaltool.ui.filters import filters
from evaltool.ui.frame import footer, header
from evaltool.ui.power_panel import power_panel
from evaltool.ui.session import lang, released

release, language = released(), lang()
header(title=t("page.statistics_title", language), release=release)
st.markdown(t("page.statistics_intro", language))
chosen = filters(release=release)
everything = t("page.filter_all", language)
with st.container(horizontal=True, vertical_alignment="bottom"):
    method = choice(label=t("page.stat_method", language), options=methods(), key="method",
                    text=lambda one: t(f"estimator.{one}", language))
    found = compared(method=method)
    names = choices(label=t("column.measure", language), options=list(found.spec.measures), key="measures", anything=everything,
                    text=lambda one: measure(one).text("label", language))
places = (*chosen.order, "*") if chosen.about else ()
wanted = {"measure": names, "department": places}
groups = subgroups(release=found, wanted=wanted, name=method)
wanted["subgroup"] = choices(label=t("page.stat_subgroup", language), options=tuple(groups), key="subgroups", anything=everything,
                             text=groups.get) if groups else ()

st.header(t(f"estimator.{method}", language), anchor=False)
parts = {
    "estimates": lambda: estimate_table(release=found, wanted=wanted, name=f"estimates_{method}"),
    "diagnostics": lambda: diagnostics(release=found, wanted=wanted, name=method),
    "python_lines": lambda: python_lines(method=method, wanted=wanted, policy=found.policy),
}
tabs = st.tabs([t(f"page.{part}", language) for part in parts], on_change="rerun", key="stat_parts")
for draw, tab in zip(parts.values(), tabs, strict=True):
    if tab.open:
        with tab:
            draw()
st.header(t("page.power_header", language), anchor=False)
power_panel(release=release)
footer(release=release)
