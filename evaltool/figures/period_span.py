"""Calendar periods as places on a day axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import datetime as dt

EPOCH = 719163
"""``toordinal`` of 1970-01-01."""
OFFSETS = {"month": pd.DateOffset(months=1), "quarter": pd.DateOffset(months=3), "year": pd.DateOffset(years=1)}


def days_of(days: pd.Series) -> np.ndarray:
    """Day numbers (``toordinal``) as float."""
    return days.to_numpy(dtype="datetime64[D]").astype("float64") + EPOCH


def middles(data: pd.DataFrame) -> np.ndarray:
    """The middle of each period of ``data`` (columns ``period``, ``grain``) as day numbers."""
    return (days_of(data["period"]) + days_of(data["period"] + OFFSETS[data["grain"].iloc[0]])) / 2


def end_of(data: pd.DataFrame) -> dt.date:
    """The first day after the last period."""
    return (data["period"].iloc[-1] + OFFSETS[data["grain"].iloc[0]]).date()
