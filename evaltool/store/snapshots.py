"""store/snapshots/*.parquet: writing one so that it is there whole or not at all, and reading it back unchanged."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
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


def canonical_order(frame: pd.DataFrame) -> pd.DataFrame:
    """``frame`` with its rows in the order of their content, so that the order of the source cannot matter."""
    return frame.take(np.argsort(row_hashes(frame), kind="stable")).reset_index(drop=True)


def row_hashes(frame: pd.DataFrame) -> np.ndarray:
    """One uint64 per row from its values. The order of columns, and columns that are missing throughout, do not count."""
    filled = frame[sorted(name for name in frame.columns if frame[name].notna().any())]
    if filled.columns.empty:
        return np.zeros(len(frame), dtype="uint64")
    return pd.util.hash_pandas_object(filled, index=False, categorize=False).to_numpy()


def content_id(frame: pd.DataFrame) -> str:
    """sha-256 of the content: column names, and the rows in any order. It does not depend on the file format."""
    columns = sorted(name for name in frame.columns if frame[name].notna().any())
    digest = hashlib.sha256("\n".join([str(len(frame)), *columns]).encode())
    digest.update(np.sort(row_hashes(frame)).astype("<u8").tobytes())
    return digest.hexdigest()


def write_snapshot(*, folder: Path, table: str, frame: pd.DataFrame) -> Snapshot:
    """Write to a temporary file, flush it to the disk, then rename. A file with the name already there is replaced."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    frame = canonical_order(frame)
    made = Snapshot(table=table, id=content_id(frame), rows=len(frame), sha256="")
    temporary = folder / f"{made.file}{_TEMPORARY}"
    with temporary.open("wb") as file:
        pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), file)
        file.flush()
        os.fsync(file.fileno())
    with temporary.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    temporary.replace(folder / made.file)
    _flush_folder(folder)
    return Snapshot(table=table, id=made.id, rows=made.rows, sha256=sha256)


def read_snapshot(*, folder: Path, snapshot: Snapshot) -> pd.DataFrame:
    """The frame that was written. Raises StoreError when the file is missing or is not the one that was written."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        content = (folder / snapshot.file).read_bytes()
    except FileNotFoundError as error:
        raise StoreError("snapshot_missing", got=snapshot.file, table=snapshot.table) from error
    except OSError as error:
        raise StoreError("store_not_accessible", got=folder / snapshot.file) from error
    if hashlib.sha256(content).hexdigest() != snapshot.sha256:
        raise StoreError("snapshot_changed", got=snapshot.file, table=snapshot.table)
    return pq.read_table(pa.BufferReader(content)).to_pandas()


def is_whole(*, folder: Path, snapshot: Snapshot) -> bool:
    """Is the file of ``snapshot`` there with the bytes that were written?"""
    path = folder / snapshot.file
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == snapshot.sha256


def clean(*, folder: Path) -> None:
    """Remove what a killed import left behind. Only for the one writer."""
    for path in folder.glob(f"*{_TEMPORARY}"):
        path.unlink()


def _flush_folder(folder: Path) -> None:
    """Make the rename itself last through a power cut, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
