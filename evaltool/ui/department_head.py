"""The head of a department's page: what kind of unit, when it started, when wash-in ended."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from ..result import Release
from ..text import t
from ..text.formats import date
from .session import lang, remembered


def department_head(*, release: Release, department: str) -> None:
    """One line of facts from the rollout register."""
    def make() -> str:
        row = release.register.set_index("department").loc[department]
        parts = [str(row["service"]), _started(row, release)]
        return f'<p class="ev-sentence">{escape(" · ".join(p for p in parts if p and p != "nan"))}</p>'

    st.html(remembered("department_head", lang(), department, make=make))


def _started(row: pd.Series, release: Release) -> str:
    if pd.isna(row["start"]) or row["start"].date() > release.provenance.as_of:
        return t("page.not_started", lang(), as_of=date(release.provenance.as_of, lang()))
    return t("page.started", lang(), start=date(row["start"], lang()), wash_in_end=date(row["wash_in_end"], lang()))
