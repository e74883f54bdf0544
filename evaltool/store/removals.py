"""Removals in the ledger: that rows about persons were taken away, when, by whom and how many. Never which person."""

from __future__ import annotations

import datetime as dt
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from .ledger import reading
from .snapshots import Snapshot

if TYPE_CHECKING:
    from ..study import Study

COLUMNS = ("id", "at", "who", "kind", "table", "rows", "import_id")

_TABLE = (
    """CREATE TABLE IF NOT EXISTS removals (
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, kind TEXT NOT NULL, table_name TEXT NOT NULL,
        rows INTEGER NOT NULL, import_id INTEGER REFERENCES imports (id)
    ) STRICT""",
    *(f"""CREATE TRIGGER IF NOT EXISTS removals_{verb.lower()} BEFORE {verb} ON removals
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""" for verb in ("UPDATE", "DELETE")),
)

_MOVED = ("table_name", "file_name", "file_sha256", "map_name", "map_sha256", "contract_version", "rows_in", "rows_kept", "rows_refused")


@dataclass(frozen=True)
class Removal:
    """``rows``: per table, of the snapshot in force. ``files``: snapshot files that go."""

    rows: dict[str, int]
    files: int


def record_removal(
    db: sqlite3.Connection, *, kind: str, who: str, when: dt.datetime, table: str = "", rows: int = 0,
    snapshot: Snapshot | None = None,
) -> None:
    """Write that ``rows`` of ``table`` went, and make ``snapshot`` the one in force (its id '' : the table has none).

    The pointer moves by a new row that says of the source what the last import said; its problems are kept. Without
    ``snapshot`` no pointer moves.
    """
    for statement in _TABLE:
        db.execute(statement)
    moved = None
    if snapshot is not None:
        last = db.execute("SELECT max(id) FROM imports WHERE table_name = ?", (table,)).fetchone()[0]
        same = ", ".join(_MOVED)
        moved = db.execute(
            f"""INSERT INTO imports ({same}, at, who, rows_new, rows_gone, rows_changed, rows_unchanged, snapshot, snapshot_rows,
            snapshot_sha256) SELECT {same}, ?, ?, 0, ?, 0, ?, ?, ?, ? FROM imports WHERE id = ?""",
            (when.isoformat(), who, rows, snapshot.rows, snapshot.id, snapshot.rows, snapshot.sha256, last)).lastrowid
        db.execute("INSERT INTO problems SELECT ?, rule, severity, column_name, rows FROM problems WHERE import_id = ?", (moved, last))
    db.execute("INSERT INTO removals (at, who, kind, table_name, rows, import_id) VALUES (?, ?, ?, ?, ?, ?)",
               (when.isoformat(), who, kind, table, rows, moved))


def removals(*, study: Study) -> pd.DataFrame:
    """One row per table and removal (``COLUMNS``), the oldest first. ``import_id``: the ledger row that moved the pointer."""
    with reading(study.store) as db:
        there = db and db.execute("SELECT 1 FROM sqlite_master WHERE name = 'removals'").fetchone()
        rows = db.execute("SELECT id, at, who, kind, table_name, rows, import_id FROM removals ORDER BY id").fetchall() if there else []
    return pd.DataFrame(rows, columns=list(COLUMNS))
