"""Can the numbers be trusted: what is imported, who answered, which faults were found (counts only)."""

import streamlit as st

from evaltool.text import t
from evaltool.ui.frame import footer, header
from evaltool.ui.quality_tables import quality_tables
from evaltool.ui.session import lang, released, study_quality

release, language = released(), lang()
header(title=t("page.quality_title", language), release=release)
st.markdown(t("page.quality_intro", language))
quality_tables(tables=study_quality())
footer(release=release)
