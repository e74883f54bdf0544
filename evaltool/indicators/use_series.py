"""How the beds are used, before and after: occupancy and user-controlled admissions, as series rows for the gate."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from ..design import StudyDesign
from ..measures import measure
from ..result import SERIES_COLUMNS, SERIES_TEXT, Dataset, canonical
from ..study import Study
from .aggregate import aggregate
from .observations import observations

PREFIX = "use"
USED = {"occupancy": ("stays.bed_days",), "user_controlled_share": ("stays.user_controlled_share",)}
"""Measures of the register -> what they count: occupancy is the bed-days over, so what is hidden of one is hidden of both."""
PHASES = ("before", "after")


def use_series(*, dataset: Dataset, study: Study, design: StudyDesign, conf_level: float = 0.95) -> pd.DataFrame:
    """``use.occupancy`` and ``use.user_controlled_share`` as ``aggregate`` makes their phase rows, before and after, those of ``USED``
    that study.toml does not ask for as measures (these stand among the others there)."""
    declared = {one.id for one in study.measures()}
    found = []
    for name in (one for one in USED if one not in declared):
        seen = observations(dataset=dataset, study=study, measure=measure(name))
        if not (seen["included"] & seen["value"].gt(0)).any():
            continue
        rows = aggregate(observations=seen, measure=replace(measure(name), id=f"{PREFIX}.{name}"), design=design, conf_level=conf_level, periods=False)
        found.append(rows[rows["kind"].eq("phase") & rows["phase"].isin(PHASES)])
    return pd.concat(found, ignore_index=True) if found else canonical(pd.DataFrame(), SERIES_COLUMNS, SERIES_TEXT)
