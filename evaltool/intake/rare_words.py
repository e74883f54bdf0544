"""Words that stand on few rows may be about one person: a proposal that is written down does not name them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .blocks import Block
from .propose import Match, Proposal
from .source import Source

RARE = "rare_words"


def without_rare_words(*, proposal: Proposal, source: Source, least: int) -> Proposal:
    """``proposal`` without the words met by fewer than ``least`` rows, in remarks and as codes: words that nothing is proposed
    for, and words coded by a near spelling. ``rare`` says how many there were; the check says in which rows they stand."""
    matches = tuple(_match(one, source, least) for one in proposal.matches)
    gone = {one.column: _rare((*one.near, *one.unknown), (one.heading,), source, least) for one in proposal.matches}
    columns = {name: replace(how, codes={w: c for w, c in how.codes.items() if w not in gone.get(name, ())} or None) if how.codes else how
               for name, how in proposal.mapping.columns.items()}
    blocks = tuple(_block(one, source, least) for one in proposal.blocks)
    return replace(proposal, matches=matches, blocks=blocks, mapping=replace(proposal.mapping, columns=columns))


def _match(match: Match, source: Source, least: int) -> Match:
    gone = _rare((*match.near, *match.unknown), (match.heading,), source, least)
    near, unknown = (tuple(w for w in words if w not in gone) for words in (match.near, match.unknown))
    emptied = {"near_words": not near, "unknown_words": not unknown}
    doubts = [code for code in match.doubts if not emptied.get(code, False)] + [RARE] * bool(gone)
    return replace(match, near=near, unknown=unknown, rare=len(gone), doubts=tuple(doubts))


def _block(block: Block, source: Source, least: int) -> Block:
    gone = _rare(block.unknown, block.headings, source, least)
    return replace(block, unknown=tuple(w for w in block.unknown if w not in gone), rare=len(gone))


def _rare(words: Iterable[str], headings: tuple[str, ...], source: Source, least: int) -> set[str]:
    return {word for word in words if max(source.count(heading, word) for heading in headings) < least}
