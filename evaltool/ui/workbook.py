"""A table of texts as a workbook to download; text that looks like a formula stays text."""

from __future__ import annotations

import io

import pandas as pd

OPTIONS = {"options": {"strings_to_formulas": False, "strings_to_urls": False}}


def workbook(*, frame: pd.DataFrame, sheet: str) -> bytes:
    """``frame`` on one sheet, columns as wide as their texts."""
    out = io.BytesIO()
    with pd.ExcelWriter(out, engine="xlsxwriter", engine_kwargs=OPTIONS) as writer:
        frame.to_excel(writer, index=False, sheet_name=sheet)
        writer.sheets[sheet].autofit()
    return out.getvalue()
