"""The stylesheet of the pages: calm, much white, colours of ``figures/style.py`` in light and dark."""

from __future__ import annotations

import streamlit as st

from ..figures.style import style
from .session import lang, theme
from .symbol import symbol_styles

CSS = """
:root { --ink:%(ink)s; --grey:%(text)s; --rule:%(rule)s; --panel:%(panel)s; --main:%(after)s; --signal:%(signal)s; --page:%(page)s; }
.block-container { max-width: 1240px; padding-top: 3.4rem; padding-bottom: 3rem; }
[data-testid="stExpander"] summary p {{ color: var(--ink) !important; }}
[data-testid="stCaptionContainer"] p {{ color: var(--grey) !important; }}
[data-testid="stExpander"], [data-testid="stExpander"] details, [data-testid="stExpander"] summary, [data-testid="stExpander"] summary * {{ opacity: 1 !important; }}
@media print { [data-testid="stHeader"], [data-testid="stToolbar"] { display: none; } }
@media (max-width: 640px) { .block-container { padding-left: 1rem; padding-right: 1rem; }
  table.ev th, table.ev td { padding: .45rem .35rem; } table.ev.wide .word { display: none; }
  table.ev.wide tbody th { max-width: 8.5rem; } }
"""


def apply() -> None:
    """Put the stylesheet on the page and tell the browser which language it speaks."""
    st.html(f"<style>{CSS % style(theme()).colours}{symbol_styles(theme=theme())}</style>")
    # The page starts in the language of its address; the switch in the header changes it. Constant text only.
    st.html(f"<script>document.documentElement.lang = '{lang()}';</script>", unsafe_allow_javascript=True)
