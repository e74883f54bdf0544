"""A new study folder: study.toml to edit, and spreadsheets with headings, code lists and notes to fill in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from ..contracts import Column, Contract, contract
from ..errors import UsageError
from ..instruments import instrument
from ..text import t

REGISTERS = ("departments", "rollout", "components")
SOURCES = ("user_survey", "staff_survey", "stays", "persons", "invitations", "service_counts")
FORMS = {"user_survey": "qpr15", "staff_survey": "rsa_r_provider"}
LAST_ROW = 2000


def new_study(*, folder: Path, lang: str, as_of: dt.date) -> list[Path]:
    """Write the folder; returns the files. Raises UsageError when ``folder`` exists and is not empty."""
    if folder.exists() and any(folder.iterdir()):
        raise UsageError("new_in_the_way", folder=folder)
    for name in ("register", "maps", "raw", "notes"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    settings = folder / "study.toml"
    settings.write_text(t("new_study.study_toml", lang, as_of=as_of.isoformat()), encoding="utf8")
    books = [_workbook(folder / "register" / f"{name}.xlsx", contract(name), (), lang) for name in REGISTERS]
    for name in SOURCES:
        items = instrument(FORMS[name]).columns if name in FORMS else ()
        books.append(_workbook(folder / "raw" / f"{name}.xlsx", contract(name), items, lang))
    notes = [_notes(folder / "notes" / f"{name}.xlsx", contract(name), lang) for name in (*REGISTERS, *SOURCES)]
    return [settings, *books, *notes]


def _workbook(path: Path, table: Contract, items: Iterable[str], lang: str) -> Path:
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        head = book.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": "#005F87", "text_wrap": True,
                                "valign": "top"})
        _data_sheet(book.add_worksheet(table.name), table, items, head, lang)
    return path


def _notes(path: Path, table: Contract, lang: str) -> Path:
    """Notes and codes in a workbook of their own: a file to import has one sheet, so that nobody has to name it."""
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        head = book.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": "#005F87"})
        _notes_sheet(book.add_worksheet(t("new_study.notes_sheet", lang)), table, head, lang)
        _codes_sheet(book.add_worksheet(t("new_study.codes_sheet", lang)), table, head, lang)
    return path


def _data_sheet(sheet, table: Contract, items: Iterable[str], head, lang: str) -> None:
    """Headings only, with the label as a comment and drop-down lists where codes are allowed."""
    sheet.freeze_panes(1, 0)
    for i, column in enumerate(table.columns.values()):
        sheet.write(0, i, column.name, head)
        sheet.write_comment(0, i, column.label[lang])
        sheet.set_column(i, i, max(12, len(column.name) + 2))
        if column.allowed:
            sheet.data_validation(1, i, LAST_ROW, i, {"validate": "list", "source": list(column.allowed)})
    for i, name in enumerate(items, start=len(table.columns)):
        sheet.write(0, i, name, head)


def _notes_sheet(sheet, table: Contract, head, lang: str) -> None:
    sheet.write(0, 0, table.label[lang])
    sheet.write(1, 0, table.row[lang])
    headings = ("name", "meaning", "type", "required")
    for i, name in enumerate(headings):
        sheet.write(3, i, t(f"new_study.{name}", lang), head)
    for row, column in enumerate(table.columns.values(), start=4):
        sheet.write_row(row, 0, [column.name, column.label[lang], _type(column, lang),
                                 t(f"new_study.required_{column.required}", lang)])
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 3, 44)


def _type(column: Column, lang: str) -> str:
    unit = f" ({column.unit[lang]})" if column.unit else ""
    return t(f"new_study.type_{column.type}", lang) + unit


def _codes_sheet(sheet, table: Contract, head, lang: str) -> None:
    for i, name in enumerate(("name", "code", "meaning")):
        sheet.write(0, i, t(f"new_study.{name}", lang), head)
    rows = [(c.name, code, label[lang]) for c in table.columns.values() for code, label in c.allowed.items()]
    for row, values in enumerate(rows, start=1):
        sheet.write_row(row, 0, values)
    sheet.set_column(0, 1, 22)
    sheet.set_column(2, 2, 50)
