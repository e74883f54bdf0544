"""From a study folder to released readmission numbers under one definition, kept in the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .result import Release


def study_readmission(*, folder: Path, definition: str = "study", policy_name: str | None = None, reason: str | None = None) -> Release:
    """``compare.readmission_by`` through the gate, with the thresholds of the study, into the log and the gate's memory.

    What the study's own release hides of readmission stays hidden, and a number that differs by few people from the
    study's own, or from one shown under another definition, is hidden. Series over time are in the study's release.
    """
    from .compare.readmission_by import readmission_by
    from .study import open_study
    from .study_data import study_data
    from .study_release import gated, study_policy

    study = open_study(folder=folder)
    rules = study_policy(study=study, name=policy_name, reason=reason, who=None)
    return gated(study=study, rules=rules, request={"method": "readmission", "definition": definition}, who=None, when=None,
                 make=lambda: readmission_by(dataset=study_data(study=study), study=study, definition=definition), purpose="readmission",
                 label=f"readmission {definition}")
