"""The estimates of one named method that this visitor may see."""

from __future__ import annotations

from ..disclosure import within
from ..measures import measure
from ..result import Release
from ..study_comparison import STANDARD, fitting, study_comparison
from ..study_spread import study_spread
from .host import host
from .session import FRAMES, released, remembered, seen_by


def compared(*, method: str) -> Release:
    """``study_comparison`` of the dashboard's study; computed when first asked for, then kept."""
    if method == STANDARD:
        return released()
    return remembered("comparison", method, memory=FRAMES, make=lambda: _seen(study_comparison(folder=host().folder, method=method)))


def methods() -> list[str]:
    """The methods that fit at least one measure of this study, the standard answer first."""
    return [STANDARD, *fitting(measures=map(measure, released().spec.measures))]


def spread_seen() -> Release:
    """Level, spread and ICC over all departments, which planning starts from."""
    return remembered("spread", memory=FRAMES, make=lambda: study_spread(folder=host().folder))


def _seen(release: Release) -> Release:
    departments = seen_by().departments
    return within(release=release, departments=departments) if departments else release
