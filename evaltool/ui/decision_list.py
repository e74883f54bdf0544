"""What was decided and said, open decisions first, as a list of cards without boxes."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from ..measures import measure
from ..result import Release
from ..store import decisions
from ..text import t
from ..text.formats import date
from .place_names import place_names
from .session import FRAMES, as_written, lang, released, remembered, study


def decision_list(*, release: Release, department: str = "") -> None:
    """Draw the threads this visitor may see (of one ``department``, or all)."""
    st.html(remembered("decision_list", lang(), as_written(), department, make=lambda: _html(release, department)))


def _html(release: Release, department: str) -> str:
    rows = visible(release=release)
    if department:
        rows = rows[rows["department"].isin([department, ""])]
    if rows.empty:
        return f'<p class="ev-note">{escape(t("page.no_decisions", lang()))}</p>'
    return f'<ul class="ev-findings">{"".join(_item(row) for row in rows.to_dict("records"))}</ul>'


def visible(*, release: Release) -> pd.DataFrame:
    """Threads about the whole study and about the departments in ``release``: no others are loaded for this visitor."""
    rows = FRAMES.get(("decisions", as_written()), lambda: decisions(study=study()))
    return rows[rows["department"].isin(["", *release.register["department"]])].reset_index(drop=True)


def _item(row: dict) -> str:
    facts = [
        t(f"decision_kind.{row['kind']}", lang()), place(row["department"]), topic(row["measure"]),
        t("page.owner", lang(), owner=row["owner"]) if row["owner"] else "",
        t("page.due", lang(), due=date(row["due"], lang())) if pd.notna(row["due"]) else "",
        t("page.said", lang(), who=row["who"], at=date(row["at"], lang())),
    ]
    last = t("page.last_answer", lang(), text=row["last_text"], at=date(row["last_at"], lang())) if row["answers"] else ""
    state = t(f"decision_state.{row['state']}", lang())
    tag = f'<span class="ev-tag">{escape(state)}</span>' if row["kind"] == "decision" else ""
    return (f'<li><span></span><div><div class="what">{escape(row["text"])} {tag}</div>'
            f'<div class="how">{escape(" · ".join(fact for fact in facts if fact))}<br>{escape(last)}</div></div></li>')


def place(department: str) -> str:
    """Name of the department, or the words for the whole study."""
    return place_names(release=released())[department] if department else t("page.whole_study", lang())


def topic(name: str) -> str:
    """Short name of the measure; empty where the entry is about none."""
    return measure(name).text("short", lang()) if name else ""
