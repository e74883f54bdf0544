"""The sample study as most tests want it: everything imported, and what the pages open with computed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from evaltool.demo import copy_sample
from evaltool.import_source import import_source
from evaltool.receipts import listed
from evaltool.result import Release, Result
from evaltool.study import Study
from evaltool.study_data import study_answer
from evaltool.study_prepared import answers
from evaltool.study_release import study_release

OPENED = ("standard", "status", "groups", "readmission_study", "changed", "perspectives", "respondents", "stays", "components", "charts")
"""What pages show before anybody chooses anything."""


def whole_sample(folder: Path) -> Study:
    """The sample study inside ``folder``, all its files imported."""
    study = copy_sample(folder=folder / "fjordvik")
    for one in listed(study=study):
        import_source(study=study, path=one.path, table=one.table, mapping_path=one.mapping_path, sheet=one.sheet,
                      who="test", when=dt.datetime(2026, 7, 1, tzinfo=dt.UTC), dry_run=False)
    return study


def pair(study: Study) -> tuple[Result, Release]:
    """What is true and what may be shown of ``study``; what pages open with is in its store then, in the order of ``prepare``."""
    both = study_answer(study=study), study_release(folder=study.folder)
    for name, make in answers(folder=study.folder).items():
        if name in OPENED:
            make()
    return both
