"""Runs of answer columns in a file, and which form they are: ``P01 .. P32`` with five answer words is RSA-R."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .convert import is_declared_missing
from .numbers import number
from .source import Source
from .words import answer_scales, folded, known, plain

if TYPE_CHECKING:
    from ..instruments import Instrument

SHORTEST = 4
MOST_ANSWERS = 15
_NUMBERED = re.compile(r"^(.*?)(\d+)(\D*)$")
_REASONS = ("not_applicable", "dont_know", "refused")


@dataclass(frozen=True)
class Block:
    """One run of ``headings`` and the form it is taken to be.

    ``codes``/``missing``: proposed meaning of the answers that are words; None where the answers are numbers already.
    ``unknown``: answers that nothing is proposed for. ``others``: forms that fit as well. ``rare``: how many
    answers are not named.
    """

    form: str
    headings: tuple[str, ...]
    codes: Mapping[str, float] | None
    missing: Mapping[str, float]
    unknown: tuple[str, ...]
    others: tuple[str, ...]
    prints_reversed: bool
    rare: int = 0


def blocks(*, source: Source, instruments: Sequence[Instrument]) -> list[Block]:
    """The answer blocks of ``source`` that fit one of ``instruments`` by number of columns and by answers."""
    found = []
    for headings in runs(headings=source.headings):
        answers = _answers(source, headings)
        if not answers or len(answers) > MOST_ANSWERS:
            continue
        forms = [one for one in instruments if len(one.items) == len(headings)]
        fitting = sorted(((_misfit(one, headings, answers), place) for place, one in enumerate(forms)))
        fitting = [(misfit, forms[place]) for misfit, place in fitting if misfit < 1]
        if fitting:
            least = fitting[0][0]
            found.append(_block(fitting[0][1], headings, answers, tuple(o.id for m, o in fitting[1:] if m == least)))
    return found


def runs(*, headings: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Groups of at least ``SHORTEST`` headings that differ by a number counting up by one."""
    groups: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for heading in headings:
        if parts := _NUMBERED.match(heading):
            groups.setdefault((parts[1], parts[3]), []).append((int(parts[2]), heading))
    out = []
    for members in groups.values():
        run: list[tuple[int, str]] = []
        for member in [*sorted(members), (-1, "")]:
            if run and member[0] != run[-1][0] + 1:
                if len(run) >= SHORTEST:
                    out.append(tuple(h for _, h in run))
                run = []
            run.append(member)
    return out


def _answers(source: Source, headings: tuple[str, ...]) -> dict[str, str]:
    """Every different answer in the block and its value label, "" where it has none; not what the file calls missing."""
    seen: dict[str, str] = {}
    for heading in headings:
        labels, ranges = source.labels.get(heading, {}), source.user_missing.get(heading, ())
        for text in source.columns[heading].python():
            if not is_declared_missing(text, ranges):
                seen[plain(text)] = plain(labels.get(text, ""))
    return seen


def _misfit(form: Instrument, headings: tuple[str, ...], answers: Mapping[str, str]) -> float:
    """0 where every answer has a meaning in the form, 1 where few have; less when the headings name the form."""
    _, _, unknown = meanings(form=form, answers=answers)
    strange = len(unknown) / len(answers)
    named = form.id.split("_")[0] in re.sub(r"\W|_", "", folded(headings[0]))
    return (strange if strange < 0.5 else 1.0) - (0.25 if named else 0.0)


def _block(form: Instrument, headings: tuple[str, ...], answers: Mapping[str, str], others: tuple[str, ...]) -> Block:
    codes, missing, unknown = meanings(form=form, answers=answers)
    return Block(form.id, headings, codes, missing, unknown, others, form.prints_reversed)


def meanings(
    *, form: Instrument, answers: Mapping[str, str]
) -> tuple[dict[str, float] | None, dict[str, float], tuple[str, ...]]:
    """(words -> code, or None where the answers are the form's own numbers; words -> missing code; what is left).

    ``answers``: text -> value label. Numbers count as they are when the form knows them and no label says otherwise;
    words are looked for among the known answer scales that have as many steps as the form.
    """
    words = {folded(label or text): label or text for text, label in answers.items()}
    coded, missing = _by_words(form, words)
    figures = {text: number(text) for text in answers}
    if all(f is not None for f in figures.values()):
        said = {**coded, **missing}
        agree = all(said.get(label, figures[text]) == figures[text] for text, label in answers.items() if label)
        strange = tuple(t for t, f in figures.items() if not _holds(form, f))
        if agree and not (strange and said):
            return None, {}, strange
    coded |= {t: f for t, f in figures.items() if f is not None and not answers[t] and _holds(form, f)}
    return coded, missing, tuple(w for w in words.values() if w not in coded and w not in missing)


def _by_words(form: Instrument, words: Mapping[str, str]) -> tuple[dict[str, float], dict[str, float]]:
    codes, reasons = _codes_of(form), _reasons_of(form)
    scales = [s for s in answer_scales() if len(s) == len(codes)]
    scale = max(scales, key=lambda s: sum(bool(step & set(words)) for step in s), default=())
    coded = {words[w]: code for step, code in zip(scale, codes, strict=False) for w in sorted(step) if w in words}
    missing = {words[w]: reasons[r] for r in _REASONS if r in reasons for w in sorted(known(r)) if w in words}
    return coded, missing


def _holds(form: Instrument, value: float) -> bool:
    """May an item of the form hold this number?"""
    codes = _codes_of(form)
    inside = codes[0] <= value <= codes[-1] if form.items[0].continuous else value in codes
    return inside or value in _reasons_of(form).values()


def _codes_of(form: Instrument) -> tuple[float, ...]:
    return tuple(map(float, form.items[0].codes))


def _reasons_of(form: Instrument) -> dict[str, float]:
    return {reason: float(code) for code, reason in form.items[0].missing.items()}
