"""Stays of a whole registry from one parquet file, in bounded memory: batches in, numbers by department and phase out."""

from __future__ import annotations

import ctypes
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .errors import UsageError
from .indicators.episodes import closing
from .indicators.partitions import partitions
from .indicators.registry import DIED, LEFT_OUT, OTHER, TRANSFERRED_OUT, FollowUp, StayArrays, follow_up
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
MAPPED = 500_000_000
"""Bytes up to which the file is mapped: what is mapped counts as memory."""


def parts(
    *, path: Path, definition: ReadmissionDefinition, as_of: dt.date, time_of_day: bool, department: Callable[[pa.Array], np.ndarray],
    progress: Callable[[int, int], None] = lambda done, of: None, at_once: int = AT_ONCE,
) -> Iterator[FollowUp]:
    """``follow_up`` of the file ``path``, one part of its persons after another; no person is in two parts.

    ``path``: parquet with ``COLUMNS`` of the stays table (times as timestamps, codes as text, person as whole number or
    text, none missing). ``department``: a column of departments -> int32 codes. Above ``IN_MEMORY`` stays the parts wait in a
    folder of temporary files that is gone afterwards. ``progress(done, of)`` after each part.
    Raises UsageError where the file is no parquet file or lacks a column.
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
    ways = {name: LEFT_OUT for name in definition.leave_out} | {name: TRANSFERRED_OUT for name in definition.transferred_out} | {"dead": DIED}
    kinds = {name: code for code, name in enumerate(ADMISSION_TYPES)}
    for batch in _few_groups(_file(path)):
        way_out = _coded(batch.column("discharged_to"), ways, OTHER)
        way_out[batch.column("died").fill_null(False).to_numpy(zero_copy_only=False)] = DIED
        yield StayArrays(
            person=_persons(batch.column("person")), department=department(batch.column("department")),
            start=whole_seconds(batch.column("admitted"), 0), end=whole_seconds(batch.column("discharged"), closing(as_of)),
            kind=_coded(batch.column("admission_type"), kinds, kinds["unknown"]), way_out=way_out)


def _few_groups(file) -> Iterator[pa.RecordBatch]:
    """Batches of some row groups at a time: a reader of the whole file keeps more and more of it."""
    sizes = [file.metadata.row_group(i).num_rows for i in range(file.metadata.num_row_groups)]
    groups, rows = [], 0
    for i, size in enumerate(sizes):
        groups, rows = [*groups, i], rows + size
        if rows >= BATCH or i == len(sizes) - 1:
            yield from file.iter_batches(batch_size=BATCH, columns=list(COLUMNS), row_groups=groups)
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
    return file


def _coded(column: pa.Array, codes: dict[str, int], other: int) -> np.ndarray:
    """(n,) uint8 by the texts of a dictionary column; ``other`` where the text is unknown or missing."""
    table = np.array([codes.get(name, other) for name in column.dictionary.to_pylist()] + [other], dtype=np.uint8)
    at = column.indices.fill_null(-1) if column.null_count else column.indices
    return table[at.to_numpy()]


def _persons(column: pa.Array) -> np.ndarray:
    """Whole numbers as they are; text as the 64 bits of a hash (two of ten million pseudonyms share one once in 400 000 files)."""
    import pyarrow as pa

    if column.null_count:
        raise UsageError("registry_person", got=column.null_count)
    if pa.types.is_integer(column.type):
        return column.cast(pa.int64()).to_numpy()
    from pandas.util import hash_array

    found = column.dictionary_encode()
    hashed = hash_array(found.dictionary.to_numpy(zero_copy_only=False).astype(object), categorize=False).view(np.int64)
    return hashed[found.indices.to_numpy()]
