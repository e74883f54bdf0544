"""From a study folder to a Release of one named method: what ``evaltool compare --method`` and the statistics page show."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from .result import Dataset, Release, Result
    from .study import Study


def study_comparison(
    *, folder: Path, method: str, policy_name: str | None = None, reason: str | None = None, who: str | None = None,
    when: dt.datetime | None = None, purpose: str = "python",
) -> Release:
    """``by_method`` for the study's current snapshot, all measures and departments, through the gate.

    What was computed once for the same data, policy and program is kept in the store and read back. ``standard`` gives
    ``study_release``, ``respondents`` who answered (``who_answered``); the other arguments as in ``study_release``. Raises UsageError for an unknown method and
    one that fits none of the study's measures.
    """
    from .compare.by_method import METHODS
    from .errors import UsageError
    from .store import rests_on
    from .study import open_study
    from .study_release import gated, study_policy, study_release

    log = {"who": who, "when": when, "purpose": purpose}
    if method == STANDARD:
        return study_release(folder=folder, policy_name=policy_name, reason=reason, **log)
    if method != RESPONDENTS and method not in METHODS:
        raise UsageError("unknown_method", got=method, expected=", ".join([STANDARD, *METHODS, RESPONDENTS]))
    study = open_study(folder=folder)
    rules = study_policy(study=study, name=policy_name, reason=reason, who=who)

    def make() -> Result:
        return _result(study, method, rules.min_persons, rests_on(study=study, request={}))

    return gated(study=study, rules=rules, request={"method": method}, make=make, **log)


STANDARD, RESPONDENTS = "standard", "respondents"
"""The answer that pages and report show; who answered."""


def _result(study: Study, method: str, least: int, basis: str) -> Result:
    from .compare.by_method import ALONE, by_method
    from .compare.who_answered import who_answered
    from .store import load

    if method == RESPONDENTS:
        return who_answered(dataset=load(study=study), study=study, least=least)
    if method in ALONE:
        return by_method(dataset=load(study=study), study=study, method=method, least=least)
    dataset, whole = _whole(study.folder, basis)
    return by_method(dataset=dataset, study=study, method=method, whole=whole, least=least)


@lru_cache(maxsize=2)
def _whole(folder: Path, basis: str) -> tuple[Dataset, Result]:
    """The dataset and its whole answer, kept in memory for the next method; ``basis`` names what it rests on."""
    from .compare.answer import answer
    from .store import load
    from .study import open_study

    study = open_study(folder=folder)
    dataset = load(study=study)
    return dataset, answer(dataset=dataset, study=study)
