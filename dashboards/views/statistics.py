"""For researchers: estimates by any method, how each number was made, the Python lines that make it again, and power."""

import streamlit as st

from evaltool.disclosure import select, within
from evaltool.measures import measure
from evaltool.subgroup_name import subgroup_name
from evaltool.text import t
from evaltool.ui.choice import choice, choices
from evaltool.ui.compared import compared, methods
from evaltool.ui.estimate_table import diagnostics, estimate_table, python_lines
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
found = select(release=found, measures=names)
places = tuple(chosen.order) if chosen.about else ()
if places:
    found = within(release=found, departments=places)
about = found.estimates[["subgroup", "measure"]].dropna().drop_duplicates("subgroup").set_index("subgroup")["measure"]
groups = choices(label=t("page.stat_subgroup", language), options=about.index.tolist(), key="subgroups", anything=everything,
                 text=lambda one: subgroup_name(subgroup=one, measure=measure(about[one]), lang=language)) if len(about) else ()
wanted = {"measure": names, "department": places and (*places, "*"), "subgroup": groups}

st.header(t(f"estimator.{method}", language), anchor=False)
parts = {
    "estimates": lambda: estimate_table(release=found, wanted=wanted, name=f"estimates_{method}"),
    "diagnostics": lambda: diagnostics(release=found),
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
