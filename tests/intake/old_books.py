"""Smallest real XLS and ODS files with one sheet of texts and numbers, written byte by byte: no package here writes them."""

from __future__ import annotations

import struct
import zipfile
from html import escape
from pathlib import Path

SECTOR = 512


def write_xls(path: Path, rows: list[list[str | float]], sheet: str = "Ark1") -> Path:
    """BIFF8 in an OLE container (MS-XLS and MS-CFB): a workbook stream of BOF, BOUNDSHEET and the cells."""
    cells = b"".join(_cell(r, c, value) for r, row in enumerate(rows) for c, value in enumerate(row) if value != "")
    name = sheet.encode("utf-16-le")
    bound = struct.pack("<IBBBB", 0, 0, 0, len(sheet), 1) + name
    globals_ = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)) + _record(0x85, bound) + _record(0x0A, b"")
    place = len(globals_)
    globals_ = globals_.replace(bound, struct.pack("<I", place) + bound[4:])
    body = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) + cells + _record(0x0A, b"")
    path.write_bytes(_container((globals_ + body).ljust(4096, b"\0")))
    return path


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _cell(row: int, column: int, value: str | float) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(value, str):
        return _record(0x204, place + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
    return _record(0x203, place + struct.pack("<d", value))


def _container(stream: bytes) -> bytes:
    sectors = -(-len(stream) // SECTOR)
    stream = stream.ljust(sectors * SECTOR, b"\0")
    fat = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    fat += [0xFFFFFFFF] * (SECTOR // 4 - len(fat))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    folder = _entry("Root Entry", 5, 0xFFFFFFFE, 0, 1) + _entry("Workbook", 2, 2, len(stream), 0xFFFFFFFF)
    return head + struct.pack(f"<{len(fat)}I", *fat) + folder.ljust(SECTOR, b"\0") + stream


def _entry(name: str, kind: int, start: int, size: int, child: int) -> bytes:
    named = (name + "\0").encode("utf-16-le")
    return named.ljust(64, b"\0") + struct.pack("<HBBIII", len(named), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child) + bytes(36) + struct.pack("<IQ", start, size)


def write_ods(path: Path, rows: list[list[str | float]], sheet: str = "Ark1") -> Path:
    """OpenDocument: the content with one table."""
    kinds = {str: ('office:value-type="string"', "{0}"), float: ('office:value-type="float" office:value="{0}"', "{0}")}
    lines = "".join("<table:table-row>" + "".join(
        f"<table:table-cell {kinds[type(v)][0].format(v)}><text:p>{escape(str(v))}</text:p></table:table-cell>" if v != "" else
        "<table:table-cell/>" for v in row) + "</table:table-row>" for row in rows)
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    content = f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.2"><office:body>' \
        f'<office:spreadsheet><table:table table:name="{sheet}">{lines}</table:table></office:spreadsheet></office:body></office:document-content>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    listed = f'<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">' \
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("META-INF/manifest.xml", listed)
        archive.writestr("content.xml", content)
    return path
