"""The current tables and registers of a study as a ``Dataset``."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from .. import __version__
from ..result import Dataset, Provenance
from .ledger import reading
from .records import contract_versions, current
from .registers import read_registers
from .snapshots import Snapshot, content, read_snapshot

if TYPE_CHECKING:
    import pandas as pd

    from ..study import Study

NOT_IN_THE_NUMBERS = ("folder", "name", "language", "imports", "access", "rules")
"""Fields of a study that change no number, so they are not part of what a snapshot is called."""


def load(*, study: Study) -> Dataset:
    """The tables imported so far and the registers as they are now.

    ``provenance.snapshot`` names the content of the tables, of the registers and of study.toml: the same data give
    the same name, whatever the order of rows or of imports. Raises StoreError (corrupt ledger, missing or changed
    snapshot file), StudyError (no register), CheckError (a register breaks its contract).
    """
    with reading(study.store) as db:
        snapshots = current(db) if db else {}
        versions = contract_versions(db) if db else {}
    folder = study.store / "snapshots"
    tables = {name: read_snapshot(folder=folder, snapshot=one) for name, one in sorted(snapshots.items())}
    registers = read_registers(study=study)
    provenance = Provenance(
        study=study.id, snapshot=_name(study, snapshots, registers), as_of=study.as_of, version=__version__,
        contracts=versions,
    )
    return Dataset(tables=tables, registers=registers, provenance=provenance)


def current_table(*, study: Study, table: str) -> pd.DataFrame | None:
    """One table as it is now, None when it was never imported."""
    with reading(study.store) as db:
        snapshot = current(db).get(table) if db else None
    return read_snapshot(folder=study.store / "snapshots", snapshot=snapshot) if snapshot else None


def table_names(*, study: Study) -> frozenset[str]:
    """The tables imported so far, from the ledger alone."""
    with reading(study.store) as db:
        return frozenset(current(db) if db else ())


def _name(study: Study, snapshots: Mapping[str, Snapshot], registers: Mapping[str, pd.DataFrame]) -> str:
    parts = {
        "tables": {name: one.id for name, one in snapshots.items()},
        "registers": {name: content(frame).id for name, frame in registers.items()},
        "study": _spoken(study),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:12]


def _spoken(part: object) -> object:
    """What a study says that differs from its defaults: a key that a later version adds does not rename old data."""
    if dataclasses.is_dataclass(part):
        said = {f.name: getattr(part, f.name) for f in dataclasses.fields(part)
                if f.name not in NOT_IN_THE_NUMBERS and getattr(part, f.name) != f.default}
        return {name: spoken for name, value in said.items() if (spoken := _spoken(value)) not in ({}, [])}
    if isinstance(part, Mapping):
        return {name: _spoken(value) for name, value in part.items()}
    if isinstance(part, tuple):
        return [_spoken(value) for value in part]
    return part
