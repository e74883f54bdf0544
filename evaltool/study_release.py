"""From a study folder to a Release in one call: what the command line, the dashboard and Python share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .result import Release


def study_release(*, folder: Path, policy_name: str = "default") -> Release:
    """Open the study, read its current snapshot, compare before and after for all its measures, and pass the gate.

    Always computed for all departments: choosing some (``disclosure.select``) comes after the gate.
    """
    from .compare.answer import answer
    from .disclosure import policy, release
    from .store import load
    from .study import open_study

    study = open_study(folder=folder)
    result = answer(dataset=load(study=study), study=study)
    return release(result=result, policy=policy(name=policy_name, min_persons=study.privacy.min_persons))
