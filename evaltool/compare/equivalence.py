"""Is the change surely too small to matter? Two one-sided tests beside each before/after answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..result import ALL
from ..stats.estimate import Estimate, NotEstimable
from ..stats.tost import tost
from .assemble import result, row
from .before_after import answers
from .estimator import Answer
from .mixed import fit_departments
from .notes import note
from .phased import no_counts, phased, side_counts

if TYPE_CHECKING:
    from ..design import StudyDesign
    from ..measures import Measure
    from ..result import Provenance, Result

METHOD = "tost"


def equivalence(
    *, observations, design: StudyDesign, measure: Measure, link: str, provenance: Provenance, conf_level: float = 0.95
) -> Result:
    """Per started department and ``*``: the change of ``before_after`` (``*``: of ``mixed``) held against plus/minus
    the measure's smallest important change.

    ``p_value``: the larger of the two one-sided p; under 1 - ``conf_level`` the change is surely smaller. The interval
    is the one at level 2 ``conf_level`` - 1 that goes with it. A measure without a smallest important change has rows
    without number and the note ``no_limit``. Thin data: as ``before_after``.
    """
    rows = phased(observations=observations, design=design, kind=measure.kind)
    started = rows[rows["phase"] != "not_started"]
    counts = side_counts(rows=started, kind=measure.kind)
    found = answers(rows=started, design=design, measure=measure, link=link, conf_level=conf_level)
    model = fit_departments(rows=rows, measure=measure, link=link, conf_level=conf_level)
    estimates, notes = [], []
    for department, (part, answer) in found.items():
        held = model.found if department == ALL and model.found is not None else answer.found
        tested, code = _tested(held, answer, measure, conf_level)
        sides = counts.get(department, no_counts()) if answer.pairs is None else dict.fromkeys(no_counts(), float(answer.pairs))
        estimates.append(row(
            measure=measure, department=department, estimand="equivalence", conf_level=2 * conf_level - 1, method=METHOD,
            counts=sides | {"departments": float(part["department"].nunique())}, found=tested,
        ))
        if code is not None:
            value = float(len(part)) if code != "equivalence_limit" else measure.important
            notes.append(note(measure=measure.id, department=department, code=code, value=value))
    return result(
        estimates=estimates, notes=notes, design=design, measures=(measure.id,), provenance=provenance, conf_level=conf_level,
    )


def _tested(held: Estimate | None, answer: Answer, measure: Measure, conf_level: float) -> tuple[Estimate | None, str]:
    """The test, and the code of the limit it was held against or of why there is none."""
    if measure.important is None:
        return None, "no_limit"
    if held is None:
        return None, answer.stop or "not_identified"
    try:
        return tost(answer=held, limit=measure.important, alpha=1 - conf_level), "equivalence_limit"
    except NotEstimable as reason:
        return None, reason.reason
