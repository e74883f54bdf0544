"""About: what the words and symbols mean, how each measure is defined, how the numbers are made, and who can use it."""

import streamlit as st

from evaltool.text import t
from evaltool.ui.explained import (
    claims, glossary, measures_explained, methods_explained, phases, statuses, verdicts, versions_explained,
)
from evaltool.ui.frame import footer, header
from evaltool.ui.session import lang, released

release, language = released(), lang()
header(title=t("page.about_title", language), release=release)
st.html(f'<p class="ev-lead">{t("page.about_intro", language)}</p>')
words, measures, methods, use = st.tabs([t(f"page.about_tab_{tab}", language) for tab in ("words", "measures", "methods", "use")])
with words:
    for part, draw in (("verdict", verdicts), ("claim", claims), ("phase", phases), ("status", statuses), ("glossary", glossary)):
        st.header(t(f"page.about_{part}", language), anchor=False)
        draw()
with measures:
    st.header(t("page.about_measures", language), anchor=False)
    measures_explained(release=release)
with methods:
    st.header(t("page.about_methods", language), anchor=False)
    st.markdown(t("page.about_methods_text", language))
    methods_explained(release=release)
with use:
    for part in ("privacy", "accessibility", "versions"):
        st.header(t(f"page.about_{part}", language), anchor=False)
        st.markdown(t(f"page.about_{part}_text", language, limit=release.policy["min_persons"], policy=release.policy["name"]))
    versions_explained(release=release)
footer(release=release)
