"""Stays of a whole registry from one parquet file, in bounded memory: batches in, numbers by department and phase out."""

from __future__ import annotations

import ctypes
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .errors import UsageError
from .indicators.episodes import closing
from .indicators.partitions import partitions
from .indicators.chaining import DAY
from .indicators.registry import DIED, LEFT_OUT, OTHER, TRANSFERRED_OUT, FollowUp, StayArrays, follow_up
from .rules import CLOCKED
from .stay_codes import ADMISSION_TYPES
from .store import PersonShelf

if TYPE_CHECKING:
    import datetime as dt

    import pyarrow as pa

    from .indicators.definitions import ReadmissionDefinition

COLUMNS = ("person", "department", "admitted", "discharged", "admission_type", "discharged_to", "died")
AT_ONCE = 4_000_000
"""Stays in one part: above this the file is split by person."""
IN_MEMORY = 10_000_000
"""Stays above which the parts wait on disk."""
BATCH = 2_000_000
NEEDED = ("person", "department", "admitted")
"""Columns of which no cell may be empty: such a row is left out and counted under rule C01."""
MAPPED = 500_000_000
"""Bytes up to which the file is mapped: what is mapped counts as memory."""


@dataclass(frozen=True)
class RegistryFacts:
    """What a first reading says: ``rows``; ``left_out`` by rule (C01: person, department or admission missing; S07: ended before
    it began); of the others ``unknown``, whose department is not known, and ``late``, that begin after the data; ``time_of_day``:
    clock times in nine of ten of both ends."""

    rows: int
    left_out: dict[str, int]
    unknown: int
    late: int
    time_of_day: bool


def look(*, path: Path, as_of: dt.date, departments: list[str]) -> RegistryFacts:
    """Read the four columns that say which rows can be used. Raises UsageError as ``parts``."""
    rows, unknown, late, left_out, moments, clocked = 0, 0, 0, {"C01": 0, "S07": 0}, np.zeros(2), np.zeros(2)
    place = codes_of(departments=departments)
    for batch in _few_groups(_file(path), (*NEEDED, "discharged")):
        there, ends_first = _there(batch), _ends_first(batch)
        rows += batch.num_rows
        left_out["C01"] += int((~there).sum())
        left_out["S07"] += int((there & ends_first).sum())
        start = whole_seconds(batch.column("admitted"), 0)
        late += int((there & ~ends_first & (start >= closing(as_of))).sum())
        unknown += int((there & ~ends_first & (place(batch.column("department")) < 0)).sum())
        for at, name in enumerate(("admitted", "discharged")):
            known = whole_seconds(batch.column(name).drop_null(), 0)
            moments[at] += len(known)
            clocked[at] += np.count_nonzero(known % DAY)
    return RegistryFacts(rows=rows, left_out=left_out, unknown=unknown, late=late, time_of_day=bool(moments[0] and (clocked >= CLOCKED * moments).all()))


def codes_of(*, departments: list[str]) -> Callable[[pa.Array], np.ndarray]:
    """A column of department codes -> (n,) int32 positions in ``departments``, -1 for any other and for none."""
    known = {name: position for position, name in enumerate(departments)}

    def place(column: pa.Array) -> np.ndarray:
        import pyarrow as pa

        found = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        table = np.array([known.get(str(name), -1) for name in found.dictionary.to_pylist()] + [-1], dtype=np.int32)
        return table[found.indices.fill_null(-1).to_numpy()]

    return place


def parts(
    *, path: Path, definition: ReadmissionDefinition, as_of: dt.date, time_of_day: bool, department: Callable[[pa.Array], np.ndarray],
    progress: Callable[[int, int], None] = lambda done, of: None, at_once: int = AT_ONCE,
) -> Iterator[FollowUp]:
    """``follow_up`` of the file ``path``, one part of its persons after another; no person is in two parts.

    ``path``: parquet with ``COLUMNS`` of the stays table (times as timestamps or dates, codes as text, person as whole number or
    text); rows that ``look`` counts as left out are left out. ``department``: a column of departments -> int32 codes. Above ``IN_MEMORY`` stays the parts wait in a
    folder of temporary files that is gone afterwards. ``progress(done, of)`` after each part.
    Raises UsageError where the file is no parquet file, lacks a column or has one of another type.
    """
    rows = _file(path).metadata.num_rows
    n = max(1, -(-rows // at_once))
    call = {"batches": lambda: batches(path=path, definition=definition, as_of=as_of, department=department), "n": n,
            "progress": progress}
    with tempfile.TemporaryDirectory(prefix="evaltool-") as folder:
        shelf = PersonShelf(folder=Path(folder)) if rows > IN_MEMORY else None
        for part in partitions(**call, shelf=shelf):
            found = follow_up(stays=part, definition=definition, close=closing(as_of), time_of_day=time_of_day)
            del part  # Gone before the next one is there.
            _give_back()
            yield found
            del found


def batches(
    *, path: Path, definition: ReadmissionDefinition, as_of: dt.date, department: Callable[[pa.Array], np.ndarray],
) -> Iterator[StayArrays]:
    """The file as arrays, ``BATCH`` stays at a time; an ongoing stay ends when the data do."""
    import pyarrow as pa

    ways = {name: LEFT_OUT for name in definition.leave_out} | {name: TRANSFERRED_OUT for name in definition.transferred_out} | {"dead": DIED}
    kinds = {name: code for code, name in enumerate(ADMISSION_TYPES)}
    for batch in _few_groups(_file(path), COLUMNS):
        usable = _there(batch) & ~_ends_first(batch)
        batch = batch if usable.all() else batch.filter(pa.array(usable))
        way_out = _coded(batch.column("discharged_to"), ways, OTHER)
        way_out[batch.column("died").fill_null(False).to_numpy(zero_copy_only=False)] = DIED
        yield StayArrays(
            person=_persons(batch.column("person")), department=department(batch.column("department")),
            start=whole_seconds(batch.column("admitted"), 0), end=whole_seconds(batch.column("discharged"), closing(as_of)),
            kind=_coded(batch.column("admission_type"), kinds, kinds["unknown"]), way_out=way_out)


def _there(batch: pa.RecordBatch) -> np.ndarray:
    """(n,) bool: nothing is missing that a stay must have."""
    lacking = [batch.column(name).is_null().to_numpy(zero_copy_only=False) for name in NEEDED if batch.column(name).null_count]
    return ~np.logical_or.reduce(lacking) if lacking else np.ones(batch.num_rows, dtype=bool)


def _ends_first(batch: pa.RecordBatch) -> np.ndarray:
    latest = np.iinfo(np.int64).max // 1_000_000
    return whole_seconds(batch.column("discharged"), latest) < whole_seconds(batch.column("admitted"), -latest)


def _few_groups(file, columns: tuple[str, ...]) -> Iterator[pa.RecordBatch]:
    """Batches of some row groups at a time: a reader of the whole file keeps more and more of it."""
    sizes = [file.metadata.row_group(i).num_rows for i in range(file.metadata.num_row_groups)]
    groups, rows = [], 0
    for i, size in enumerate(sizes):
        groups, rows = [*groups, i], rows + size
        if rows >= BATCH or i == len(sizes) - 1:
            yield from file.iter_batches(batch_size=BATCH, columns=list(columns), row_groups=groups)
            groups, rows = [], 0


def whole_seconds(column: pa.Array, missing: int) -> np.ndarray:
    """(n,) int64 seconds since 1970 of a column of timestamps; ``missing`` where there is none."""
    import pyarrow as pa

    moments = column.cast(pa.timestamp("us")).cast(pa.int64())
    if column.null_count:
        moments = moments.fill_null(missing * 1_000_000)
    return moments.to_numpy() // 1_000_000


def _give_back() -> None:
    """Freed pieces of a part under 32 MB stay with glibc, and each part leaves some: ask for them back, on Linux."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)


def _file(path: Path):
    import pyarrow as pa
    import pyarrow.parquet as pq

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
    moment = lambda kind: kinds.is_timestamp(kind) or kinds.is_date(kind)  # noqa: E731
    wanted = {"admitted": ("timestamp", moment), "discharged": ("timestamp", moment), "admission_type": ("text", text),
              "discharged_to": ("text", text), "died": ("boolean", kinds.is_boolean),
              "person": ("integer or text", lambda kind: kinds.is_integer(kind) or text(kind))}
    for column, (expected, fits) in wanted.items():
        if not fits(schema.field(column).type):
            raise UsageError("registry_type", got=name, column=column, kind=str(schema.field(column).type), expected=expected)


def _coded(column: pa.Array, codes: dict[str, int], other: int) -> np.ndarray:
    """(n,) uint8 by the texts of a dictionary column; ``other`` where the text is unknown or missing."""
    table = np.array([codes.get(name, other) for name in column.dictionary.to_pylist()] + [other], dtype=np.uint8)
    at = column.indices.fill_null(-1) if column.null_count else column.indices
    return table[at.to_numpy()]


def _persons(column: pa.Array) -> np.ndarray:
    """Whole numbers as they are; text as the 64 bits of a hash (two of ten million pseudonyms share one once in 400 000 files)."""
    import pyarrow as pa

    if pa.types.is_integer(column.type):
        return column.cast(pa.int64()).to_numpy()
    from pandas.util import hash_array

    found = column.dictionary_encode()
    hashed = hash_array(found.dictionary.to_numpy(zero_copy_only=False).astype(object), categorize=False).view(np.int64)
    return hashed[found.indices.to_numpy()]
