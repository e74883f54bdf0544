"""store/ledger.sqlite: opening it for one writer or many readers, its tables, and its faults as StoreErrors."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ..errors import StoreError

FILE = "ledger.sqlite"
VERSION = 1
WAIT_SECONDS = 5.0
"""How long a writer waits for another one before it gives up."""
ALWAYS_CHECKED = 1_000_000
"""Bytes up to which the file is checked each time it is opened; a larger one again when somebody else has changed it."""

_whole: dict[Path, tuple[int, ...]] = {}
"""Large ledgers that were found whole, as they were then."""

_SCHEMA = (
    """CREATE TABLE imports (
        id INTEGER PRIMARY KEY, table_name TEXT NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL,
        file_name TEXT NOT NULL, file_sha256 TEXT NOT NULL, map_name TEXT NOT NULL, map_sha256 TEXT NOT NULL,
        contract_version INTEGER NOT NULL, rows_in INTEGER NOT NULL, rows_kept INTEGER NOT NULL,
        rows_refused INTEGER NOT NULL, rows_new INTEGER NOT NULL, rows_gone INTEGER NOT NULL,
        rows_changed INTEGER NOT NULL, rows_unchanged INTEGER NOT NULL,
        snapshot TEXT NOT NULL, snapshot_rows INTEGER NOT NULL, snapshot_sha256 TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE problems (
        import_id INTEGER NOT NULL REFERENCES imports (id), rule TEXT NOT NULL, severity TEXT NOT NULL,
        column_name TEXT NOT NULL, rows INTEGER NOT NULL
    ) STRICT""",
    *(
        f"""CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table}
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"""
        for table in ("imports", "problems") for verb in ("UPDATE", "DELETE")
    ),
    f"PRAGMA user_version = {VERSION}",
)

_CODES = {
    sqlite3.SQLITE_BUSY: "store_locked", sqlite3.SQLITE_LOCKED: "store_locked",
    sqlite3.SQLITE_READONLY: "store_not_writable", sqlite3.SQLITE_PERM: "store_not_writable",
    sqlite3.SQLITE_CANTOPEN: "store_not_accessible", sqlite3.SQLITE_AUTH: "store_not_accessible",
    sqlite3.SQLITE_CORRUPT: "store_corrupt", sqlite3.SQLITE_NOTADB: "store_corrupt",
    sqlite3.SQLITE_FULL: "store_disk", sqlite3.SQLITE_IOERR: "store_disk",
}


@contextmanager
def writing(store: Path) -> Iterator[sqlite3.Connection]:
    """The one writer: the lock is held from here to the end, where all is committed, or nothing after an error.

    The operating system frees the lock of a killed process. Raises StoreError: locked, read-only, corrupt, disk.
    """
    path = store / FILE
    with faults(path):
        (store / "snapshots").mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)) as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA foreign_keys = ON")
            db.execute("BEGIN IMMEDIATE")
            if _version(db, path) == 0:
                for statement in _SCHEMA:
                    db.execute(statement)
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")
        # It was whole before, and this process wrote what is new.
        _whole[path] = _state(path)


def scrub(store: Path) -> None:
    """Overwrite what the ledger has no use for any more, in the file and in its log. Raises StoreError as ``writing``."""
    path = store / FILE
    with faults(path), closing(sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)) as db:
        db.execute("PRAGMA secure_delete = ON")
        db.execute("VACUUM")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def reading(store: Path) -> Iterator[sqlite3.Connection | None]:
    """A reader's view of one moment, or None where nothing has been imported. Never waits for the writer."""
    path = store / FILE
    if not path.is_file():
        yield None
        return
    with faults(path), closing(_open_for_reading(path)) as db:
        db.execute("BEGIN")
        yield db if _version(db, path) else None


def _open_for_reading(path: Path) -> sqlite3.Connection:
    """Read-only; on a store that may not be written at all, where no log waits to be read in, as an unchanging file."""
    address = path.resolve().as_uri()
    db = sqlite3.connect(f"{address}?mode=ro", uri=True, timeout=WAIT_SECONDS, isolation_level=None)
    try:
        db.execute("PRAGMA user_version")
        return db
    except sqlite3.OperationalError as error:
        db.close()
        log = path.with_name(FILE + "-wal")
        refused = error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
        if not refused or (log.is_file() and log.stat().st_size):
            raise
        return sqlite3.connect(f"{address}?mode=ro&immutable=1", uri=True, isolation_level=None)


def _version(db: sqlite3.Connection, path: Path) -> int:
    state = _state(path)
    if state[0] <= ALWAYS_CHECKED or _whole.get(path) != state:
        if db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise StoreError("store_corrupt", got=path)
        _whole[path] = state
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise StoreError("store_newer", got=version, expected=VERSION)
    return version


def _state(path: Path) -> tuple[int, ...]:
    """Another one whenever the file has changed."""
    found = path.stat()
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


@contextmanager
def faults(path: Path) -> Iterator[None]:
    """SQLite's and the file system's errors as one StoreError that says what to do."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = _CODES.get(getattr(error, "sqlite_errorcode", -1) & 0xFF)
        if code is None:
            raise
        raise StoreError(code, got=path) from error
    except OSError as error:
        codes = {errno.ENOSPC: "store_disk", errno.EDQUOT: "store_disk", errno.EIO: "store_disk", errno.EFBIG: "store_disk"}
        raise StoreError(codes.get(error.errno, "store_not_writable"), got=path.parent) from error
