"""Who answered the survey of one side: response, mix, who left or came, the response of each wave, and all of it to take away."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from ..respondent_rows import respondent_rows
from ..respondent_words import respondents_table, waves_table
from ..result import Release
from ..study_comparison import RESPONDENTS
from ..text import t
from .compared import compared
from .session import lang, remembered
from .text_table import remembered_table, table_html
from .workbook import workbook

TABLES = {"user": "user_survey", "staff": "staff_survey"}
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def who_answered(*, side: str, departments: tuple[str, ...] = ()) -> None:
    """A folded-in section for ``side`` (nothing for services); made when it is opened."""
    if side not in TABLES:
        return
    drawer = st.expander(t(f"respondents.title_{side}", lang()), on_change="rerun", key=f"who_{side}")
    if drawer.open:
        with drawer:
            _opened(TABLES[side], departments)


def _opened(table: str, departments: tuple[str, ...]) -> None:
    release, about = compared(method=RESPONDENTS), (table, departments)
    shown = {"release": release, "table": table, "lang": lang(), "departments": departments}
    st.markdown(t("respondents.about", lang()))
    remembered_table(make=lambda: respondents_table(**shown), about=about, caption=t("respondents.title", lang()))
    rows = remembered("respondents", about, make=lambda: _rows(release, table, departments))
    if remembered("waves", about, make=lambda: bool(rows["what"].eq("response").any())):
        st.subheader(t("respondents.waves", lang()), anchor=False)
        waves = table_html(make=lambda: waves_table(**shown), about=("waves", *about), caption=t("respondents.waves", lang()))
        if waves:
            st.html(waves)
        else:
            st.markdown(t("respondents.no_waves", lang()))
    with st.container(horizontal=True):
        st.download_button(t("page.download_csv", lang()), lambda: rows.to_csv(index=False).encode("utf8"), f"respondents_{table}.csv", "text/csv",
                           on_click="ignore", key=f"csv_who_{table}")
        st.download_button(t("page.download_xlsx", lang()), lambda: workbook(frame=rows, sheet="respondents"), f"respondents_{table}.xlsx", EXCEL,
                           on_click="ignore", key=f"xlsx_who_{table}")


def _rows(release: Release, table: str, departments: tuple[str, ...]) -> pd.DataFrame:
    rows = respondent_rows(release=release).query("survey == @table")
    return rows[rows["department"].isin(departments)] if departments else rows
