"""Take one person out of every snapshot of a study."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from ..errors import StoreError
from .ledger import reading, writing
from .records import current
from .removals import Removal, record_removal
from .snapshots import clean, content, read_snapshot, write_snapshot
from .take_away import take_away

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    import pandas as pd

    from ..study import Study

PERSON_COLUMNS = ("person", "respondent")


def forget(*, study: Study, ids: Collection[str], who: str, when: dt.datetime, dry_run: bool = False) -> Removal:
    """Remove the rows whose person or respondent is one of ``ids``, and record that rows went, not whose.

    Snapshots in force are written anew without the rows; earlier ones that hold the person are deleted, and so are all kept
    results. The pointers move in one transaction before any file goes: killed at any step, the study is as before or
    without the person, and a second call finishes. Raises StoreError: ``person_unknown``, and the store's own.
    """
    folder = study.store / "snapshots"
    with reading(study.store) as db:
        pointers = current(db) if db else {}
    holding = {path: rows for path in sorted(folder.glob("*.parquet")) if (rows := _rows(path, ids))}
    if not holding:
        raise StoreError("person_unknown")
    counts = {table: rows for table, one in pointers.items() if (rows := holding.get(folder / one.file))}
    if dry_run:
        return Removal(rows=counts, files=len(holding))
    with writing(study.store) as db:
        clean(folder=folder)
        counts = _moved(db, folder, ids, who, when)
    take_away(store=study.store, files=holding)
    return Removal(rows=counts, files=len(holding))


def _moved(db: sqlite3.Connection, folder: Path, ids: Collection[str], who: str, when: dt.datetime) -> dict[str, int]:
    """Rows that went per table, their pointers moved; what a killed call left undone is recorded with 0 rows."""
    counts = {}
    for table, pointer in sorted(current(db).items()):
        frame = read_snapshot(folder=folder, snapshot=pointer)
        theirs = _theirs(frame, ids)
        if not theirs.any():
            continue
        left = frame[~theirs].reset_index(drop=True)
        made = write_snapshot(folder=folder, table=table, frame=left, named=content(left))
        counts[table] = int(theirs.sum())
        record_removal(db, kind="forget", who=who, when=when, table=table, rows=counts[table], snapshot=made)
    if not counts:
        record_removal(db, kind="forget", who=who, when=when)
    return counts


def _theirs(frame: pd.DataFrame, ids: Collection[str]) -> pd.Series:
    columns = [name for name in PERSON_COLUMNS if name in frame]
    return frame[columns].isin(list(ids)).any(axis=1)


def _rows(path: Path, ids: Collection[str]) -> int:
    try:
        columns = [name for name in PERSON_COLUMNS if name in pq.read_schema(path).names]
        return int(_theirs(pq.read_table(path, columns=columns).to_pandas(), ids).sum()) if columns else 0
    except pa.ArrowException as error:
        raise StoreError("snapshot_changed", got=path.name) from error
