"""Writing a file so that nobody ever opens half of it."""

from __future__ import annotations

import os
from pathlib import Path


def write_whole(*, path: Path, content: bytes) -> Path:
    """Write beside, then swap in; the folder is made. Returns ``path``; OSError when it cannot be written, and then an
    earlier file is as it was and no part lies there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".part")
    try:
        beside.write_bytes(content)
        os.replace(beside, path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    return path
