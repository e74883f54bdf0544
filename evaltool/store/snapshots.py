"""store/snapshots/*.parquet: writing one so that it is there whole or not at all, and reading it back unchanged."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from ..errors import StoreError

_TEMPORARY = ".tmp"


@dataclass(frozen=True)
class Snapshot:
    """``id``: hash of the content, the same for the same rows in any order. ``sha256``: of the file's bytes."""

    table: str
    id: str
    rows: int
    sha256: str

    @property
    def file(self) -> str:
        """Name of the file in ``store/snapshots``."""
        return f"{self.table}-{self.id[:16]}.parquet"


@dataclass(frozen=True)
class Content:
    """``id``: the same for the same rows in any order. ``order`` (n,): positions that bring the rows into the order in
    which they are kept, so that the order of the source cannot matter to anything that is computed."""

    id: str
    order: np.ndarray


def content(frame: pd.DataFrame) -> Content:
    """Name the content of ``frame``: sha-256 over column names and values, whatever the file format.

    The order of rows and columns does not count, nor do columns that are missing throughout.
    """
    filled = frame[sorted(name for name in frame.columns if frame[name].notna().any())]
    rows = np.zeros(len(frame), dtype="<u8")
    if len(filled.columns):
        rows = pd.util.hash_pandas_object(filled, index=False, categorize=False).to_numpy().astype("<u8")
    order = np.argsort(rows, kind="stable")
    digest = hashlib.sha256("\n".join([str(len(frame)), *filled.columns]).encode())
    digest.update(rows[order].tobytes())
    return Content(id=digest.hexdigest(), order=order)


def write_snapshot(*, folder: Path, table: str, frame: pd.DataFrame, named: Content) -> Snapshot:
    """Write to a temporary file, flush it to the disk, then rename. A file with the name already there is replaced."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    made = Snapshot(table=table, id=named.id, rows=len(frame), sha256="")
    temporary = folder / f"{made.file}{_TEMPORARY}"
    with temporary.open("wb") as file:
        pq.write_table(pa.Table.from_pandas(frame.take(named.order), preserve_index=False), file)
        file.flush()
        os.fsync(file.fileno())
    sha256 = _sha256(temporary)
    temporary.replace(folder / made.file)
    _flush_folder(folder)
    return replace(made, sha256=sha256)


def read_snapshot(*, folder: Path, snapshot: Snapshot) -> pd.DataFrame:
    """The frame that was written. Raises StoreError when the file is missing or is not the one that was written."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        data = (folder / snapshot.file).read_bytes()
    except FileNotFoundError as error:
        raise StoreError("snapshot_missing", got=snapshot.file) from error
    except OSError as error:
        raise StoreError("store_not_accessible", got=folder / snapshot.file) from error
    if hashlib.sha256(data).hexdigest() != snapshot.sha256:
        raise StoreError("snapshot_changed", got=snapshot.file)
    return pq.read_table(pa.BufferReader(data)).to_pandas()


def is_whole(*, folder: Path, snapshot: Snapshot) -> bool:
    """Is the file of ``snapshot`` there with the bytes that were written?"""
    path = folder / snapshot.file
    return path.is_file() and _sha256(path) == snapshot.sha256


def clean(*, folder: Path) -> None:
    """Remove what a killed import left behind. Only for the one writer."""
    for path in folder.glob(f"*{_TEMPORARY}"):
        path.unlink()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _flush_folder(folder: Path) -> None:
    """Make the rename itself last through a power cut, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
