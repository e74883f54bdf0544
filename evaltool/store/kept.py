"""store/released/*.zip: answers that were computed before, so that a page or a report need not compute them again.

A file is named for everything its numbers rest on; another study.toml, register, import, policy or program gives
another name. A file that is damaged, or was never written, is a miss and no error.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from .. import __version__, resources
from .ledger import reading
from .records import basis

if TYPE_CHECKING:
    import pandas as pd

    from ..study import Study

FOLDER = "released"
FACTS = "facts.json"
MOST_FILES = 40
"""The oldest go when there are more: a study is looked at under a few policies and a dozen methods, and old data are not looked at again."""

NOT_IN_THE_NUMBERS = ("raw", "maps", "reports", "exports", "store")
AFTER_THE_GATE = ("cli.py", "console.py", "reference.py", "text", "ui", "figures", "report", "export", "tables.py", "findings.py", "process")
"""Parts of the program that only show what was released."""


def rests_on(*, study: Study, request: Mapping[str, object]) -> str:
    """A name (64 hex digits) that changes when study.toml, a register, an import, the program or ``request`` does."""
    digest = hashlib.sha256(f"{__version__} {program()} {json.dumps(dict(request), sort_keys=True)}".encode())
    for path in _declarations(study.folder):
        place = path.relative_to(study.folder).as_posix()
        digest.update(f"{place} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    with reading(study.store) as db:
        digest.update(json.dumps(basis(db) if db else []).encode())
    return digest.hexdigest()


def keep(*, store: Path, name: str, frames: Mapping[str, pd.DataFrame], facts: Mapping[str, object]) -> bool:
    """Write ``frames`` and ``facts`` (JSON) under ``name``, whole or not at all; False where the store cannot be written."""
    folder = store / FOLDER
    temporary = folder / f"{name}.{os.getpid()}.tmp"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(_packed(frames, facts))
        temporary.replace(folder / f"{name}.zip")
        _forget_oldest(folder)
    except OSError:
        return False
    return True


def kept(*, store: Path, name: str) -> tuple[dict[str, pd.DataFrame], dict] | None:
    """The frames and facts under ``name`` as they were given, or None (never written, or damaged)."""
    import pandas as pd
    import pyarrow as pa

    try:
        with zipfile.ZipFile(store / FOLDER / f"{name}.zip") as pack:
            facts = json.loads(pack.read(FACTS))
            frames = {member.removesuffix(".parquet"): pd.read_parquet(io.BytesIO(pack.read(member)))
                      for member in pack.namelist() if member != FACTS}
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, pa.ArrowException):
        return None
    return frames, facts


def drop_kept(*, store: Path) -> None:
    """Delete all that was kept. Raises OSError where a file cannot go."""
    for path in (store / FOLDER).glob("*"):
        path.unlink(missing_ok=True)


def _declarations(folder: Path) -> list[Path]:
    """study.toml, the registers and whatever else people wrote that numbers can rest on."""
    tops = [path for path in folder.iterdir() if path.name not in NOT_IN_THE_NUMBERS]
    return sorted(path for top in tops for path in ([top] if top.is_file() else top.rglob("*")) if path.is_file())


def _packed(frames: Mapping[str, pd.DataFrame], facts: Mapping[str, object]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as pack:
        pack.writestr(FACTS, json.dumps(facts))
        for name, frame in frames.items():
            pack.writestr(f"{name}.parquet", frame.to_parquet(index=False))
    return out.getvalue()


def _forget_oldest(folder: Path) -> None:
    files = sorted(folder.glob("*.zip"), key=lambda path: path.stat().st_mtime_ns)
    for path in files[:-MOST_FILES]:
        path.unlink(missing_ok=True)


@cache
def program() -> str:
    """Hash of the source and the schemas that numbers come from, so that a mended method is never answered from before."""
    package = Path(__file__).parents[1]
    sources = [p for p in sorted(package.rglob("*.py")) if p.relative_to(package).parts[0] not in AFTER_THE_GATE]
    schemas = sorted(resources.folder("schemas").rglob("*.yaml"))
    digest = hashlib.sha256()
    for path in [*sources, *schemas]:
        digest.update(path.read_bytes())
    return digest.hexdigest()
