"""Make the report and the export for this visitor's departments, look at it, and take it along."""

import streamlit as st

from evaltool.result import ALL
from evaltool.text import LANGUAGES, t
from evaltool.ui.frame import footer, header
from evaltool.ui.place_names import place_names
from evaltool.ui.report_files import export_files, report_files, show_report
from evaltool.ui.session import lang, released

release, language = released(), lang()
header(title=t("page.report_title", language), release=release)
st.html(f'<p class="ev-lead">{t("page.report_intro", language)}</p>')
left, right = st.columns([3, 1])
places = {ALL: t("page.all_departments", language), **place_names(release=release)}
department = left.selectbox(t("page.report_about", language), list(places), format_func=places.get)
said = right.segmented_control(t("page.report_language", language), LANGUAGES, default=language, required=True)
if st.button(t("page.report_make", language), type="primary"):
    with st.spinner(t("page.report_making", language)):
        st.session_state["report"] = report_files(release=release, department=department, lang=said)
show_report(files=st.session_state.get("report"))
st.header(t("page.export", language), anchor=False)
st.markdown(t("page.export_intro", language))
export_files(release=release)
footer(release=release)
