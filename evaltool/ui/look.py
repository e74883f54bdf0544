"""The stylesheet of the pages: calm, much white, colours of ``figures/style.py`` in light and dark."""

from __future__ import annotations

import streamlit as st

from ..figures.style import style
from .session import lang, theme

CSS = """
<style>
:root {{ --ink:{ink}; --grey:{text}; --rule:{rule}; --panel:{panel}; --main:{after}; --signal:{signal}; }}
.block-container {{ max-width: 1240px; padding-top: 3.2rem; }}
.ev-meta, .ev-note {{ color: var(--grey); font-size: .875rem; line-height: 1.45; margin: 0; }}
.ev-sentence {{ font-size: 1rem; margin: 0 0 .2rem 0; }}
.ev-findings {{ list-style: none; margin: 0; padding: 0 !important; }}
.ev-findings li {{ display: grid; grid-template-columns: 1.6rem 1fr; gap: .2rem .4rem; padding: .7rem 0 !important;
  border-top: 1px solid var(--rule); margin: 0 !important; }}
.ev-findings li:last-child {{ border-bottom: 1px solid var(--rule); }}
.ev-findings img {{ margin-top: .3rem; }}
.ev-findings .what {{ font-size: 1.0625rem; color: var(--ink); }}
.ev-findings .how {{ color: var(--grey); font-size: .9rem; }}
.ev-scroll {{ overflow-x: auto; }}
table.ev {{ border-collapse: collapse; width: 100%; font-size: .9375rem; }}
table.ev th, table.ev td {{ border: 0; border-bottom: 1px solid var(--rule); padding: .5rem .6rem; text-align: left;
  vertical-align: middle; }}
table.ev thead th {{ font-weight: 600; vertical-align: bottom; }}
table.ev thead tr.side td {{ border-bottom: 0; }}
table.ev a {{ color: var(--main); }}
table.ev thead tr.side th {{ color: var(--grey); font-weight: 400; border-bottom: 0; padding-bottom: 0; }}
table.ev tbody th {{ font-weight: 400; }}
table.ev td.num {{ text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }}
table.ev .cell {{ display: inline-flex; align-items: center; gap: .4rem; white-space: nowrap; }}
table.ev .word {{ color: var(--grey); font-size: .85rem; }}
.ev-legend {{ display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; color: var(--grey); font-size: .875rem; margin: .5rem 0 0 0; }}
.ev-legend span {{ display: inline-flex; align-items: center; gap: .35rem; }}
@media print {{ [data-testid="stHeader"], [data-testid="stToolbar"] {{ display: none; }} }}
@media (max-width: 640px) {{ .block-container {{ padding-left: 1rem; padding-right: 1rem; }}
  table.ev th, table.ev td {{ padding: .45rem .35rem; }} table.ev .word {{ display: none; }} }}
</style>
"""


def apply() -> None:
    """Put the stylesheet on the page and tell the browser which language it speaks."""
    st.html(CSS.format(**style(theme()).colours))
    # Streamlit always says lang="en"; a screen reader would read bokmål with English sounds. Constant text only.
    st.html(f"<script>document.documentElement.lang = '{lang()}';</script>", unsafe_allow_javascript=True)
