"""The figures of one department: before and after for each measure beside each other, and one measure at a time over time."""

from __future__ import annotations

import streamlit as st

from ..measures import measure
from ..text import t
from .choice import choice
from .filters import Chosen
from .measure_cards import before_after_card, over_time_card
from .session import lang

AT_ONCE = 12
"""Cards, and tabs, that can be looked at beside each other; a study of more measures has the others in a drawer or a list."""


def before_after_row(*, chosen: Chosen, names: tuple[str, ...], department: str) -> None:
    """A small card for each of ``names``, as many beside each other as there is room for; those beyond ``AT_ONCE`` are drawn
    when their drawer is opened."""
    _cards(chosen, names[:AT_ONCE], department, "side_by_side")
    if rest := names[AT_ONCE:]:
        drawer = st.expander(t("page.more_measures", lang(), count=len(rest)), on_change="rerun", key="more_measures")
        if drawer.open:
            with drawer:
                _cards(chosen, rest, department, "side_by_side_more")


def _cards(chosen: Chosen, names: tuple[str, ...], department: str, key: str) -> None:
    with st.container(horizontal=True, key=key):
        for name in names:
            before_after_card(chosen=chosen, name=name, order=(department,), key=department, stretch=True)


def over_time_part(*, chosen: Chosen, names: tuple[str, ...], department: str) -> None:
    """The process chart of one of ``names``, chosen by its tab, or in a list where they are more than ``AT_ONCE``; only the
    chosen one is drawn."""
    if len(names) > AT_ONCE:
        name = choice(label=t("column.measure", lang()), options=names, text=lambda one: measure(one).text("label", lang()), key="over_time")
        over_time_card(chosen=chosen, name=name, department=department)
        return
    tabs = st.tabs([measure(name).text("short", lang()) for name in names], on_change="rerun", key="over_time_tabs")
    for name, tab in zip(names, tabs, strict=True):
        if tab.open:
            with tab:
                over_time_card(chosen=chosen, name=name, department=department)
