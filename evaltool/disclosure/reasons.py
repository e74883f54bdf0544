"""Why something is hidden: for the gate itself, for the reader of one row, and counted for the whole release.

Which of two hidden rows is the small one, and that a hidden share is 100 %, would be told by the exact reason. So a row
only carries a reason that follows from what everybody can see; the exact ones are counted over the whole release.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

SMALL = "small_numbers"
OPEN = ("persons_unknown", "side_hidden", "phase_hidden", "few_rows", "few_degrees_of_freedom", "subgroup_series")
"""Reasons that anybody can see from the rows that are shown, or from what kind of row it is."""


def told(reasons: np.ndarray) -> np.ndarray:
    """The reason that a row may carry, "" where there is none."""
    return np.where((reasons == "") | np.isin(reasons, OPEN), reasons, SMALL).astype(object)


def counted(*, estimates: np.ndarray, series: pd.Series, series_reasons: np.ndarray) -> Mapping[str, Mapping[str, int]]:
    """``{reason: {"estimates": n, "phases": n, "periods": n}}``; series: the ``kind`` of each row of series_reasons."""
    period = series.eq("period").to_numpy()
    classes = {"estimates": estimates, "phases": series_reasons[~period], "periods": series_reasons[period]}
    names = sorted({str(name) for found in classes.values() for name in found if name})
    return {name: {what: int((found == name).sum()) for what, found in classes.items()} for name in names}
