"""XLSX, XLS and ODS -> cells as text, with the row numbers of the sheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import pyarrow as arrow

from ..errors import IntakeError
from .delimited import Cells
from .distinct import of_array
from .grid import heading_row, headings
from .sheet_xml import hidden_faults, refuse_bomb, refuse_far_cell, sheet_xml
from .words import folded

def read_workbook(
    *, path: Path, sheet: str | None, header_row: int | None, wanted: Iterable[str]
) -> Cells:
    """The table on one sheet. Without ``sheet`` there must be one visible sheet with content, or one that alone holds
    the ``wanted`` headings; otherwise IntakeError names the sheets."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    refuse_bomb(path=path)
    try:
        book = CalamineWorkbook.from_path(str(path))
        name, rows = _choose(book, sheet, tuple(wanted), path)
    except PasswordError as error:
        raise IntakeError("locked_file", file=path.name) from error
    except (CalamineError, ValueError, OSError) as error:
        raise IntakeError("unreadable_file", file=path.name) from error
    texts = [[_text(cell) for cell in row] for row in rows]
    for row, column, text in hidden_faults(content=sheet_xml(path=path, sheet=name)):
        if row < len(texts) and column < len(texts[row]) and not texts[row][column].strip():
            texts[row][column] = text
    position = header_row - 1 if header_row else heading_row(rows=texts, wanted=wanted, name=path.name)
    if position >= len(texts):
        raise IntakeError("no_header_row", file=path.name, got=header_row)
    width = max((i for row in texts[position:] for i, c in enumerate(row, start=1) if c.strip()), default=0)
    columns = headings(cells=texts[position][:width], name=path.name)
    body = [[row[i] if i < len(row) else None for row in texts[position + 1:]] for i in range(width)]
    cells = {c: of_array(arrow.array(column, type=arrow.large_string())) for c, column in zip(columns, body, strict=True)}
    return Cells(cells, position + 2, (), {"sheet": name, "header_row": position + 1})


def labels_beside(*, path: Path, sheet: str) -> dict[str, dict]:
    """Value and column labels that a SurveyXact export keeps on sheets of their own beside ``Dataset``, else empty.

    ``Labels`` has no heading: variable, value, label. ``Structure`` (or ``Variables``) has the columns variableName and
    questionText.
    """
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(path))
    names = {folded(n): n for n in book.sheet_names}
    if folded(sheet) != "dataset" or "labels" not in names:
        return {}
    labels: dict[str, dict[str, str]] = {}
    for row in _rows(book, names["labels"], path):
        variable, value, label = (_text(cell).strip() for cell in [*row, "", "", ""][:3])
        if variable and value:
            labels.setdefault(variable, {})[value] = label
    structure = names.get("structure") or names.get("variables")
    return {"labels": labels, "column_labels": _questions(_rows(book, structure, path)) if structure else {}}


def _questions(rows: list[list]) -> dict[str, str]:
    head = [folded(_text(cell)) for cell in rows[0]] if rows else []
    if not {"variablename", "questiontext"} <= set(head):
        return {}
    name, text = head.index("variablename"), head.index("questiontext")
    return {_text(row[name]).strip(): _text(row[text]).strip() for row in rows[1:] if _text(row[name]).strip()}


def sheets(*, path: Path) -> list[str]:
    """Names of the visible sheets, in order."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        return _visible(CalamineWorkbook.from_path(str(path)))
    except (CalamineError, ValueError, OSError) as error:
        raise IntakeError("unreadable_file", file=path.name) from error


def _visible(book) -> list[str]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    return [
        s.name for s in book.sheets_metadata
        if s.visible == SheetVisibleEnum.Visible and s.typ == SheetTypeEnum.WorkSheet
    ]


def _choose(book, sheet: str | None, wanted: tuple[str, ...], path: Path) -> tuple[str, list[list]]:
    names = _visible(book)
    if sheet is not None:
        found = next((n for n in book.sheet_names if folded(n) == folded(sheet)), None)
        if found is None:
            raise IntakeError("no_such_sheet", file=path.name, got=sheet, expected=", ".join(names))
        names = [found]
    elif {"dataset", "labels"} <= {folded(n) for n in names}:
        names = [n for n in names if folded(n) == "dataset"]
    filled = {n: rows for n in names if (rows := _rows(book, n, path))}
    if len(filled) > 1 and wanted:
        holding = {n: rows for n, rows in filled.items() if _holds(rows, wanted)}
        filled = holding or filled
    if not filled:
        raise IntakeError("empty_file", file=path.name)
    if len(filled) > 1:
        raise IntakeError("which_sheet", file=path.name, expected=", ".join(filled))
    return next(iter(filled.items()))


def _rows(book, name: str, path: Path) -> list[list]:
    refuse_far_cell(content=sheet_xml(path=path, sheet=name), file=path.name, sheet=name)
    rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return rows if any(cell != "" for row in rows for cell in row) else []


def _holds(rows: list[list], wanted: tuple[str, ...]) -> bool:
    top = [{folded(_text(c)) for c in row} for row in rows[:40]]
    return any({folded(w) for w in wanted} <= row for row in top)


def _text(cell: object) -> str:
    """A typed cell as text: whole numbers without decimals, dates as ISO 8601."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    return str(cell)
