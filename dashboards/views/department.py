"""One department on one page: findings first, then users, staff and services over time."""

import streamlit as st

from evaltool.figures.dumbbell import dumbbell
from evaltool.figures.run_chart import run_chart
from evaltool.findings import findings, place_name
from evaltool.disclosure import select
from evaltool.measures import measure
from evaltool.tables import levels, periods
from evaltool.text import t
from evaltool.ui.chart_card import chart_card
from evaltool.ui.department_head import department_head
from evaltool.ui.finding_list import finding_list
from evaltool.ui.frame import footer, header
from evaltool.ui.session import lang, released

release, language = released(), lang()
header(title=t("page.department_title", language), release=release)
department = st.selectbox(
    t("column.department", language), release.register["department"].tolist(), key="department", bind="query-params",
    format_func=lambda name: place_name(release=release, department=name, lang=language),
)
department_head(release=release, department=department)

found = findings(release=release, lang=language, department=department)
if found:
    st.header(t("page.now", language), anchor=False)
    finding_list(findings=found)
else:
    st.info(t("page.nothing_to_compare", language))

mine = select(release=release, departments=(department,))
for side in ("user", "staff", "service"):
    names = [name for name in release.spec.measures if measure(name).side == side and name in set(mine.series["measure"])]
    if names:
        st.header(t(f"side.{side}", language), anchor=False)
    for name in names:
        if found:
            chart_card(chart=dumbbell(release=release, measure=name, lang=language, order=(department,)),
                       table=levels(release=mine, measure_id=name, lang=language), name=f"{department}_{name}_before_after",
                       measure=measure(name))
        chart_card(chart=run_chart(release=mine, measure=name, department=department, lang=language),
                   table=periods(release=mine, measure_id=name, department=department, lang=language),
                   name=f"{department}_{name}_series", measure=measure(name))
footer(release=release)
