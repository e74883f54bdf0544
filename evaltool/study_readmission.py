"""From a study folder to released readmission numbers under one definition, kept in the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from .result import Release


def study_readmission(*, folder: Path, definition: str = "study", policy_name: str | None = None, reason: str | None = None) -> Release:
    """``compare.readmission_by`` through the gate, with the thresholds of the study, and into the log.

    The study's own numbers are taken as known to the reader: under another definition a department's number that
    could be compared with them to single out a few people is hidden.
    """
    from .compare.readmission_by import readmission_by
    from .disclosure import parts, release, restore
    from .store import keep, kept, load, rests_on
    from .study import open_study
    from .study_release import record, study_policy

    study = open_study(folder=folder)
    rules = study_policy(study=study, name=policy_name, reason=reason, who=None)
    asked = {"policy": dict(rules.facts()) | {"who": None}, "what": "readmission", "definition": definition}
    name = f"readmission-{rules.name}-{rests_on(study=study, request=asked)[:24]}"
    if found := kept(store=study.store, name=name):
        out = restore(frames=found[0], facts=found[1])
    else:
        made = readmission_by(dataset=load(study=study), study=study, definition=definition)
        seen = _known(folder, definition, policy_name, study.readmission.window_days)
        out = release(result=made, policy=rules, seen=seen, definition=definition)
        frames, facts = parts(out)
        keep(store=study.store, name=name, frames=frames, facts=facts)
    # Its cells are not remembered: what they could be compared with is reckoned anew each time (``_known``), and a
    # definition somebody looked at must not change what the study itself shows.
    record(study=study, made=out, who=None, when=None, purpose="readmission", cells=False)
    return out


def _known(folder: Path, definition: str, policy_name: str | None, window_days: int) -> pd.DataFrame | None:
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
