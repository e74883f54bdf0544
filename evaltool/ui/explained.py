"""The glossary: verdicts, claims, phases and statuses, and the definition of every measure in the Release."""

from __future__ import annotations

from html import escape

import streamlit as st

from ..figures.symbols import ROLES
from ..result import STATUSES, Release
from ..studied import studied
from ..text import t
from ..verdict import CLAIMS
from .chart_card import plain
from .session import lang
from .symbol import symbol

PHASES = ("before", "wash_in", "after", "paused", "not_started")


def verdicts() -> None:
    """What each verdict means, with its symbol."""
    _words([(symbol(code=code, size=18), t(f"verdict.{code}", lang()), t(f"about_verdict.{code}", lang())) for code in ROLES])


def claims() -> None:
    """How strongly something is said."""
    _words([("", t(f"claim.{code}", lang()), t(f"about_claim.{code}", lang())) for code in CLAIMS])


def phases() -> None:
    """The phases of a department."""
    _words([("", t(f"phase.{code}", lang()), t(f"about_phase.{code}", lang())) for code in PHASES])


def statuses() -> None:
    """Why a number may be missing."""
    _words([("", t(f"status.{code}", lang()), t(f"about_status.{code}", lang())) for code in STATUSES[1:]])


def _words(rows: list[tuple[str, str, str]]) -> None:
    items = "".join(f'<li><span>{mark}</span><div><div class="what">{escape(word)}</div><div class="how">{escape(text)}</div></div></li>'
                    for mark, word, text in rows)
    st.html(f'<ul class="ev-findings">{items}</ul>')


def measures_explained(*, release: Release) -> None:
    """Definition and smallest important change of each measure, folded in."""
    for name in release.spec.measures:
        m = studied(release=release, name=name)
        with st.expander(m.text("label", lang())):
            st.markdown(f"**{t('page.definition', lang())}** {plain(m.text('definition', lang()))}")
            st.markdown(f"**{t('page.important_change', lang())}** {plain(m.text('important_source', lang()))}")
            st.markdown(f"**{t('page.how_to_read', lang())}** {plain(m.text('reading', lang()))}")
