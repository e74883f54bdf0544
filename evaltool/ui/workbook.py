"""A table of texts as a workbook to download; text that looks like a formula stays text."""

from __future__ import annotations

import io

import pandas as pd

from ..tables import marks
from ..text import t
from .session import lang

OPTIONS = {"options": {"strings_to_formulas": False, "strings_to_urls": False}}


def workbook(*, frame: pd.DataFrame, sheet: str) -> bytes:
    """``frame`` on one sheet, columns as wide as their texts; on another what stands where a number is missing."""
    out = io.BytesIO()
    with pd.ExcelWriter(out, engine="xlsxwriter", engine_kwargs=OPTIONS) as writer:
        for name, one in {sheet: frame, t("export_sheet.marks", lang()): marks(lang=lang())}.items():
            one.to_excel(writer, index=False, sheet_name=name)
            writer.sheets[name].autofit()
    return out.getvalue()
