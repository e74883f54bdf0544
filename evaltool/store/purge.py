"""Delete every snapshot of a study whose time is over."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from ..errors import StoreError
from .ledger import reading, writing
from .records import current
from .removals import Removal, record_removal
from .snapshots import Snapshot, clean
from .take_away import take_away

if TYPE_CHECKING:
    from ..study import Study


def purge(*, study: Study, who: str, when: dt.datetime, dry_run: bool = False) -> Removal:
    """Delete all snapshots and kept results once ``when`` is later than ``[privacy] retention_until``.

    The pointers go in one transaction before any file does: killed at any step, the tables are all there or all gone, and
    a second call finishes. Raises StoreError: ``retention_unset``, ``retention_not_over``, ``nothing_to_purge``, the store's own.
    """
    until = study.privacy.retention_until
    if until is None:
        raise StoreError("retention_unset")
    if when.date() <= until:
        raise StoreError("retention_not_over", got=until.isoformat())
    folder = study.store / "snapshots"
    files = sorted(folder.glob("*.parquet"))
    with reading(study.store) as db:
        rows = {table: one.rows for table, one in current(db).items()} if db else {}
    if not files and not rows:
        raise StoreError("nothing_to_purge")
    if dry_run:
        return Removal(rows=rows, files=len(files))
    with writing(study.store) as db:
        clean(folder=folder)
        rows = {table: one.rows for table, one in sorted(current(db).items())}
        for table, number in rows.items():
            none = Snapshot(table=table, id="", rows=0, sha256="")
            record_removal(db, kind="purge", who=who, when=when, table=table, rows=number, snapshot=none)
        if not rows:
            record_removal(db, kind="purge", who=who, when=when)
    take_away(store=study.store, files=files)
    return Removal(rows=rows, files=len(files))
