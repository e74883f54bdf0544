"""From a study folder to rounded counts of persons with stays, into the log; refused beside exact figures."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from .result import Release

ROUND = "round"


def study_counts(
    *, folder: Path, what: str | None = None, policy_name: str | None = None, reason: str | None = None, who: str | None = None,
    when: dt.datetime | None = None,
) -> Release:
    """``compare.stay_counts`` with every cell rounded (``disclosure.rounded``), under a policy of the study.

    what: ``admitted`` or ``readmitted``; None for the one that was given before, else the first. Series rows of kind ``cell``: ``value`` and ``n`` are rounded, nothing else is in
    them; sums are for the reader to make (``count_rows``). Raises UsageError where study.toml does not say
    ``[privacy] counts = "round"``, PrivacyError where exact figures about stays, other counts of the same stays, or counts
    rounded to another base have been given before (``disclosure.exact_or_rounded``), and under ``unrestricted``.
    """
    from .compare.stay_counts import COUNTED, stay_counts
    from .disclosure import refuse_rounded, release_facts, rounded, rounding_base, shown_cells
    from .errors import UsageError
    from .store import definition, facts_given, load, record_release, rounding_key
    from .study import open_study
    from .study_release import COUNTS, ROLE, SHARED, study_policy

    study = open_study(folder=folder)
    if study.privacy.counts != ROUND:
        raise UsageError("counts_not_rounded", got=study.privacy.counts)
    rules = study_policy(study=study, name=policy_name, reason=reason, who=who)
    rounded_before, exact = (facts_given(study=study, roles=SHARED, purpose=COUNTS, others=others) for others in (False, True))
    what = what or next((facts["counted"] for facts in rounded_before), next(iter(COUNTED)))
    made = rounded(result=stay_counts(dataset=load(study=study), study=study, what=what), policy=rules, key=rounding_key(study=study))
    refuse_rounded(what=what, base=rounding_base(policy=rules), exact=exact, rounded=rounded_before)
    facts = release_facts(release=made) | {"definition": definition(study=study), "measures": list(made.spec.measures), "counted": what,
                                           "rounded_to": made.policy["rounded_to"]}
    record_release(study=study, cells=lambda: shown_cells(series=made.series), facts=facts, who=who or getpass.getuser(), when=when,
                   role=ROLE[rules.name], purpose=COUNTS, every_time=False)
    return made
