"""The frame around every page: its title, the language switch, and how fresh, complete and open the data are."""

from __future__ import annotations

from html import escape

import streamlit as st

from ..disclosure import hidden_counts
from ..result import Release
from ..tables import hidden_line
from ..text import LANGUAGES, t
from ..text.formats import date
from .coverage import coverage_line
from .session import lang, remembered, seen_by, study, study_quality


def header(*, title: str, release: Release) -> None:
    """Title, language switch, whose data, how fresh, what share answered and what is hidden."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title(title, anchor=False, width="content")
        with st.container(horizontal=True, width="content", vertical_alignment="center"):
            if study().access.login == "oidc" and st.button(t("page.log_out", lang()), help=seen_by().who, type="tertiary"):
                st.logout()
            st.segmented_control(t("page.language", lang()), LANGUAGES, default=lang(), key="lang", required=True,
                                 bind="query-params", label_visibility="collapsed")
    st.html(remembered("meta", lang(), make=lambda: _meta(release)))


def _meta(release: Release) -> str:
    parts = [
        study().name[lang()], t("page.fresh", lang(), as_of=date(release.provenance.as_of, lang())),
        coverage_line(response=study_quality()["response"], lang=lang()), _hidden(release),
        t("page.only_yours", lang()) if seen_by().departments else "",
    ]
    return f'<p class="ev-meta">{escape(" · ".join(part.rstrip(".") for part in parts if part))}</p>'


def _hidden(release: Release) -> str:
    count = hidden_counts(release)["estimates"]
    return t("page.hidden", lang(), count=count) if count else ""


def hidden_note(*, release: Release) -> None:
    """What is hidden, why, and what would make it showable."""
    st.html(remembered("hidden_note", lang(), make=lambda: f'<p class="ev-note">{escape(hidden_line(release=release, lang=lang()))}</p>'))


def footer(*, release: Release) -> None:
    """What the page rests on, in small print."""
    p = release.provenance
    text = t("page.small_print", lang(), version=p.version, limit=release.policy["min_persons"], snapshot=p.snapshot[:12])
    st.html(f'<p class="ev-note" style="margin-top:2rem">{escape(text)}</p>')
