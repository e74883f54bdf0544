"""The last step of every removal: the files go, once no pointer leads to them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from .kept import drop_kept
from .ledger import scrub, writing
from .records import current

if TYPE_CHECKING:
    from pathlib import Path


def take_away(*, store: Path, files: Iterable[Path]) -> None:
    """Delete those of the snapshot ``files`` that are not in force, all kept results, and what the ledger's own file still
    holds of them. May be done again after a kill."""
    with writing(store) as db:
        in_force = {one.file for one in current(db).values()}
        for path in files:
            if path.name not in in_force:
                path.unlink(missing_ok=True)
        drop_kept(store=store)
    scrub(store)
