"""The glossary: verdicts, claims, phases and statuses, and the definition of every measure in the Release."""

from __future__ import annotations

from html import escape

import streamlit as st

from ..measures import measure
from ..result import Release
from ..text import catalogue, t
from .chart_card import plain
from .session import lang
from .symbol import symbol


def explained(*, part: str) -> None:
    """Every word of the catalogue table ``part`` with what it means (``page.about_<part>.<code>``)."""
    meanings = {key.removeprefix(f"about_{part}."): text for key, text in catalogue(lang()).items() if key.startswith(f"about_{part}.")}
    rows = "".join(
        f'<li>{symbol(code=code, size=18) if part == "verdict" else "<span></span>"}<div><div class="what">'
        f'{escape(t(f"{part}.{code}", lang()))}</div><div class="how">{escape(text)}</div></div></li>'
        for code, text in meanings.items())
    st.html(f'<ul class="ev-findings">{rows}</ul>')


def measures_explained(*, release: Release) -> None:
    """Definition and smallest important change of each measure, folded in."""
    for name in release.spec.measures:
        m = measure(name)
        with st.expander(m.text("label", lang())):
            st.markdown(f"**{t('page.definition', lang())}** {plain(m.text('definition', lang()))}")
            st.markdown(f"**{t('page.important_change', lang())}** {plain(m.text('important_source', lang()))}")
            st.markdown(f"**{t('page.how_to_read', lang())}** {plain(m.text('reading', lang()))}")
