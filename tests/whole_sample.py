"""The sample study as most tests want it: everything imported, and what the pages open with computed."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

from evaltool.demo import copy_sample
from evaltool.import_source import import_source
from evaltool.receipts import listed
from evaltool.result import Result
from evaltool.study import open_study
from evaltool.study_data import study_answer
from evaltool.study_prepared import answers
from evaltool.study_release import study_release

OPENED = ("standard", "status", "groups", "readmission_study", "changed", "perspectives", "respondents", "stays", "components", "charts")
"""What pages show before anybody chooses anything."""


def imported(folder: Path) -> Path:
    """The sample study inside ``folder``, all its files imported; nobody writes in it any more."""
    study = copy_sample(folder=folder / "fjordvik")
    for one in listed(study=study):
        import_source(study=study, path=one.path, table=one.table, mapping_path=one.mapping_path, sheet=one.sheet,
                      who="test", when=dt.datetime(2026, 7, 1, tzinfo=dt.UTC), dry_run=False)
    return study.folder


def answered(folder: Path) -> tuple[Path, Result]:
    """A copy of it in whose store the standard answer is; and what is true of the study."""
    study = open_study(folder=shutil.copytree(folder / "fjordvik", folder / "answered"))
    truth = study_answer(study=study)
    study_release(folder=study.folder)
    return study.folder, truth


def opened(folder: Path) -> Path:
    """A copy of ``answered`` with all that pages open with, made in the order of ``prepare``."""
    copy = shutil.copytree(folder / "answered", folder / "opened")
    for name, make in answers(folder=copy).items():
        if name in OPENED:
            make()
    return copy
