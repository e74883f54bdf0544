"""Reads everything that a reader, a program or a screen reader could get out of an output: ``read`` any file the outputs
write (an unknown kind is an error, so that a new one is not forgotten), ``of_any`` what a function gives. What is looked
for in it: ``hidden_truth``.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd

Record = tuple[str, str]
"""Where something stands, and all that stands together there: a table row, a line, a mark with its hover text."""


def read(name: str, content: bytes) -> list[Record]:
    """The records of a file by the end of its name. Raises KeyError on a kind nobody has taught this reader."""
    kind = name.rpartition(".")[2].lower()
    return [(f"{name}: {where}", text) for where, text in READERS[kind](content) if text.strip()]


def _lines(content: bytes) -> Iterator[Record]:
    yield from ((f"line {i}", line) for i, line in enumerate(content.decode("utf-8-sig").splitlines(), 1))


def _table(content: bytes) -> Iterator[Record]:
    yield from ((f"line {i}", " | ".join(row)) for i, row in enumerate(csv.reader(content.decode("utf-8-sig").splitlines()), 1))


def _json(content: bytes) -> Iterator[Record]:
    yield from of_value(json.loads(content))


def of_value(value: object, where: str = "") -> Iterator[Record]:
    """Plain JSON values: one record per object with what it holds itself, lists of plain values as one."""
    if isinstance(value, dict):
        yield where, " ; ".join(f"{name} {one}" for name, one in value.items() if not isinstance(one, dict | list))
        inner = [(name, one) for name, one in value.items() if isinstance(one, dict | list)]
    elif isinstance(value, list | tuple):
        if plain := [str(one) for one in value if not isinstance(one, dict | list | tuple)]:
            yield where, " ; ".join(plain)
        inner = [(i, one) for i, one in enumerate(value) if isinstance(one, dict | list | tuple)]
    else:
        yield where, str(value)
        inner = []
    for name, one in inner:
        yield from of_value(one, f"{where}/{name}")


DATA_URI = re.compile(r"data:\w+/(?P<kind>[\w+]+);base64,(?P<content>[\w+/=]+)$")


class _Page(HTMLParser):
    """Texts of a page by row, paragraph or item, and every attribute that somebody can read or hear."""

    BREAKS = {"tr", "p", "li", "div", "h1", "h2", "h3", "h4", "td?", "caption", "figcaption", "title", "text", "option", "summary"}
    SPOKEN = {"aria-label", "title", "alt", "content", "value", "placeholder", "data-tip", "aria-description", "srcdoc"}

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.records: list[Record] = []
        self.now: list[str] = []
        self.row = 0

    def handle_starttag(self, tag, attrs) -> None:
        if tag == "tr":
            self.row += 1
        if tag in self.BREAKS and not (self.row and tag in ("p", "div")):
            self.flush(tag)
        for name, value in attrs:
            if value and value.startswith("data:") and (found := DATA_URI.match(value)):
                self.records += read(f"data.{found['kind'].removesuffix('+xml')}", base64.b64decode(found["content"]))
            elif (name in self.SPOKEN or name.startswith("data-") or name.startswith("aria-")) and value:
                self.records.append((f"{tag}[{name}]", value))

    def handle_endtag(self, tag) -> None:
        if tag == "tr":
            self.row = max(self.row - 1, 0)
        if tag in self.BREAKS and not (self.row and tag in ("p", "div")):
            self.flush(tag)
        elif tag in ("td", "th"):
            self.now.append(" | ")

    def handle_data(self, data) -> None:
        self.now.append(data)

    def handle_comment(self, data) -> None:
        self.records.append(("comment", data))

    def flush(self, tag: str = "") -> None:
        if text := "".join(self.now).strip(" |\n"):
            self.records.append((tag, text))
        self.now = []


def of_html(text: str) -> list[Record]:
    """The records of a page; scripts and styles are texts like all others."""
    page = _Page()
    page.feed(text)
    page.flush()
    return page.records


def _pdf(content: bytes) -> Iterator[Record]:
    from pypdf import PdfReader

    book = PdfReader(io.BytesIO(content))
    yield "metadata", " ; ".join(f"{name} {value}" for name, value in (book.metadata or {}).items())
    if found := book.trailer["/Root"].get("/Metadata"):
        yield "xmp", found.get_object().get_data().decode("utf8", "replace")
    for name, found in book.attachments.items():
        yield f"attachment {name}", str(found)
    for i, page in enumerate(book.pages, 1):
        yield from ((f"page {i}", line) for line in page.extract_text().splitlines())
    for one in _alternatives(book.trailer["/Root"].get("/StructTreeRoot"), set()):
        yield "alternative text", one


def _alternatives(node, seen: set) -> Iterator[str]:
    """What a screen reader hears of a tagged PDF: /Alt, /ActualText, /E, /T of every element."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for one in node:
            yield from _alternatives(one, seen)
    elif isinstance(node, dict) and id(node) not in seen:
        seen.add(id(node))
        yield from (str(node[name]) for name in ("/Alt", "/ActualText", "/E", "/T") if name in node)
        yield from _alternatives(node.get("/K"), seen)


def _packed(content: bytes) -> Iterator[Record]:
    with zipfile.ZipFile(io.BytesIO(content)) as pack:
        yield "comment", pack.comment.decode("utf8", "replace")
        for one in pack.infolist():
            yield from read(one.filename, pack.read(one))


def _office(content: bytes) -> Iterator[Record]:
    """Every part of a workbook or document: sheets (hidden ones too) by row, comments, names, properties, text."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    shared = [_text(one) for one in ElementTree.fromstring(parts["xl/sharedStrings.xml"])] if "xl/sharedStrings.xml" in parts else []
    for name, part in parts.items():
        if not name.endswith((".xml", ".rels", ".vml")):
            yield from read(name, part)
        elif name.startswith("xl/worksheets/sheet"):
            yield from _sheet(name, part, shared)
        else:
            root = ElementTree.fromstring(part)
            rows = [one for one in root.iter() if one.tag.endswith(("}p", "}tr", "}si"))] + [root]
            yield from ((name, " ".join(_text(one) for one in row.iter() if one.text) if row is root else _text(row)) for row in rows)
            yield name, " ; ".join(value for one in root.iter() for value in one.attrib.values())


def _sheet(name: str, part: bytes, shared: list[str]) -> Iterator[Record]:
    root = ElementTree.fromstring(part)
    for row in (one for one in root.iter() if one.tag.endswith("}row")):
        cells = []
        for cell in row:
            text = _text(cell)
            cells.append(shared[int(text)] if cell.get("t") == "s" else text)
        yield f"{name} row {row.get('r')}", " | ".join(cells)
    yield name, " ; ".join(_text(one) for one in root if not one.tag.endswith("}sheetData"))


def _text(element) -> str:
    return " ".join("".join(one for one in element.itertext()).split())


def _drawing(content: bytes) -> Iterator[Record]:
    """Texts, titles and descriptions of an SVG, and its texts put together by the height at which they stand."""
    root = ElementTree.fromstring(content)
    for one in root.iter():
        if one.tag.endswith(("}text", "}title", "}desc", "}metadata")):
            yield one.tag.rpartition("}")[2], _text(one)
        yield from ((name, value) for name, value in one.attrib.items() if name.startswith(("aria", "data")) or name.endswith("label"))
    for found in re.findall(r"<!--(.*?)-->", content.decode("utf8"), re.S):
        yield "comment", found


def _picture(content: bytes) -> Iterator[Record]:
    """What a PNG carries beside its pixels."""
    at = 8
    while at < len(content):
        size, kind = int.from_bytes(content[at:at + 4], "big"), content[at + 4:at + 8]
        if kind in (b"tEXt", b"iTXt", b"zTXt", b"eXIf"):
            yield kind.decode(), content[at + 8:at + 8 + size].decode("utf8", "replace").replace("\0", " ")
        at += size + 12


def _frame(content: bytes, reader: str) -> Iterator[Record]:
    import tempfile

    import pyreadstat

    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "x"
        path.write_bytes(content)
        frame, about = getattr(pyreadstat, reader)(path)
    yield "labels", " ; ".join(map(str, (about.file_label, about.notes, about.column_names_to_labels, about.variable_value_labels)))
    yield from of_frame(frame)


def _parquet(content: bytes) -> Iterator[Record]:
    import pyarrow.parquet as pq

    table = pq.read_table(io.BytesIO(content))
    yield "metadata", " ; ".join(f"{k!r} {v!r}" for k, v in (table.schema.metadata or {}).items())
    yield from of_frame(table.to_pandas())


def of_frame(frame: pd.DataFrame) -> Iterator[Record]:
    """One record per row; numbers in full precision."""
    yield "attributes", str(frame.attrs or "")
    for i, row in enumerate(frame.itertuples(index=False), 1):
        yield f"row {i}", " | ".join("" if one is None or one != one else str(one) for one in row)


def of_any(value: object) -> Iterator[Record]:
    """What a function gives: frames, figures, texts, bytes of a file, paths of files, and lists of these."""
    if isinstance(value, pd.DataFrame):
        yield from of_frame(value)
    elif isinstance(value, Path):
        yield from read(value.name, value.read_bytes())
    elif isinstance(value, bytes):
        yield from read({b"PK": "x.xlsx", b"\x89P": "x.png", b"%P": "x.pdf"}[value[:2]], value)
    elif is_dataclass(value):
        yield from of_any({field.name: getattr(value, field.name) for field in fields(value)})
    elif isinstance(value, str | int | float | np.generic) or value is None:
        yield "", "" if value is None else str(value)
    elif isinstance(value, Mapping):
        yield "", " ; ".join(f"{name} {one}" for name, one in value.items() if isinstance(one, str | int | float))
        for one in value.values():
            yield from of_any(one)
    elif isinstance(value, Iterable):
        for one in value:
            yield from of_any(one)


READERS = {
    "csv": _table, "txt": _lines, "json": _json, "html": lambda content: of_html(content.decode("utf8")), "pdf": _pdf,
    "zip": _packed, "xlsx": _office, "docx": _office, "svg": _drawing, "png": _picture, "r": _lines, "toml": _lines,
    "sav": lambda content: _frame(content, "read_sav"), "dta": lambda content: _frame(content, "read_dta"), "parquet": _parquet,
}
