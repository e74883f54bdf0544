"""An empty sheet for typing in answers: codes and topics, never the wording."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from ..contracts import contract
from ..errors import UsageError
from ..instruments import Instrument
from ..text import t
from .instrument_card import describe

TABLES = {"user": "user_survey", "family": "user_survey", "staff": "staff_survey", "leader": "staff_survey", "clinician": "user_survey"}
"""Which survey table the answers belong to; a clinician's form is about a user."""
LAST_ROW = 2000


def answer_sheet(*, instrument: Instrument) -> pd.DataFrame:
    """An empty frame with the columns of the survey table, then one per item: ready to fill in and to import."""
    return pd.DataFrame(columns=[*contract(TABLES[instrument.respondent]).columns, *instrument.columns], dtype="str")


def write_answer_sheet(*, instrument: Instrument, path: Path, lang: str) -> Path:
    """``.csv``: headings only, UTF-8. ``.xlsx``: the same, cells that take only the allowed codes, and a sheet that says
    what each column is about. Raises UsageError for another ending, a missing folder, or a file that is there already:
    answers may have been typed into it."""
    if path.suffix not in (".csv", ".xlsx"):
        raise UsageError("unknown_format", got=path.suffix or path.name, expected=".csv, .xlsx")
    if not path.parent.is_dir():
        raise UsageError("no_folder", got=path.parent)
    if path.exists():
        raise UsageError("sheet_exists", got=path)
    sheet = answer_sheet(instrument=instrument)
    if path.suffix == ".csv":
        sheet.to_csv(path, index=False)
    else:
        _workbook(path, sheet, instrument, lang)
    return path


def _workbook(path: Path, sheet: pd.DataFrame, instrument: Instrument, lang: str) -> None:
    import xlsxwriter

    items = describe(instrument=instrument, lang=lang).items
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        answers = book.add_worksheet(t("instrument.sheet_answers", lang))
        answers.freeze_panes(1, 0)
        topics = {item.column: item for item in instrument.items}
        for i, name in enumerate(sheet.columns):
            answers.write(0, i, name, head)
            answers.set_column(i, i, max(10, len(name) + 2))
            if name not in topics:
                continue
            item = topics[name]
            answers.write_comment(0, i, item.topic[lang])
            if item.continuous:
                rule = {"validate": "decimal", "criteria": "between", "minimum": item.codes[0], "maximum": item.codes[-1]}
            else:
                rule = {"validate": "list", "source": [f"{code:g}" for code in (*item.codes, *item.missing)]}
            answers.data_validation(1, i, LAST_ROW, i, rule)
        codes = book.add_worksheet(t("instrument.sheet_codes", lang))
        for i, name in enumerate(items.columns):
            codes.write(0, i, t(f"instrument.column_{name}", lang), head)
            codes.write_column(1, i, items[name].tolist())
            codes.set_column(i, i, 30 if name in ("topic", "missing") else 18)
