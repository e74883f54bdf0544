"""From a study folder to a Release of one of the views beside before and after: who sees what, who changed, what people say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from .result import Dataset, Release, Result
    from .study import Study

VIEWS = ("perspectives", "answers", "scales", "changed", "sessions", "values", "themes", "components", "domains", "filled")
TABLES = {"sessions": "sessions", "values": "values_exercise", "themes": "coded_themes", "changed": "user_survey"}
"""A view that needs a table of its own is not there before that table is."""


def study_view(*, folder: Path, view: str, policy_name: str | None = None, reason: str | None = None) -> Release | None:
    """The view of the study in ``folder`` through the gate, kept in the store like ``study_release``; None without its table.

    ``perspectives``: leaders, staff and users on the same scales; ``answers``: every answer ticked, and gaps; ``scales``:
    reliability, items, departments, response shift; ``changed``: persons who changed on the users' first measure;
    ``sessions``: ORS and SRS by case; ``values``: the values exercise; ``themes``: coded themes;
    ``components``: who took part in what was done; ``domains``: the change in each domain of a form; ``filled``: how much is
    filled in, by table, column, department and wave or year. Raises UsageError for
    another name.
    """
    from .store import table_names
    from .study import open_study
    from .study_data import study_data
    from .study_release import gated, study_policy

    if view not in VIEWS:
        raise UsageError("unknown_view", got=view, expected=", ".join(VIEWS))
    study = open_study(folder=folder)
    rules = study_policy(study=study, name=policy_name, reason=reason, who=None)
    measured = view != "changed" or user_measure(study=study) is not None
    if TABLES.get(view, "") not in ("", *table_names(study=study)) or not measured:
        return None
    return gated(study=study, rules=rules, request={"method": view, "groups": _groups(study.folder)}, who=None, when=None,
                 purpose="python", make=lambda: _makers()[view](study_data(study=study), study))


def user_measure(*, study: Study):
    """The first score of the users in the study, or None: the measure that ``changed`` is about."""
    found = (m for m in study.measures() if m.side == "user" and m.kind == "mean_score" and m.source.get("table") == "user_survey")
    return next(found, None)


def _groups(folder: Path) -> list[tuple[str, list[str]]]:
    """The grouping of values in force, which the store knows nothing of."""
    from .instruments import value_groups

    return [(group.id, sorted(group.values)) for group in value_groups(folder=folder)]


def _makers() -> dict[str, Callable[[Dataset, Study], Result]]:
    from .compare.answers_given import answers_given
    from .compare.case_outcomes import case_outcomes
    from .compare.coded_themes import coded_themes
    from .compare.components_reached import components_reached
    from .compare.persons_changed import persons_changed
    from .compare.domains import domains
    from .compare.filled import filled
    from .compare.perspectives import perspectives
    from .compare.scale_facts import scale_facts
    from .compare.values_kept import values_kept

    plain = {"perspectives": perspectives, "answers": answers_given, "scales": scale_facts, "sessions": case_outcomes,
             "values": values_kept, "themes": coded_themes, "components": components_reached, "domains": domains,
             "filled": filled}
    views = {name: (lambda dataset, study, make=make: make(dataset=dataset, study=study)) for name, make in plain.items()}
    return views | {"changed": lambda dataset, study: persons_changed(dataset=dataset, study=study, measure=user_measure(study=study))}
