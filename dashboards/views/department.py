"""One department on one page: findings first, then users, staff and services before, after and over time."""

from html import escape

import streamlit as st

from evaltool.finest_shown import shown_instead
from evaltool.measures import measure
from evaltool.text import t
from evaltool.ui.choice import choice
from evaltool.ui.decision_list import decision_list
from evaltool.ui.department_figures import before_after_row, over_time_part
from evaltool.ui.department_head import department_head
from evaltool.ui.department_views import department_views
from evaltool.ui.filters import everything
from evaltool.ui.finding_list import finding_list, told
from evaltool.ui.frame import footer, header, hidden_note
from evaltool.ui.measure_cards import with_numbers
from evaltool.ui.place_names import place_names
from evaltool.ui.process_view import department_process
from evaltool.ui.session import lang, released
from evaltool.ui.text_table import table_html
from evaltool.ui.who_answered import who_answered

release, language = released(), lang()
header(title=t("page.department_title", language), release=release)
names = place_names(release=release)
department = choice(label=t("column.department", language), options=list(names), key="department", text=names.get)
department_head(release=release, department=department)
hidden_note(release=release, department=department)

found = told(release=released, about=(), department=department)
if found:
    st.header(t("page.now", language), anchor=False)
    finding_list(findings=found, about=(department,))
else:
    st.info(t("page.nothing_to_compare", language))

chosen, known = everything(release=release), with_numbers(release=release, department=department)
here = tuple(name for name in release.spec.measures if name in known)
if found and here:
    st.header(t("page.view_before_after", language), anchor=False)
    before_after_row(chosen=chosen, names=here, department=department)
absent = ", ".join(measure(name).text("short", language) for name in release.spec.measures if name not in here)
if absent:
    st.html(f'<p class="ev-note">{escape(t("page.no_numbers_of", language, measures=absent))}</p>')
department_process(release=release, department=department)
if here:
    over_time_part(chosen=chosen, names=here, department=department)
st.header(t("view.more", language), anchor=False)
department_views(department=department)
for side in ("user", "staff"):
    who_answered(side=side, departments=(department,))
instead = table_html(make=lambda: shown_instead(release=release, department=department, lang=language), about=("instead", department),
                     caption=t("page.instead_title", language))
if instead:
    st.header(t("page.instead_title", language), anchor=False)
    st.markdown(t("page.instead", language))
    st.html(instead)
st.header(t("page.decisions", language), anchor=False)
decision_list(release=release, department=department)
footer(release=release)
