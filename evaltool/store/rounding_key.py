"""The secret that decides which way each count is rounded: drawn once per study, kept for as long as the store."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from .ledger import reading, writing

if TYPE_CHECKING:
    import sqlite3

    from ..study import Study

_TABLES = (
    "CREATE TABLE IF NOT EXISTS rounding_key (id INTEGER PRIMARY KEY CHECK (id = 1), key BLOB NOT NULL) STRICT",
    *(f"""CREATE TRIGGER IF NOT EXISTS rounding_key_{verb.lower()} BEFORE {verb} ON rounding_key
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""" for verb in ("UPDATE", "DELETE")),
)
BYTES = 32


def rounding_key(*, study: Study) -> bytes:
    """The key of the study's store, made when it is first asked for. It lies beside the exact rows and is as secret as they
    are. Raises StoreError where the store cannot be read or, the first time, not be written."""
    with reading(study.store) as db:
        if db is not None and (found := _found(db)):
            return found
    with writing(study.store) as db:
        for statement in _TABLES:
            db.execute(statement)
        # Another writer may have been first.
        db.execute("INSERT INTO rounding_key SELECT 1, ? WHERE NOT EXISTS (SELECT 1 FROM rounding_key)", (secrets.token_bytes(BYTES),))
        return _found(db)


def _found(db: sqlite3.Connection) -> bytes | None:
    there = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'rounding_key'").fetchone()
    row = db.execute("SELECT key FROM rounding_key").fetchone() if there else None
    return row[0] if row else None
