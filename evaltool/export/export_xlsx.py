"""The same numbers as ``export_csv`` as one Excel workbook: what is hidden, zero, missing or not computable is said in words."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd

from ..disclosure import demand_release
from ..result import STATUSES, Release
from ..tables import hidden_reasons, marks
from ..text import t
from ..text.formats import absent
from .export_csv import export_frames

OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": False}
NUMBER = {"estimates": "estimate", "series": "value"}
"""The column in which a row without a number carries its mark."""


def export_xlsx(*, release: Release, folder: Path, lang: str) -> Path:
    """Write ``estimates.xlsx`` to ``folder`` and return its path. Raises UsageError on anything but a Release."""
    demand_release(release)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "estimates.xlsx"
    path.write_bytes(workbook(release=release, lang=lang))
    return path


def workbook(*, release: Release, lang: str) -> bytes:
    """The workbook as bytes: estimates, series, notes, departments, provenance, what is hidden, marks and codebook. Numbers
    are numbers in full precision; no formula is alive."""
    frames = {name: _marked(name, frame, lang) for name, frame in export_frames(release=release, lang=lang).items()}
    frames["hidden"], frames["marks"] = hidden_reasons(release=release, lang=lang), marks(lang=lang)
    out = io.BytesIO()
    with pd.ExcelWriter(out, engine="xlsxwriter", engine_kwargs={"options": OPTIONS}, datetime_format="yyyy-mm-dd") as writer:
        for name, frame in frames.items():
            title = t(f"export_sheet.{name}", lang)
            frame.to_excel(writer, sheet_name=title, index=False)
            writer.sheets[title].autofit()
            writer.sheets[title].freeze_panes(1, 0)
    return out.getvalue()


def _marked(name: str, frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """The mark where the number would stand, and the status and the reason as words."""
    if name not in NUMBER:
        return frame
    column = NUMBER[name]
    signs = frame["status"].map({code: absent(code, lang) for code in STATUSES[1:]})
    words = {code: t(f"status.{code}", lang) for code in STATUSES[1:]} | {"shown": t("export_sheet.shown", lang)}
    reasons = frame["reason"].map(lambda code: t(f"hidden.{code}", lang) if isinstance(code, str) else "")
    number = frame[column].astype(object).where(signs.isna(), signs)
    return frame.assign(**{column: number}, status=frame["status"].map(words), reason=reasons)
