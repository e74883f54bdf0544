"""Links to the pages that say more."""

from __future__ import annotations

from html import escape

import streamlit as st

from ..text import t
from .addresses import ADDRESSES
from .session import lang, seen_by


def read_on(*, keys: tuple[str, ...]) -> None:
    """One line of links to the pages ``keys`` that this visitor may open."""
    role = seen_by().role
    links = [f'<a href="/{one.path}?lang={lang()}" target="_self">{escape(t(f"page.more_{one.key}", lang()))}</a>'
             for one in ADDRESSES if one.key in keys and role in one.roles]
    st.html(f'<p class="ev-links">{"".join(links)}</p>')
