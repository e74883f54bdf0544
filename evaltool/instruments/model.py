"""What an instrument is: frozen data, no arithmetic. The format is told in schemas/instruments/README.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LACKS = ("items", "item_topics", "item_order", "answer_direction", "reversal", "subscale_key", "scoring_rule", "missing_rule", "thresholds")
"""What can be unverified about a form. With status ``slot`` it stops the scoring, else it limits the reading."""
STATUSES = ("complete", "provisional", "slot", "local")
CERTAINTIES = ("verified", "inferred", "recalled", "own")
RULES = ("sum", "mean", "pomp", "mean_of_scales")
DIRECTIONS = {"higher_better": 1, "lower_better": -1, "neutral": 0}
REASONS = ("not_applicable", "dont_know", "refused")
EVIDENCE_KINDS = ("cutoff", "important_change", "reliability", "mean", "sd")
SIDES = ("at_or_above", "above", "at_or_below", "below")
PERSPECTIVES = ("personal", "social", "clinical", "organisation")
RESPONDENTS = ("user", "staff", "leader", "clinician", "family")
RECALLS = (
    "present", "session", "last_7_days", "last_2_weeks", "last_month", "last_3_months", "last_6_months", "last_12_months",
    "stay", "not_stated",
)
OCCASIONS = ("wave", "session")
"""A form answered once in each wave, or in every session."""
LICENCES = ("public_domain", "open_licence", "free_with_citation", "free_after_registration", "licence_needed", "own", "unknown")


@dataclass(frozen=True)
class Fact:
    """How sure something is (``CERTAINTIES``; ``own``: decided here, not published) and the key of its source."""

    certainty: str
    source: str


@dataclass(frozen=True)
class Item:
    """One question, known by number and topic (our own words, never the wording).

    ``codes``: allowed codes in rising order; for a continuous item its two ends. ``missing``: code -> reason.
    ``asked_if``: ``(item number, codes)``: the answer counts only where that item has one of the codes.
    ``construct``: what it maps to in the instrument's framework, or "".
    """

    number: int
    column: str
    topic: Mapping[str, str]
    codes: tuple[float, ...]
    continuous: bool
    missing: Mapping[int, str]
    reverse: bool
    asked_if: tuple[int, tuple[float, ...]] | None
    construct: str


@dataclass(frozen=True)
class Skip:
    """Where all of ``when_zero`` are answered 0, unanswered ``items`` count as 0 points and as not applicable."""

    when_zero: tuple[int, ...]
    items: tuple[int, ...]


@dataclass(frozen=True)
class Scale:
    """One score.

    ``rule``: ``mean`` of the answered items; ``sum`` = that mean times the number of applicable items (the plain sum
    when all are answered); ``pomp`` = that mean as 0-100 of the possible range; ``mean_of_scales`` over ``parts``.
    ``multiply`` comes after the rule, ``convert`` (raw -> metric) last.
    Scored when at most ``max_missing`` applicable items are unanswered, or when at least ``min_share`` of them are
    answered. ``not_applicable``: such an answer is ``missing``, or ``excluded`` from the applicable items.
    """

    id: str
    label: Mapping[str, str]
    items: tuple[int, ...]
    reverse: tuple[int, ...]
    rule: str
    multiply: float
    convert: Mapping[float, float] | None
    parts: tuple[str, ...]
    skips: tuple[Skip, ...]
    max_missing: int | None
    min_share: float | None
    not_applicable: str
    range: tuple[float, float]
    direction: int
    fact: Fact


@dataclass(frozen=True)
class Evidence:
    """One published number about a scale. ``kind`` as in ``EVIDENCE_KINDS``.

    ``side``: which side of a cut-off is meant. ``level``: ``person`` or ``group`` for an important change.
    ``method``: for a reliability ``test_retest``, ``alpha`` or ``omega``. ``text``: meaning or population, nb and en.
    """

    kind: str
    scale: str
    value: float
    low: float | None
    high: float | None
    side: str
    level: str
    method: str
    text: Mapping[str, str]
    fact: Fact


@dataclass(frozen=True)
class Instrument:
    """One form. ``lacks``: codes of what is not verified; with status ``slot`` the form cannot be scored before a
    local key is given. ``prints_reversed``: the form prints reversed numbers beside the boxes of reversed items.
    ``examples``: worked examples, run by the tests."""

    id: str
    version: int
    status: str
    lacks: tuple[str, ...]
    name: Mapping[str, str]
    about: Mapping[str, str]
    respondent: str
    perspective: str
    framework: str
    recall: str
    occasion: str
    anchors: Mapping[str, Mapping[str, str]]
    prints_reversed: bool
    parallel: str
    items: tuple[Item, ...]
    scales: tuple[Scale, ...]
    facts: Mapping[str, Fact]
    evidence: tuple[Evidence, ...]
    sources: Mapping[str, str]
    citation: str
    licence: Mapping[str, object]
    examples: tuple[Mapping[str, object], ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Item columns in form order, ``<form>_<nn>``."""
        return tuple(item.column for item in self.items)

    def item(self, number: int) -> Item:
        """The item with this number; KeyError if there is none."""
        for item in self.items:
            if item.number == number:
                return item
        raise KeyError(number)

    def scale(self, name: str) -> Scale:
        """The scale with this id; KeyError if there is none."""
        for scale in self.scales:
            if scale.id == name:
                return scale
        raise KeyError(name)

    def item_range(self) -> dict[str, dict[str, object]]:
        """What may stand in each item column.

        ``{column: {"codes": frozenset | None, "low": float, "high": float, "missing": {97: "not_applicable"}}}``;
        ``codes`` is None for a continuous item, where any number from ``low`` to ``high`` is allowed.
        """
        return {
            item.column: {
                "codes": None if item.continuous else frozenset(item.codes),
                "low": item.codes[0], "high": item.codes[-1], "missing": dict(item.missing),
            }
            for item in self.items
        }

    def evidence_for(self, kind: str, scale: str) -> tuple[Evidence, ...]:
        """Published numbers of one kind about one scale, in file order (the first is the one to use)."""
        return tuple(e for e in self.evidence if e.kind == kind and e.scale == scale)
