"""A proposal as a person has changed it: which heading is which column, in what format, with which words for which codes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ..contracts import contract
from ..errors import UsageError
from .content import content_of
from .mapping import ColumnMap, FileMapping
from .propose import Proposal
from .source import Source

UNREAD = ""
NO_ANSWER = ""
"""As the meaning of a word: no answer."""

_ITEM = re.compile(r"(.+):(\d+)")


@dataclass(frozen=True)
class Choices:
    """``targets[heading]``: one of our columns, ``form:7`` for item 7 of a form, or ``UNREAD``. ``constants[column]``: the
    value of all rows; ``formats[column]``: of dates; ``codes[column]``: words to codes or ``NO_ANSWER``;
    ``already_reversed[form]``."""

    targets: Mapping[str, str]
    constants: Mapping[str, str] = field(default_factory=dict)
    formats: Mapping[str, str | None] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    already_reversed: Mapping[str, bool] = field(default_factory=dict)


def targets(*, proposal: Proposal, source: Source) -> dict[str, str]:
    """What the proposal takes each heading of the file for."""
    out = dict.fromkeys(source.headings, UNREAD)
    out |= {match.heading: match.column for match in proposal.matches}
    for block in proposal.blocks:
        out |= {heading: f"{block.form}:{n}" for n, heading in enumerate(block.headings, start=1)}
    return out


def revised(
    *, proposal: Proposal, source: Source, choices: Choices, ids: Mapping[str, Mapping[str, str]]
) -> FileMapping:
    """The mapping that ``choices`` make of ``proposal``. ``ids[column]``: words for the values that the study knows.

    A heading that was put in another place is looked at anew: its date format and its words. Raises UsageError when two
    headings stand for one column, or an item of a form is left out.
    """
    _once(choices)
    about, kept = contract(proposal.table), {m.column: m.heading for m in proposal.matches}
    columns: dict[str, ColumnMap] = {}
    for heading, target in choices.targets.items():
        if target == UNREAD or _ITEM.fullmatch(target):
            continue
        if kept.get(target) == heading:
            made = proposal.mapping.columns[target]
        else:
            found = content_of(source=source, heading=heading, column=about.columns[target], listed=ids.get(target))
            made = ColumnMap(source=heading, format=found.format, codes=found.codes, missing=found.missing)
        columns[target] = _worded(replace(made, format=choices.formats.get(target, made.format)), choices.codes.get(target), source)
    columns |= {c: ColumnMap(constant=value) for c, value in choices.constants.items() if c not in columns}
    ordered = {name: columns[name] for name in about.columns if name in columns}
    return replace(proposal.mapping, columns=ordered, items=_items(proposal, choices))


def _once(choices: Choices) -> None:
    taken: dict[str, str] = {}
    for heading, target in choices.targets.items():
        if target != UNREAD and target in taken:
            raise UsageError("mapping_twice", got=f"{taken[target]}, {heading}", expected=target)
        taken[target] = heading


def _worded(how: ColumnMap, words: Mapping[str, str] | None, source: Source) -> ColumnMap:
    """With the words that somebody gave a meaning; the others keep the one they had, or stand for themselves."""
    if not words:
        return how
    known = how.codes
    if known is None:
        labels = source.labels.get(how.source, {})
        known = {word: word for word in (labels.get(t, t) for t in source.columns[how.source].python()) if word not in words}
    codes = {**known, **{word: code for word, code in words.items() if code != NO_ANSWER}}
    return replace(how, codes=codes, missing=(*how.missing, *(w for w, code in words.items() if code == NO_ANSWER)))


def _items(proposal: Proposal, choices: Choices) -> dict:
    places: dict[str, dict[int, str]] = {}
    for heading, target in choices.targets.items():
        if found := _ITEM.fullmatch(target):
            places.setdefault(found[1], {})[int(found[2])] = heading
    out = {}
    for form, block in proposal.mapping.items.items():
        own = places.get(form)
        if own is None:
            continue
        gone = [str(n) for n in range(1, len(block.sources) + 1) if n not in own]
        if gone:
            raise UsageError("mapping_item_gone", got=form, expected=", ".join(gone))
        sources = tuple(own[n] for n in sorted(own))
        out[form] = replace(block, sources=sources, already_reversed=choices.already_reversed.get(form, block.already_reversed))
    return out
