"""The forms for a new comment or decision, and for what happened to an earlier one."""

from __future__ import annotations

import pandas as pd
import pyarrow as arrow
import streamlit as st

from ..errors import EvaltoolError
from ..measures import measure
from ..privacy import scan
from ..result import Release
from ..store import Entry, record_decision
from ..store.decisions import KINDS, STATES
from ..text import t
from .decision_list import place, visible
from .host import host
from .place_names import place_names
from .session import FRAMES, as_written, lang, remembered, seen_by, study

MOST_LETTERS = 1000


def decision_form(*, release: Release) -> None:
    """What, about which measure and department, whose task, and by when."""
    with st.form("decision_form", border=False, clear_on_submit=True):
        kind = st.segmented_control(t("page.decision_kind", lang()), KINDS, default=KINDS[1], required=True,
                                    format_func=lambda code: t(f"decision_kind.{code}", lang()))
        text = st.text_area(t("page.decision_text", lang()), max_chars=MOST_LETTERS)
        st.html(f'<p class="ev-note">{t("page.no_names", lang())}</p>')
        left, right = st.columns(2)
        department = left.selectbox(t("column.department", lang()), ["", *place_names(release=release)], format_func=place)
        name = right.selectbox(t("column.measure", lang()), ["", *release.spec.measures], format_func=lambda one: measure(
            one).text("label", lang()) if one else t("page.no_measure", lang()))
        owner = left.text_input(t("page.decision_owner", lang()), max_chars=80)
        due = right.date_input(t("page.decision_due", lang()), value=None, format="DD.MM.YYYY")
        if st.form_submit_button(t("page.decision_save", lang()), type="primary"):
            _save(Entry(kind=kind, measure=name, department=department, text=text, owner=owner, due=due))


def answer_form(*, release: Release) -> None:
    """Choose one of the threads this visitor may see and say what happened."""
    rows = remembered("threads", as_written(), memory=FRAMES, make=lambda: visible(release=release).set_index("id"))
    if rows.empty:
        st.html(f'<p class="ev-note">{t("page.no_decisions", lang())}</p>')
        return
    with st.form("answer_form", border=False, clear_on_submit=True):
        about = st.selectbox(t("page.decision_which", lang()), rows.index.tolist(), format_func=rows["text"].to_dict().get)
        text = st.text_area(t("page.decision_what", lang()), max_chars=MOST_LETTERS)
        st.html(f'<p class="ev-note">{t("page.no_names", lang())}</p>')
        state = st.segmented_control(t("page.decision_state", lang()), STATES, default=STATES[0], required=True,
                                     format_func=lambda code: t(f"decision_state.{code}", lang()))
        if st.form_submit_button(t("page.decision_save", lang()), type="primary"):
            row = rows.loc[about]
            due = None if pd.isna(row["due"]) else row["due"].date()
            _save(Entry(kind=row["kind"], measure=row["measure"], department=row["department"], text=text, owner=row["owner"],
                        due=due, state=state, about=int(about)))


def _save(entry: Entry) -> None:
    """Write it down and show the page anew; what is wrong stands under the button."""
    if scan(columns={"text": arrow.array([entry.text, entry.owner], arrow.large_string())}, prose=("text",), about_persons=False):
        st.error(t("page.personal_details", lang()))
        return
    try:
        record_decision(study=study(), entry=entry, who=seen_by().who, when=host().clock())
    except EvaltoolError as error:
        st.error(error.message(lang()))
        return
    st.rerun()
