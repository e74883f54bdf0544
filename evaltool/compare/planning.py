"""What could be seen? Smallest detectable changes with the data one has, and power of the next rollout."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..errors import DesignError
from ..result import headline
from ..stats.estimate import NotEstimable
from ..stats.mixed_model import mixed_model
from ..stats.power import minimum_detectable, smallest, stepped_wedge
from .phased import model_rows, phased

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..design import StudyDesign
    from ..measures import Measure
    from ..result import Result

DETECTABLE_COLUMNS = ("measure", "department", "std_error", "df", "detectable", "important", "unit")
POWER_COLUMNS = (
    "measure", "departments", "persons", "periods", "effect", "power", "detectable", "sd", "icc", "unit",
)


def detectable(*, result: Result, measures: Mapping[str, Measure], power: float = 0.8) -> pd.DataFrame:
    """Smallest true change that each headline answer would have shown with chance ``power``, in the measure's unit.

    From the answer's own standard error and degrees of freedom, so persons, departments and trend are in it. It says
    what the data could show, not how likely what they did show is. Columns ``DETECTABLE_COLUMNS``.
    """
    rows = [
        {
            "measure": r.measure, "department": r.department, "std_error": r.std_error, "df": r.df, "unit": r.unit,
            "detectable": minimum_detectable(std_error=r.std_error, df=r.df, power=power, alpha=1 - r.conf_level),
            "important": measures[r.measure].important,
        }
        for r in headline(result.estimates).itertuples(index=False) if r.std_error > 0 and r.df > 0
    ]
    return pd.DataFrame(rows, columns=list(DETECTABLE_COLUMNS)).astype({"important": "float64"})


def rollout_power(
    *, observations: pd.DataFrame, design: StudyDesign, measure: Measure, effect: float | None = None,
    departments: tuple[int, ...] = (4, 6, 8, 10, 15, 20), persons: tuple[int, ...] = (5, 10, 20, 40), periods: int = 8,
    power: float = 0.8,
) -> pd.DataFrame:
    """Power of a stepped rollout of other sizes, with the spread and the ICC of this study. ``POWER_COLUMNS``.

    ``departments`` start evenly over ``periods`` measuring rounds (the first is before for all, the last after for
    all) with ``persons`` answers each per round; Hussey and Hughes' model. ``effect``: default the smallest important
    change; raises DesignError where the measure has none and none is given. ``detectable``: smallest change seen with
    chance ``power``. The ICC is that of all departments' rows before the start.
    """
    size = effect if effect is not None else measure.important
    if size is None:
        raise DesignError("power_effect", measure=measure.id)
    rows = phased(observations=observations, design=design, kind=measure.kind)
    sd, icc = own_spread(rows=rows[~rows["after"]], kind=measure.kind)
    found = []
    for n in departments:
        schedule = np.array([[float(t > i * (periods - 1) // n) for t in range(periods)] for i in range(n)])
        for m in persons:
            given = {"schedule": schedule, "sizes": np.full(schedule.shape, float(m)), "sd": sd, "icc": icc}
            found.append({
                "measure": measure.id, "departments": n, "persons": m, "periods": periods, "effect": size, "sd": sd,
                "icc": icc, "unit": measure.unit, "power": stepped_wedge(effect=size, **given),
                "detectable": smallest(power_at=lambda e, g=given: stepped_wedge(effect=e, **g), start=sd / 10, power=power),
            })
    return pd.DataFrame(found, columns=list(POWER_COLUMNS))


def own_spread(*, rows: pd.DataFrame, kind: str) -> tuple[float, float]:
    """Total standard deviation and the share of variance between departments, from phased rows. Raises DesignError
    where the rows do not tell."""
    used = model_rows(rows=rows, kind=kind)
    years = used["years"].to_numpy(dtype=float)
    x = np.column_stack([np.ones(len(used)), years - years.mean()]) if len(used) else np.ones((0, 2))
    try:
        fit = mixed_model(y=used["value"].to_numpy(dtype=float), x=x, group=used["department"].to_numpy())
    except NotEstimable as reason:
        raise DesignError("power_spread", reason=reason.reason) from reason
    total = sum(fit.variances.values())
    return float(np.sqrt(total)), float(fit.variances["group"] / total)
