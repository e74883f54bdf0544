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
from .words import folded, plain

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from .delimited import Cells
    from .distinct import Distinct

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

    ``columns``: the file's headings in order, each with its cells by their different texts, blank cells missing.
    ``row_numbers`` (n,): each row's number in the user's spreadsheet. ``decisions``: what was found or declared (format, encoding, delimiter, sheet,
    header_row, blank_rows, total_rows). ``labels[heading][code]``: value labels; ``column_labels[heading]``: what the file calls it in words. ``user_missing[heading]``: ranges
    that the file itself declares missing. ``ragged``: positions of rows with too many or too few cells.
    """

    name: str
    columns: Mapping[str, Distinct]
    row_numbers: np.ndarray
    decisions: Mapping[str, object]
    sha256: str
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    column_labels: Mapping[str, str] = field(default_factory=dict)
    user_missing: Mapping[str, tuple[tuple[float | str, float | str], ...]] = field(default_factory=dict)
    ragged: tuple[int, ...] = ()

    @property
    def headings(self) -> tuple[str, ...]:
        """As they stand in the file, in its order."""
        return tuple(self.columns)

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.row_numbers)

    def count(self, heading: str, word: str) -> int:
        """Rows whose cell under ``heading``, or its value label, is ``word``."""
        import numpy as np

        found, labels = self.columns[heading], self.labels.get(heading, {})
        named = np.array([plain(labels.get(t, t)) == word for t in found.python()], dtype=bool)
        return int(found.rows(named).sum())

    def frame(self) -> pd.DataFrame:
        """The table as ``str`` columns. Made anew each time: for looking at, not for the way into the store."""
        import numpy as np
        import pandas as pd

        from .distinct import column

        return pd.DataFrame({h: column(f.texts, f.codes, np.zeros(len(f.texts), dtype=bool)) for h, f in self.columns.items()},
                            index=range(self.rows))


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
    content = _content(path, whole=KINDS[suffix] == "text")
    _refuse_disguise(path.name, suffix, content[:64])
    if KINDS[suffix] == "text":
        digest, (cells, more) = hashlib.sha256(content).hexdigest(), _text(path, content, mapping, sheet)
    else:
        digest = _digest(path)
        cells, more = {"workbook": _workbook, "labelled": _labelled, "parquet": _parquet}[KINDS[suffix]](path, mapping, sheet)
    source = _filtered(_tidy(path.name, suffix.lstrip("."), cells, digest, more), mapping)
    _give_back()
    return source


def _give_back() -> None:
    """Return to the machine what Arrow has used on the way and keeps for itself: with a large file as much as what was read."""
    from pyarrow import default_memory_pool

    default_memory_pool().release_unused()


def _content(path: Path, *, whole: bool) -> bytes:
    """The bytes of the file, or the first of them."""
    try:
        with path.open("rb") as file:
            content = file.read() if whole else file.read(64)
    except OSError as error:
        raise IntakeError("unreadable_file", file=path.name) from error
    if not content:
        raise IntakeError("empty_file", file=path.name)
    return content


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _refuse_disguise(name: str, suffix: str, head: bytes) -> None:
    """The first bytes must fit the name: an XLSX renamed to .csv is the commonest case."""
    found = next((kind for mark, kind in _SIGNATURES if head.startswith(mark)), "text")
    allowed = _EXPECTED.get(suffix, ("stata", "text") if suffix == ".dta" else ("text",))
    if found not in allowed:
        raise IntakeError("not_what_it_says", file=name, got=found, expected=suffix)


def _text(path: Path, content: bytes, mapping: FileMapping | None, sheet: str | None) -> tuple[Cells, dict]:
    from .decode import decode
    from .delimited import read_delimited

    if sheet is not None:
        raise IntakeError("sheet_in_text", file=path.name, got=sheet)
    text = decode(data=content, encoding=mapping.encoding if mapping else None, name=path.name)
    cells = read_delimited(
        text=text, delimiter=mapping.delimiter if mapping else None,
        header_row=mapping.header_row if mapping else None, wanted=mapping.headings() if mapping else (),
        name=path.name,
    )
    cells.decisions["encoding"] = text.encoding
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
    from .distinct import distinct
    from .labelled import read_labelled

    found = read_labelled(path=path)
    more = {"labels": found.labels, "user_missing": found.user_missing, "column_labels": found.column_labels}
    return Cells({c: distinct(found.frame[c]) for c in found.frame.columns}, 1, (), {}), more


def _parquet(path: Path, mapping: FileMapping | None, sheet: str | None) -> tuple[Cells, dict]:
    import pandas as pd
    import pyarrow as arrow
    from pyarrow import parquet

    from .delimited import Cells
    from .distinct import distinct
    from .labelled import text_column

    try:
        table = parquet.read_table(path)
        table.validate(full=True)
        frame = table.to_pandas(ignore_metadata=True)
    except (arrow.ArrowException, OSError, ValueError, KeyError) as error:
        raise IntakeError("unreadable_file", file=path.name) from error
    frame.columns = [str(c) for c in frame.columns]
    return Cells({c: distinct(text_column(frame[c])) for c in frame.columns}, 1, (), {}), {}


def _tidy(name: str, kind: str, cells: Cells, digest: str, more: dict) -> Source:
    """Blank cells missing, blank rows and closing total rows out, what was done said."""
    import numpy as np

    columns = {c: found.hollow() for c, found in cells.columns.items()}
    keep = _filled(columns)
    empty = len(keep) - int(keep.sum())
    totals = _totals(columns, keep)
    keep[totals] = False
    if not keep.any():
        raise IntakeError("no_rows", file=name)
    decisions = {"format": kind, **cells.decisions, "blank_rows": empty, "total_rows": len(totals)}
    return Source(
        name=name, columns={c: found.only(keep) for c, found in columns.items()},
        row_numbers=np.flatnonzero(keep) + cells.first_row, decisions=decisions, sha256=digest,
        ragged=_moved(cells.ragged, keep), **more,
    )


def _filled(columns: Mapping[str, Distinct]) -> np.ndarray:
    """Rows (n,) with something in at least one column."""
    import numpy as np

    out = np.zeros(len(next(iter(columns.values())).codes) if columns else 0, dtype=bool)
    for found in columns.values():
        if out.all():
            break
        out |= found.codes >= 0
    return out


def _moved(positions: tuple[int, ...], keep: np.ndarray) -> tuple[int, ...]:
    """The same rows where only those marked ``keep`` are left."""
    import numpy as np

    place = np.cumsum(keep) - 1 if positions else keep
    return tuple(int(place[p]) for p in positions if keep[p])


def _filtered(source: Source, mapping: FileMapping | None) -> Source:
    """Only the rows that the mapping's filters keep; a heading that is not there is left to the check to name."""
    import numpy as np

    if mapping is None or not mapping.filters:
        return source
    present = {folded(h): h for h in reversed(source.headings)}
    keep = np.ones(source.rows, dtype=bool)
    for one in mapping.filters:
        if folded(one.heading) in present:
            found = source.columns[present[folded(one.heading)]]
            named = set(map(folded, one.keep or one.drop))
            hit = np.array([folded(t) in named for t in [*found.python(), ""]], dtype=bool)[found.codes]
            keep &= hit if one.keep else ~hit
    if not keep.any():
        raise IntakeError("filtered_to_nothing", file=source.name, got=", ".join(f.heading for f in mapping.filters))
    return dataclasses.replace(
        source, columns={c: found.only(keep) for c, found in source.columns.items()}, row_numbers=source.row_numbers[keep],
        decisions={**source.decisions, "filtered_rows": int((~keep).sum())},
        ragged=_moved(source.ragged, keep),
    )


def _totals(columns: Mapping[str, Distinct], keep: np.ndarray) -> list[int]:
    """Positions of the rows at the very end that open with a word like ``Totalt``."""
    from .grid import is_total

    found = []
    for position in reversed(range(len(keep))):
        if not keep[position]:
            continue
        if not is_total(one.cells([position])[0] for one in columns.values()):
            break
        found.append(position)
    return found
