"""Decisions: what was said and decided about a measure in a department, who owns it and by when."""

import streamlit as st

from evaltool.text import t
from evaltool.ui.decision_form import answer_form, decision_form
from evaltool.ui.decision_list import decision_list
from evaltool.ui.frame import footer, header
from evaltool.ui.session import lang, released

release, language = released(), lang()
header(title=t("page.decisions_title", language), release=release)
st.html(f'<p class="ev-lead">{t("page.decisions_intro", language)}</p>')
st.header(t("page.decisions_list", language), anchor=False)
decision_list(release=release)
open_form, answer = st.tabs([t("page.decision_new", language), t("page.decision_answer", language)])
with open_form:
    decision_form(release=release)
with answer:
    answer_form(release=release)
footer(release=release)
