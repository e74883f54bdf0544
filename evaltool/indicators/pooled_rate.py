"""A rate per bed-day over all months of a phase together, with an interval that also holds where nothing happened."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..design import StudyDesign
from ..measures import Measure
from ..result import ALL, SERIES_COLUMNS, SERIES_TEXT, Dataset, canonical
from ..stats.rates import rate_interval
from ..study import Study
from .counts import PER
from .monthly import admissions, monthly_bed_days

KIND = "phase_pooled"
INDICATOR = "admissions_per_1000_bed_days"


def pooled_rate_rows(
    *, series: pd.DataFrame, dataset: Dataset, study: Study, measure: Measure, design: StudyDesign, conf_level: float = 0.95,
) -> pd.DataFrame:
    """Rows of kind ``phase_pooled`` (``result.SERIES_COLUMNS``), one beside each row of kind ``phase`` in ``series``.

    ``value``: admissions for each 1 000 bed-days of the months of the phase added up, with the exact Poisson interval (Garwood
    1936), which has an upper end where there was no admission; everything else as in the row of kind ``phase``, with which
    the gate hides it. Months count as there: those in which the phase does not change, with a night at least. No rows for
    measures that are no such rate.
    """
    if measure.source.get("indicator") != INDICATOR:
        return canonical(pd.DataFrame(), SERIES_COLUMNS, SERIES_TEXT)
    months = pd.concat([_from_stays(dataset, study), _from_totals(dataset)], ignore_index=True)
    months = months[months["nights"] > 0]
    first = months["date"]
    phase = design.phase(department=months["department"], date=first)
    months = months.assign(phase=phase)[phase == design.phase(department=months["department"], date=first + pd.offsets.MonthEnd(0))]
    apart = [months, months.assign(department=ALL)]
    sums = pd.concat([part.groupby(["department", "phase"])[["events", "nights"]].sum() for part in apart])
    sums["exposure"] = sums["nights"] / PER[INDICATOR]
    ends = [rate_interval(events=e, exposure=x, conf_level=conf_level) for e, x in zip(sums["events"], sums["exposure"], strict=True)]
    sums[["low", "high"]] = np.array(ends, dtype="float64").reshape(-1, 2)
    rows = series[series["kind"].eq("phase") & series["subgroup"].isna()].merge(sums.reset_index(), on=["department", "phase"])
    return canonical(rows.assign(kind=KIND, value=rows["events"] / rows["exposure"], conf_low=rows["low"], conf_high=rows["high"],
                                 conf_level=conf_level, method="poisson_exact"), SERIES_COLUMNS, SERIES_TEXT)


def _from_stays(dataset: Dataset, study: Study) -> pd.DataFrame:
    """``department, date, events, nights`` of the months that the stays cover."""
    if "stays" not in dataset.tables:
        return pd.DataFrame(columns=["department", "date", "events", "nights"])
    keys = ["department", "date"]
    parts = {name: make(dataset=dataset, study=study) for name, make in (("events", admissions), ("nights", monthly_bed_days))}
    sums = {name: rows[rows["reason"].isna()].groupby(keys)["value"].sum() for name, rows in parts.items()}
    # A month counts where admissions count: the department takes people in.
    return sums["events"].rename("events").to_frame().join(sums["nights"].rename("nights")).reset_index()


def _from_totals(dataset: Dataset) -> pd.DataFrame:
    """The same from monthly totals, of departments without stays."""
    counts = dataset.tables.get("service_counts")
    if counts is None:
        return pd.DataFrame(columns=["department", "date", "events", "nights"])
    own = counts[counts["measure"].eq(INDICATOR)]
    if "stays" in dataset.tables:
        own = own[~own["department"].isin(dataset.tables["stays"]["department"])]
    return own.rename(columns={"month": "date", "numerator": "events", "denominator": "nights"})[["department", "date", "events", "nights"]]
