"""store/released: answers that were computed before, so that a page or a report need not compute them again.

``<name>.json`` holds an answer's facts and says which frames it is made of; ``frames/<hash>.parquet`` holds a frame,
named for its bytes, once for all answers that have it: most methods show the same series. The name of an answer stands
for everything its numbers rest on; another study.toml, register, import, policy or program gives another name, another
list of visitors does not. What is damaged, or was never written, is a miss and no error. Files are written beside and
renamed, so that two processes can write the same answer at once.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import threading
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from .. import __version__, resources
from .ledger import reading
from .records import basis

if TYPE_CHECKING:
    import pandas as pd

    from ..study import Study

FOLDER, FRAMES, SETTINGS = "released", "frames", "study.toml"
MOST_ANSWERS = 150
"""The oldest go when there are more: a study has about forty under one policy, and old data are not looked at again."""
IN_MEMORY = 48
"""Frames that a process keeps as they were read, so that answers with the same series share one."""

NOT_IN_THE_NUMBERS = ("raw", "maps", "reports", "exports", "store")
AFTER_THE_GATE = ("cli.py", "console.py", "reference.py", "text", "ui", "figures", "report", "export", "tables.py", "findings.py")
"""Parts of the program that only show what was released."""


def rests_on(*, study: Study, request: Mapping[str, object]) -> str:
    """A name (64 hex digits) that changes when study.toml (but for ``[access]``), a register, an import, the program or
    ``request`` does."""
    digest = hashlib.sha256(f"{__version__} {program()} {json.dumps(dict(request), sort_keys=True)}".encode())
    for path in _declarations(study.folder):
        place = path.relative_to(study.folder).as_posix()
        written = _without_visitors(path.read_bytes()) if place == SETTINGS else path.read_bytes()
        digest.update(f"{place} {hashlib.sha256(written).hexdigest()}\n".encode())
    with reading(study.store) as db:
        digest.update(json.dumps(basis(db) if db else []).encode())
    return digest.hexdigest()


def keep(*, store: Path, name: str, frames: Mapping[str, pd.DataFrame], facts: Mapping[str, object]) -> bool:
    """Write ``frames`` and ``facts`` (JSON) under ``name``, whole or not at all; False where the store cannot be written."""
    folder = store / FOLDER
    try:
        (folder / FRAMES).mkdir(parents=True, exist_ok=True)
        named = {key: _keep_frame(folder, frame) for key, frame in frames.items()}
        _write(folder / f"{name}.json", json.dumps({"facts": dict(facts), "frames": named}).encode())
        _forget_oldest(folder)
    except OSError:
        return False
    return True


def is_kept(*, store: Path, name: str) -> bool:
    """Is there an answer under ``name``? Its frames are not looked at."""
    return (store / FOLDER / f"{name}.json").is_file()


def kept(*, store: Path, name: str) -> tuple[dict[str, pd.DataFrame], dict] | None:
    """The frames and facts under ``name`` as they were given, or None (never written, or damaged). A frame is read once
    and shared by all answers of this process that have it: what is done to one copy is not seen in another."""
    import pyarrow as pa

    folder = store / FOLDER
    try:
        told = json.loads((folder / f"{name}.json").read_bytes())
        frames = {key: _frame(folder, str(digest)).copy(deep=False) for key, digest in told["frames"].items()}
        return frames, told["facts"]
    except (OSError, KeyError, TypeError, AttributeError, ValueError, pa.ArrowException):
        return None


def drop_kept(*, store: Path) -> None:
    """Delete all that was kept, in memory too. Raises OSError where a file cannot go."""
    _frame.cache_clear()
    for path in (store / FOLDER).rglob("*"):
        if path.is_file():
            path.unlink(missing_ok=True)


def _declarations(folder: Path) -> list[Path]:
    """study.toml, the registers and whatever else people wrote that numbers can rest on."""
    tops = [path for path in folder.iterdir() if path.name not in NOT_IN_THE_NUMBERS]
    return sorted(path for top in tops for path in ([top] if top.is_file() else top.rglob("*")) if path.is_file())


@lru_cache(maxsize=4)
def _without_visitors(written: bytes) -> bytes:
    """study.toml but for who may log in, so that a colleague more or less does not have every answer computed again."""
    try:
        settings = tomllib.loads(written.decode("utf-8-sig"))
    except ValueError:
        return written
    settings.pop("access", None)
    return repr(settings).encode()


def _keep_frame(folder: Path, frame: pd.DataFrame) -> str:
    """Write ``frame`` unless it is there; the hash that names it."""
    data = frame.to_parquet(index=False)
    digest = hashlib.sha256(data).hexdigest()
    path = _path(folder, digest)
    if not path.is_file() or path.stat().st_size != len(data):
        _write(path, data)
    return digest


def _write(path: Path, data: bytes) -> None:
    temporary = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.tmp")
    temporary.write_bytes(data)
    temporary.replace(path)


@lru_cache(maxsize=IN_MEMORY)
def _frame(folder: Path, digest: str) -> pd.DataFrame:
    """The frame named ``digest``. Raises ValueError where its bytes are others."""
    import pandas as pd

    data = _path(folder, digest).read_bytes()
    if hashlib.sha256(data).hexdigest() != digest:
        raise ValueError(digest)
    return pd.read_parquet(io.BytesIO(data))


def _path(folder: Path, digest: str) -> Path:
    return folder / FRAMES / f"{digest}.parquet"


def _forget_oldest(folder: Path) -> None:
    """Answers beyond the newest ``MOST_ANSWERS`` go, and the frames that no answer has any more. Another process that is
    about to name such a frame gets a miss later, and computes it again."""
    answers = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
    if len(answers) <= MOST_ANSWERS:
        return
    for path in answers[:-MOST_ANSWERS]:
        path.unlink(missing_ok=True)
    used = {digest for path in answers[-MOST_ANSWERS:] for digest in json.loads(path.read_bytes())["frames"].values()}
    for path in (folder / FRAMES).glob("*.parquet"):
        if path.stem not in used:
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
