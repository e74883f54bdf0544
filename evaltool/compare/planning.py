"""What could be seen? Smallest detectable changes with the data one has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..result import headline
from ..stats.power import minimum_detectable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..measures import Measure
    from ..result import Release, Result

DETECTABLE_COLUMNS = ("measure", "department", "std_error", "df", "detectable", "important", "unit")


def detectable(*, result: Result | Release, measures: Mapping[str, Measure], power: float = 0.8) -> pd.DataFrame:
    """Smallest true change that each headline answer would have shown with chance ``power``, in the measure's unit.

    From the answer's own standard error and degrees of freedom, so persons, departments and trend are in it. It says
    what the data could show, not how likely what they did show is. Hidden rows are left out. Columns
    ``DETECTABLE_COLUMNS``.
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
