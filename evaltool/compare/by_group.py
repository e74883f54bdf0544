"""Before and after for each group of people by itself, department by department: what the filter on groups shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..indicators.aggregate import aggregate
from ..result import ALL
from .assemble import result, row
from .before_after import before_after
from .estimator import ESTIMANDS
from .merged_groups import laddered_groups
from .notes import note
from .phased import no_counts, phased

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..design import StudyDesign
    from ..measures import Measure
    from ..result import Provenance, Result

ALONE = "group_alone"


def by_group(
    *, observations: pd.DataFrame, covariates: pd.DataFrame, design: StudyDesign, measure: Measure, link: str,
    provenance: Provenance, conf_level: float = 0.95, least: int = 0, coarser: Mapping[str, Mapping[str, str]] | None = None,
) -> Result:
    """``before_after`` for every group of every covariate: estimates and phase rows with ``subgroup`` ``covariate=group``.

    covariates: text columns, row i describes ``observations.row == i`` of the source table; rows without a group are
    left out. The numbers describe (``group_alone``): no model of time, and no p value, since many groups are looked at.
    Groups with fewer than ``least`` persons on a side stand together as ``covariate=smaller_groups``; where ``coarser`` (covariate ->
    group -> group of groups) has an answer, as that, and the groups of groups have rows of their own
    (``covariate_group=...``, ``merged_groups.laddered_groups``).
    """
    estimates, notes, series = [], [], []
    for name in covariates:
        groups = observations["row"].map(covariates[name].reset_index(drop=True))
        own = phased(observations=observations.assign(group=groups), design=design, kind=measure.kind)
        own = own[own["group"].notna() & own["phase"].ne("not_started")]
        known = groups.dropna().unique()
        for level, together in laddered_groups(rows=own, names=known, least=least, name=name, coarser=(coarser or {}).get(name, {})).items():
            standing = groups.map(together, na_action="ignore")
            for group in sorted(standing.dropna().unique()):
                subgroup, rows = f"{level}={group}", observations[standing.eq(group)]
                given = {"observations": rows, "design": design, "measure": measure, "conf_level": conf_level}
                part = before_after(**given, link=link, provenance=provenance)
                found = part.estimates.assign(subgroup=subgroup, p_value=float("nan"), statistic=float("nan"))
                estimates += found.to_dict("records")
                notes += part.notes.assign(subgroup=subgroup).to_dict("records")
                notes += [note(measure=measure.id, department=place, code=ALONE, subgroup=subgroup) for place in found["department"]]
                levels = aggregate(**given, subgroup=subgroup, periods=False)
                series.append(levels[levels["kind"] == "phase"])
    if not estimates:
        estimates.append(row(measure=measure, department=ALL, estimand=ESTIMANDS[measure.kind], conf_level=conf_level, counts=no_counts(),
                             method="welch", found=None))
        notes.append(note(measure=measure.id, department=ALL, code="no_values"))
    return result(
        estimates=estimates, notes=notes, design=design, measures=(measure.id,), provenance=provenance, conf_level=conf_level,
        series=pd.concat(series, ignore_index=True) if series else None,
    )
