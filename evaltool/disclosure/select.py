"""Choosing from a Release, and asking for one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ..errors import UsageError
from ..result import ALL, Release

if TYPE_CHECKING:
    import pandas as pd


def select(*, release: Release, departments: tuple[str, ...] = (), measures: tuple[str, ...] = ()) -> Release:
    """The rows of some departments and measures of a Release (empty: all). Choosing comes after the gate, so a
    filter never makes new numbers. Raises UsageError naming the known ones."""
    demand_release(release)
    known = {"department": [*release.register["department"], ALL], "measure": list(release.spec.measures)}
    keep = {"department": tuple(departments), "measure": tuple(measures)}
    for column, wanted in keep.items():
        unknown = [name for name in wanted if name not in known[column]]
        if unknown:
            raise UsageError(f"unknown_{column}", got=", ".join(unknown), expected=", ".join(known[column]))

    def cut(frame: pd.DataFrame) -> pd.DataFrame:
        for column, wanted in keep.items():
            if wanted and column in frame:
                frame = frame[frame[column].isin(wanted)]
        return frame.reset_index(drop=True)

    places = keep["department"] and release.register["department"].isin(keep["department"])
    register = release.register if not len(places) or ALL in keep["department"] else release.register[places]
    spec = replace(release.spec, measures=tuple(m for m in release.spec.measures if not measures or m in measures))
    return replace(release, estimates=cut(release.estimates), series=cut(release.series), notes=cut(release.notes),
                   register=register.reset_index(drop=True), spec=spec)


def demand_release(value: object) -> Release:
    """``value`` if it is a Release; everything that shows something calls this first."""
    if not isinstance(value, Release):
        raise UsageError("not_released", got=type(value).__name__)
    return value


def hidden_counts(release: Release) -> Mapping[str, int]:
    """How many before/after answers and series points are hidden (for "what is hidden" on page and report)."""
    demand_release(release)
    return {
        "estimates": int(release.estimates["status"].eq("suppressed").sum()),
        "series": int(release.series["status"].eq("suppressed").sum()),
    }
