"""The frame around every page: name of the study, language switch, and how fresh the data are."""

from __future__ import annotations

from html import escape

import streamlit as st

from ..result import Release
from ..tables import hidden_line
from ..text import t
from ..text.formats import date
from .session import lang


def header(*, title: str, release: Release) -> None:
    """Title, language switch and one line on freshness and what is hidden."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title(title, anchor=False, width="content")
        st.segmented_control(t("page.language", lang()), ["nb", "en"], default=lang(), key="lang", required=True,
                             bind="query-params", label_visibility="collapsed")
    fresh = t("page.fresh", lang(), as_of=date(release.provenance.as_of, lang()), snapshot=release.provenance.snapshot)
    st.html(f'<p class="ev-meta">{escape(fresh)} · {escape(hidden_line(release=release, lang=lang()))}</p>')


def footer(*, release: Release) -> None:
    """What the page rests on, in small print."""
    p = release.provenance
    text = t("page.small_print", lang(), version=p.version, limit=release.policy["min_persons"])
    st.html(f'<p class="ev-note" style="margin-top:2rem">{escape(text)}</p>')
