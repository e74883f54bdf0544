"""Any scale of an instrument as a ``Measure``, so that it goes through observations and comparisons like the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import UsageError
from ..measures import Measure

if TYPE_CHECKING:
    from ..instruments import Instrument

SIDES = {"user": "user", "family": "user", "clinician": "user", "staff": "staff", "leader": "staff"}
TABLES = {side: f"{side}_survey" for side in ("user", "staff")}
MINIMUM_N = 5


def scale_measure(*, instrument: Instrument, scale: str, table: str | None = None) -> Measure:
    """The measure ``<instrument>.<scale>``: a mean score in points, important change between groups as published.

    ``table``: where the forms are, by default the survey table of those who answer. Its texts are label, short and
    definition only: a measure that findings shall word stands in the measure register. Raises UsageError for an
    unknown scale.
    """
    known = [one.id for one in instrument.scales]
    if scale not in known:
        raise UsageError("unknown_scale", got=scale, instrument=instrument.id, expected=", ".join(known))
    own, side = instrument.scale(scale), SIDES[instrument.respondent]
    important = [e for e in instrument.evidence_for("important_change", scale) if e.level == "group"]
    return Measure(
        id=f"{instrument.id}.{scale}", perspective=instrument.perspective, side=side, kind="mean_score",
        source={"table": table or TABLES[side], "instrument": instrument.id, "scale": scale}, unit="points", decimals=2,
        direction=own.direction, important=important[0].value if important else None,
        important_certainty=important[0].fact.certainty if important else "none", minimum_n=MINIMUM_N, chart="xmr",
        scale=own.range, texts={"label": own.label, "short": own.label, "definition": instrument.about},
    )
