"""store/visits.sqlite: who opened which page when, for as long as study.toml says. Kept apart from the ledger, which
nobody may shorten."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pandas as pd

from .ledger import faults

if TYPE_CHECKING:
    from pathlib import Path

FILE = "visits.sqlite"
COLUMNS = ("at", "who", "role", "page")
_TABLE = "CREATE TABLE IF NOT EXISTS visits (at TEXT NOT NULL, who TEXT NOT NULL, role TEXT NOT NULL, page TEXT NOT NULL) STRICT"


def record_visit(*, store: Path, at: dt.datetime, who: str, role: str, page: str, keep_days: int) -> None:
    """Write one visit and forget those older than ``keep_days``; with 0 days nothing is written and all is forgotten.

    Raises StoreError where the store cannot be written.
    """
    path = store / FILE
    if keep_days == 0 and not path.is_file():
        return
    store.mkdir(parents=True, exist_ok=True)
    with faults(path), closing(sqlite3.connect(path, timeout=5.0)) as db, db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute(_TABLE)
        oldest = (at - dt.timedelta(days=keep_days)).isoformat()
        db.execute("DELETE FROM visits WHERE at <= ?", (oldest,))
        if keep_days:
            db.execute("INSERT INTO visits VALUES (?, ?, ?, ?)", (at.isoformat(), who, role, page))


def visits(*, store: Path) -> pd.DataFrame:
    """All visits still kept (``COLUMNS``), the last one first."""
    path = store / FILE
    if not path.is_file():
        return pd.DataFrame(columns=list(COLUMNS), dtype="str")
    with faults(path), closing(sqlite3.connect(path)) as db:
        rows = db.execute("SELECT at, who, role, page FROM visits ORDER BY at DESC").fetchall()
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")
