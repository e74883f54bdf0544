"""Take checked rows into the store: all or nothing, one writer at a time."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..contracts import contract
from .ledger import writing
from .merge import Difference, difference, merge
from .records import current, recorded
from .snapshots import Content, Snapshot, clean, content, is_whole, read_snapshot, write_snapshot

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from ..study import Study


@dataclass(frozen=True)
class SourceFacts:
    """Where rows came from. ``problems``: ``{(rule, severity, column): rows}``, counts only."""

    file_name: str
    file_sha256: str
    map_name: str
    map_sha256: str
    rows_in: int
    rows_refused: int
    problems: Mapping[tuple[str, str, str], int] = field(default_factory=dict)


@dataclass(frozen=True)
class ImportReceipt:
    """What an import did. ``recognised``: this file was imported before with this mapping.

    ``recorded`` is False when nothing changed by importing a recognised file again: the ledger is as it was.
    """

    table: str
    snapshot: str
    rows: int
    rows_in: int
    rows_kept: int
    rows_refused: int
    difference: Difference
    recognised: bool
    recorded: bool


def import_table(
    *, study: Study, table: str, frame: pd.DataFrame, source: SourceFacts, who: str, when: dt.datetime
) -> ImportReceipt:
    """Make ``frame`` (rows that keep the contract of ``table``) part of the study, and say what that changed.

    What a file replaces stands in ``merge.SCOPE``. ``who`` and ``when`` are written as given. Raises StoreError
    (locked, not writable, corrupt, disk full, current snapshot missing or changed); then the store is as before.
    """
    folder = study.store / "snapshots"
    with writing(study.store) as db:
        clean(folder=folder)
        pointer = current(db).get(table)
        old = read_snapshot(folder=folder, snapshot=pointer) if pointer else None
        whole = merge(old=old, new=frame, table=table)
        recognised = recorded(db, table=table, file_sha256=source.file_sha256, map_sha256=source.map_sha256)
        named = content(whole)
        same = pointer is not None and pointer.id == named.id
        changes = (Difference(new=0, gone=0, changed=0, unchanged=len(whole)) if same
                   else difference(old=old, new=whole, key=contract(table).key))
        snapshot = pointer if same else _written(db, folder, table, whole, named)
        if not (recognised and same):
            _record(db, table, source, snapshot, len(frame), changes, who, when)
    return ImportReceipt(
        table=table, snapshot=snapshot.id[:12], rows=snapshot.rows, rows_in=source.rows_in, rows_kept=len(frame),
        rows_refused=source.rows_refused, difference=changes, recognised=recognised, recorded=not (recognised and same),
    )


def _written(db: sqlite3.Connection, folder: Path, table: str, frame: pd.DataFrame, named: Content) -> Snapshot:
    """The snapshot of ``frame``: the earlier one with this content where its file is whole, else a new file."""
    row = db.execute(
        "SELECT snapshot_rows, snapshot_sha256 FROM imports WHERE table_name = ? AND snapshot = ? ORDER BY id DESC",
        (table, named.id),
    ).fetchone()
    if row:
        earlier = Snapshot(table=table, id=named.id, rows=row[0], sha256=row[1])
        if is_whole(folder=folder, snapshot=earlier):
            return earlier
    return write_snapshot(folder=folder, table=table, frame=frame, named=named)


def _record(
    db: sqlite3.Connection, table: str, source: SourceFacts, snapshot: Snapshot, kept: int, changes: Difference,
    who: str, when: dt.datetime,
) -> None:
    values = {
        "table_name": table, "at": when.isoformat(), "who": who, "file_name": source.file_name,
        "file_sha256": source.file_sha256, "map_name": source.map_name, "map_sha256": source.map_sha256,
        "contract_version": contract(table).version, "rows_in": source.rows_in, "rows_kept": kept,
        "rows_refused": source.rows_refused, "rows_new": changes.new, "rows_gone": changes.gone,
        "rows_changed": changes.changed, "rows_unchanged": changes.unchanged, "snapshot": snapshot.id,
        "snapshot_rows": snapshot.rows, "snapshot_sha256": snapshot.sha256,
    }
    marks = ", ".join(f":{name}" for name in values)
    made = db.execute(f"INSERT INTO imports ({', '.join(values)}) VALUES ({marks})", values)
    db.executemany(
        "INSERT INTO problems (import_id, rule, severity, column_name, rows) VALUES (?, ?, ?, ?, ?)",
        [(made.lastrowid, *where, rows) for where, rows in source.problems.items()],
    )
