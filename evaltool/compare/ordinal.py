"""Single ordered answers: the odds of a higher answer after than before, and shares of higher, equal and lower."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from ..result import ALL
from ..stats.estimate import Estimate, NotEstimable
from ..stats.ordinal import ProportionalOdds, proportional_odds
from .assemble import result, row
from .notes import note
from .phased import no_counts, phased, side_counts

if TYPE_CHECKING:
    import numpy as np

    from ..design import StudyDesign
    from ..measures import Measure
    from ..result import Provenance, Result


def ordinal(
    *, observations: pd.DataFrame, design: StudyDesign, measure: Measure, item: str, provenance: Provenance,
    conf_level: float = 0.95,
) -> Result:
    """Odds ratio of a higher answer per started department and ``*``; ``subgroup`` names the item, unit ``ratio``.

    observations: as in ARCHITECTURE.md section 2 with the item's answer codes as ``value`` (in order, higher is the
    direction of the form). Persons who repeat are clusters. Notes per place: ``pairs_higher``, ``pairs_equal`` and
    ``pairs_lower`` (shares of all pairs of one answer after and one before), ``odds_not_proportional`` (p) where one
    ratio does not fit all cuts. Separation, an empty side or one answer only: no number and a note.
    """
    rows = phased(observations=observations, design=design, kind=measure.kind)
    rows = rows[rows["phase"] != "not_started"]
    sides = side_counts(rows=rows, kind=measure.kind)
    estimates, notes = [], []
    for department in (*design.started, ALL):
        part = rows if department == ALL else rows[rows["department"] == department]
        found, codes = _one(part, conf_level)
        made = row(
            measure=measure, department=department, estimand="odds_ratio", conf_level=conf_level, subgroup=item,
            counts=sides.get(department, no_counts()) | {"departments": float(part["department"].nunique())},
            method="proportional_odds" if found is None else found.log_odds.method, found=_ratio(found),
        )
        estimates.append(made | {"unit": "ratio"})
        notes += [
            note(measure=measure.id, department=department, code=c, value=v, subgroup=item) for c, v in codes.items()
        ]
    return result(
        estimates=estimates, notes=notes, design=design, measures=(measure.id,), provenance=provenance, conf_level=conf_level,
    )


def _one(part: pd.DataFrame, conf_level: float) -> tuple[ProportionalOdds | None, dict[str, float]]:
    after = part["after"].to_numpy(dtype=bool)
    if not len(part):
        return None, {"no_values": 0.0}
    if after.all() or not after.any():
        return None, {"no_before" if after.all() else "no_after": float(len(part))}
    clusters: np.ndarray | None = part["unit"].to_numpy() if part["unit"].duplicated().any() else None
    try:
        found = proportional_odds(answers=part["value"].to_numpy(), after=after, clusters=clusters, conf_level=conf_level)
    except NotEstimable as reason:
        return None, {reason.reason: float(len(part))}
    codes = {"pairs_higher": found.higher, "pairs_equal": found.equal, "pairs_lower": found.lower}
    if found.lack_p < 1 - conf_level:
        codes["odds_not_proportional"] = found.lack_p
    return found, codes


def _ratio(found: ProportionalOdds | None) -> Estimate | None:
    """The log odds as an odds ratio; the standard error stays that of the log."""
    if found is None:
        return None
    log = found.log_odds
    return Estimate(
        estimate=math.exp(log.estimate), std_error=log.std_error, df=log.df, statistic=log.statistic, p_value=log.p_value,
        conf_low=math.exp(log.conf_low), conf_high=math.exp(log.conf_high), conf_level=log.conf_level, method=log.method,
    )
