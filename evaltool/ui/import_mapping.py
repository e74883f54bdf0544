"""The second step of an import: which table, and which of its columns is which of ours. No cell is shown, only its form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from ..contracts import contract, names
from ..errors import EvaltoolError
from ..intake.date_formats import DAY_FIRST, MONTH_FIRST, YEAR_FIRST
from ..intake.mapping import FileMapping, read_mapping
from ..intake.mapping_toml import mapping_toml
from ..intake.revise import NO_ANSWER, UNREAD, Choices, revised, targets
from ..intake.words import is_personal_heading, masked
from ..proposal import known_values
from ..proposal import proposal as proposed
from ..receipts import Request
from ..store.registers import NAMES
from ..text import t
from .session import lang
from .uploaded import FOLDER

if TYPE_CHECKING:
    from ..intake import Source
    from ..intake.propose import Proposal
    from ..study import Study

NEW = ""
_DAY = dt.datetime(2024, 12, 31, 18, 30)


def choose_mapping(*, study: Study, path: Path, source: Source, file: str) -> Request | None:
    """Ask for table and mapping; the Request to check, or None while something is missing."""
    tables = [name for name in names() if name not in NAMES]
    best = _proposal(study, source, file, None).table
    left, right = st.columns(2)
    table = left.selectbox(t("status_column.table", lang()), tables, index=tables.index(best) if best in tables else 0,
                           format_func=lambda name: contract(name).label[lang()], key=f"table_{file}")
    chosen = right.selectbox(t("page.import_map", lang()), [NEW, *_known(study, table)], key=f"saved_{file}_{table}",
                             format_func=lambda name: name or t("page.import_propose", lang()))
    sheet = source.decisions.get("sheet")
    if chosen != NEW:
        return Request(path=path, table=table, mapping_path=study.maps / f"{chosen}.toml", sheet=sheet)
    try:
        mapping = _edited(study, _proposal(study, source, file, table), source, f"{file}_{table}")
    except EvaltoolError as error:
        st.error(error.message(lang()))
        return None
    return None if mapping is None else Request(path=path, table=table, mapping_path=_written(mapping), sheet=sheet)


def _known(study: Study, table: str) -> list[str]:
    """Mapping files of the study that are for ``table``."""
    return [path.stem for path in sorted(study.maps.glob("*.toml")) if read_mapping(path=path).table == table]


def _proposal(study: Study, source: Source, file: str, table: str | None) -> Proposal:
    """Proposed once for each way of reading the file."""
    kept = st.session_state.setdefault("ev_proposed", {})
    key = (table, *st.session_state["ev_read"][0])
    if key not in kept:
        with st.spinner(t("page.import_proposing", lang()), show_time=True):
            kept[key] = proposed(study=study, source=source, table=table)
            kept.setdefault((kept[key].table, *key[1:]), kept[key])
    return kept[key]


def _edited(study: Study, proposal: Proposal, source: Source, key: str) -> FileMapping | None:
    """The proposal as a table to change, and what is still to be said; None while a needed column is not there."""
    about, ids = contract(proposal.table), known_values(study=study)
    choices = Choices(targets=_table(proposal, source, key))
    made = revised(proposal=proposal, source=source, choices=choices, ids=ids)
    choices = replace(
        choices, constants=_constants(about, made, ids, key), formats=_formats(about, made, key),
        already_reversed=_reversed(proposal, made, key), codes=_codes(study, about, made, source, ids, key))
    mapping = revised(proposal=proposal, source=source, choices=choices, ids=ids)
    lacking = [c.label[lang()] for c in about.columns.values() if c.required != "optional" and c.name not in mapping.columns]
    if lacking:
        st.warning(t("page.import_lacking", lang(), columns=", ".join(lacking)))
    if personal := [h for h, target in choices.targets.items() if target == UNREAD and is_personal_heading(h)]:
        st.info(t("page.import_personal", lang(), columns=", ".join(personal)))
    return None if lacking else mapping


def _table(proposal: Proposal, source: Source, key: str) -> dict[str, str]:
    """Their column | what its cells look like | our field; the third is to be chosen."""
    first = targets(proposal=proposal, source=source)
    about = contract(proposal.table)
    words = {UNREAD: t("page.import_unread", lang())} | {c.name: c.label[lang()] for c in about.columns.values()}
    words |= {f"{b.form}:{n}": f"{b.form} {n:02d}" for b in proposal.blocks for n in range(1, len(b.headings) + 1)}
    doubts = {m.heading: ", ".join(t(f"import_doubt.{code}", lang()) for code in m.doubts) for m in proposal.matches}
    theirs, looks, ours, unsure = (t(f"page.{name}", lang()) for name in ("their_column", "example_form", "our_column", "doubts"))
    frame = pd.DataFrame({
        theirs: list(source.headings), looks: [_looks(source, h) for h in source.headings],
        ours: [words[first[h]] for h in source.headings], unsure: [doubts.get(h, "") for h in source.headings]})
    edited = st.data_editor(
        frame, hide_index=True, disabled=[theirs, looks, unsure], key=f"map_{key}", height=min(35 * (len(frame) + 1) + 3, 600),
        column_config={ours: st.column_config.SelectboxColumn(ours, options=list(words.values()), required=True)})
    back = {word: target for target, word in words.items()}
    return {heading: back[word] for heading, word in zip(edited[theirs], edited[ours], strict=True)}


def _looks(source: Source, heading: str) -> str:
    """Up to two different cells, covered."""
    return "; ".join(dict.fromkeys(masked(one) for one in source.columns[heading].texts[:2].to_pylist()))


def _constants(about, made: FileMapping, ids: Mapping, key: str) -> dict[str, str]:
    """For a needed column that the file does not have: one value for all rows."""
    out = {}
    for column in about.columns.values():
        if column.required == "optional" or column.name in made.columns or column.name not in ids:
            continue
        value = st.selectbox(t("page.import_constant", lang(), column=column.label[lang()]), list(dict.fromkeys(ids[column.name].values())),
                             index=None, key=f"constant_{key}_{column.name}", placeholder=t("page.import_not_in_file", lang()))
        if value is not None:
            out[column.name] = value
    return out


def _formats(about, made: FileMapping, key: str) -> dict[str, str | None]:
    """How dates are written, shown as one date; the one that was found is chosen."""
    out, boxes = {}, cycle(st.columns(2))
    for name, how in made.columns.items():
        if about.columns[name].type in ("date", "datetime") and how.source is not None:
            options = list(dict.fromkeys([how.format, None, *DAY_FIRST, *MONTH_FIRST, *YEAR_FIRST]))
            out[name] = next(boxes).selectbox(t("page.import_format", lang(), column=about.columns[name].label[lang()]), options,
                                     key=f"format_{key}_{name}_{how.source}", format_func=_written_day)
    return out


def _written_day(format: str | None) -> str:
    return "2024-12-31" if format is None else t("page.import_serial", lang()) if "%" not in format else _DAY.strftime(format)


def _reversed(proposal: Proposal, made: FileMapping, key: str) -> dict[str, bool]:
    """Where a form prints the points beside the boxes: does the file hold answers or points?"""
    out = {}
    for block in proposal.blocks:
        if block.prints_reversed and block.form in made.items:
            said = st.radio(t("page.import_reversed", lang(), form=block.form), (False, True), horizontal=True, index=None,
                            key=f"reversed_{key}_{block.form}", format_func=lambda one: t(f"page.import_reversed_{str(one).lower()}", lang()))
            out |= {} if said is None else {block.form: said}
    return out


def _codes(study: Study, about, made: FileMapping, source: Source, ids: Mapping, key: str) -> dict[str, dict[str, str]]:
    """Words of a closed list that nothing is proposed for. A word in fewer rows than ``min_persons`` is not shown."""
    from ..intake.content import content_of

    out = {}
    for name, how in made.columns.items():
        column = about.columns[name]
        if how.source is None or is_personal_heading(how.source) or not (column.allowed or name in ids):
            continue
        unknown = content_of(source=source, heading=how.source, column=column, listed=ids.get(name)).unknown
        common = [word for word in unknown if source.count(how.source, word) >= study.privacy.min_persons]
        options = {NO_ANSWER: t("page.import_no_answer", lang())}
        options |= {code: words[lang()] for code, words in column.allowed.items()} or {v: v for v in ids[name].values()}
        for word, box in zip(common, cycle(st.columns(2)) if common else (), strict=False):
            code = box.selectbox(t("page.import_word", lang(), column=column.label[lang()], word=word), list(options), index=None,
                                format_func=options.get, key=f"word_{key}_{name}_{word}", placeholder=t("page.import_choose", lang()))
            if code is not None:
                out.setdefault(name, {})[word] = code
        if len(common) < len(unknown):
            st.html(f'<p class="ev-note">{t("page.import_rare_words", lang(), column=column.label[lang()], count=len(unknown) - len(common))}</p>')
    return out


def _written(mapping: FileMapping) -> Path:
    """The mapping as a file beside the upload; it joins the study's maps when the import succeeds."""
    path = Path(st.session_state[FOLDER].name) / "maps" / f"{Path(mapping.name).stem}.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(mapping_toml(mapping=mapping, remarks={}), encoding="utf8")
    return path
