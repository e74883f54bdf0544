"""One department on one page: findings first, then users, staff and services before, after and over time."""

from html import escape

import streamlit as st

from evaltool.findings import place_name
from evaltool.measures import measure
from evaltool.tables import shown_instead
from evaltool.text import t
from evaltool.ui.choice import choice
from evaltool.ui.decision_list import decision_list
from evaltool.ui.department_figures import before_after_row, over_time_part
from evaltool.ui.department_head import department_head
from evaltool.ui.department_views import department_views
from evaltool.ui.finding_list import finding_list, told
from evaltool.ui.frame import footer, header
from evaltool.ui.measure_cards import has_numbers
from evaltool.ui.process_view import department_process
from evaltool.ui.session import lang, released
from evaltool.ui.text_table import text_table
from evaltool.ui.who_answered import who_answered

release, language = released(), lang()
header(title=t("page.department_title", language), release=release)
department = choice(label=t("column.department", language), options=release.register["department"].tolist(), key="department",
                    text=lambda name: place_name(release=release, department=name, lang=language))
department_head(release=release, department=department)

found = told(release=release, about=(), department=department)
if found:
    st.header(t("page.now", language), anchor=False)
    finding_list(findings=found)
else:
    st.info(t("page.nothing_to_compare", language))

here = tuple(name for name in release.spec.measures if has_numbers(release=release, name=name, department=department))
if found and here:
    st.header(t("page.view_before_after", language), anchor=False)
    before_after_row(release=release, names=here, department=department)
absent = ", ".join(measure(name).text("short", language) for name in release.spec.measures if name not in here)
if absent:
    st.html(f'<p class="ev-note">{escape(t("page.no_numbers_of", language, measures=absent))}</p>')
department_process(release=release, department=department)
if here:
    over_time_part(release=release, names=here, department=department)
st.header(t("view.more", language), anchor=False)
department_views(department=department)
for side in ("user", "staff"):
    who_answered(side=side, departments=(department,))
instead = shown_instead(release=release, department=department, lang=language)
if len(instead):
    st.header(t("page.instead_title", language), anchor=False)
    st.markdown(t("page.instead", language))
    text_table(frame=instead, caption=t("page.instead_title", language))
st.header(t("page.decisions", language), anchor=False)
decision_list(release=release, department=department)
footer(release=release)
