"""From a study folder to the released numbers that planning starts from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .result import Release


def study_spread(*, folder: Path, policy_name: str = "default") -> Release:
    """Level, spread, ICC and correlation of every measure before the start (``compare.spread``), through the gate."""
    from .compare.spread import spread
    from .disclosure import parts, policy, release, restore
    from .store import keep, kept, load, rests_on
    from .study import open_study

    study = open_study(folder=folder)
    rules = policy(name=policy_name, min_persons=study.privacy.min_persons)
    request = {"policy": rules.name, "min_persons": rules.min_persons, "what": "spread"}
    name = f"spread-{rules.name}-{rests_on(study=study, request=request)[:24]}"
    if found := kept(store=study.store, name=name):
        return restore(frames=found[0], facts=found[1])
    made = release(result=spread(dataset=load(study=study), study=study), policy=rules)
    frames, facts = parts(made)
    keep(store=study.store, name=name, frames=frames, facts=facts)
    return made
