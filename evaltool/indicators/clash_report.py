"""Where stays and monthly totals of the same department and month say different things."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..measures import register
from ..result import Dataset
from ..study import Study
from .counts import clashes
from .observations import measurable, observations

COLUMNS = ("measure", "department", "month", "clash")


def clash_report(*, dataset: Dataset, study: Study) -> pd.DataFrame:
    """One row per measure, department and month that both sources speak of: ``clash`` where they differ. No numbers: those
    of one month can be one person's. Nothing where one of the two tables is missing. The stays are what is used."""
    rows = []
    if {"stays", "service_counts"} <= set(dataset.tables):
        named = set(dataset.tables["service_counts"]["measure"])
        for measure in register().values():
            told = measure.source.get("indicator") in named and measure.kind in ("share", "count")
            if told and measurable(dataset=dataset, measure=measure):
                seen = observations(dataset=dataset, study=study, measure=measure)
                found = clashes(observed=seen, dataset=dataset, measure=measure)
                rows.append(found[["department", "month", "clash"]].assign(measure=measure.id))
    return pd.concat(rows, ignore_index=True)[list(COLUMNS)] if rows else pd.DataFrame(columns=list(COLUMNS)).astype({"clash": bool})


def clash_counts(*, report: pd.DataFrame) -> pd.DataFrame:
    """``report`` added up for the whole study: measure, ``compared`` department-months and how many ``differ``."""
    out = report.groupby("measure", sort=False)["clash"].agg(compared="size", differ="sum")
    return out.astype(np.int64).reset_index()
