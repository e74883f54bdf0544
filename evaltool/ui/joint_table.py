"""Themes beside the matching scale: what people said next to what they ticked, and how well the coders agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from ..export.view_names import view_name, view_names
from ..text import t
from ..text.formats import interval, number, percent
from .text_table import text_table
from .workbook import workbook

if TYPE_CHECKING:
    from ..result import Release
    from ..study import Study

COLUMNS = ("theme", "group", "share", "scale", "before", "after", "kappa")


def joint_table(*, frame: pd.DataFrame, release: Release, study: Study, lang: str) -> None:
    """``frame``: ``export.joint_display``; ``release``: the themes, for the agreement. A table and its downloads."""
    names = view_names(study=study, lang=lang)
    agreed = release.estimates[release.estimates["status"] == "shown"].set_index("measure")
    rows = []
    for (theme, group), part in frame.groupby(["theme", "group"], sort=False):
        first, measure = part.iloc[0], f"themes.{theme}"
        hidden = first["status"] != "shown"
        share = t(f"status.{first['status']}", lang) if hidden else f"{percent(first['share'], lang)} ({number(first['excerpts'], lang)}/{number(first['of'], lang)})"
        scale = view_name(names=names, measure=first["scale"]) if isinstance(first["scale"], str) else ""
        kappa = f"{number(agreed.loc[measure, 'estimate'], lang, 2)} ({interval(agreed.loc[measure, 'conf_low'], agreed.loc[measure, 'conf_high'], 'points', lang, 2)})" if measure in agreed.index else ""
        rows.append((view_name(names=names, measure=measure), t(f"speaker.{group}", lang), share, scale,
                     *(_level(part, phase, lang) for phase in ("before", "after")), kappa))
    out = pd.DataFrame(rows, columns=[t(f"joint_column.{name}", lang) for name in COLUMNS])
    st.html(f'<p class="ev-note">{t("view.reading_themes", lang)}</p>')
    text_table(frame=out, caption=t("view.heading_themes", lang))
    with st.container(horizontal=True):
        st.download_button(t("page.download_csv", lang), lambda: out.to_csv(index=False).encode("utf-8-sig"), "themes.csv", "text/csv", on_click="ignore", key="csv_themes")
        st.download_button(t("page.download_xlsx", lang), lambda: workbook(frame=out, sheet=t("page.table_sheet", lang)), "themes.xlsx", on_click="ignore", key="xlsx_themes")


def _level(part: pd.DataFrame, phase: str, lang: str) -> str:
    row = part[part["phase"] == phase]
    if row.empty:
        return ""
    return number(row.iloc[0]["mean"], lang, 2) if row.iloc[0]["scale_status"] == "shown" else t("status.suppressed", lang)
