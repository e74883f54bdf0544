"""What stands beside before and after for one department: who sees what there, and who changed there."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from ..disclosure import select
from ..export.view_names import view_name
from ..export.view_table import view_table
from ..figures.chart import Chart
from ..figures.gap_chart import gap_chart
from ..result import Release
from ..text import t
from .chart_card import chart_card
from .session import lang, remembered, study
from .views_part import changed_card, names_in_views, seen_view, views_there

PAIRS = ("staff-user", "leader-staff", "leader-user")


def department_views(*, department: str) -> None:
    """The gaps between leaders, staff and users in ``department``, and who changed more than measurement error, as tabs;
    only the open one is worked out, and a view the study has no table for is left out."""
    draw = {"perspectives": _gaps, "changed": _changed}
    views = views_there(views=tuple(draw))
    tabs = st.tabs([t(f"view.heading_{view}", lang()) for view in views], on_change="rerun", key="department_views")
    for view, tab in zip(views, tabs, strict=True):
        if tab.open:
            with tab:
                draw[view](seen_view(view), department)


def _gaps(release: Release | None, department: str) -> None:
    """A figure for each pair of views with a gap to show; one line names the pairs that are hidden."""
    there = remembered("gaps", department, make=lambda: _pairs(release, department))
    if not there:
        st.info(t("view.no_table", lang(), view=t("view.heading_perspectives", lang()).lower()))
        return
    for pair, scales in there.items():
        if scales:
            _card(release, department, pair, scales)
    hidden = ", ".join(_pair(pair) for pair, scales in there.items() if not scales)
    if hidden:
        st.markdown(t("view.gaps_hidden", lang(), pairs=hidden))


def _pairs(release: Release | None, department: str) -> dict[str, tuple[str, ...]]:
    """The pairs of views that the department has a gap of, each with its scales; no scales where all of it is hidden."""
    if release is None:
        return {}
    rows = release.series[release.series["department"] == department]
    there = {pair: rows[rows["measure"].str.endswith(f".{pair}")] for pair in PAIRS}
    return {pair: tuple(dict.fromkeys(m.rpartition(".")[0] for m in mine["measure"])) if mine["status"].eq("shown").any() else ()
            for pair, mine in there.items() if len(mine)}


def _card(release: Release, department: str, pair: str, scales: tuple[str, ...]) -> None:
    def chart() -> Chart:
        names = names_in_views()
        return gap_chart(release=release, department=department, pair=pair, lang=lang(),
                         measures={m: view_name(names=names, measure=m) for m in scales})

    def table() -> pd.DataFrame:
        only = select(release=release, measures=tuple(f"{m}.{pair}" for m in scales), departments=(department,))
        return view_table(release=only, study=study(), lang=lang())

    chart_card(chart=chart, about=(), table=table, name=f"{department}_gap_{pair}", reading=t("view.reading_gap", lang()))


def _pair(pair: str) -> str:
    return t("view.and", lang(), **dict(zip(("first", "second"), (t(f"view_group.{one}", lang()).lower() for one in pair.split("-")), strict=True)))


def _changed(release: Release | None, department: str) -> None:
    if release is None:
        st.info(t("view.no_table", lang(), view=t("view.heading_changed", lang()).lower()))
    else:
        changed_card(release=release, department=department)
