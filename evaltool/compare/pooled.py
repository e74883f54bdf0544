"""Each department without ranking by luck: the departments' own changes pooled, and each drawn towards the mean."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from ..result import ALL
from ..stats.estimate import Estimate, NotEstimable
from ..stats.pooled_intervals import PooledIntervals, pooled_intervals
from ..stats.pooling import Pooled, pool
from .assemble import result, row
from .before_after import before_after
from .estimator import ESTIMANDS
from .notes import note

if TYPE_CHECKING:
    from ..design import StudyDesign
    from ..measures import Measure
    from ..result import Provenance, Result

SHRUNKEN = "shrunken"
PREDICTION = "prediction_interval"
FEWEST = 3
"""Two departments do not say how much departments differ."""
COUNTS = ("n_before", "n_after", "persons_before", "persons_after", "departments")


def pooled(
    *, observations: pd.DataFrame, design: StudyDesign, measure: Measure, link: str, provenance: Provenance,
    conf_level: float = 0.95,
) -> Result:
    """Random-effects pooling of the departments' before/after answers.

    Rows: ``*`` with the mean (REML, Hartung-Knapp), ``*`` with the same mean and the interval for a new department
    (``prediction_interval``), and one ``shrunken`` row per department. Notes: ``heterogeneity`` (I2, 0-1) with its interval. Departments
    without an estimate or a standard error are not pooled; fewer than two give no rows, two the mean alone. Calendar time is not removed:
    the answer beyond the trend is ``mixed``.
    """
    base = before_after(
        observations=observations, design=design, measure=measure, link=link, provenance=provenance, conf_level=conf_level,
    )
    rows, notes = pool_rows(estimates=base.estimates, measure=measure, conf_level=conf_level)
    return result(
        estimates=rows, notes=notes, design=design, measures=(measure.id,), provenance=provenance, conf_level=conf_level,
    )


def pool_rows(*, estimates: pd.DataFrame, measure: Measure, conf_level: float) -> tuple[list[dict], list[dict]]:
    """The rows and notes of ``pooled`` from the estimates of ``before_after``."""
    own = estimates[(estimates["department"] != ALL) & estimates["std_error"].gt(0)]
    try:
        found = pool(estimates=own["estimate"].to_numpy(), std_errors=own["std_error"].to_numpy(), conf_level=conf_level)
    except NotEstimable:
        return [], []
    overall = estimates[estimates["department"] == ALL].iloc[0]
    counts = {name: float(overall[name]) for name in COUNTS} | {"departments": float(len(own))}
    make = {"measure": measure, "estimand": ESTIMANDS[measure.kind], "conf_level": conf_level}
    rows = [row(**make, department=ALL, counts=counts, method=found.mean.method, found=found.mean)]
    if len(own) >= FEWEST:
        ends = pooled_intervals(estimates=own["estimate"].to_numpy(), std_errors=own["std_error"].to_numpy(), conf_level=conf_level)
        rows.append(row(**make, department=ALL, counts=counts, method=PREDICTION, found=_prediction(found, ends, conf_level)))
        for position, one in enumerate(own.itertuples(index=False)):
            mine = {name: float(getattr(one, name)) for name in COUNTS}
            rows.append(row(
                **make, department=one.department, counts=mine, method=SHRUNKEN,
                found=_shrunken(found, ends, position, conf_level),
            ))
    values = {"heterogeneity": found.i2, "heterogeneity_low": found.i2_low, "heterogeneity_high": found.i2_high}
    return rows, [note(measure=measure.id, department=ALL, code=code, value=value) for code, value in values.items()]


def _prediction(found: Pooled, ends: PooledIntervals, conf_level: float) -> Estimate:
    """The mean with the interval a new department would fall in; that interval has no p value."""
    return Estimate(
        estimate=found.mean.estimate, std_error=math.nan, df=found.mean.df, statistic=math.nan, p_value=math.nan,
        conf_low=ends.predict_low, conf_high=ends.predict_high, conf_level=conf_level, method=PREDICTION,
    )


def _shrunken(found: Pooled, ends: PooledIntervals, position: int, conf_level: float) -> Estimate:
    """Estimate and error as if the spread between departments were known, the interval as it is not; no p value."""
    return Estimate(
        estimate=float(found.shrunken[position]), std_error=float(found.shrunken_se[position]), df=math.nan, statistic=math.nan,
        p_value=math.nan, conf_low=float(ends.low[position]), conf_high=float(ends.high[position]), conf_level=conf_level,
        method=SHRUNKEN,
    )
