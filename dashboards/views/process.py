"""Is this month unusual? Every department and measure over time, signals told from chance."""

import streamlit as st

from evaltool.export.process_workbook import process_workbook
from evaltool.figures.process_chart import process_chart
from evaltool.measures import measure
from evaltool.process.overview import GROUPS
from evaltool.stats.spc_rules import RULE_SETS
from evaltool.tables import periods
from evaltool.text import t
from evaltool.ui.all_charts import chosen_charts
from evaltool.ui.chart_card import EXCEL, chart_card
from evaltool.ui.choice import choice
from evaltool.ui.filters import Chosen, filters
from evaltool.ui.frame import footer, header
from evaltool.ui.measure_cards import grid_card
from evaltool.ui.process_view import measures_over_time, places_over_time, process_table
from evaltool.ui.session import lang, released, study

release, language = released(), lang()


def choose() -> tuple[str, str]:
    """Measure and rule set."""
    known = (study().process.rules, *(r for r in RULE_SETS if r != study().process.rules))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = choice(label=t("column.measure", language), options=measures_over_time(release=release), key="measure",
                      text=lambda m: measure(m).text("label", language))
        return name, choice(label=t("page.process_rules", language), options=known, key="rules", text=lambda r: t(f"rule_set.{r}", language))


def draw(chosen: Chosen, name: str, rules: str) -> None:
    """Each department small, one of them large, and all of them in a table."""
    charts = chosen_charts(chosen=chosen, rules=rules)
    grid_card(chosen=chosen, name=name, charts=charts, level=2)
    places = places_over_time(chosen=chosen, charts=charts, name=name)
    if places:
        place = choice(label=t("column.department", language), options=list(places), key="place", text=places.get)
        chart_card(chart=lambda: process_chart(charts=charts, release=chosen.release, measure=name, department=place, lang=language),
                   about=(rules, chosen.about), name=f"{place}_{name}_process", measure=measure(name), level=2, reading=t("process.reading", language),
                   table=lambda: periods(release=chosen.release, measure_id=name, department=place, lang=language))
    st.header(t("page.process_overview", language), anchor=False)
    group = choice(label=t("page.process_group", language), options=list(GROUPS), key="signals",
                   text=lambda g: t(f"page.process_group_{g}", language))
    process_table(chosen=chosen, charts=charts, group=group)
    st.download_button(t("page.process_workbook", language), lambda: process_workbook(charts=charts, release=chosen.release, lang=language),
                       "process.xlsx", EXCEL, on_click="ignore")


header(title=t("page.process_title", language), release=release)
st.markdown(t("page.process_intro", language))
selected = filters(release=release, note=t("page.process_no_group", language))
if selected.refused:
    st.info(selected.refused)
else:
    draw(selected, *choose())
footer(release=release)
