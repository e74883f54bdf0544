"""Overview: what matters now, users first; the matrix; the rollout; then the figures behind it."""

import streamlit as st

from evaltool.figures.dumbbell import dumbbell
from evaltool.figures.run_chart import run_chart
from evaltool.figures.staircase import staircase
from evaltool.findings import findings
from evaltool.measures import measure
from evaltool.result import ALL
from evaltool.tables import levels, periods, rollout
from evaltool.text import t
from evaltool.ui.chart_card import chart_card
from evaltool.ui.finding_list import finding_list
from evaltool.ui.frame import footer, header
from evaltool.ui.matrix_view import matrix_view
from evaltool.ui.session import lang, released

release, language = released(), lang()
header(title=t("page.overview_title", language), release=release)

st.header(t("page.now", language), anchor=False)
finding_list(findings=findings(release=release, lang=language))

st.header(t("page.matrix", language), anchor=False)
matrix_view(release=release)

st.header(t("page.rollout", language), anchor=False)
chart_card(chart=staircase(release=release, lang=language), table=rollout(release=release, lang=language), name="rollout")

for side in ("user", "staff", "service"):
    names = [name for name in release.spec.measures if measure(name).side == side]
    if names:
        st.header(t(f"side.{side}", language), anchor=False)
    for name in names:
        chart_card(chart=dumbbell(release=release, measure=name, lang=language),
                   table=levels(release=release, measure_id=name, lang=language), name=f"{name}_before_after",
                   measure=measure(name))
        if side == "service":
            chart_card(chart=run_chart(release=release, measure=name, department=ALL, lang=language),
                       table=periods(release=release, measure_id=name, department=ALL, lang=language),
                       name=f"{name}_series", measure=measure(name))
footer(release=release)
