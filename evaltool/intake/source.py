"""A file on disk -> ``Source``: all text, the headings of the file, the row numbers of the file, no opinion."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import IntakeError
from .mapping import FileMapping
from .words import folded

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from .delimited import Cells

KINDS = {
    ".csv": "text", ".tsv": "text", ".txt": "text", ".xlsx": "workbook", ".xlsm": "workbook", ".xls": "workbook",
    ".ods": "workbook", ".sav": "labelled", ".zsav": "labelled", ".dta": "labelled", ".parquet": "parquet",
}
_SIGNATURES = (
    (b"PK\x03\x04", "zip"), (b"\xd0\xcf\x11\xe0", "ole"), (b"%PDF", "pdf"), (b"$FL", "spss"), (b"PAR1", "parquet"),
    (b"<stata_dta>", "stata"), (b"\x89PNG", "png"), (b"\x1f\x8b", "gzip"), (b"Rar!", "rar"), (b"7z\xbc\xaf", "7z"),
)
_EXPECTED = {
    ".xlsx": ("zip", "ole"), ".xlsm": ("zip", "ole"), ".ods": ("zip",), ".xls": ("ole", "zip"), ".sav": ("spss",),
    ".zsav": ("spss",), ".parquet": ("parquet",),
}


@dataclass(frozen=True)
class Source:
    """A source file read as text.

    ``frame``: str columns named by the file's headings, blank cells missing. ``row_numbers`` (n,): each row's number
    in the user's spreadsheet. ``decisions``: what was found or declared (format, encoding, delimiter, sheet,
    header_row, blank_rows, total_rows). ``labels[heading][code]``: value labels; ``column_labels[heading]``: what the file calls it in words. ``user_missing[heading]``: ranges
    that the file itself declares missing. ``ragged``: positions of rows with too many or too few cells.
    """

    name: str
    frame: pd.DataFrame
    row_numbers: np.ndarray
    decisions: Mapping[str, object]
    sha256: str
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    column_labels: Mapping[str, str] = field(default_factory=dict)
    user_missing: Mapping[str, tuple[tuple[float | str, float | str], ...]] = field(default_factory=dict)
    ragged: tuple[int, ...] = ()


def read_source(*, path: Path, mapping: FileMapping | None = None, sheet: str | None = None) -> Source:
    """Read the file at ``path``; ``mapping`` and ``sheet`` declare what is not to be found by looking.

    Raises IntakeError, one line each: missing, unsupported or empty file, content that is not what the name says,
    no such sheet, no rows.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if not path.is_file():
        raise IntakeError("no_file", file=path)
    if suffix not in KINDS:
        raise IntakeError("unsupported_file", file=path.name, expected=", ".join(KINDS))
    digest, head = _fingerprint(path)
    _refuse_disguise(path.name, suffix, head)
    read = {"text": _text, "workbook": _workbook, "labelled": _labelled, "parquet": _parquet}[KINDS[suffix]]
    cells, more = read(path, mapping, sheet)
    return _filtered(_tidy(path.name, suffix.lstrip("."), cells, digest, more), mapping)


def _fingerprint(path: Path) -> tuple[str, bytes]:
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(0)
            head = file.read(64)
    except OSError as error:
        raise IntakeError("unreadable_file", file=path.name) from error
    if not head:
        raise IntakeError("empty_file", file=path.name)
    return digest, head


def _refuse_disguise(name: str, suffix: str, head: bytes) -> None:
    """The first bytes must fit the name: an XLSX renamed to .csv is the commonest case."""
    found = next((kind for mark, kind in _SIGNATURES if head.startswith(mark)), "text")
    allowed = _EXPECTED.get(suffix, ("stata", "text") if suffix == ".dta" else ("text",))
    if found not in allowed:
        raise IntakeError("not_what_it_says", file=name, got=found, expected=suffix)


def _text(path: Path, mapping: FileMapping | None, sheet: str | None) -> tuple[Cells, dict]:
    from .decode import decode
    from .delimited import read_delimited

    if sheet is not None:
        raise IntakeError("sheet_in_text", file=path.name, got=sheet)
    text, encoding = decode(data=path.read_bytes(), encoding=mapping.encoding if mapping else None, name=path.name)
    cells = read_delimited(
        text=text, delimiter=mapping.delimiter if mapping else None,
        header_row=mapping.header_row if mapping else None, wanted=mapping.headings() if mapping else (),
        name=path.name,
    )
    cells.decisions["encoding"] = encoding
    return cells, {}


def _workbook(path: Path, mapping: FileMapping | None, sheet: str | None) -> tuple[Cells, dict]:
    from .workbook import labels_beside, read_workbook

    cells = read_workbook(
        path=path, sheet=sheet or (mapping.sheet if mapping else None),
        header_row=mapping.header_row if mapping else None, wanted=mapping.headings() if mapping else (),
    )
    return cells, labels_beside(path=path, sheet=str(cells.decisions["sheet"]))


def _labelled(path: Path, mapping: FileMapping | None, sheet: str | None) -> tuple[Cells, dict]:
    from .delimited import Cells
    from .labelled import read_labelled

    found = read_labelled(path=path)
    more = {"labels": found.labels, "user_missing": found.user_missing, "column_labels": found.column_labels}
    return Cells(found.frame, 1, (), {}), more


def _parquet(path: Path, mapping: FileMapping | None, sheet: str | None) -> tuple[Cells, dict]:
    import pandas as pd
    import pyarrow as arrow
    from pyarrow import parquet

    from .delimited import Cells
    from .labelled import text_column

    try:
        table = parquet.read_table(path)
        table.validate(full=True)
        frame = table.to_pandas(ignore_metadata=True)
    except (arrow.ArrowException, OSError, ValueError, KeyError) as error:
        raise IntakeError("unreadable_file", file=path.name) from error
    frame.columns = [str(c) for c in frame.columns]
    text = pd.DataFrame({c: text_column(frame[c]) for c in frame.columns}, index=range(len(frame)))
    return Cells(text, 1, (), {}), {}


def _tidy(name: str, kind: str, cells: Cells, digest: str, more: dict) -> Source:
    """Blank cells missing, blank rows and closing total rows out, what was done said."""
    import numpy as np

    frame = cells.frame
    blank = [_blank(frame[c]) for c in frame.columns]
    empty = np.logical_and.reduce(blank) if blank else np.ones(len(frame), dtype=bool)
    keep = ~empty
    totals = _totals(frame, keep)
    keep[totals] = False
    if not keep.any():
        raise IntakeError("no_rows", file=name)
    hollow = {c: frame[c].mask(b) for c, b in zip(frame.columns, blank, strict=True) if (b & frame[c].notna().to_numpy()).any()}
    frame = frame.assign(**hollow) if hollow else frame
    place = np.cumsum(keep) - 1
    decisions = {"format": kind, **cells.decisions, "blank_rows": int(empty.sum()), "total_rows": len(totals)}
    return Source(
        name=name, frame=frame if keep.all() else frame[keep].reset_index(drop=True),
        row_numbers=np.flatnonzero(keep).astype("int64") + cells.first_row, decisions=decisions, sha256=digest,
        ragged=tuple(int(place[p]) for p in cells.ragged if keep[p]), **more,
    )


def _filtered(source: Source, mapping: FileMapping | None) -> Source:
    """Only the rows that the mapping's filters keep; a heading that is not there is left to the check to name."""
    import numpy as np

    if mapping is None or not mapping.filters:
        return source
    present = {folded(h): h for h in reversed(source.frame.columns)}
    keep = np.ones(len(source.frame), dtype=bool)
    for one in mapping.filters:
        if folded(one.heading) in present:
            cells = source.frame[present[folded(one.heading)]].fillna("").map(folded)
            keep &= (cells.isin(map(folded, one.keep)) if one.keep else ~cells.isin(map(folded, one.drop))).to_numpy()
    if not keep.any():
        raise IntakeError("filtered_to_nothing", file=source.name, got=", ".join(f.heading for f in mapping.filters))
    place = np.cumsum(keep) - 1
    return dataclasses.replace(
        source, frame=source.frame[keep].reset_index(drop=True), row_numbers=source.row_numbers[keep],
        decisions={**source.decisions, "filtered_rows": int((~keep).sum())},
        ragged=tuple(int(place[p]) for p in source.ragged if keep[p]),
    )


def _blank(values: pd.Series) -> np.ndarray:
    """Missing, empty or nothing but spaces."""
    import pyarrow.compute as compute

    from .distinct import strings

    texts = strings(values)
    spaces = compute.or_(compute.utf8_is_space(texts), compute.equal(compute.binary_length(texts), 0))
    return compute.fill_null(spaces, True).to_numpy(zero_copy_only=False)


def _totals(frame: pd.DataFrame, keep: np.ndarray) -> list[int]:
    """Positions of the rows at the very end that open with a word like ``Totalt``."""
    from .grid import is_total

    found = []
    for position in reversed(range(len(frame))):
        if not keep[position]:
            continue
        cells = [None if v != v else v for v in frame.iloc[position]]
        if not is_total(cells):
            break
        found.append(position)
    return found
