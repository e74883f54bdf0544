"""One perspective on one page: what changed for users, staff or services, department by department."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from ..disclosure import select
from ..measures import measure
from ..result import ALL, Release
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
    mine = tuple(name for name in names if name in chosen.measures)
    about = (side, *chosen.about)

    def release() -> Release:
        return select(release=chosen.release, measures=mine)

    st.header(" · ".join(filter(None, (t("page.now", lang()), chosen.group))), anchor=False)
    whole = len(chosen.order) == len(released().register)
    finding_list(findings=told(release=release, about=about), about=about, release=release if whole else None)
    if len(mine) > 1:
        st.header(t("page.matrix", lang()), anchor=False)
        matrix_view(release=release, about=about)
    st.header(t("page.figures", lang()), anchor=False)
    _measure(chosen, mine)
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
    draw = {"before_after": before_after_card, "forest": forest_card, "over_time": over_time_card, "each": grid_card,
            "funnel": funnel_card}
    views = ["before_after"] if chosen.group else [view for view in draw if view != "funnel" or has_funnel(name=name)]
    tabs = st.tabs([t(f"page.view_{view}", lang()) for view in views], on_change="rerun", key=f"view_{measure(name).side}")
    for view, tab in zip(views, tabs, strict=True):
        if tab.open:
            with tab:
                draw[view](chosen=chosen, name=name)
