"""schemas/measures.yaml -> ``Measure``: what is measured, which way is better, and how much matters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from . import resources
from .errors import ContractError, UsageError

PERSPECTIVES = ("personal", "social", "clinical", "organisation")
SIDES = ("user", "staff", "service")
KINDS = ("mean_score", "share", "rate", "duration", "count")
DIRECTIONS = {"higher_better": 1, "lower_better": -1, "neutral": 0}


@dataclass(frozen=True)
class Measure:
    """One row of the measure register.

    ``source``: for scores ``{table, instrument, scale}``, for indicators ``{indicator: <name>}`` (and
    ``needs``: the table it is made of beside the stays).
    ``direction``: 1 higher is better, -1 lower is better, 0 neither.
    ``important``: smallest important change in the measure's unit, or None where no source gives one.
    ``inside``: the measure of the same rows whose numerator holds all of this one's (readmitted within 7 days, within
    30), or None: the gate looks at the difference.
    ``texts``: ``{field: {"nb": ..., "en": ...}}`` for label, short, definition, reading, phrases and sources.
    """

    id: str
    perspective: str
    side: str
    kind: str
    source: Mapping[str, str]
    unit: str
    decimals: int
    direction: int
    important: float | None
    important_certainty: str
    minimum_n: int
    chart: str
    scale: tuple[float, float] | None
    texts: Mapping[str, Mapping[str, str]]
    inside: str | None = None

    @property
    def rows(self) -> tuple[str, ...]:
        """What is counted, as ``<table>.<form>`` or ``stays.<measure>``: what hides a department in one measure hides it in
        every other that counts the same."""
        return (f"{self.source.get('table', 'stays')}.{self.source.get('instrument', self.id)}",)

    def text(self, field: str, lang: str) -> str:
        """A text of the measure (``label``, ``definition``, ``better`` ...) in ``nb`` or ``en``."""
        return self.texts[field][lang]


TEXT_FIELDS = (
    "label", "short", "definition", "reading", "numerator", "denominator", "better", "worse", "unchanged", "unknown",
    "important_source",
)


@cache
def register() -> Mapping[str, Measure]:
    """All measures by id, users first (the order of the file is the order on every page)."""
    return {name: _measure(name, entry) for name, entry in resources.schema("measures.yaml").items()}


def measure(name: str) -> Measure:
    """The measure called ``name``: one of the register, or ``<form>.<scale>`` of an instrument file, the study's own ones
    once the study is open. Raises UsageError naming those of the register."""
    found = register().get(name) or _OWN.get(name) or (_of_scale(name) if "." in name else None)
    if found is None:
        raise UsageError("unknown_measure", got=name, expected=", ".join(register()))
    return found


_OWN: dict[str, Measure] = {}


def adopt(*, measures: Iterable[Measure]) -> None:
    """Make the measures of a study's own instrument files known by name, for texts that start from a Release. The study
    opened last wins; what is computed takes its measures from the study itself."""
    _OWN.update({one.id: one for one in measures})


@cache
def _of_scale(name: str) -> Measure | None:
    from .instruments import available, instrument
    from .scale_measure import scale_measure

    form, _, scale = name.partition(".")
    one = instrument(form) if form in available() else None
    there = one is not None and one.occasion == "wave" and scale in [own.id for own in one.scales]
    return scale_measure(instrument=one, scale=scale) if there else None


def _measure(name: str, entry: Mapping) -> Measure:
    allowed = {"perspective": PERSPECTIVES, "side": SIDES, "kind": KINDS, "direction": tuple(DIRECTIONS)}
    for key, values in allowed.items():
        if entry.get(key) not in values:
            raise ContractError("measure_value", measure=name, key=key, got=entry.get(key), expected=", ".join(values))
    missing = [f for f in TEXT_FIELDS if set(entry["text"].get(f, {})) != {"nb", "en"}]
    if missing:
        raise ContractError("measure_text", measure=name, got=", ".join(missing))
    important = entry.get("important") or {}
    return Measure(
        id=name, perspective=entry["perspective"], side=entry["side"], kind=entry["kind"], source=entry["source"],
        unit=entry["unit"], decimals=entry["decimals"], direction=DIRECTIONS[entry["direction"]],
        important=important.get("value"), important_certainty=important.get("certainty", "none"),
        minimum_n=entry["minimum_n"], chart=entry["chart"],
        scale=tuple(entry["scale"]) if entry.get("scale") else None, texts=entry["text"], inside=entry.get("inside"),
    )
