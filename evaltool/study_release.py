"""From a study folder to a Release in one call: what the command line, the dashboard and Python share.

What was computed once for the same data, policy and program is kept in the store and read back.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from .result import Release


def study_release(*, folder: Path, policy_name: str = "default") -> Release:
    """Open the study, read its current snapshot, compare before and after for all its measures, and pass the gate.

    Always computed for all departments: choosing some (``disclosure.select``) comes after the gate.
    """
    from .disclosure import parts, policy, release, restore
    from .store import keep, kept, load, rests_on
    from .study import open_study

    study = open_study(folder=folder)
    rules = policy(name=policy_name, min_persons=study.privacy.min_persons)
    name = f"{rules.name}-{rests_on(study=study, request={'policy': rules.name, 'min_persons': rules.min_persons})[:24]}"
    if found := kept(store=study.store, name=name):
        return restore(frames=found[0], facts=found[1])

    from .compare.answer import answer

    made = release(result=answer(dataset=load(study=study), study=study), policy=rules)
    frames, facts = parts(made)
    keep(store=study.store, name=name, frames=frames, facts=facts)
    return made


def study_status(*, folder: Path) -> dict[str, pd.DataFrame]:
    """``status.status`` of the study in ``folder``, kept in the same way."""
    from .status import status
    from .store import keep, kept, rests_on
    from .study import open_study

    study = open_study(folder=folder)
    name = f"status-{rests_on(study=study, request={'what': 'status'})[:24]}"
    if found := kept(store=study.store, name=name):
        return found[0]
    made = status(study=study)
    keep(store=study.store, name=name, frames=made, facts={})
    return made
