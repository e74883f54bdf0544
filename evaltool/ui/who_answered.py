"""Who answered the survey of one side: response, mix, and who left or came."""

from __future__ import annotations

import streamlit as st

from ..respondent_words import respondents_table
from ..study_comparison import RESPONDENTS
from ..text import t
from .compared import compared
from .session import lang
from .text_table import text_table

TABLES = {"user": "user_survey", "staff": "staff_survey"}


def who_answered(*, side: str, departments: tuple[str, ...] = ()) -> None:
    """A folded-in section for ``side`` (nothing for services); made when it is opened."""
    if side not in TABLES:
        return
    drawer = st.expander(t("respondents.title", lang()), on_change="rerun", key=f"who_{side}")
    if drawer.open:
        with drawer:
            st.markdown(t("respondents.about", lang()))
            text_table(frame=respondents_table(release=compared(method=RESPONDENTS), table=TABLES[side], lang=lang(),
                                               departments=departments), caption=t("respondents.title", lang()))
