"""A proposed mapping as a TOML file to review: what was taken for what, how sure that is, what is still open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..contracts import contract
from ..intake.mapping_toml import mapping_toml
from ..intake.profiles import profiles
from ..text import t
from ..text.formats import percent

if TYPE_CHECKING:
    from ..intake.blocks import Block
    from ..intake.propose import Match, Proposal


def proposal_text(*, proposal: Proposal, lang: str) -> str:
    """The mapping file with remarks in ``lang``. Cells are never quoted: examples are masked, and only the words of a
    closed list or of an answer scale stand in it."""
    about = contract(proposal.table)
    top = [t("proposal.top", lang, file=proposal.mapping.name, table=about.label[lang])]
    if proposal.profile:
        profile = profiles()[proposal.profile]
        top += [t("proposal.profile", lang, system=profile.label[lang]), profile.export[lang]]
    top += [t("proposal.lacking", lang, column=c, label=about.columns[c].label[lang]) for c in proposal.lacking]
    remarks = {"": top} | {f"columns.{m.column}": _about_match(m, lang) for m in proposal.matches}
    remarks |= {f"items.{b.form}": _about_block(b, lang) for b in proposal.blocks}
    remarks["end"] = []
    if proposal.personal:
        remarks["end"].append(t("proposal.personal", lang, columns=", ".join(proposal.personal)))
    rest = [h for h in proposal.unused if h not in proposal.personal]
    if rest:
        remarks["end"].append(t("proposal.unused", lang, columns=", ".join(rest)))
    return mapping_toml(mapping=proposal.mapping, remarks=remarks)


def _about_match(match: Match, lang: str) -> list[str]:
    lines = [t("proposal.match", lang, score=percent(match.score, lang), why=t(f"proposal.by_{match.why}", lang), example=match.example)]
    words = {"near_words": match.near, "unknown_words": match.unknown}
    return lines + [t(f"proposal.doubt_{code}", lang, words=", ".join(words.get(code, ())), count=match.rare) for code in match.doubts]


def _about_block(block: Block, lang: str) -> list[str]:
    lines = [t("proposal.block", lang, count=len(block.headings), form=block.form)]
    if block.others:
        lines.append(t("proposal.doubt_form", lang, forms=", ".join(block.others)))
    if block.unknown:
        lines.append(t("proposal.doubt_unknown_words", lang, words=", ".join(block.unknown)))
    if block.rare:
        lines.append(t("proposal.doubt_rare_words", lang, count=block.rare))
    if block.prints_reversed:
        lines.append(t("proposal.doubt_reversal", lang))
    return lines
