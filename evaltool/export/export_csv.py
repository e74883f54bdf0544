"""Tidy CSV with a codebook: what researchers read into R, SPSS, Stata or Python."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from ..disclosure import demand_release
from ..measures import measure
from ..result import Release
from ..text import t


def export_csv(*, release: Release, folder: Path, lang: str) -> list[Path]:
    """Write estimates, series, notes, departments, provenance and a codebook to ``folder``; returns the paths.

    UTF-8, comma, decimal point, one header row, numbers in full precision. A hidden cell is empty and its ``status``
    says why: ``suppressed``, ``no_data`` and ``not_identified`` are never confused with zero.
    """
    demand_release(release)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, frame in export_frames(release=release, lang=lang).items():
        path = folder / f"{name}.csv"
        text = frame.to_csv(index=False, date_format="%Y-%m-%d", lineterminator="\n")
        path.write_text(text, encoding="utf8", newline="")
        paths.append(path)
    return paths


def export_frames(*, release: Release, lang: str) -> dict[str, pd.DataFrame]:
    """The frames of an export by name: estimates, series, notes, departments, provenance and codebook."""
    demand_release(release)
    frames = {
        "estimates": release.estimates, "series": release.series, "notes": release.notes,
        "departments": release.register, "provenance": _provenance(release),
    }
    return frames | {"codebook": codebook(frames=frames, release=release, lang=lang)}


def codebook(*, frames: dict[str, pd.DataFrame], release: Release, lang: str) -> pd.DataFrame:
    """One row per column of every file, and one per measure: ``file, name, type, text``."""
    demand_release(release)
    rows = [
        {"file": f"{name}.csv", "name": column, "type": _kind(frame[column]), "text": t(f"codebook.{column}", lang)}
        for name, frame in frames.items() for column in frame.columns
    ]
    for name in release.spec.measures:
        m = measure(name)
        rows.append({"file": "measure", "name": name, "type": m.unit,
                     "text": f"{m.text('label', lang)}. {m.text('definition', lang)}"})
    return pd.DataFrame(rows, columns=["file", "name", "type", "text"])


def _kind(column: pd.Series) -> str:
    if pd.api.types.is_datetime64_any_dtype(column):
        return "date"
    return "number" if pd.api.types.is_numeric_dtype(column) else "text"


def _provenance(release: Release) -> pd.DataFrame:
    p = release.provenance
    return pd.DataFrame([{
        "study": p.study, "snapshot": p.snapshot, "as_of": p.as_of.isoformat(), "version": p.version,
        "policy": release.policy["name"], "min_persons": release.policy["min_persons"],
    }])
