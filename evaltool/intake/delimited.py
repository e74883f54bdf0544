"""CSV, TSV and TXT -> cells. The fast reader takes the regular file; an irregular one is read record by record."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as arrow

from ..errors import IntakeError
from .decode import Letters
from .distinct import Distinct, by_dictionary, decoded, of_array
from .grid import LOOK_FOR_HEADING, heading_row, headings

_DELIMITERS = (";", "\t", ",", "|")
_SAMPLE = 200_000
_LONGEST_CELL = 1_000_000
_LONGEST_LINE = 10_000_000
_LINE_END = re.compile(rb"\r\n|\r|\n|\Z")
_LARGE = 4_000_000
_PREVIEW = 400_000
_REPEATS = 0.3
"""Bytes of a large table that are looked at first, and the share of different cells in them under which a column is read
by its different texts."""


@dataclass(frozen=True)
class Cells:
    """A table of text: ``columns`` (heading -> cells, missing where blank), ``first_row`` (the spreadsheet row of its first
    row), ``ragged`` (positions of rows with more or fewer cells than the heading), ``decisions`` (what was found)."""

    columns: Mapping[str, Distinct]
    first_row: int
    ragged: tuple[int, ...]
    decisions: dict[str, object]


def read_delimited(
    *, text: Letters, delimiter: str | None, header_row: int | None, wanted: Iterable[str], name: str
) -> Cells:
    """The table in ``text``. ``delimiter`` and ``header_row`` (1-based) when declared; ``wanted``: headings looked
    for.

    Row numbers count records, as a spreadsheet program does; a first line ``sep=;`` is not a row.
    """
    data, codec = text.data, text.codec
    begin, marked = _separator_line(data, codec)
    if begin >= len(data) or data[begin:begin + _SAMPLE].isspace() and data[begin:].isspace():
        raise IntakeError("empty_file", file=name)
    _refuse_long_line(data, name)
    head = _head(data, begin, codec)
    used = delimiter or marked or _sniff(head)
    top, ends = _top(head, used, name)
    position = header_row - 1 if header_row else heading_row(rows=top, wanted=wanted, name=name)
    if position >= len(top):
        raise IntakeError("no_header_row", file=name, got=header_row)
    columns = headings(cells=_trimmed(top[position]), name=name)
    body, ragged = _body(data, codec, _after_line(data, begin, ends[position]), used, columns, name)
    return Cells(body, position + 2, ragged, {"delimiter": used, "header_row": position + 1})


def _separator_line(text: bytes, codec: str) -> tuple[int, str | None]:
    """Where the table begins, and the delimiter that a line ``sep=;`` before it names."""
    if not text[:6].strip(b"\"'").lower().startswith(b"sep="):
        return 0, None
    end = _LINE_END.search(text)
    line = text[:end.start()].decode(codec).strip("\"' ")
    return (end.end(), line[4:] or "\t") if len(line) <= 5 else (0, None)


def _refuse_long_line(text: bytes, name: str) -> None:
    """A line of megabytes is no row of a table, and to part it into cells would take all memory."""
    start = 0
    while len(text) - start > _LONGEST_LINE:
        end = max(text.rfind(mark, start, start + _LONGEST_LINE) for mark in (b"\n", b"\r"))
        if end < 0:
            raise IntakeError("broken_text", file=name, row=text.count(b"\n", 0, start) + 1)
        start = end + 1


def _head(text: bytes, begin: int, codec: str) -> str:
    """The first lines, whole: enough for every title, heading and a hundred rows of any ordinary file."""
    if len(text) - begin <= _SAMPLE:
        return text[begin:].decode(codec)
    place = begin + _SAMPLE
    for _ in range(LOOK_FOR_HEADING):
        place = _LINE_END.search(text, place).end()
    return text[begin:place].decode(codec)


def _sniff(sample: str) -> str:
    """The delimiter that parts most lines into the same number of cells; ``;`` where nothing parts them."""
    best, best_score = ";", 0.0
    for candidate in _DELIMITERS:
        try:
            widths = [len(row) for row in _records(sample, candidate) if row][:100]
        except csv.Error:
            continue
        wide = [w for w in widths if w > 1]
        if not wide:
            continue
        usual = max(set(wide), key=lambda w: (wide.count(w), w))
        score = wide.count(usual) / len(widths) + usual / 10_000
        if score > best_score:
            best, best_score = candidate, score
    return best


def _records(text: str, delimiter: str):
    csv.field_size_limit(_LONGEST_CELL)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _top(text: str, delimiter: str, name: str) -> tuple[list[list[str]], list[int]]:
    """The first records and the physical line each ends on."""
    rows, ends = [], []
    reader = _records(text, delimiter)
    try:
        for row in reader:
            rows.append(row)
            ends.append(reader.line_num)
            if len(rows) > LOOK_FOR_HEADING:
                break
    except csv.Error as error:
        raise IntakeError("broken_text", file=name, row=len(rows) + 1) from error
    return rows, ends


def _trimmed(cells: list[str]) -> list[str]:
    """Without the empty cells that a trailing delimiter leaves."""
    last = max((i for i, c in enumerate(cells, start=1) if c.strip()), default=0)
    return cells[:last]


def _after_line(text: bytes, begin: int, lines: int) -> int:
    """Where the line after so many begins."""
    place = begin
    for _ in range(lines):
        place = _LINE_END.search(text, place).end()
    return place


def _body(
    text: bytes, codec: str, begin: int, delimiter: str, columns: list[str], name: str
) -> tuple[dict[str, Distinct], tuple[int, ...]]:
    end = len(text)
    while end > begin and text[end - 1] in b"\r\n":
        end -= 1
    quoted = text.find(b'"', begin, end) >= 0
    if end > begin and (not quoted or _quoted_throughout(text[begin:end], delimiter, len(columns))):
        found = _fast(memoryview(text)[begin:end], codec, delimiter, columns, quoted)
        if found is not None:
            return found, ()
    return _slow(text[begin:], codec, delimiter, columns, name)


def _quoted_throughout(body: bytes, delimiter: str, width: int) -> bool:
    """Does every cell stand in quotes, with no quote and no line end in any of them? Then no reader can misread it."""
    end = b"\r\n" if b"\r\n" in body else b"\n" if b"\n" in body else b"\r"
    lines = body.count(end) + 1
    between = body.count(f'"{delimiter}"'.encode())
    return (
        body[:1] == body[-1:] == b'"' and body.count(b'"') == 2 * width * lines and between == (width - 1) * lines
        and body.count(b'"' + end + b'"') == lines - 1
    )


def _fast(body: memoryview, codec: str, delimiter: str, columns: list[str], quoted: bool) -> dict[str, Distinct] | None:
    """Everything as text through pyarrow; None when a record is irregular (pyarrow refuses the file then).

    In a large table the columns that repeat themselves are read by their different texts from the start. What is not UTF-8
    is read as bytes, and its different texts are decoded.
    """
    kind = arrow.string() if codec == "utf-8" else arrow.binary()
    try:
        repeating = _repeating(body, kind, delimiter, columns, quoted) if len(body) > _LARGE else set()
        table = _arrow(body, delimiter, quoted, {c: arrow.dictionary(arrow.int32(), kind) if c in repeating else kind for c in columns})
    except arrow.ArrowInvalid:
        return None
    return {c: by_dictionary(table[c], codec=codec) if c in repeating else of_array(decoded(table[c], codec=codec)) for c in columns}


def _repeating(body: memoryview, kind: arrow.DataType, delimiter: str, columns: list[str], quoted: bool) -> set[str]:
    """The columns that have few different texts in the first rows."""
    preview = bytes(body[:_PREVIEW])
    whole = memoryview(preview[:max(preview.rfind(b"\n"), preview.rfind(b"\r"))])
    table = _arrow(whole, delimiter, quoted, dict.fromkeys(columns, kind))
    return {c for c in columns if len(table[c].unique()) <= _REPEATS * len(table)}


def _arrow(body: memoryview, delimiter: str, quoted: bool, types: Mapping[str, arrow.DataType]) -> arrow.Table:
    from pyarrow import csv as arrow_csv

    return arrow_csv.read_csv(
        arrow.BufferReader(body),
        read_options=arrow_csv.ReadOptions(column_names=list(types), block_size=1 << 24),
        parse_options=arrow_csv.ParseOptions(delimiter=delimiter, quote_char='"' if quoted else False, ignore_empty_lines=False),
        convert_options=arrow_csv.ConvertOptions(column_types=dict(types), strings_can_be_null=True, null_values=[""]),
    )


def _slow(
    body: bytes, codec: str, delimiter: str, columns: list[str], name: str
) -> tuple[dict[str, Distinct], tuple[int, ...]]:
    rows, ragged, width = [], [], len(columns)
    lines = io.TextIOWrapper(io.BytesIO(body), encoding=codec, newline="")
    csv.field_size_limit(_LONGEST_CELL)
    try:
        for position, row in enumerate(csv.reader(lines, delimiter=delimiter)):
            if len(row) != width:
                filled = len(_trimmed(row))
                if filled > width or (row and len(row) < width and filled):
                    ragged.append(position)
                row = row[:width] + [""] * (width - len(row))
            rows.append(row)
    except csv.Error as error:
        raise IntakeError("broken_text", file=name, row=len(rows) + 1) from error
    cells = list(zip(*rows, strict=True)) if rows else [()] * width
    return {c: of_array(arrow.array(texts, type=arrow.large_string())) for c, texts in zip(columns, cells, strict=True)}, tuple(ragged)
