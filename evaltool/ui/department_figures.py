"""The figures of one department: before and after for each measure beside each other, and one measure at a time over time."""

from __future__ import annotations

import streamlit as st

from ..measures import measure
from .filters import Chosen
from .measure_cards import before_after_card, over_time_card
from .session import lang


def before_after_row(*, chosen: Chosen, names: tuple[str, ...], department: str) -> None:
    """A small card for each of ``names``, as many beside each other as there is room for."""
    with st.container(horizontal=True, key="side_by_side"):
        for name in names:
            before_after_card(chosen=chosen, name=name, order=(department,), key=department, stretch=True)


def over_time_part(*, chosen: Chosen, names: tuple[str, ...], department: str) -> None:
    """The process chart of one of ``names``, chosen by its tab; only the open one is drawn."""
    tabs = st.tabs([measure(name).text("short", lang()) for name in names], on_change="rerun", key="over_time_tabs")
    for name, tab in zip(names, tabs, strict=True):
        if tab.open:
            with tab:
                over_time_card(chosen=chosen, name=name, department=department)
