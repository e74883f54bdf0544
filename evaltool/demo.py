"""The sample study in a folder of the user's own."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from . import resources
from .errors import UsageError

if TYPE_CHECKING:
    from .study import Study

SAMPLE = "fjordvik"


def copy_sample(*, folder: Path) -> Study:
    """Copy the sample study to ``folder`` and open it; an earlier demo there is renewed, anything else is refused."""
    from .study import open_study

    source = resources.folder("sample_data") / SAMPLE
    if folder.exists() and any(folder.iterdir()) and not _is_demo(folder, source):
        raise UsageError("demo_in_the_way", folder=folder)
    shutil.copytree(source, folder, dirs_exist_ok=True)
    return open_study(folder=folder)


def _is_demo(folder: Path, source: Path) -> bool:
    mine = folder / "study.toml"
    return mine.is_file() and mine.read_bytes() == (source / "study.toml").read_bytes()
