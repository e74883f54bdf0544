"""About: what the words and symbols mean, how each measure is defined, how the numbers are made, and who can use it."""

import streamlit as st

from evaltool.text import t
from evaltool.ui.explained import claims, measures_explained, phases, statuses, verdicts
from evaltool.ui.frame import footer, header
from evaltool.ui.session import lang, released

release, language = released(), lang()
header(title=t("page.about_title", language), release=release)
st.html(f'<p class="ev-lead">{t("page.about_intro", language)}</p>')
for part, draw in (("verdict", verdicts), ("claim", claims), ("phase", phases), ("status", statuses)):
    st.header(t(f"page.about_{part}", language), anchor=False)
    draw()
st.header(t("page.about_measures", language), anchor=False)
measures_explained(release=release)
for part in ("methods", "privacy", "accessibility", "versions"):
    st.header(t(f"page.about_{part}", language), anchor=False)
    st.markdown(t(f"page.about_{part}_text", language, version=release.provenance.version, snapshot=release.provenance.snapshot[:12],
                  limit=release.policy["min_persons"], policy=release.policy["name"]))
footer(release=release)
