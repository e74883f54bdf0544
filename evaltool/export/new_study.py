"""A new study folder: study.toml to edit, and spreadsheets with headings, code lists and notes to fill in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from ..contracts import Column, Contract, contract
from ..errors import UsageError
from ..instruments import Item, instrument
from ..text import t

REGISTERS = ("departments", "rollout", "components")
SOURCES = ("user_survey", "staff_survey", "stays", "persons", "invitations", "service_counts")
FORMS = {"user_survey": "qpr15", "staff_survey": "rsa_r_provider"}
LAST_ROW = 2000
YES_NO = {"nb": ("ja", "nei"), "en": ("yes", "no")}
EXAMPLE_DAY = dt.datetime(2026, 1, 1)
"""The first of a month, so that it may stand wherever a date may."""


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
        items = instrument(FORMS[name]).items if name in FORMS else ()
        books.append(_workbook(folder / "raw" / f"{name}.xlsx", contract(name), items, lang))
    notes = [_notes(folder / "notes" / f"{name}.xlsx", contract(name), lang) for name in (*REGISTERS, *SOURCES)]
    return [settings, *books, *notes]


def _workbook(path: Path, table: Contract, items: Iterable[Item], lang: str) -> Path:
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        head = book.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": "#005F87", "text_wrap": True,
                                "valign": "top"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        _data_sheet(book.add_worksheet(table.name), table, items, {"head": head, "date": day, "datetime": moment}, lang)
    return path


def _notes(path: Path, table: Contract, lang: str) -> Path:
    """Notes and codes in a workbook of their own: a file to import has one sheet, so that nobody has to name it."""
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        head = book.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": "#005F87"})
        _notes_sheet(book.add_worksheet(t("new_study.notes_sheet", lang)), table, head, lang)
        _codes_sheet(book.add_worksheet(t("new_study.codes_sheet", lang)), table, head, lang)
    return path


def _data_sheet(sheet, table: Contract, items: Iterable[Item], styles: dict, lang: str) -> None:
    """Headings with a comment each, drop-down lists where codes are allowed, and an example row to delete."""
    sheet.freeze_panes(1, 0)
    for i, column in enumerate(table.columns.values()):
        sheet.write(0, i, column.name, styles["head"])
        sheet.write_comment(0, i, column.label[lang])
        sheet.set_column(i, i, max(12, len(column.name) + 2), styles.get(column.type))
        choices = list(column.allowed) or (list(YES_NO[lang]) if column.type == "boolean" else [])
        if choices:
            sheet.data_validation(1, i, LAST_ROW, i, {"validate": "list", "source": choices})
        sheet.write(1, i, _example(column, column.name == table.key[0], lang), styles.get(column.type))
    for i, item in enumerate(items, start=len(table.columns)):
        sheet.write(0, i, item.column, styles["head"])
        sheet.write_comment(0, i, item.topic[lang])
        codes = [*item.codes, *item.missing]
        sheet.data_validation(1, i, LAST_ROW, i, {"validate": "list", "source": [f"{code:g}" for code in codes]})
        sheet.write(1, i, item.codes[0])


def _example(column: Column, first: bool, lang: str) -> str | float | dt.datetime:
    """What may stand in the column; in the first key column the word by which the check knows the row."""
    if first:
        return t("new_study.example", lang)
    if column.type in ("date", "datetime"):
        return EXAMPLE_DAY
    if column.type in ("integer", "number"):
        return max(column.min or 0, 1)
    return next(iter(column.allowed), "") or (YES_NO[lang][0] if column.type == "boolean" else "x1")


def _notes_sheet(sheet, table: Contract, head, lang: str) -> None:
    sheet.write(0, 0, table.label[lang])
    sheet.write(1, 0, table.row[lang])
    sheet.write(2, 0, t("new_study.example_note", lang))
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
