"""From a study folder to a Release of one named method: what ``evaltool compare --method`` and the statistics page show."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from .measures import Measure
    from .result import Release, Result
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
        return _result(study, method, rules.min_persons)

    return gated(study=study, rules=rules, request={"method": method}, make=make, **log)


STANDARD, RESPONDENTS = "standard", "respondents"
"""The answer that pages and report show; who answered."""


def fitting(*, measures: Iterable[Measure]) -> list[str]:
    """The methods that fit at least one of ``measures``, in the order in which they are offered."""
    from .compare.by_method import METHODS

    kinds = {one.kind for one in measures}
    return [name for name, (fits, _) in METHODS.items() if kinds & set(fits)]


def _result(study: Study, method: str, least: int) -> Result:
    from .compare.by_method import ALONE, by_method
    from .compare.who_answered import who_answered
    from .study_data import study_answer, study_data

    dataset = study_data(study=study)
    if method == RESPONDENTS:
        return who_answered(dataset=dataset, study=study, least=least)
    whole = None if method in ALONE else study_answer(study=study)
    return by_method(dataset=dataset, study=study, method=method, whole=whole, least=least)
