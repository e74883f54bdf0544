"""The frame around every page: its title, the language switch, and how fresh, complete and open the data are."""

from __future__ import annotations

from html import escape

import streamlit as st

from ..disclosure import hidden_counts, select
from ..result import STATUSES, Release
from ..tables import hidden_line
from ..text import LANGUAGES, t
from ..text.formats import date
from .addresses import ABOUT_PATH
from .coverage import coverage_line
from .session import lang, remembered, seen_by, study, study_quality
from .symbol import symbol


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


def hidden_note(*, release: Release, department: str = "") -> None:
    """What is hidden, why, and what would make it showable; in the whole ``release`` or in one ``department`` of it."""
    def make() -> str:
        about = select(release=release, departments=(department,)) if department else release
        return f'<p class="ev-note">{escape(hidden_line(release=about, lang=lang()))}</p>'

    st.html(remembered("hidden_note", lang(), department, make=make))


def footer(*, release: Release) -> None:
    """What stands where a number is missing, and what the page rests on, in small print."""
    p = release.provenance
    signs = "".join(f'<span class="one">{symbol(code=code, size=13)}{escape(t(f"status.{code}", lang()))}</span>' for code in STATUSES[1:])
    st.html(f'<p class="ev-legend" style="margin-top:2rem"><span>{escape(t("page.about_status", lang()))}:</span>{signs}'
            f'<span class="one">0 {escape(t("page.zero", lang()))}</span></p>')
    text = t("page.small_print", lang(), version=p.version, limit=release.policy["min_persons"], snapshot=p.snapshot[:12])
    about = f'<a href="{ABOUT_PATH}?lang={lang()}" target="_self">{escape(t("page.small_print_about", lang()))}</a>'
    st.html(f'<p class="ev-note">{escape(text)} {about}</p>')
