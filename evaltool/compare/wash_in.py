"""Does the answer hang on the length of the wash-in?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..result import ALL
from ..verdict import verdict
from .before_after import answers
from .mixed import fit_departments
from .phased import phased

if TYPE_CHECKING:
    import pandas as pd

    from ..design import StudyDesign
    from ..measures import Measure


def wash_in_verdicts(
    *, observations: pd.DataFrame, design: StudyDesign, measure: Measure, link: str, conf_level: float
) -> dict[str, tuple[str, int]]:
    """Started department (and ``*``) -> verdict and direction (1 up, -1 down, 0 open) of the answer shown first.

    Places without an estimate are left out. The direction also tells measures apart that have no better end.
    """
    rows = phased(observations=observations, design=design, kind=measure.kind)
    started = rows[rows["phase"] != "not_started"]
    found = {
        name: answer.found
        for name, (_, answer) in answers(
            rows=started, design=design, measure=measure, link=link, conf_level=conf_level
        ).items()
    }
    model = fit_departments(rows=rows, measure=measure, link=link, conf_level=conf_level)
    if model.method is not None:
        found[ALL] = model.found
    return {
        name: (
            verdict(low=e.conf_low, high=e.conf_high, direction=measure.direction, important=measure.important),
            int(e.conf_low > 0) - int(e.conf_high < 0),
        )
        for name, e in found.items() if e is not None
    }
