"""From a study folder to the released numbers that planning starts from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .result import Release


def study_spread(*, folder: Path, policy_name: str | None = None) -> Release:
    """Level, spread, ICC and correlation of every measure before the start (``compare.spread``), through the gate and
    into the log as ``study_release`` is."""
    from .compare.spread import spread
    from .study import open_study
    from .study_data import study_data
    from .study_release import gated, study_policy

    study = open_study(folder=folder)
    rules = study_policy(study=study, name=policy_name, reason=None, who=None)
    return gated(study=study, rules=rules, request={"method": "spread"}, who=None, when=None, purpose="python",
                 make=lambda: spread(dataset=study_data(study=study), study=study))
