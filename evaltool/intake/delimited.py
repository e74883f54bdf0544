"""CSV, TSV and TXT -> cells. The fast reader takes the regular file; an irregular one is read record by record."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from ..errors import IntakeError
from .grid import LOOK_FOR_HEADING, heading_row, headings

_DELIMITERS = (";", "\t", ",", "|")
_SAMPLE = 200_000
_LONGEST_CELL = 1_000_000
_LONGEST_LINE = 10_000_000
_LINE_END = re.compile(r"\r\n|\r|\n|$")


@dataclass(frozen=True)
class Cells:
    """A table of text: ``frame`` (missing where blank), ``first_row`` (the spreadsheet row of its first row),
    ``ragged`` (positions of rows with more or fewer cells than the heading), ``decisions`` (what was found)."""

    frame: pd.DataFrame
    first_row: int
    ragged: tuple[int, ...]
    decisions: dict[str, object]


def read_delimited(
    *, text: str, delimiter: str | None, header_row: int | None, wanted: Iterable[str], name: str
) -> Cells:
    """The table in ``text``. ``delimiter`` and ``header_row`` (1-based) when declared; ``wanted``: headings looked for.

    Row numbers count records, as a spreadsheet program does; a first line ``sep=;`` is not a row.
    """
    text, marked = _separator_line(text)
    if not text or text.isspace():
        raise IntakeError("empty_file", file=name)
    _refuse_long_line(text, name)
    head = _head(text)
    used = delimiter or marked or _sniff(head)
    top, ends = _top(head, used, name)
    position = header_row - 1 if header_row else heading_row(rows=top, wanted=wanted, name=name)
    if position >= len(top):
        raise IntakeError("no_header_row", file=name, got=header_row)
    columns = headings(cells=_trimmed(top[position]), name=name)
    body = _after_line(text, ends[position])
    frame, ragged = _body(body, used, columns, name)
    return Cells(frame, position + 2, ragged, {"delimiter": used, "header_row": position + 1})


def _separator_line(text: str) -> tuple[str, str | None]:
    if not text[:6].strip("\"'").lower().startswith("sep="):
        return text, None
    end = _LINE_END.search(text)
    line = text[:end.start()].strip("\"' ")
    return (text[end.end():], line[4:] or "\t") if len(line) <= 5 else (text, None)


def _refuse_long_line(text: str, name: str) -> None:
    """A line of megabytes is no row of a table, and to part it into cells would take all memory."""
    start = 0
    while len(text) - start > _LONGEST_LINE:
        end = max(text.rfind(mark, start, start + _LONGEST_LINE) for mark in "\n\r")
        if end < 0:
            raise IntakeError("broken_text", file=name, row=text.count("\n", 0, start) + 1)
        start = end + 1


def _head(text: str) -> str:
    """The first lines, whole: enough for every title, heading and a hundred rows of any ordinary file."""
    if len(text) <= _SAMPLE:
        return text
    place = _SAMPLE
    for _ in range(LOOK_FOR_HEADING):
        place = _LINE_END.search(text, place).end()
    return text[:place]


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


def _after_line(text: str, lines: int) -> str:
    place = 0
    for _ in range(lines):
        place = _LINE_END.search(text, place).end()
    return text[place:]


def _body(body: str, delimiter: str, columns: list[str], name: str) -> tuple[pd.DataFrame, tuple[int, ...]]:
    if body and not body.isspace() and '"' not in body:
        frame = _fast(body, delimiter, columns)
        if frame is not None:
            return frame, ()
    return _slow(body, delimiter, columns, name)


def _fast(body: str, delimiter: str, columns: list[str]) -> pd.DataFrame | None:
    """Everything as text through pyarrow; None when a record is irregular (pyarrow refuses the file then)."""
    import pyarrow as arrow
    from pyarrow import csv as arrow_csv

    try:
        table = arrow_csv.read_csv(
            io.BytesIO(body.rstrip("\r\n").encode("utf8")),
            read_options=arrow_csv.ReadOptions(column_names=columns, block_size=1 << 24),
            parse_options=arrow_csv.ParseOptions(delimiter=delimiter, quote_char=False, ignore_empty_lines=False),
            convert_options=arrow_csv.ConvertOptions(
                column_types={c: arrow.string() for c in columns}, strings_can_be_null=True, null_values=[""],
            ),
        )
    except arrow.ArrowInvalid:
        return None
    return table.to_pandas().astype("str")


def _slow(body: str, delimiter: str, columns: list[str], name: str) -> tuple[pd.DataFrame, tuple[int, ...]]:
    rows, ragged, width = [], [], len(columns)
    try:
        for position, row in enumerate(_records(body, delimiter)):
            if len(row) != width:
                filled = len(_trimmed(row))
                if filled > width or (row and len(row) < width and filled):
                    ragged.append(position)
                row = row[:width] + [""] * (width - len(row))
            rows.append(row)
    except csv.Error as error:
        raise IntakeError("broken_text", file=name, row=len(rows) + 1) from error
    return pd.DataFrame(rows, columns=columns, dtype="str"), tuple(ragged)
