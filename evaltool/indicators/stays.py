"""Length of stay: nights of each episode, its class, and whether it passed the calendar-month limit."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from .chaining import DAY
from .episodes import closing, seconds

CLASSES = (("0-8", 0, 8), ("9-30", 9, 30), ("31-90", 31, 90), ("over_90", 91, np.inf))
"""Classes of SAMDATA: code, fewest and most nights."""

COLUMNS = (
    "row", "person", "department", "date", "admitted_on", "nights", "ongoing", "same_day", "length_class", "over_limit",
    "limit_known", "limit_reached", "discharged_to",
)


def length_of_stay(
    *, episodes: pd.DataFrame, as_of: dt.date, count_same_day: int = 0, long_stay_months: int = 3,
) -> pd.DataFrame:
    """One row per episode.

    ``nights``: midnights from first in to last out, ``count_same_day`` (0 or 1) for an episode within one day; for an
    ongoing one those passed at the end of ``as_of``, a lower bound. ``date``: day of discharge, ``as_of`` when
    ongoing. ``length_class``: code from ``CLASSES``, missing when ongoing. ``over_limit``: the stay lasted beyond
    the same day ``long_stay_months`` calendar months after admission (31 January + 1 month is the last of February);
    ``limit_known`` is False for an ongoing stay that has not reached it yet; ``limit_reached``: the whole limit lies
    within the data for everyone admitted that day, whether they stayed or not.
    """
    out = episodes[["row", "person", "department", "ongoing", "discharged_to"]].reset_index(drop=True)
    last = pd.Timestamp(as_of).as_unit("us")
    out["date"] = episodes["discharged"].dt.normalize().fillna(last).array
    nights = episodes["nights"].to_numpy()
    out["same_day"] = (nights == 0) & ~out["ongoing"]
    out["nights"] = np.where(out["same_day"], float(count_same_day), nights)
    out["length_class"] = length_class(nights=out["nights"]).mask(out["ongoing"])
    out["admitted_on"] = episodes["admitted"].dt.normalize().array
    border = limit_day(day=seconds(episodes["admitted"]) // DAY, months=long_stay_months)
    day_out = seconds(episodes["discharged"]) // DAY
    stayed = np.where(out["ongoing"], closing(as_of) // DAY, day_out)
    out["over_limit"] = stayed > border
    out["limit_known"] = ~out["ongoing"] | out["over_limit"]
    out["limit_reached"] = border < closing(as_of) // DAY
    return out[list(COLUMNS)]


def limit_day(*, day: np.ndarray, months: int) -> np.ndarray:
    """(n,) days since 1970 -> the same day so many calendar months later, the last of a shorter month."""
    month = day.astype("datetime64[D]").astype("datetime64[M]")
    later = month + months
    begins, ends = (one.astype("datetime64[D]").astype("int64") for one in (later, later + 1))
    return np.minimum(begins + day - month.astype("datetime64[D]").astype("int64"), ends - 1)


def length_class(*, nights: pd.Series) -> pd.Series:
    """Code of the class in ``CLASSES`` that each number of nights lies in."""
    codes = np.array([code for code, _, _ in CLASSES])
    return pd.Series(codes[class_position(nights=nights.to_numpy())], index=nights.index, dtype="str")


def class_position(*, nights: np.ndarray) -> np.ndarray:
    """(n,) positions in ``CLASSES``."""
    lower = np.array([low for _, low, _ in CLASSES])
    return (np.searchsorted(lower, nights, side="right") - 1).clip(0)
