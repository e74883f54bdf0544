"""register/{departments,rollout,components}.csv or .xlsx, read and checked like every other table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import CheckError, StudyError

if TYPE_CHECKING:
    import pandas as pd

    from ..study import Study

NAMES = ("departments", "rollout", "components")
"""Departments come first: the two others may only name departments that are there."""

SUFFIXES = (".csv", ".xlsx")


def read_registers(*, study: Study) -> dict[str, pd.DataFrame]:
    """The registers as frames that keep their contracts; one row that does not is an error, not a row left out.

    ``components`` may be missing and is empty then. Raises StudyError (no file, or both a .csv and an .xlsx) and
    CheckError with counts.
    """
    frames: dict[str, pd.DataFrame] = {}
    for name in NAMES:
        frames[name] = _read(study, name, frames.get("departments"))
    return frames


def _read(study: Study, name: str, departments: pd.DataFrame | None) -> pd.DataFrame:
    raise NotImplementedError
