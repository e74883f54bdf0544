"""From a study folder to released readmission numbers under one definition, kept in the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from .result import Release


def study_readmission(*, folder: Path, definition: str = "study", policy_name: str = "default") -> Release:
    """``compare.readmission_by`` through the gate.

    The study's own numbers are taken as known to the reader: under another definition a department's number that
    could be compared with them to single out a few people is hidden.
    """
    from .compare.readmission_by import readmission_by
    from .disclosure import parts, policy, release, restore
    from .disclosure.memory import shown_cells
    from .store import keep, kept, load, rests_on
    from .study import open_study

    study = open_study(folder=folder)
    rules = policy(name=policy_name, min_persons=study.privacy.min_persons)
    request = {"policy": rules.name, "min_persons": rules.min_persons, "what": "readmission", "definition": definition}
    name = f"readmission-{rules.name}-{rests_on(study=study, request=request)[:24]}"
    if found := kept(store=study.store, name=name):
        return restore(frames=found[0], facts=found[1])
    made = readmission_by(dataset=load(study=study), study=study, definition=definition)
    seen = _known(folder, definition, policy_name, study.readmission.window_days)
    out = release(result=made, policy=rules, seen=seen, definition=definition)
    frames, facts = parts(out)
    keep(store=study.store, name=name, frames=frames, facts=facts)
    return out


def _known(folder: Path, definition: str, policy_name: str, window_days: int) -> pd.DataFrame | None:
    """What the reader has been shown of readmission under other definitions; None for the register's own measure,
    which is the same numbers as in the study's Release and comes out of the gate in the same way."""
    import pandas as pd

    from .compare.readmission_by import MEASURE, MEASURE_DAYS, OWN
    from .disclosure.memory import shown_cells
    from .study_release import study_release

    if definition == OWN and window_days == MEASURE_DAYS:
        return None
    told = [("", study_release(folder=folder, policy_name=policy_name))]
    if definition != OWN:
        told.append((OWN, study_readmission(folder=folder, policy_name=policy_name)))
    cells = [shown_cells(series=one.series[one.series["measure"] == MEASURE]).assign(
        snapshot=one.provenance.snapshot, definition=name) for name, one in told]
    return pd.concat(cells, ignore_index=True)
