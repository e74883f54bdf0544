"""Which estimates belong together when many are looked at: the plan's families, adjusted p values, planned or added."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..result import ALL, headline
from ..stats.multiplicity import adjust

if TYPE_CHECKING:
    from ..study import Study


def with_families(*, estimates: pd.DataFrame, study: Study) -> pd.DataFrame:
    """``estimates`` with ``family``, ``p_adjusted`` and ``plan_status``.

    Families: ``primary`` and ``secondary_1``, ``secondary_2`` ... as in the plan, ``added`` for measures outside it
    (``unplanned`` where the study has no plan at all); the answer for all departments is one family, the departments
    another (``primary_departments``). Only headline rows are adjusted, with the plan's correction. Raw p values stay.
    """
    planned, other = _families(study), "added" if study.plan.primary else "unplanned"
    family = pd.Series([planned.get(name, other) for name in estimates["measure"]], index=estimates.index, dtype="str")
    places = estimates["department"].map(lambda name: "" if name == ALL else "_departments")
    out = estimates.assign(
        family=(family + places).astype("str"),
        plan_status=family.map(lambda name: {"added": "added", "unplanned": None}.get(name, "planned")).astype("str"),
    )
    first = out.index.isin(headline(out).index)
    adjusted = pd.Series(float("nan"), index=out.index)
    for _, block in out[first].groupby("family"):
        adjusted.loc[block.index] = adjust(p_values=block["p_value"].to_numpy(), correction=study.plan.correction)
    return out.assign(p_adjusted=adjusted)


def _families(study: Study) -> dict[str, str]:
    secondary = {m: f"secondary_{i}" for i, names in enumerate(study.plan.secondary, start=1) for m in names}
    return secondary | {m: "primary" for m in study.plan.primary}
