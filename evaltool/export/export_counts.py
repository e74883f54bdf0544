"""Rounded counts to take away: CSV and Excel, every number said to be rounded."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd

from ..count_tables import count_line, count_rows, count_table
from ..disclosure import demand_release
from ..result import Release
from ..text import t
from .export_xlsx import OPTIONS

FORMATS = ("csv", "xlsx")


def export_counts(*, release: Release, folder: Path, lang: str, by: str, place: str, formats: tuple[str, ...] = FORMATS) -> list[Path]:
    """Write ``counts-<what>-<by>-<place>`` as CSV and XLSX to ``folder``; returns the paths. CSV: ``count_rows``, whose column of
    numbers is named for what they are. XLSX: how they were rounded first, then the table that people read, then the
    same rows as in the CSV."""
    what = demand_release(release).spec.measures[0].partition(".")[2]
    folder.mkdir(parents=True, exist_ok=True)
    stem = folder / f"counts-{what}-{by}-{place}"
    levels = {"release": release, "by": by, "place": place}
    made = {"csv": lambda: counts_csv(**levels), "xlsx": lambda: counts_workbook(**levels, lang=lang)}
    paths = []
    for name in formats:
        path = stem.with_name(f"{stem.name}.{name}")
        path.write_bytes(made[name]())
        paths.append(path)
    return paths


def counts_csv(*, release: Release, by: str, place: str, places: tuple[str, ...] = ()) -> bytes:
    """``count_rows`` as UTF-8 CSV, the same in every language."""
    return count_rows(release=release, by=by, place=place, places=places).to_csv(index=False, date_format="%Y-%m-%d", lineterminator="\n").encode("utf8")


def counts_workbook(*, release: Release, by: str, place: str, lang: str, places: tuple[str, ...] = ()) -> bytes:
    """Two sheets: the table under the line that says it is rounded, and the plain rows."""
    asked = {"release": release, "by": by, "place": place, "places": places}
    sheets = {"counts": count_table(**asked, lang=lang), "rows": count_rows(**asked)}
    out = io.BytesIO()
    with pd.ExcelWriter(out, engine="xlsxwriter", engine_kwargs={"options": OPTIONS}, datetime_format="yyyy-mm-dd") as writer:
        for name, frame in sheets.items():
            title = t(f"counts.sheet_{name}", lang)
            frame.to_excel(writer, sheet_name=title, index=False, startrow=2)
            sheet = writer.sheets[title]
            sheet.autofit()
            sheet.write_string(0, 0, count_line(release=release, lang=lang))
            sheet.freeze_panes(3, 1)
    return out.getvalue()
