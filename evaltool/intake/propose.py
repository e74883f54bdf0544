"""A proposal for the mapping of a new file, for a person to review: by profile, heading, label and content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .. import contracts
from ..contracts import Column, Contract
from .blocks import Block, blocks
from .content import Content, content_of
from .likeness import CLEAR, likeness
from .mapping import ColumnMap, FileMapping, ItemMap, RowFilter
from .profiles import Profile, first_fit, recognised
from .source import Source
from .words import is_personal_heading

if TYPE_CHECKING:
    from ..instruments import Instrument

_RESPONDENTS = {"user_survey": ("user",), "staff_survey": ("staff", "leader", "clinician"), "sessions": ("user",)}
_WEAK = 0.85


@dataclass(frozen=True)
class Match:
    """``heading`` taken for ``column``. ``score``: 0 to 1; ``why``: profile, heading, label. ``example``: a cell with
    every letter as ``a`` and every digit as ``9``. ``doubts``: codes a person must look at; ``near``: words coded by a
    near spelling; ``unknown``: words that nothing is proposed for; ``rare``: how many words are not named."""

    column: str
    heading: str
    score: float
    why: str
    example: str
    doubts: tuple[str, ...]
    near: tuple[str, ...]
    unknown: tuple[str, ...]
    rare: int = 0


@dataclass(frozen=True)
class Proposal:
    """``mapping``: as it would be written. ``lacking``: columns that must be there and nothing fits; ``unused``:
    headings that would not be read; ``personal``: those of them that name personal details."""

    table: str
    mapping: FileMapping
    matches: tuple[Match, ...]
    blocks: tuple[Block, ...]
    lacking: tuple[str, ...]
    unused: tuple[str, ...]
    personal: tuple[str, ...]
    profile: str | None


def propose(
    *, source: Source, table: str | None = None, instruments: Sequence[Instrument] = (),
    ids: Mapping[str, Mapping[str, str]] | None = None,
) -> Proposal:
    """How ``source`` may be read, as the table given or the one it fits best. Nothing is imported by it.

    ``instruments``: the forms to look for, the likeliest first. ``ids[column]``: for columns whose values the study knows
    (department, wave), every word for a value and the value.
    """
    profile = recognised(headings=source.headings)
    tables = (table,) if table else (profile.tables if profile else contracts.names())
    return max((_for_table(source, contracts.contract(name), profile, instruments, ids or {}) for name in tables), key=_fit)


def _fit(proposal: Proposal) -> float:
    """Share of the needed columns that were found, and share of the file's columns that are used."""
    about = contracts.contract(proposal.table)
    needed = [c.name for c in about.columns.values() if c.required != "optional"]
    found = (len(needed) - len(proposal.lacking)) / max(1, len(needed))
    answers = sum(len(b.headings) for b in proposal.blocks)
    used = len(proposal.matches) + answers
    return found * (0.5 if about.items and not answers else 1.0) + used / (used + len(proposal.unused))


def _for_table(source, about: Contract, profile: Profile | None, instruments, ids) -> Proposal:
    forms = [i for i in instruments if i.respondent in _RESPONDENTS.get(about.name, ())
             and (about.name != "sessions" or i.occasion == "session")]
    found = blocks(source=source, instruments=forms) if about.items else []
    taken = {h for block in found for h in block.headings}
    headings = [h for h in source.headings if h not in taken]
    chosen = _assign(source, about, profile, headings, ids)
    matches = tuple(_match(about.columns[c], *chosen[c]) for c in about.columns if c in chosen)
    columns = {m.column: _column_map(about.columns[m.column], m.heading, chosen[m.column][3], profile) for m in matches}
    used = taken | {m.heading for m in matches}
    unused = tuple(h for h in source.headings if h not in used)
    read = {key: source.decisions.get(key) for key in ("encoding", "delimiter", "header_row", "sheet")}
    return Proposal(
        table=about.name, matches=matches, blocks=tuple(found), profile=profile.id if profile else None,
        mapping=FileMapping(name=source.name, table=about.name, columns=columns, items={b.form: _item_map(b) for b in found},
                            filters=_filters(profile, source), **read),
        lacking=tuple(c.name for c in about.columns.values() if c.required != "optional" and c.name not in columns),
        unused=unused, personal=tuple(h for h in unused if is_personal_heading(h)),
    )


Choice = tuple[str, float, str, Content]


def _assign(source, about: Contract, profile: Profile | None, headings: list[str], ids) -> dict[str, Choice]:
    """Each column its best heading, each heading at most once, the surest pairs first."""
    pairs = []
    for place, column in enumerate(about.columns.values()):
        for heading in headings:
            score, why = _score(source, column, heading, profile)
            if score < CLEAR or (about.about == "persons" and is_personal_heading(heading)):
                continue
            content = content_of(source=source, heading=heading, column=column, listed=ids.get(column.name))
            if content.fit >= 0.5:
                pairs.append((-score * (0.7 + 0.3 * content.fit), place, column.name, (heading, score, why, content)))
    out: dict[str, Choice] = {}
    gone: set[str] = set()
    for _, _, name, choice in sorted(pairs, key=lambda p: p[:3]):
        if name not in out and choice[0] not in gone:
            out[name] = choice
            gone.add(choice[0])
    return out


def _score(source, column: Column, heading: str, profile: Profile | None) -> tuple[float, str]:
    if profile is not None:
        declared = profile.columns.get(column.name)
        if declared is not None and first_fit(pattern=declared["from"], headings=(heading,)):
            return 1.0, "profile"
        if any(first_fit(pattern=p, headings=(heading,)) for p in profile.ignore):
            return 0.0, ""
    by_heading = likeness(heading=heading, column=column)
    label = source.column_labels.get(heading, "")
    by_label = likeness(heading=label, column=column) * 0.95 if label else 0.0
    return (by_heading, "heading") if by_heading >= by_label else (by_label, "label")


def _match(column: Column, heading: str, score: float, why: str, content: Content) -> Match:
    doubts = content.doubts + (("weak",) if score < _WEAK else ())
    return Match(column.name, heading, round(score, 2), why, content.example, doubts, content.near, content.unknown)


def _column_map(column: Column, heading: str, content: Content, profile: Profile | None) -> ColumnMap:
    declared: Mapping = profile.columns.get(column.name, {}) if profile else {}
    return ColumnMap(
        source=heading, format=declared.get("format", content.format), codes=declared.get("codes", content.codes),
        missing=tuple(declared.get("missing", content.missing)), empty=declared.get("empty"),
    )


def _filters(profile: Profile | None, source: Source) -> tuple[RowFilter, ...]:
    declared = profile.leave_out if profile else None
    heading = first_fit(pattern=declared["from"], headings=source.headings) if declared else None
    return (RowFilter(heading, drop=tuple(declared["words"])),) if heading else ()


def _item_map(block: Block) -> ItemMap:
    return ItemMap(sources=block.headings, codes=block.codes, missing=block.missing)
