"""Any scale of an instrument as a ``Measure``, so that it goes through comparisons, pages and reports like the others."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from . import resources
from .errors import UsageError
from .measures import Measure

if TYPE_CHECKING:
    from .instruments import Evidence, Instrument, Scale

SIDES = {"user": "user", "family": "user", "clinician": "user", "staff": "staff", "leader": "staff"}
TABLES = {side: f"{side}_survey" for side in ("user", "staff")}
MINIMUM_N = 5
WHOLE_POINTS = 20
"""A scale at least this wide is shown with one decimal, a narrower one with two."""


def scale_measure(*, instrument: Instrument, scale: str, table: str | None = None) -> Measure:
    """The measure ``<instrument>.<scale>``: a mean score in points, important change between groups as published.

    ``table``: where the forms are, by default the survey table of those who answer. Its texts are those of
    ``schemas/scale_measure.yaml`` with the scale's own label. Raises UsageError for an unknown scale.
    """
    known = [one.id for one in instrument.scales]
    if scale not in known:
        raise UsageError("unknown_scale", got=scale, instrument=instrument.id, expected=", ".join(known))
    own, side = instrument.scale(scale), SIDES[instrument.respondent]
    limit = next((e for e in instrument.evidence_for("important_change", scale) if e.level == "group"), None)
    return Measure(
        id=f"{instrument.id}.{scale}", perspective=instrument.perspective, side=side, kind="mean_score",
        source={"table": table or TABLES[side], "instrument": instrument.id, "scale": scale}, unit="points",
        decimals=1 if own.range[1] - own.range[0] >= WHOLE_POINTS else 2, direction=own.direction,
        important=limit.value if limit else None, important_certainty=limit.fact.certainty if limit else "none",
        minimum_n=MINIMUM_N, chart="xmr", scale=own.range, texts=_texts(instrument, own, limit),
    )


@cache
def _templates() -> Mapping[str, Mapping]:
    return resources.schema("scale_measure.yaml")


def _texts(instrument: Instrument, scale: Scale, limit: Evidence | None) -> dict[str, dict[str, str]]:
    """Every text of the register in both languages; ``{place}`` is left for the reader of a finding."""
    raw = _templates()
    way = {1: "higher_better", -1: "lower_better", 0: "neutral"}[scale.direction]
    texts = raw["text"] | raw["ways"]["neutral" if way == "neutral" else "rated"]
    texts |= {"important_source": raw["limit"]["published" if limit else "none"]}
    out: dict[str, dict[str, str]] = {}
    for lang in ("nb", "en"):
        words = {
            "label": scale.label[lang], "about": instrument.about[lang], "form": instrument.name[lang], "place": "{place}",
            "low": _plain(scale.range[0], lang), "high": _plain(scale.range[1], lang), "way": raw["directions"][way][lang],
            "limit": _plain(limit.value, lang) if limit else "", "why": limit.text.get(lang, "") if limit else "",
            "source": instrument.sources[limit.fact.source] if limit else "",
        }
        for field, text in texts.items():
            out.setdefault(field, {})[lang] = text[lang].format(**words)
    return out


def _plain(value: float, lang: str) -> str:
    text = f"{value:g}"
    return text.replace(".", ",").replace("-", "−") if lang == "nb" else text.replace("-", "−")
