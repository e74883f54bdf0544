"""Import wizard: choose a file, see how it would be read, say what is what, check it, take it in, see what changed."""

import streamlit as st

from evaltool.text import t
from evaltool.ui.frame import footer, header
from evaltool.ui.import_mapping import choose_mapping
from evaltool.ui.import_reading import choose_reading
from evaltool.ui.import_steps import changed, check_step, import_step
from evaltool.ui.session import lang, released, study
from evaltool.ui.uploaded import uploaded

release, language = released(), lang()
header(title=t("page.import_title", language), release=release)
st.html(f'<p class="ev-lead">{t("page.import_intro", language)}</p>')
st.header(t("page.import_file_step", language), anchor=False)
path, file = uploaded()
source = request = facts = None
if path is not None:
    st.header(t("page.import_reading_step", language), anchor=False)
    source = choose_reading(path=path, file=file)
if source is not None:
    st.header(t("page.import_mapping_step", language), anchor=False)
    request = choose_mapping(study=study(), path=path, source=source, file=file)
if request is not None:
    st.header(t("page.import_check_step", language), anchor=False)
    facts = check_step(study=study(), request=request)
if facts is not None:
    st.header(t("page.import_import_step", language), anchor=False)
    if import_step(study=study(), request=request, facts=facts):
        st.header(t("page.import_changed", language), anchor=False)
        changed(study=study(), release=release)
footer(release=release)
