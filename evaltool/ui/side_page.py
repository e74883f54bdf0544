"""One perspective on one page: what changed for users, staff or services, department by department."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from ..disclosure import select
from ..measures import measure
from ..result import ALL
from ..text import t
from .choice import choice
from .filters import Chosen, filters
from .finding_list import finding_list, told
from .frame import footer, header
from .matrix_view import matrix_view
from .measure_cards import before_after_card, forest_card, funnel_card, grid_card, has_funnel, over_time_card
from .session import lang, released
from .who_answered import who_answered


def side_page(*, side: str, title: str, more: Callable[[], None] | None = None) -> None:
    """The whole page for ``side`` (``user``, ``staff`` or ``service``); ``more`` draws what else the page has, at its end."""
    release = released()
    header(title=title, release=release)
    names = tuple(name for name in release.spec.measures if measure(name).side == side)
    if not names:
        st.info(t("page.no_measures", lang()))
        footer(release=release)
        return
    chosen = filters(release=release, side=side)
    if chosen.refused:
        st.info(chosen.refused)
    else:
        _chosen(chosen, names, side, more)
    footer(release=release)


def _chosen(chosen: Chosen, names: tuple[str, ...], side: str, more: Callable[[], None] | None) -> None:
    """What is left after the filters; of one group of people only what is released for it: before and after."""
    mine = select(release=chosen.release, measures=tuple(m for m in names if m in chosen.release.spec.measures))
    st.header(" · ".join(filter(None, (t("page.now", lang()), chosen.group))), anchor=False)
    finding_list(findings=told(release=mine, about=(side, *chosen.about)), release=mine if len(chosen.order) == len(released().register) else None)
    if len(mine.spec.measures) > 1:
        st.header(t("page.matrix", lang()), anchor=False)
        matrix_view(release=mine, about=(side, *chosen.about))
    st.header(t("page.figures", lang()), anchor=False)
    _measure(chosen, mine.spec.measures)
    if chosen.group:
        st.html(f'<p class="ev-note">{t("page.filter_group_note", lang())}</p>')
        return
    if more is not None:
        more()
    who_answered(side=side, departments=(*chosen.order, ALL) if chosen.about else ())


def _measure(chosen: Chosen, names: tuple[str, ...]) -> None:
    """Choose a measure, then one of its views; only the open view is drawn."""
    name = names[0]
    if len(names) > 1:
        name = choice(label=t("column.measure", lang()), options=names, text=lambda one: measure(one).text("label", lang()),
                      key=f"measure_{measure(name).side}")
    views = ["before_after"] if chosen.group else ["before_after", "forest", "over_time", "each"] + (["funnel"] if has_funnel(name=name) else [])
    tabs = st.tabs([t(f"page.view_{view}", lang()) for view in views], on_change="rerun", key=f"view_{measure(name).side}")
    draw = {
        "before_after": lambda: before_after_card(release=chosen.release, name=name, about=chosen.about, order=chosen.order,
                                                  group=chosen.group),
        "forest": lambda: forest_card(release=chosen.release, name=name, about=chosen.about, order=chosen.order),
        "over_time": lambda: over_time_card(release=chosen.release, name=name, about=chosen.about),
        "each": lambda: grid_card(release=chosen.release, name=name, about=chosen.about, order=chosen.order),
        "funnel": lambda: funnel_card(release=chosen.release, name=name, about=chosen.about),
    }
    for view, tab in zip(views, tabs, strict=True):
        if tab.open:
            with tab:
                draw[view]()
