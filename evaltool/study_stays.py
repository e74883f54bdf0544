"""From a study folder to released facts about stays: where long stays went, outreach intake, tenancies; kept in the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .result import Release


def study_stays(*, folder: Path, policy_name: str | None = None, reason: str | None = None) -> Release | None:
    """``compare.stay_facts`` through the gate with the thresholds of the study, and into the log; None without stays."""
    from .compare.stay_facts import stay_facts
    from .store import table_names
    from .study import open_study
    from .study_data import study_data
    from .study_release import gated, study_policy

    study = open_study(folder=folder)
    if "stays" not in table_names(study=study):
        return None
    rules = study_policy(study=study, name=policy_name, reason=reason, who=None)
    return gated(study=study, rules=rules, request={"method": "stays"}, who=None, when=None, purpose="python",
                 make=lambda: stay_facts(dataset=study_data(study=study), study=study))
