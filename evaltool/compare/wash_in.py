"""Does the answer hang on the length of the wash-in?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..result import ALL
from ..verdict import verdict
from .before_after import check_link
from .estimator import estimate
from .mixed import fit_departments
from .phased import model_rows, phased

if TYPE_CHECKING:
    from ..design import StudyDesign
    from ..measures import Measure


def wash_in_verdicts(
    *, observations: pd.DataFrame, design: StudyDesign, planned: StudyDesign, measure: Measure, link: str, conf_level: float
) -> dict[str, tuple[str, int]]:
    """Started department (and ``*``) -> verdict and direction (1 up, -1 down, 0 open) of the answer shown first.

    Places without an estimate are left out, and those whose rows are the same under ``planned``: theirs cannot differ.
    The direction also tells measures apart that have no better end.
    """
    rows, usual = (phased(observations=observations, design=d, kind=measure.kind) for d in (design, planned))
    moved = _moved(rows, usual)
    if not moved:
        return {}
    started = rows[rows["phase"] != "not_started"]
    if measure.kind == "mean_score":
        check_link(rows=started, link=link, measure=measure)
    used = model_rows(rows=started, kind=measure.kind)
    model = fit_departments(rows=rows, measure=measure, link=link, conf_level=conf_level)
    parts = {name: used[used["department"] == name] for name in design.started if name in moved} | ({ALL: used} if model.method is None else {})
    found = {name: estimate(rows=part, measure=measure, link=link, conf_level=conf_level).found for name, part in parts.items()}
    if model.method is not None:
        found[ALL] = model.found
    return {
        name: (
            verdict(low=e.conf_low, high=e.conf_high, direction=measure.direction, important=measure.important),
            int(e.conf_low > 0) - int(e.conf_high < 0),
        )
        for name, e in found.items() if e is not None
    }


def _moved(rows: pd.DataFrame, usual: pd.DataFrame) -> set[str]:
    """Departments with rows that are not in the same phase in both, or in one of them only."""
    keys = ["department", "row", "date", "phase"]
    one_sided = pd.concat([rows[keys].drop_duplicates(), usual[keys].drop_duplicates()]).drop_duplicates(keep=False)
    return set(one_sided["department"])
