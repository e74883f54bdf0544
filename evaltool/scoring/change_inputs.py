"""What is published for judging one person's change on a scale: which reliability, whose SD, which smallest change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..instruments import Evidence, Instrument

PREFERRED = ("test_retest", "omega", "alpha")
"""Change over time is judged by reliability over time; alpha only where nothing else is known, and it says so."""


@dataclass(frozen=True)
class ChangeInputs:
    """Each part with its certainty and source, or None where nothing is published: then there is no honest default.

    ``reliability``: the best kind known (``PREFERRED``); ``sd``: a published SD, to be replaced by the site's own;
    ``important_person`` and ``important_group``: smallest important change within a person and between groups;
    ``cutoff``: the first cut-off in the file, between what counts as a problem (or as not recovered) and the rest.
    """

    reliability: Evidence | None
    sd: Evidence | None
    important_person: Evidence | None
    important_group: Evidence | None
    cutoff: Evidence | None


def change_inputs(*, instrument: Instrument, scale: str) -> ChangeInputs:
    """The published inputs for one scale. KeyError for an unknown scale."""
    instrument.scale(scale)
    known: Mapping[str, Evidence] = {e.method: e for e in reversed(instrument.evidence_for("reliability", scale))}
    important = {e.level: e for e in reversed(instrument.evidence_for("important_change", scale))}
    spread, limits = (instrument.evidence_for(kind, scale) for kind in ("sd", "cutoff"))
    return ChangeInputs(
        reliability=next((known[kind] for kind in PREFERRED if kind in known), None), sd=spread[0] if spread else None,
        important_person=important.get("person"), important_group=important.get("group"), cutoff=limits[0] if limits else None,
    )
