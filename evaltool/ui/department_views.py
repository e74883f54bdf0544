"""What stands beside before and after for one department: who sees what there, and who changed there."""

from __future__ import annotations

import streamlit as st

from ..disclosure import select
from ..export.view_names import view_name, view_names
from ..export.view_table import view_table
from ..figures.gap_chart import gap_chart
from ..result import Release
from ..study_view import TABLES
from ..text import t
from .chart_card import chart_card
from .session import lang, study, study_quality
from .views_part import changed_card, seen_view

PAIRS = ("staff-user", "leader-staff", "leader-user")


def department_views(*, department: str) -> None:
    """The gaps between leaders, staff and users in ``department``, and who changed more than measurement error, as tabs;
    only the open one is worked out, and a view the study has no table for is left out."""
    there = set(study_quality()["tables"]["table"])
    draw = {"perspectives": _gaps, "changed": _changed}
    views = [view for view in draw if TABLES.get(view) in (None, *there)]
    tabs = st.tabs([t(f"view.heading_{view}", lang()) for view in views], on_change="rerun", key="department_views")
    for view, tab in zip(views, tabs, strict=True):
        if tab.open:
            with tab:
                draw[view](seen_view(view), department)


def _gaps(release: Release | None, department: str) -> None:
    """A figure for each pair of views with a gap to show; one line names the pairs that are hidden."""
    rows = release.series[release.series["department"] == department] if release is not None else None
    there = [pair for pair in PAIRS if rows is not None and rows["measure"].str.endswith(f".{pair}").any()]
    if not there:
        st.info(t("view.no_table", lang(), view=t("view.heading_perspectives", lang()).lower()))
        return
    shown = [pair for pair in there if (rows["measure"].str.endswith(f".{pair}") & rows["status"].eq("shown")).any()]
    names = view_names(study=study(), lang=lang())
    for pair in shown:
        wanted = dict.fromkeys(m.rpartition(".")[0] for m in rows["measure"] if m.endswith(f".{pair}"))
        chart = gap_chart(release=release, department=department, pair=pair, lang=lang(),
                          measures={m: view_name(names=names, measure=m) for m in wanted})
        only = select(release=release, measures=tuple(f"{m}.{pair}" for m in wanted), departments=(department,))
        chart_card(chart=chart, table=lambda only=only: view_table(release=only, study=study(), lang=lang()),
                   name=f"{department}_gap_{pair}", reading=t("view.reading_gap", lang()))
    hidden = ", ".join(_pair(pair) for pair in there if pair not in shown)
    if hidden:
        st.markdown(t("view.gaps_hidden", lang(), pairs=hidden))


def _pair(pair: str) -> str:
    return t("view.and", lang(), **dict(zip(("first", "second"), (t(f"view_group.{one}", lang()).lower() for one in pair.split("-")), strict=True)))


def _changed(release: Release | None, department: str) -> None:
    if release is None:
        st.info(t("view.no_table", lang(), view=t("view.heading_changed", lang()).lower()))
    else:
        changed_card(release=release, department=department)
