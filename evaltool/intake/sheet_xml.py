"""What an XLSX sheet holds that its reader hides or dies of: error values, formulas never calculated, a stray far cell.

The reader gives the first two as blank cells, and a blank that was ``#REF!`` is a wrong answer nobody sees; it makes
room for every cell up to the farthest, so one stray cell in the last corner takes all memory.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path
from xml.etree import ElementTree

from ..errors import IntakeError

NOT_CALCULATED = "#CALC!"
MOST_CELLS = 100_000_000
_LARGEST_UNPACKED = 2_000_000_000
_LARGEST_RATIO = 200
_DAMAGED = (
    zipfile.BadZipFile, ElementTree.ParseError, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError,
)

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*[^/])>(.*?)</(?:\w+:)?c>", re.S)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d{1,7})"')
_WIDE = re.compile(rb'\br="([A-Z]{2,3})\d')
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]+)</")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_IS_ERROR = re.compile(rb"""\bt=["']e["']""")


def sheet_xml(*, path: Path, sheet: str) -> bytes:
    """The XML of ``sheet``, empty for files that are not XLSX. Raises IntakeError for a damaged archive."""
    if not zipfile.is_zipfile(path):
        return b""
    try:
        with zipfile.ZipFile(path) as archive:
            member = _member(archive, sheet)
            return archive.read(member) if member else b""
    except _DAMAGED as error:
        raise IntakeError("unreadable_file", file=path.name) from error


def refuse_bomb(*, path: Path) -> None:
    """Raise IntakeError for a small zip that unpacks to gigabytes: no spreadsheet that anybody typed."""
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(info.file_size for info in archive.infolist())
    except _DAMAGED as error:
        raise IntakeError("unreadable_file", file=path.name) from error
    packed = max(1, path.stat().st_size)
    if unpacked > _LARGEST_UNPACKED or (unpacked > 50_000_000 and unpacked / packed > _LARGEST_RATIO):
        raise IntakeError("too_large_unpacked", file=path.name)


def refuse_far_cell(*, content: bytes, file: str, sheet: str) -> None:
    """Raise IntakeError when rows times columns in use are more than a table can have."""
    rows = max((int(r) for r in _ROW.findall(content)), default=0)
    columns = max((_number(letters) for letters in set(_WIDE.findall(content))), default=26)
    if rows * columns > MOST_CELLS:
        raise IntakeError("stray_cell", file=file, sheet=sheet, rows=rows, columns=columns)


def hidden_faults(*, content: bytes) -> list[tuple[int, int, str]]:
    """(row, column, text), counted from 0, of every error value and every formula without a value."""
    if not _IS_ERROR.search(content) and not _FORMULA.search(content):
        return []
    return [found for cell in _CELL.finditer(content) if (found := _fault(*cell.groups()))]


def _fault(attributes: bytes, inside: bytes) -> tuple[int, int, str] | None:
    place, value = _PLACE.search(attributes), _VALUE.search(inside)
    if place is None:
        return None
    if _IS_ERROR.search(attributes):
        text = value.group(1).decode("utf8", "replace") if value else NOT_CALCULATED
    elif _FORMULA.search(inside) and value is None and b't="str"' not in attributes:
        text = NOT_CALCULATED
    else:
        return None
    return int(place.group(2)) - 1, _number(place.group(1)) - 1, text


def _number(letters: bytes) -> int:
    out = 0
    for letter in letters:
        out = out * 26 + letter - 64
    return out


def _member(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The archive member that holds ``sheet``."""
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return None
    targets = {
        node.get("Id"): node.get("Target", "") for node in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    for node in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        if node.tag.endswith("}sheet") and node.get("name") == sheet:
            target = targets.get(node.get(_RELATION), "")
            member = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            return member if member in names else None
    return None
