"""The last steps of an import: check, get the fix-it list, take in. Counts and rule codes only; cells stay in the list."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from ..contracts import rule
from ..errors import EvaltoolError
from ..extract_effects import effects_table, extract_effects, extract_rows, rows_table
from ..fix_it import fix_it
from ..import_source import import_source
from ..receipts import Request, receipt, receipt_lines
from ..text import t
from ..text.formats import number
from .host import host
from .preparing import start_preparing
from .session import as_written, begin, lang, released, seen_by, study_quality
from .text_table import remembered_table, table_html, text_table

if TYPE_CHECKING:
    from ..result import Release
    from ..study import Study


def check_step(*, study: Study, request: Request) -> Mapping | None:
    """Check on demand and show what was found; the facts, or None while nothing was checked."""
    if st.button(t("page.import_check", lang()), type="primary"):
        st.session_state["ev_checked"] = (_key(request), *_checked(study, request))
    kept = st.session_state.get("ev_checked")
    if kept is None or kept[0] != _key(request):
        return None
    _, facts, files, fault = kept
    if fault:
        st.error(fault)
        return None
    st.markdown(t("page.import_counts", lang(), rows=number(facts["rows"], lang()), refused=number(facts["refused"], lang())))
    if facts["problems"]:
        text_table(frame=_worded(facts), caption=t("page.import_check_step", lang()))
        st.html(f'<p class="ev-note">{t("page.import_private", lang())}</p>')
        with st.container(horizontal=True):
            for name, content in files.items():
                st.download_button(t("page.download_file", lang(), name=name), content, name, on_click="ignore", key=f"fix_{name}")
    else:
        st.success(t("page.import_clean", lang()))
    return facts


def import_step(*, study: Study, request: Request, facts: Mapping) -> bool:
    """Take the file in, all or nothing; True once that is done."""
    done = st.session_state.get("ev_imported")
    if done and done[0] == _key(request):
        st.success(done[1])
        return True
    if facts["blocked"]:
        st.warning(t("page.import_blocked", lang()))
        return False
    if facts["refused"]:
        st.html(f'<p class="ev-note">{t("page.import_leaves_out", lang(), refused=number(facts["refused"], lang()))}</p>')
    if not st.button(t("page.import_do", lang()), type="primary"):
        return False
    try:
        with st.spinner(t("page.importing", lang()), show_time=True):
            outcome = import_source(
                study=study, path=request.path, table=request.table, mapping_path=request.mapping_path, sheet=request.sheet,
                who=seen_by().who, when=host().clock())
            _keep_map(study, request)
    except EvaltoolError as error:
        st.error(error.message(lang()))
        return False
    lines = receipt_lines(facts=receipt(outcome=outcome, request=request), lang=lang())
    st.session_state["ev_imported"] = (_key(request), lines[0])
    st.success(lines[0])
    with st.spinner(t("page.import_counting", lang()), show_time=True):
        begin()
        released()
        study_quality()
    if host().prepares:
        start_preparing(folder=host().folder)
    st.rerun()
    return False


def changed(*, study: Study, release: Release) -> None:
    """What the last extracts did: rows by table, and each measure as it was last shown and as it is now."""
    st.html(f'<p class="ev-note">{t("page.extract_intro", lang())}</p>')
    remembered_table(make=lambda: rows_table(rows=extract_rows(study=study), lang=lang()), about=("extract", as_written()),
                     caption=t("page.import_changed", lang()))
    effects = table_html(make=lambda: _effects(study, release), about=("effects", as_written()), caption=t("page.import_changed", lang()))
    st.html(effects or f'<p class="ev-note">{t("page.extract_first", lang())}</p>')


def _effects(study: Study, release: Release) -> pd.DataFrame:
    effects = extract_effects(study=study, release=release)
    return effects if effects.empty else effects_table(effects=effects, lang=lang())


def _checked(study: Study, request: Request) -> tuple[Mapping | None, dict[str, bytes], str]:
    """(facts, fix-it files by name, what went wrong)."""
    try:
        with tempfile.TemporaryDirectory() as folder, st.spinner(t("page.import_checking", lang()), show_time=True):
            facts = fix_it(study=study, request=request, out=Path(folder), lang=lang(), who=seen_by().who)
            return facts, {Path(one).name: Path(one).read_bytes() for one in facts["report"]}, ""
    except EvaltoolError as error:
        return None, {}, error.message(lang())


def _worded(facts: Mapping) -> pd.DataFrame:
    return pd.DataFrame([{
        t("status_column.text", lang()): rule(facts["table"], one["rule"]).text[lang()]["what"],
        t("status_column.column", lang()): one["source_column"] if isinstance(one["source_column"], str) else one["column"],
        t("status_column.count", lang()): number(one["count"], lang()),
        t("status_column.severity", lang()): t(f"severity.{one['severity']}", lang()),
        t("status_column.rule", lang()): one["rule"],
    } for one in facts["problems"]])


def _keep_map(study: Study, request: Request) -> None:
    """A mapping made here becomes one of the study's own, unless one of that name is there."""
    made = request.mapping_path
    if made is not None and made.parent != study.maps and not (study.maps / made.name).exists():
        study.maps.mkdir(exist_ok=True)
        shutil.copyfile(made, study.maps / made.name)


def _key(request: Request) -> tuple:
    made = request.mapping_path
    return (request.path.name, st.session_state.get("ev_upload"), request.table, made.read_text(encoding="utf8") if made else "")
