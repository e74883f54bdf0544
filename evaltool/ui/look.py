"""The stylesheet of the pages: calm, much white, colours of ``figures/style.py`` in light and dark."""

from __future__ import annotations

import json
from functools import cache

import streamlit as st

from ..figures.style import style
from ..text import t
from .session import lang, theme
from .symbol import symbol_styles

CSS = """
:root { --ink:%(ink)s; --grey:%(text)s; --rule:%(rule)s; --panel:%(panel)s; --main:%(after)s; --signal:%(signal)s; --page:%(page)s; }
.block-container { max-width: 1240px; padding-top: 3.4rem; padding-bottom: 3rem; }
[data-testid="stWidgetLabel"] { color: var(--grey); }
[data-testid="stCaptionContainer"] p, details summary p { color: var(--grey) !important; }
details > summary { opacity: 1 !important; }
[data-testid^="stBaseButton-primary"], [data-testid^="stBaseButton-primary"] * { color: var(--page) !important; }
.ev-meta, .ev-note { color: var(--grey); font-size: .875rem; line-height: 1.45; margin: 0; }
.ev-meta { margin-top: -.4rem; }
.ev-chosen a { color: var(--main); }
.ev-head { font-weight: 600 !important; line-height: 1.2 !important; letter-spacing: -.005em; margin: 0 0 -.5rem 0 !important; }
h2.ev-head { font-size: 1.35rem !important; padding: 1rem 0 !important; }
h3.ev-head { font-size: 1.1rem !important; padding: .75rem 0 1rem 0 !important; }
.ev-sentence { font-size: 1rem; margin: 0 0 .2rem 0; }
.ev-lead { font-size: 1.0625rem; max-width: 46rem; margin: 0; line-height: 1.5; }
.ev-findings { list-style: none; margin: 0; padding: 0 !important; }
.ev-findings li { display: grid; grid-template-columns: 1.6rem 1fr; gap: .2rem .4rem; padding: .7rem 0 !important;
  border-top: 1px solid var(--rule); margin: 0 !important; }
.ev-findings li:last-child { border-bottom: 1px solid var(--rule); }
.ev-findings .ev-s { margin-top: .3rem; }
.ev-findings .what { font-size: 1.0625rem; color: var(--ink); max-width: 62rem; }
.ev-findings .how { color: var(--grey); font-size: .9rem; max-width: 62rem; }
.ev-kept { white-space: nowrap; }
.ev-s { display: inline-block; flex: none; width: var(--s); height: var(--s); background-size: contain; background-repeat: no-repeat;
  vertical-align: -.12em; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.ev-scroll { overflow-x: auto; }
.ev-scroll.tall { max-height: 34rem; overflow-y: auto; border-bottom: 1px solid var(--rule); }
.ev-scroll.tall thead th { position: sticky; top: 0; background: var(--page); z-index: 1; box-shadow: inset 0 -1px 0 var(--rule); }
.ev-scroll:focus-visible { outline: 2px solid var(--main); outline-offset: 2px; }
table.ev { border-collapse: collapse; width: 100%%; font-size: .9375rem; }
table.ev th, table.ev td { border: 0; border-bottom: 1px solid var(--rule); padding: .5rem .6rem; text-align: left;
  vertical-align: middle; }
table.ev thead th { font-weight: 600; vertical-align: bottom; }
table.ev thead tr.side td { border-bottom: 0; }
table.ev.slim { width: auto; min-width: min(26rem, 100%%); }
table.ev a { color: var(--main); }
table.ev thead tr.side th { color: var(--grey); font-weight: 400; border-bottom: 0; padding-bottom: 0; }
table.ev tbody th { font-weight: 400; }
table.ev.wide tbody th, table.ev.wide thead tr > *:first-child { position: sticky; left: 0; background: var(--page); }
table.ev .num { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
table.ev .cell { display: inline-flex; align-items: center; vertical-align: middle; gap: .4rem; white-space: nowrap; }
table.ev .word { color: var(--grey); font-size: .85rem; }
.ev-legend { display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; color: var(--grey); font-size: .875rem; margin: .5rem 0 0 0; }
.ev-legend span.one { display: inline-flex; align-items: center; gap: .35rem; }
[class*="st-key-side_by_side"], [class*="st-key-panels_"] { display: grid !important; }
[class*="st-key-side_by_side"] { grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%%), 1fr)); }
[class*="st-key-panels_"] { grid-template-columns: repeat(auto-fill, minmax(min(14rem, 100%%), 1fr)); }
.ev-note summary { cursor: pointer; }
.ev-links { display: flex; flex-wrap: wrap; gap: .4rem 1.4rem; margin: 0; }
.ev-links a { color: var(--main); }
.ev-tag { color: var(--grey); border: 1px solid var(--rule); border-radius: .3rem; padding: 0 .4rem; font-size: .85rem; white-space: nowrap; }
@media print { [data-testid="stHeader"], [data-testid="stToolbar"] { display: none; } .ev-scroll.tall { max-height: none; } }
@media (max-width: 1000px) { table.ev:not(.wide):not(.slim) td:not(.num), table.ev:not(.wide):not(.slim) tbody th { min-width: 8rem; } }
@media (max-width: 640px) { .block-container { padding-left: 1rem; padding-right: 1rem; }
  table.ev th, table.ev td { padding: .45rem .35rem; } table.ev.wide .word { display: none; }
  table.ev.wide tbody th { max-width: 8.5rem; } }
"""


FOLLOW_THEME = """
if (!window.evTheme) {
  window.evTheme = window.matchMedia('(prefers-color-scheme: dark)');
  window.evTheme.addEventListener('change', () => setTimeout(() => document.body.dispatchEvent(
    new KeyboardEvent('keydown', {key: 'r', code: 'KeyR', keyCode: 82, which: 82, bubbles: true})), 400));
}
"""
"""Streamlit changes its own colours with the browser's and runs nothing; its key for running the page again does, so that
figures, symbols and tables follow and nothing that is half written is lost."""

MENU_LIST = """
if (!window.evMenu) {
  window.evMenu = new MutationObserver(() => document.querySelectorAll('[data-testid=stSidebarNavItems] > div').forEach(part => {
    if (!part.hasAttribute('role')) part.setAttribute('role', 'listitem');
    part.querySelectorAll('li:not([role])').forEach(one => one.setAttribute('role', 'presentation'));
  }));
  window.evMenu.observe(document.body, {childList: true, subtree: true});
}
"""
"""On a telephone Streamlit's menu has a group of pages straight inside a list: said so that a screen reader can count on it."""

UPLOAD = """
[data-testid="stFileUploaderDropzone"] button p { font-size: 0; }
[data-testid="stFileUploaderDropzone"] button p::after { content: %s; font-size: 1rem; }
[data-testid="stFileUploaderDropzoneInstructions"] { display: none; }
"""
"""Streamlit's own words in the box for files are English in every language; the page says the same beside it."""


def apply() -> None:
    """Put the stylesheet on the page and tell the browser which language it speaks."""
    st.html(_sheet(lang(), theme()))
    # The page starts in the language of its address; the switch in the header changes it. Constant text only.
    st.html(f"<script>document.documentElement.lang = '{lang()}';{FOLLOW_THEME}{MENU_LIST}</script>", unsafe_allow_javascript=True)


@cache
def _sheet(lang: str, theme: str) -> str:
    upload = UPLOAD % json.dumps(t("page.upload_choose", lang), ensure_ascii=False)
    return f"<style>{CSS % style(theme).colours}{symbol_styles(theme=theme)}{upload}</style>"
