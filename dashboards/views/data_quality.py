"""Can the numbers be trusted: what is imported, who answered, which faults were found (counts only)."""

import streamlit as st

from evaltool.tables import hidden_line, hidden_reasons
from evaltool.text import t
from evaltool.ui.frame import footer, header
from evaltool.ui.import_steps import changed
from evaltool.ui.quality_tables import quality_tables
from evaltool.ui.session import lang, released, remembered, study, study_quality
from evaltool.ui.text_table import table_html

release, language = released(), lang()
header(title=t("page.quality_title", language), release=release)
st.markdown(t("page.quality_intro", language))
quality_tables(tables=study_quality())
st.header(t("page.extract_title", language), anchor=False)
changed(study=study(), release=release)
st.header(t("page.hidden_title", language), anchor=False)
st.markdown(remembered("hidden_line", language, make=lambda: hidden_line(release=release, lang=language)))
reasons = table_html(make=lambda: hidden_reasons(release=release, lang=language), about=("hidden",), caption=t("page.hidden_title", language))
if reasons:
    st.html(reasons)
footer(release=release)
