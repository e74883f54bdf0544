"""From a study folder to a Release of one named method: what ``evaltool compare --method`` and the statistics page show."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .result import Dataset, Release, Result


def study_comparison(*, folder: Path, method: str, policy_name: str = "default") -> Release:
    """``by_method`` for the study's current snapshot, all measures and departments, through the gate.

    What was computed once for the same data, policy and program is kept in the store and read back. ``standard`` gives
    ``study_release``. Raises UsageError for an unknown method and one that fits none of the study's measures.
    """
    from .compare.by_method import METHODS, by_method
    from .disclosure import parts, policy, release, restore
    from .errors import UsageError
    from .store import keep, kept, rests_on
    from .study import open_study
    from .study_release import study_release

    if method == STANDARD:
        return study_release(folder=folder, policy_name=policy_name)
    if method not in METHODS:
        raise UsageError("unknown_method", got=method, expected=", ".join([STANDARD, *METHODS]))
    study = open_study(folder=folder)
    rules = policy(name=policy_name, min_persons=study.privacy.min_persons)
    request = {"policy": rules.name, "min_persons": rules.min_persons, "method": method}
    name = f"{method}-{rules.name}-{rests_on(study=study, request=request)[:24]}"
    if found := kept(store=study.store, name=name):
        return restore(frames=found[0], facts=found[1])
    dataset, whole = _whole(folder, rests_on(study=study, request={}))
    made = release(
        result=by_method(dataset=dataset, study=study, method=method, whole=whole, least=rules.min_persons), policy=rules)
    frames, facts = parts(made)
    keep(store=study.store, name=name, frames=frames, facts=facts)
    return made


STANDARD = "standard"
"""The answer that pages and report show."""


@lru_cache(maxsize=2)
def _whole(folder: Path, basis: str) -> tuple[Dataset, Result]:
    """The dataset and its whole answer, kept in memory for the next method; ``basis`` names what it rests on."""
    from .compare.answer import answer
    from .store import load
    from .study import open_study

    study = open_study(folder=folder)
    dataset = load(study=study)
    return dataset, answer(dataset=dataset, study=study)
