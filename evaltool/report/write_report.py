"""A Release -> the two-page PDF and the self-contained HTML."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from ..disclosure import demand_release, select
from ..errors import UsageError
from ..measures import measure
from ..settings import Process
from ..whole_file import write_whole
from .content import content
from .page import page
from .pdf import pdf
from .pictures import pictures

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from ..result import Release

FORMATS = ("pdf", "html")
MOST_MEASURES = 6
"""Columns that can be read side by side on paper; the users' own measures are the last to go."""
SIDES = ("user", "staff", "service")


def write_report(
    *, release: Release, quality: Mapping[str, pd.DataFrame] | None, out: Path, lang: str,
    formats: tuple[str, ...] = FORMATS, department: str | None = None, name: str | None = None,
    views: Release | None = None, stays: Release | None = None, plan: Process = Process(), decisions: pd.DataFrame | None = None,
    rounded: bool = False,
) -> list[Path]:
    """Write the report into the folder ``out`` and return the paths, in the order of ``formats``.

    quality: the frames of ``status.status`` (for the response rate), or None. department: its id for a report about
    one department. With more than ``MOST_MEASURES`` measures the first of them are shown, the users' own before the
    others, and a line says how many are left out. name: the study's name as it should stand on the page. views: ``perspectives`` released, and
    stays: ``readmission_by``, for one sentence each. plan: how its process charts are made (``study.process``). decisions: what was
    decided (``store.decisions``), the open ones first. rounded: stays are told of in rounded counts, elsewhere. An older report of the same study, day and
    language is replaced only when the new one is complete. Raises UsageError on anything but a Release, an unknown
    format or department, and a folder that cannot be written.
    """
    unknown = [one for one in formats if one not in FORMATS]
    if unknown:
        raise UsageError("unknown_format", got=", ".join(unknown), expected=", ".join(FORMATS))
    shown = _shown(demand_release(release))
    texts = content(release=shown, quality=quality, lang=lang, department=department, name=name, views=views, stays=stays,
                    plan=plan, left_out=len(release.spec.measures) - len(shown.spec.measures), decisions=decisions, rounded=rounded)
    drawn = pictures(release=shown, lang=lang, department=department, formats=formats)
    made = {
        "pdf": lambda: pdf(content=texts, pictures=drawn, as_of=release.provenance.as_of),
        "html": lambda: page(content=texts, pictures=drawn).encode("utf8"),
    }
    stem = "-".join(part for part in (
        "report", release.provenance.study, department, release.provenance.as_of.isoformat(), lang) if part)
    stem = re.sub(r"[^\w.-]", "_", stem)
    return [_written(out / f"{stem}.{one}", made[one]()) for one in formats]


def _shown(release: Release) -> Release:
    by_side = sorted(release.spec.measures, key=lambda name: SIDES.index(measure(name).side))
    return select(release=release, measures=tuple(by_side[:MOST_MEASURES]))


def _written(path: Path, content: bytes) -> Path:
    try:
        return write_whole(path=path, content=content)
    except OSError as problem:
        raise UsageError("report_not_written", path=path) from problem
