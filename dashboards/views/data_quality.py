"""Can the numbers be trusted: what is imported, who answered, which faults were found (counts only)."""

import streamlit as st

from evaltool.tables import hidden_line, hidden_reasons
from evaltool.text import t
from evaltool.ui.frame import footer, header
from evaltool.ui.import_steps import changed
from evaltool.ui.quality_tables import quality_tables
from evaltool.ui.session import lang, released, study, study_quality
from evaltool.ui.text_table import text_table

release, language = released(), lang()
header(title=t("page.quality_title", language), release=release)
st.markdown(t("page.quality_intro", language))
quality_tables(tables=study_quality())
st.header(t("page.extract_title", language), anchor=False)
changed(study=study(), release=release)
st.header(t("page.hidden_title", language), anchor=False)
st.markdown(hidden_line(release=release, lang=language))
reasons = hidden_reasons(release=release, lang=language)
if len(reasons):
    text_table(frame=reasons, caption=t("page.hidden_title", language))
footer(release=release)
