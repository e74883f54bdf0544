"""An instrument in plain words: how it is scored, what is certain, whose it is, and what the numbers mean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from ..instruments import Evidence, Instrument, Item, Scale
from ..instruments.model import DIRECTIONS
from ..text import t
from ..text.formats import number

PARTS = ("summary", "scales", "items", "numbers", "facts")
"""The tables of a card in reading order."""
DIRECTION = {sign: name for name, sign in DIRECTIONS.items()}


@dataclass(frozen=True)
class InstrumentCard:
    """Everything in the language asked for. ``summary``: label, text. ``scales``: scale, label, how, missing, reversed,
    direction, certainty, source. ``items``: item, column, topic, answers, missing, reversed. ``numbers``: scale, what,
    value, text, certainty, source. ``facts``: fact, certainty, source. ``gaps``: sentences about what is not verified."""

    title: str
    about: str
    summary: pd.DataFrame
    scales: pd.DataFrame
    items: pd.DataFrame
    numbers: pd.DataFrame
    facts: pd.DataFrame
    gaps: tuple[str, ...]


def describe(*, instrument: Instrument, lang: str) -> InstrumentCard:
    """The card of one instrument in ``nb`` or ``en``; sources are given as published, in English."""
    return InstrumentCard(
        title=instrument.name[lang], about=instrument.about[lang], summary=_summary(instrument, lang),
        scales=_frame(("scale", "label", "how", "missing", "reversed", "direction", "certainty", "source"),
                      (_scale(instrument, scale, lang) for scale in instrument.scales)),
        items=_frame(("item", "column", "topic", "answers", "missing", "reversed"),
                     (_item(item, lang) for item in instrument.items)),
        numbers=_frame(("scale", "what", "value", "text", "certainty", "source"),
                       (_number(instrument, one, lang) for one in instrument.evidence)),
        facts=_frame(("fact", "certainty", "source"), (
            (t(f"instrument.fact_{name}", lang), *_sure(instrument, fact.certainty, fact.source, lang))
            for name, fact in instrument.facts.items())),
        gaps=tuple(t(f"instrument.lacks_{code}", lang) for code in instrument.lacks),
    )


def listed(*, instruments: Iterable[Instrument], lang: str) -> pd.DataFrame:
    """One row per instrument: ``id, name, status, respondent, length, licence``."""
    return _frame(("id", "name", "status", "respondent", "length", "licence"), (
        (one.id, one.name[lang], t(f"instrument.status_{one.status}", lang), t(f"instrument.respondent_{one.respondent}", lang),
         str(len(one.items)), t(f"instrument.licence_{one.licence['status']}", lang)) for one in instruments))


def worded(*, frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """A table of a card, or the list, under headings that people read."""
    return frame.rename(columns={name: t(f"instrument.column_{name}", lang) for name in frame.columns})


def _frame(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(columns), dtype="str")


def _summary(instrument: Instrument, lang: str) -> pd.DataFrame:
    licence = instrument.licence
    lines = {
        "id": instrument.id, "status": t(f"instrument.status_{instrument.status}", lang),
        "respondent": t(f"instrument.respondent_{instrument.respondent}", lang),
        "perspective": t(f"instrument.perspective_{instrument.perspective}", lang),
        "recall": t(f"instrument.recall_{instrument.recall}", lang), "length": str(len(instrument.items)),
        "licence": t(f"instrument.licence_{licence['status']}", lang) + ". " + licence["text"][lang],
        "citation": instrument.citation,
    }
    if instrument.prints_reversed:
        lines["prints_reversed"] = t("instrument.prints_reversed_yes", lang)
    return _frame(("label", "text"), ((t(f"instrument.{key}", lang), text) for key, text in lines.items()))


def _scale(instrument: Instrument, scale: Scale, lang: str) -> tuple[str, ...]:
    low, high = (_plain(end, lang) for end in scale.range)
    parts = ", ".join(instrument.scale(part).label[lang] for part in scale.parts)
    rule = "sum_full" if scale.rule == "sum" and scale.max_missing == 0 else scale.rule
    how = t(f"instrument.rule_{rule}", lang, items=_listed(scale.items), parts=parts)
    if scale.multiply != 1:
        how += " " + t("instrument.multiplied", lang, factor=_plain(scale.multiply, lang))
    if scale.convert is not None:
        how += " " + t("instrument.converted", lang)
    if any(instrument.item(number_).asked_if for number_ in scale.items):
        how += " " + t("instrument.conditional", lang)
    for skip in scale.skips:
        how += " " + t("instrument.skipped", lang, zero=_listed(skip.when_zero), items=_listed(skip.items))
    how += " " + t("instrument.range", lang, low=low, high=high)
    return (scale.id, scale.label[lang], how, _gap_rule(scale, lang), _listed(scale.reverse),
            t(f"instrument.direction_{DIRECTION[scale.direction]}", lang),
            *_sure(instrument, scale.fact.certainty, scale.fact.source, lang))


def _gap_rule(scale: Scale, lang: str) -> str:
    if scale.min_share is not None:
        rule = t("instrument.gaps_share", lang, share=_plain(scale.min_share * 100, lang))
    elif scale.rule == "mean_of_scales":
        rule = t("instrument.gaps_parts_some" if scale.max_missing else "instrument.gaps_parts_none", lang, most=scale.max_missing)
    else:
        rule = t("instrument.gaps_some" if scale.max_missing else "instrument.gaps_none", lang, most=scale.max_missing,
                 items=len(scale.items))
    excluded = scale.not_applicable == "excluded"
    return f"{rule} {t('instrument.excluded', lang)}" if excluded else rule


def _item(item: Item, lang: str) -> tuple[str, ...]:
    codes = [_plain(code, lang) for code in item.codes]
    answers = t("instrument.between", lang, low=codes[0], high=codes[-1]) if item.continuous else ", ".join(codes)
    missing = ", ".join(f"{code} {t(f'instrument.reason_{reason}', lang)}" for code, reason in item.missing.items())
    return (str(item.number), item.column, item.topic[lang], answers, missing, t("instrument.yes", lang) if item.reverse else "")


def _number(instrument: Instrument, one: Evidence, lang: str) -> tuple[str, ...]:
    kind = "_".join(part for part in (one.kind, one.level, one.method) if part)
    value = _plain(one.value, lang)
    if one.side:
        value = t(f"instrument.side_{one.side}", lang, value=value)
    if one.low is not None:
        value += f" ({_plain(one.low, lang)} {t('format.to', lang)} {_plain(one.high, lang)})"
    return (instrument.scale(one.scale).label[lang], t(f"instrument.{kind}", lang), value, one.text.get(lang, ""),
            *_sure(instrument, one.fact.certainty, one.fact.source, lang))


def _sure(instrument: Instrument, certainty: str, source: str, lang: str) -> tuple[str, str]:
    """How sure, and the source; what was decided here has no source to give."""
    return t(f"instrument.certainty_{certainty}", lang), "" if certainty == "own" else instrument.sources[source]


def _plain(value: float, lang: str) -> str:
    """As many decimals as the number needs, at most three."""
    return number(value, lang, next((d for d in range(3) if round(value, d) == value), 3))


def _listed(numbers: tuple[int, ...]) -> str:
    """``1-5, 9``."""
    runs: list[list[int]] = []
    for one in numbers:
        if runs and one == runs[-1][-1] + 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
