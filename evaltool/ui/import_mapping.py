"""The second step of an import: which table, and which of its columns is which of ours. No cell is shown, only its form."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from ..contracts import contract, names
from ..errors import EvaltoolError
from ..intake import read_source
from ..intake.mapping import ColumnMap, FileMapping, read_mapping
from ..intake.mapping_toml import mapping_toml
from ..proposal import proposal as proposed
from ..receipts import Request
from ..store.registers import NAMES
from ..text import t
from .session import lang
from .text_table import text_table
from .uploaded import FOLDER

if TYPE_CHECKING:
    from ..intake import Source
    from ..intake.propose import Proposal
    from ..study import Study

NEW = ""


def choose_mapping(*, study: Study, path: Path) -> Request | None:
    """Ask for table and mapping; the Request to check, or None while something is missing."""
    try:
        source = read_source(path=path)
        proposal = proposed(study=study, source=source)
    except EvaltoolError as error:
        st.error(error.message(lang()))
        return None
    tables = [name for name in names() if name not in NAMES]
    left, right = st.columns(2)
    table = left.selectbox(t("status_column.table", lang()), tables, index=tables.index(proposal.table) if proposal.table in tables
                           else 0, format_func=lambda name: contract(name).label[lang()])
    known = _known(study, table)
    chosen = right.selectbox(t("page.import_map", lang()), [*known, NEW], format_func=lambda name: name or t("page.import_propose", lang()))
    st.html(f'<p class="ev-note">{t("page.import_read", lang(), rows=source.rows, columns=len(source.headings))}</p>')
    if chosen != NEW:
        return Request(path=path, table=table, mapping_path=study.maps / f"{chosen}.toml", sheet=None)
    return _reviewed(proposed(study=study, source=source, table=table), source, path)


def _known(study: Study, table: str) -> list[str]:
    """Mapping files of the study that are for ``table``."""
    found = []
    for path in sorted(study.maps.glob("*.toml")):
        if read_mapping(path=path).table == table:
            found.append(path.stem)
    return found


def _reviewed(proposal: Proposal, source: Source, path: Path) -> Request | None:
    """The proposal as a table, with a choice per column for the person who knows the file."""
    about = contract(proposal.table)
    text_table(frame=pd.DataFrame([{
        t("page.our_column", lang()): about.columns[m.column].label[lang()], t("page.their_column", lang()): m.heading,
        t("page.example_form", lang()): m.example,
        t("page.doubts", lang()): ", ".join(t(f"import_doubt.{code}", lang()) for code in m.doubts),
    } for m in proposal.matches]), caption=t("page.import_mapping_step", lang()))
    for block in proposal.blocks:
        st.markdown(t("page.import_block", lang(), form=block.form, count=len(block.headings)))
    mapping = _changed(proposal, source)
    lacking = [c.label[lang()] for c in about.columns.values() if c.required != "optional" and c.name not in mapping.columns]
    if lacking:
        st.warning(t("page.import_lacking", lang(), columns=", ".join(lacking)))
        return None
    if proposal.personal:
        st.info(t("page.import_personal", lang(), columns=", ".join(proposal.personal)))
    return Request(path=path, table=proposal.table, mapping_path=_written(mapping), sheet=None)


def _changed(proposal: Proposal, source: Source) -> FileMapping:
    columns = dict(proposal.mapping.columns)
    headings = [NEW, *source.headings]
    with st.expander(t("page.import_change", lang())):
        for column in contract(proposal.table).columns.values():
            now = columns[column.name].source if column.name in columns else NEW
            heading = st.selectbox(column.label[lang()], headings, index=headings.index(now) if now in headings else 0,
                                   format_func=lambda one: one or t("page.import_not_in_file", lang()),
                                   key=f"map_{proposal.table}_{column.name}")
            if heading == NEW:
                columns.pop(column.name, None)
            elif heading != now:
                columns[column.name] = ColumnMap(source=heading)
    return replace(proposal.mapping, columns=columns)


def _written(mapping: FileMapping) -> Path:
    """The mapping as a file beside the upload; it joins the study's maps when the import succeeds."""
    path = Path(st.session_state[FOLDER].name) / "maps" / f"{Path(mapping.name).stem}.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(mapping_toml(mapping=mapping, remarks={}), encoding="utf8")
    return path
