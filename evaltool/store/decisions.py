"""What people said and decided about a measure in a department: append-only rows in the ledger.

A decision is never changed. What happens to it later (done, dropped, another owner or date) is a new row that names it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import astuple, dataclass, fields
from typing import TYPE_CHECKING

import pandas as pd

from ..errors import StoreError
from .ledger import reading, writing

if TYPE_CHECKING:
    from ..study import Study

KINDS = ("comment", "decision")
STATES = ("open", "done", "dropped")
COLUMNS = ("id", "at", "who", "kind", "measure", "department", "text", "owner", "due", "state", "about")

_TABLE = (
    """CREATE TABLE IF NOT EXISTS decisions (
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, kind TEXT NOT NULL, measure TEXT NOT NULL,
        department TEXT NOT NULL, text TEXT NOT NULL, owner TEXT NOT NULL, due TEXT NOT NULL, state TEXT NOT NULL,
        about INTEGER REFERENCES decisions (id)
    ) STRICT""",
    *(f"""CREATE TRIGGER IF NOT EXISTS decisions_{verb.lower()} BEFORE {verb} ON decisions
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""" for verb in ("UPDATE", "DELETE")),
)


@dataclass(frozen=True)
class Entry:
    """One thing said. ``measure`` and ``department`` may be empty (the whole study); ``due`` only where there is a date.

    ``about``: the id of the decision that this entry carries on, or None for a new one.
    """

    kind: str
    measure: str
    department: str
    text: str
    owner: str = ""
    due: dt.date | None = None
    state: str = "open"
    about: int | None = None


def record_decision(*, study: Study, entry: Entry, who: str, when: dt.datetime) -> int:
    """Write ``entry`` and return its id. Raises StoreError: no text, an unknown kind, state or decision, and the
    store's own (locked, not writable, corrupt, disk)."""
    if not entry.text.strip() or entry.kind not in KINDS or entry.state not in STATES:
        raise StoreError("decision_incomplete")
    values = {f.name: value for f, value in zip(fields(entry), astuple(entry), strict=True)}
    values |= {"at": when.isoformat(), "who": who, "text": entry.text.strip(), "due": entry.due.isoformat() if entry.due else ""}
    with writing(study.store) as db:
        for statement in _TABLE:
            db.execute(statement)
        if entry.about is not None and not db.execute(
                "SELECT 1 FROM decisions WHERE id = ? AND about IS NULL", (entry.about,)).fetchone():
            raise StoreError("decision_unknown")
        made = db.execute(f"INSERT INTO decisions ({', '.join(values)}) VALUES ({', '.join(f':{v}' for v in values)})", values)
    return int(made.lastrowid)


def entries(*, study: Study) -> pd.DataFrame:
    """Every row as it was written (``COLUMNS``), oldest first; ``due`` and ``at`` are dates, ``about`` may be missing."""
    with reading(study.store) as db:
        there = db and db.execute("SELECT 1 FROM sqlite_master WHERE name = 'decisions'").fetchone()
        rows = db.execute(f"SELECT {', '.join(COLUMNS)} FROM decisions ORDER BY id").fetchall() if there else []
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    for name in ("at", "due"):
        frame[name] = pd.to_datetime(frame[name].replace("", None), utc=True).dt.tz_localize(None)
    return frame.assign(about=frame["about"].astype("float64"))


def decisions(*, study: Study) -> pd.DataFrame:
    """One row per thread as it stands now: the first entry, with owner, due and state of the last one, open ones first.

    ``answers``: number of later entries; ``last_text`` and ``last_at``: the latest of them (or the entry itself).
    """
    rows = entries(study=study)
    rows = rows.assign(thread=rows["about"].fillna(rows["id"].astype("float64")))
    last = rows.groupby("thread")[["owner", "due", "state", "text", "at"]].last(skipna=False)
    count = rows.groupby("thread").size()
    first = rows[rows["about"].isna()].set_index("thread")
    last = last.reindex(first.index)
    now = first.assign(owner=last["owner"], due=last["due"], state=last["state"], last_text=last["text"], last_at=last["at"],
                       answers=count.reindex(first.index) - 1)
    order = now["state"].ne("open").astype(int)
    return now.assign(_closed=order).sort_values(["_closed", "due", "id"], na_position="last").drop(
        columns=["_closed", "about"]).reset_index(drop=True)
