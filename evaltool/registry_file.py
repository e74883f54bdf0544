"""Stays of a whole registry from one parquet file, in bounded memory: whole persons at a time, held against the rules."""

from __future__ import annotations

import ctypes
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from .check import STOP_ROWS, STOP_SHARE
from .contracts import rule
from .errors import CheckError, UsageError
from .import_source import MOST_REFUSED
from .indicators.partitions import partitions
from .indicators.registry import StayArrays
from .indicators.registry_rules import COLUMN, person_rules
from .registry_rows import Rulebook, Tally, judged
from .store import PersonShelf

if TYPE_CHECKING:
    import pyarrow as pa

    from .settings import Limit

COLUMNS = ("person", "department", "admitted", "discharged", "admission_type", "discharged_to", "died")
AT_ONCE = 2_000_000
"""Stays in one part: above this the file is split by person."""
IN_MEMORY = 10_000_000
"""Stays above which the parts wait on disk."""
BATCH = 2_000_000
MAPPED = 500_000_000
"""Bytes up to which the file is mapped: what is mapped counts as memory."""


def parts(
    *, path: Path, book: Rulebook, tally: Tally, limits: Mapping[str, Limit], n_parts: int | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Iterator[StayArrays]:
    """The stays of ``whole_persons`` that break no rule that keeps a row out; ``tally`` is complete after the last part.

    Raises UsageError as there; CheckError as an import does: a rule broken in most rows or beyond its limit in study.toml
    (``limits``), too many rows refused, none left.
    """
    known = False
    for part in whole_persons(path=path, book=book, tally=tally, n_parts=n_parts, progress=progress):
        if not known:
            _refuse_rules(tally, limits, path.name)
        known, found = True, person_rules(stays=part, deaths=book.deaths, limited=book.limited)
        del part  # Gone before the next one is there.
        tally.broken.update({(code, COLUMN[code]): count for code, count in found.broken.items()})
        tally.refused, tally.wrong = tally.refused + found.kept_out, tally.wrong + found.wrong
        kept = found.stays
        del found
        _give_back()
        yield kept
        del kept
    _refuse_rules(tally, limits, path.name)
    _refuse_file(tally, path.name)


def whole_persons(
    *, path: Path, book: Rulebook, tally: Tally, n_parts: int | None = None, progress: Callable[[int, int], None] = lambda done, of: None,
) -> Iterator[StayArrays]:
    """The stays of the file ``path``, one part of its persons after another; no person is in two parts.

    ``path``: parquet with ``COLUMNS`` of the stays table (times as timestamps or dates, codes as text, person and department as
    whole number or text). ``n_parts``: None for as many as keep a part under ``AT_ONCE`` stays. Every row is held against the rules
    of single rows in ``book`` and marked; ``tally`` has counted all of them when the first part comes. Above ``IN_MEMORY`` stays the
    parts wait in a folder of temporary files that is gone afterwards. ``progress(done, of)`` while the file is read and after each part.
    Raises UsageError where the file is no parquet file, lacks a column or has one of another type.
    """
    file = _file(path)
    rows = file.metadata.num_rows
    n, groups = n_parts or max(1, -(-rows // AT_ONCE)), _few_groups(file)
    of = len(groups) + n

    def batches() -> Iterator[StayArrays]:
        for done, wanted in enumerate(groups, start=1):
            for batch in file.iter_batches(batch_size=BATCH, columns=list(COLUMNS), row_groups=wanted):
                yield judged(batch=batch, book=book, tally=tally)
            progress(done, of)
        tally.mixed_times()

    with tempfile.TemporaryDirectory(prefix="evaltool-") as folder:
        shelf = PersonShelf(folder=Path(folder)) if rows > IN_MEMORY else None
        yield from partitions(batches=batches, n=n, shelf=shelf, progress=lambda done, _: progress(len(groups) + done, of))


def _refuse_rules(tally: Tally, limits: Mapping[str, Limit], file: str) -> None:
    """As ``check`` judges one rule in a whole file."""
    sums: dict[str, int] = {}
    for (code, _), count in tally.broken.items():
        sums[code] = sums.get(code, 0) + count
    stops = []
    for (code, column), count in sorted(tally.broken.items()):
        one = rule("stays", code)
        many = one.refuses and not one.withhold and count >= STOP_ROWS and count > STOP_SHARE * tally.rows
        if not limits[code].allows(sums[code], tally.rows) if code in limits else many:
            stops.append(f"{code} {column} ({count})")
    if stops:
        raise CheckError("registry_stopped", file=file, got=", ".join(stops))


def _refuse_file(tally: Tally, file: str) -> None:
    """As ``import_source`` judges all rows together."""
    if tally.wrong > MOST_REFUSED * tally.rows:
        rules = ", ".join(f"{code} {column} ({count})" for (code, column), count in sorted(tally.broken.items())
                          if count and rule("stays", code).refuses)
        raise CheckError("registry_refused", file=file, refused=tally.wrong, rows=tally.rows, rules=rules)
    if tally.refused >= tally.rows:
        raise CheckError("registry_no_rows", file=file)


def numbered(*, path: Path) -> bool:
    """Are the persons of the file whole numbers? Raises UsageError as ``parts``."""
    import pyarrow as pa

    return pa.types.is_integer(_file(path).schema_arrow.field("person").type)


def _few_groups(file) -> list[list[int]]:
    """Some row groups at a time: a reader of the whole file keeps more and more of it."""
    sizes = [file.metadata.row_group(i).num_rows for i in range(file.metadata.num_row_groups)]
    out, groups, rows = [], [], 0
    for i, size in enumerate(sizes):
        groups, rows = [*groups, i], rows + size
        if rows >= BATCH or i == len(sizes) - 1:
            out.append(groups)
            groups, rows = [], 0
    return out


def _give_back() -> None:
    """Freed pieces of a part under 32 MB stay with glibc, and each part leaves some: ask for them back, on Linux."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)


def _file(path: Path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not path.is_file():
        raise UsageError("no_file", file=path)
    try:
        file = pq.ParquetFile(path, read_dictionary=["admission_type", "discharged_to"], memory_map=path.stat().st_size < MAPPED)
    except (OSError, pa.ArrowInvalid) as error:
        raise UsageError("not_parquet", got=path.name) from error
    lacking = [name for name in COLUMNS if name not in file.schema_arrow.names]
    if lacking:
        raise UsageError("registry_columns", got=path.name, lacking=", ".join(lacking), expected=", ".join(COLUMNS))
    _check_types(file.schema_arrow, path.name)
    return file


def _check_types(schema: pa.Schema, name: str) -> None:
    import pyarrow.types as kinds

    text = lambda kind: kinds.is_string(kind) or kinds.is_large_string(kind) or kinds.is_dictionary(kind)  # noqa: E731
    moment = lambda kind: kinds.is_date(kind) or (kinds.is_timestamp(kind) and kind.tz is None)  # noqa: E731
    code = lambda kind: kinds.is_integer(kind) or text(kind)  # noqa: E731
    wanted = {"admitted": ("timestamp without time zone", moment), "discharged": ("timestamp without time zone", moment),
              "admission_type": ("text", text), "discharged_to": ("text", text), "died": ("boolean", kinds.is_boolean),
              "person": ("integer or text", code), "department": ("integer or text", code)}
    for column, (expected, fits) in wanted.items():
        if not fits(schema.field(column).type):
            raise UsageError("registry_type", got=name, column=column, kind=str(schema.field(column).type), expected=expected)
