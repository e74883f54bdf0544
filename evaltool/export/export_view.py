"""A view as CSV files: exactly the numbers that were released, with their codes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..disclosure import demand_release

if TYPE_CHECKING:
    from ..result import Release


def export_view(*, release: Release, folder: Path, name: str) -> list[Path]:
    """Write ``<name>_series.csv``, ``<name>_estimates.csv`` and ``<name>_notes.csv`` (UTF-8, comma, point) into ``folder``,
    those of them that have rows; returns their paths. Hidden numbers are empty and their ``status`` says so."""
    shown = demand_release(release)
    folder.mkdir(parents=True, exist_ok=True)
    frames = {"series": shown.series, "estimates": shown.estimates, "notes": shown.notes}
    paths = []
    for part, frame in frames.items():
        if len(frame):
            paths.append(folder / f"{name}_{part}.csv")
            frame.to_csv(paths[-1], index=False, lineterminator="\n")
    return paths
