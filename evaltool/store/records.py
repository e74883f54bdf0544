"""What the ledger says: the current snapshots, the history of imports, and how good the last imports were."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pandas as pd

from .ledger import reading
from .removals import removals
from .snapshots import Snapshot

if TYPE_CHECKING:
    from ..study import Study

_LAST = "IN (SELECT max(id) FROM imports GROUP BY table_name)"

HISTORY_COLUMNS = (
    "id", "table", "at", "who", "file", "file_sha256", "map", "map_sha256", "contract_version", "rows_in", "rows_kept",
    "rows_refused", "rows_new", "rows_gone", "rows_changed", "rows_unchanged", "snapshot", "snapshot_rows",
)
QUALITY_COLUMNS = ("table", "rule", "severity", "column", "rows")

_RENAMED = {"table": "table_name", "column": "column_name", "file": "file_name", "map": "map_name"}


def history(*, study: Study) -> pd.DataFrame:
    """One row per import in the order they happened (``HISTORY_COLUMNS``); no rows when nothing was imported."""
    whole = _frame(study, f"SELECT {_stored(HISTORY_COLUMNS)} FROM imports ORDER BY id", HISTORY_COLUMNS)
    # A removal moves the pointer by a row of its own, which is no import.
    return whole[~whole["id"].isin(removals(study=study)["import_id"])].reset_index(drop=True)


def quality(*, study: Study) -> pd.DataFrame:
    """Problems of the last import of each table (``QUALITY_COLUMNS``): counts, never values."""
    return _frame(study, f"SELECT {_stored(QUALITY_COLUMNS)} FROM problems JOIN imports ON imports.id = import_id"
                  f" WHERE import_id {_LAST} ORDER BY table_name, rule, column_name", QUALITY_COLUMNS)


def current(db: sqlite3.Connection) -> dict[str, Snapshot]:
    """The snapshot that is in force for each table; none for a table that was purged."""
    rows = db.execute(f"SELECT table_name, snapshot, snapshot_rows, snapshot_sha256 FROM imports WHERE id {_LAST} AND snapshot <> ''")
    return {table: Snapshot(table=table, id=id_, rows=n, sha256=sha256) for table, id_, n, sha256 in rows}


def basis(db: sqlite3.Connection) -> list:
    """What is in force now and how many imports led to it: equal lists mean equal data and equal history."""
    pointers = sorted((table, one.id) for table, one in current(db).items())
    return [*pointers, db.execute("SELECT max(id) FROM imports").fetchone()[0]]


def contract_versions(db: sqlite3.Connection) -> dict[str, int]:
    """The version of the contract that each table in force was checked against."""
    return dict(db.execute(f"SELECT table_name, contract_version FROM imports WHERE id {_LAST} AND snapshot <> ''").fetchall())


def recorded(db: sqlite3.Connection, *, table: str, file_sha256: str, map_sha256: str) -> bool:
    """Was this file imported into this table with this mapping before?"""
    return db.execute(
        "SELECT 1 FROM imports WHERE table_name = ? AND file_sha256 = ? AND map_sha256 = ?",
        (table, file_sha256, map_sha256),
    ).fetchone() is not None


def _stored(columns: tuple[str, ...]) -> str:
    return ", ".join(_RENAMED.get(name, name) for name in columns)


def _frame(study: Study, query: str, columns: tuple[str, ...]) -> pd.DataFrame:
    with reading(study.store) as db:
        rows = db.execute(query).fetchall() if db else []
    return pd.DataFrame(rows, columns=columns)
