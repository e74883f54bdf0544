"""The stretch of time that nearly all rows lie in, so that one wrongly typed year does not become decades without data."""

from __future__ import annotations

import numpy as np
import pandas as pd

EVENT_DAYS = ("answered_on", "admitted", "event_date", "month")
"""The date by which the rows of a table are laid out, where it has one of these."""

APART = 730
"""Days with nothing in them that part rows from the others."""

FEW = 0.01
"""And the largest share of the rows (at least one row) that may lie on the far side of such a gap and be called far off."""

ENOUGH = 20
"""With fewer dates than this nothing can be called far off."""

_SPAN = ("1900-01-01", "2101-01-01")


def main_stretch(*, times: np.ndarray) -> tuple[np.datetime64, np.datetime64] | None:
    """First and last day (inclusive) that ``times`` (n,), datetime64, lie in, but for the few that stand apart.

    At either end up to ``FEW`` of the dates are left out where more than ``APART`` empty days part them from the rest.
    Missing dates and years outside 1900 to 2100 do not count. None without a date.
    """
    days = (times.astype("datetime64[us]", copy=False).view("int64") // 86_400_000_000).astype("int32")  # a missing one is far below
    low, high = (np.datetime64(day, "D").astype("int64") for day in _SPAN)
    days = days[(days >= low) & (days < high)]
    if not len(days):
        return None
    start = days.min()
    counts = np.bincount(days - start)
    filled = np.flatnonzero(counts)
    first, last = filled[0], filled[-1]
    if len(days) >= ENOUGH:
        few, below = max(1, int(FEW * len(days))), np.cumsum(counts[filled])[:-1]
        gap = np.diff(filled) > APART
        before, behind = np.flatnonzero(gap & (below <= few)), np.flatnonzero(gap & (len(days) - below <= few))
        first = filled[before[-1] + 1] if len(before) else first
        last = filled[behind[0]] if len(behind) else last
    return (start + first).astype("datetime64[D]"), (start + last).astype("datetime64[D]")


def far_off(values: pd.Series) -> np.ndarray:
    """Rows (n,) whose date lies outside the main stretch of the column; years outside 1900 to 2100 are left to rule C09."""
    times = values.to_numpy()
    found = main_stretch(times=times)
    if found is None:
        return np.zeros(len(times), dtype=bool)
    low, high = (np.datetime64(day, "us") for day in _SPAN)
    outside = (times < found[0]) | (times >= found[1] + np.timedelta64(1, "D"))
    return outside & (times >= low) & (times < high)
