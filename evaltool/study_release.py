"""From a study folder to a Release in one call: what the command line, the dashboard and Python share.

What was computed once for the same data, policy and program is kept in the store and read back. Whatever is handed out
stands in the ledger: who got what, when, for which purpose and under which policy; and what one reader has been shown
before is known to the gate.
"""

from __future__ import annotations

import getpass
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from .disclosure import Policy
    from .result import Release, Result
    from .study import Study

ROLE = {"default": "reader", "strict": "reader", "open_internal": "internal", "unrestricted": "researcher"}
"""Who reads under a policy: one person may see dashboard, report and export, so they are one reader."""
HAS_SEEN = {"reader": ("reader",), "internal": ("reader", "internal"), "researcher": ()}
"""Whose releases a reader has seen too."""
SHARED = ("reader", "internal")
"""Those who may see each other's releases."""
COUNTS = "counts"
"""The purpose of a release of rounded counts."""
EVERY_TIME = ("report", "export", "pack", "compare")
"""Purposes that are written to the log each time; the others once for what is shown and whoever sees it."""


def study_release(
    *, folder: Path, policy_name: str | None = None, reason: str | None = None, who: str | None = None,
    when: dt.datetime | None = None, purpose: str = "python",
) -> Release:
    """Open the study, read its current snapshot, compare before and after for all its measures, and pass the gate.

    Always computed for all departments: choosing some (``disclosure.select``) comes after the gate. policy_name: None for
    the study's own; ``unrestricted`` needs a ``reason``. who, when, purpose: for the log (``evaltool log``); left out,
    the user of this machine and the ledger's clock. Raises PrivacyError and StoreError: then nothing is released.
    """
    from .study import open_study

    study = open_study(folder=folder)

    def make() -> Result:
        from .study_data import study_answer

        return study_answer(study=study)

    rules = study_policy(study=study, name=policy_name, reason=reason, who=who)
    return gated(study=study, rules=rules, request={}, make=make, who=who, when=when, purpose=purpose)


def study_policy(*, study: Study, name: str | None, reason: str | None, who: str | None) -> Policy:
    """The policy called ``name`` (None: the study's own) with the thresholds of ``[privacy]`` in study.toml."""
    from .disclosure import policy

    own = study.privacy
    return policy(
        name=name or own.policy, min_persons=own.min_persons, min_n_spread=own.min_n_spread, min_n_points=own.min_n_points,
        min_df=own.min_df, max_share=own.max_share, sensitive=own.sensitive,
        reason=reason or own.reason, who=who or getpass.getuser(),
    )


def gated(
    *, study: Study, rules: Policy, request: Mapping[str, object], make: Callable[[], Result], who: str | None,
    when: dt.datetime | None, purpose: str, label: str = "", closes: bool = True,
) -> Release:
    """What ``make`` answers, through the gate and into the log; ``request`` names what it answers beside the standard.

    label: the name under which the study's measures are counted another way here. Its numbers are held against the
    study's own and against those of the other names in the same data, and its own in other data; the study's own are
    never held against a name that somebody looked at. closes: what the study's own release hides is hidden here too, under
    whatever name the same rows are counted; False where these are other data than the study has.
    """
    from .disclosure import closed_by, parts, release, release_facts, restore
    from .store import definition, keep, kept, released_cells, rests_on

    facts = dict(rules.facts())
    asked = {"policy": facts if rules.name == "unrestricted" else {**facts, "who": None, "reason": None}, **request}
    name = f"{request.get('method', rules.name)}-{rests_on(study=study, request=asked)[:24]}"
    log = {"who": who, "when": when, "purpose": purpose}
    if found := kept(store=study.store, name=name):
        made = restore(frames=found[0], facts=found[1]["release"])
        _record(study, made, found[1]["log"], **log)
        return made
    closed: frozenset[tuple[str, str, str]] = frozenset()
    if request and closes and rules.hides:
        closed = closed_by(release=study_release(folder=study.folder, policy_name=rules.name, reason=rules.reason, who=who, when=when))
    role = ROLE[rules.name]
    result = make()
    named = _named(definition(study=study), label)
    seen = _together([_comparable(released_cells(study=study, role=other), label, result.provenance.snapshot) for other in HAS_SEEN[role]])
    made = release(result=result, policy=rules, seen=seen, definition=named, closed=closed)
    told = release_facts(release=made) | {"definition": named}
    _record(study, made, told, **log)
    frames, rest = parts(made)
    keep(store=study.store, name=name, frames=frames, facts={"release": rest, "log": told})
    return made


NAMED = "/"


def _named(definition: str, label: str) -> str:
    return f"{definition}{NAMED}{label}" if label else definition


def _comparable(cells: pd.DataFrame, label: str, snapshot: str) -> pd.DataFrame:
    """Of the cells a reader has seen, those that a number under ``label`` is held against."""
    name = cells["definition"].str.partition(NAMED)[2] if len(cells) else cells["definition"]
    return cells[name.eq("") | (name.ne("") & (cells["snapshot"].eq(snapshot) | name.eq(label)) if label else False)]


def _together(seen: list[pd.DataFrame]) -> pd.DataFrame | None:
    import pandas as pd

    return pd.concat(seen, ignore_index=True) if seen else None


def _record(study: Study, made: Release, facts: Mapping[str, object], who: str | None, when: dt.datetime | None, purpose: str) -> None:
    """Write ``made`` to the log and remember what it showed, so that later releases are held against it. Raises PrivacyError
    where it tells of stays that have been given as rounded counts."""
    from .disclosure import refuse_exact, shown_cells
    from .store import facts_given, record_release

    facts = {**facts, "measures": sorted({*made.series["measure"], *made.estimates["measure"]})}
    if ROLE[str(made.policy["name"])] in SHARED:
        given = study.privacy.counts == "round" or bool(facts_given(study=study, roles=SHARED, purpose=COUNTS))
        refuse_exact(measures=facts["measures"], rounded=given)
    record_release(
        study=study, cells=lambda: shown_cells(series=made.series), facts=facts, who=who or getpass.getuser(), when=when,
        role=ROLE[str(made.policy["name"])], purpose=purpose, every_time=purpose in EVERY_TIME,
    )


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
