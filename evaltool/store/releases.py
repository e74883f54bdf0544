"""What was released, to whom and why: append-only tables in the ledger, so that nobody can forget what a reader knows.

A release is one row; the cells it showed are written once, measure by measure, and any later release of the same
numbers points to them: another method shows the same series. The tables come into being with the first release, in stores
of any age; in those that wrote cells by the checksum of the whole release, such cells are read as before.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .kept import program
from .ledger import reading, writing

if TYPE_CHECKING:
    from ..study import Study

CELL_TEXT = ("measure", "department", "subgroup", "kind", "phase", "grain", "period")
CELL_NUMBERS = ("n", "amount", "persons")
RELEASE_COLUMNS = (
    "id", "at", "who", "role", "purpose", "policy", "reason", "snapshot", "definition", "version", "shown", "hidden",
    "sha256", "facts",
)

_TABLES = (
    """CREATE TABLE IF NOT EXISTS releases (
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, role TEXT NOT NULL, purpose TEXT NOT NULL,
        policy TEXT NOT NULL, reason TEXT, snapshot TEXT NOT NULL, definition TEXT NOT NULL, version TEXT NOT NULL,
        shown INTEGER NOT NULL, hidden INTEGER NOT NULL, sha256 TEXT NOT NULL, facts TEXT NOT NULL
    ) STRICT""",
    f"""CREATE TABLE IF NOT EXISTS released_cells (
        sha256 TEXT NOT NULL, {", ".join(f"{name} TEXT NOT NULL" for name in CELL_TEXT)},
        {", ".join(f"{name} REAL" for name in CELL_NUMBERS)}
    ) STRICT""",
    "CREATE INDEX IF NOT EXISTS released_cells_sha256 ON released_cells (sha256)",
    "CREATE TABLE IF NOT EXISTS released_parts (sha256 TEXT NOT NULL, part TEXT NOT NULL, PRIMARY KEY (sha256, part)) STRICT",
    *(
        f"""CREATE TRIGGER IF NOT EXISTS {table}_{verb.lower()} BEFORE {verb} ON {table}
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"""
        for table in ("releases", "released_cells", "released_parts") for verb in ("UPDATE", "DELETE")
    ),
)

_STAMPED = "coalesce(?, strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now'))"


def record_release(
    *, study: Study, cells: Callable[[], pd.DataFrame], facts: Mapping[str, object], who: str, when: dt.datetime | None,
    role: str, purpose: str, every_time: bool = True,
) -> None:
    """Write one release to the ledger; without ``when`` the ledger stamps it. every_time False: only what this person
    has not been shown for this purpose before.

    cells: gives the cells that were shown (``CELL_TEXT``, "" where a name does not apply, and ``CELL_NUMBERS``); not asked
    where the ledger has them. facts: ``policy, reason, snapshot, definition, version, shown, hidden, sha256`` and whatever
    else the log should tell. Raises StoreError (locked, not writable, corrupt, disk full): then nothing was released either.
    """
    named = {name: facts.get(name) for name in RELEASE_COLUMNS[5:-1]}
    rest = {name: value for name, value in facts.items() if name not in named}
    sha256 = str(named["sha256"])
    if not every_time and _is_recorded(study, (who, role, purpose, sha256, str(named["definition"]))):
        return
    row = (when.isoformat() if when else None, who, role, purpose, *named.values(), json.dumps(rest, sort_keys=True))
    parts = {} if _has_cells(study, sha256) else _parts(cells())
    with writing(study.store) as db:
        for statement in _TABLES:
            db.execute(statement)
        db.execute(f"INSERT INTO releases ({', '.join(RELEASE_COLUMNS[1:])}) VALUES ({_STAMPED}{', ?' * (len(row) - 1)})", row)
        db.executemany("INSERT OR IGNORE INTO released_parts VALUES (?, ?)", [(sha256, name) for name in parts])
        for name, part in parts.items():
            if not db.execute("SELECT 1 FROM released_cells WHERE sha256 = ? LIMIT 1", (name,)).fetchone():
                _write(db, name, part)


def _parts(cells: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The cells of each measure, those of groups of people apart, by the name of what they say."""
    rows = pd.util.hash_pandas_object(cells[[*CELL_TEXT, *CELL_NUMBERS]], index=False).to_numpy().astype("<u8")
    groups = cells.groupby(["measure", cells["subgroup"].ne("").rename("split")], sort=False).indices if len(cells) else {}
    return {hashlib.sha256(np.sort(rows[at]).tobytes()).hexdigest(): cells.iloc[at] for at in groups.values()}


def _write(db: sqlite3.Connection, name: str, part: pd.DataFrame) -> None:
    texts = part[list(CELL_TEXT)].astype(str).to_numpy(dtype=object)
    numbers = part[list(CELL_NUMBERS)].astype(object).where(part[list(CELL_NUMBERS)].notna(), None).to_numpy()
    marks = ", ".join("?" * (1 + len(CELL_TEXT) + len(CELL_NUMBERS)))
    db.executemany(f"INSERT INTO released_cells VALUES ({marks})", [(name, *t, *n) for t, n in zip(texts, numbers, strict=True)])


def _has_cells(study: Study, sha256: str) -> bool:
    with reading(study.store) as db:
        return any(_has_tables(db, name) and db.execute(f"SELECT 1 FROM {name} WHERE sha256 = ? LIMIT 1", (sha256,)).fetchone()
                   for name in ("released_parts", "released_cells"))


def _is_recorded(study: Study, said: tuple[str, ...]) -> bool:
    """``said``: who, role, purpose, sha256, definition. A newer program names its definitions anew: what it shows is what the next
    extract is held against, though the numbers are the same."""
    query = "SELECT 1 FROM releases WHERE who = ? AND role = ? AND purpose = ? AND sha256 = ? AND definition = ? LIMIT 1"
    with reading(study.store) as db:
        return _has_tables(db) and db.execute(query, said).fetchone() is not None


def released_cells(*, study: Study, role: str) -> pd.DataFrame:
    """Every cell that ``role`` has been shown: ``CELL_TEXT``, ``CELL_NUMBERS``, ``snapshot`` and ``definition``, each
    combination once."""
    columns = (*CELL_TEXT, *CELL_NUMBERS, "snapshot", "definition")
    with reading(study.store) as db:
        rows = db.execute(_cells_query(db, columns, "role = ?"), (role,)).fetchall() if _has_tables(db) else []
    frame = pd.DataFrame(rows, columns=list(columns))
    return frame.astype(dict.fromkeys(CELL_NUMBERS, "float64"))


def last_cells(*, study: Study, role: str, snapshot: str, definition: str) -> pd.DataFrame:
    """The cells ``role`` was shown last from another snapshot than ``snapshot`` by the same ``definition``: ``CELL_TEXT`` and
    ``CELL_NUMBERS``; no rows where there is none."""
    last = """SELECT snapshot FROM releases WHERE role = ? AND definition = ? AND snapshot <> ? AND id < coalesce(
        (SELECT min(id) FROM releases WHERE snapshot = ?), 9e18) ORDER BY id DESC LIMIT 1"""
    asked = (role, definition, role, definition, snapshot, snapshot)
    columns = (*CELL_TEXT, *CELL_NUMBERS)
    with reading(study.store) as db:
        query = _cells_query(db, columns, f"role = ? AND definition = ? AND snapshot = ({last})")
        rows = db.execute(query, asked).fetchall() if _has_tables(db) else []
    frame = pd.DataFrame(rows, columns=list(columns))
    return frame.astype(dict.fromkeys(CELL_NUMBERS, "float64"))


def _cells_query(db: sqlite3.Connection | None, columns: tuple[str, ...], where: str) -> str:
    """Each combination of ``columns`` once among the cells of the releases that ``where`` chooses."""
    name, parts = ("coalesce(part, sha256)", "LEFT JOIN released_parts USING (sha256)") if _has_tables(db, "released_parts") else ("sha256", "")
    return f"""SELECT DISTINCT {', '.join(columns)} FROM released_cells JOIN
        (SELECT DISTINCT {name} AS sha256, snapshot, definition FROM releases {parts} WHERE {where}) USING (sha256)"""


def definition(*, study: Study) -> str:
    """Changes when what is counted does: periods, surveys, windows, rollout, departments, program; not with limits or names."""
    said = [program(), study.periods, study.surveys, study.readmission, study.stays, study.chosen.use, study.as_of, study.timezone]
    digest = hashlib.sha256(repr(said).encode())
    for path in sorted(study.register.glob("*")) if study.register.is_dir() else ():
        digest.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()[:24]


def release_history(*, study: Study) -> pd.DataFrame:
    """One row per release in the order they happened (``RELEASE_COLUMNS``, ``facts`` as JSON), for ``evaltool log``."""
    with reading(study.store) as db:
        rows = db.execute(f"SELECT {', '.join(RELEASE_COLUMNS)} FROM releases ORDER BY id").fetchall() if _has_tables(db) else []
    return pd.DataFrame(rows, columns=list(RELEASE_COLUMNS))


def facts_given(*, study: Study, roles: Sequence[str], purpose: str, others: bool = False) -> list[dict]:
    """The facts of every release to one of ``roles`` for ``purpose``; with ``others`` of those for any other purpose."""
    query = f"""SELECT DISTINCT facts FROM releases WHERE role IN ({', '.join('?' * len(roles))})
        AND (purpose = ?) <> ?"""
    with reading(study.store) as db:
        rows = db.execute(query, (*roles, purpose, others)).fetchall() if _has_tables(db) else []
    return [json.loads(facts) for (facts,) in rows]


def _has_tables(db: sqlite3.Connection | None, name: str = "releases") -> bool:
    return db is not None and db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,)).fetchone() is not None
