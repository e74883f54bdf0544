"""Use of beds in the months before and after a person was taken in by an outreach team, and tenancies in housing."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from .chaining import DAY
from .episodes import closing, seconds

INTAKE_COLUMNS = ("person", "intake", "admissions_before", "admissions_after", "nights_before", "nights_after", "included",
                  "reason")
MOVE_DAYS = 31
"""Days between moving out and in that still are one move."""
TENANCY_COLUMNS = ("person", "department", "moved_in", "moved_out", "months", "ongoing", "moved_to")


def around_intake(
    *, episodes: pd.DataFrame, intake: pd.Series, first_day: dt.date, as_of: dt.date, months: int = 12,
    deaths: dict[str, dt.date] | None = None,
) -> pd.DataFrame:
    """One row per person of ``intake`` (day by person): admissions and nights in the ``months`` on either side.

    ``episodes``: stays in beds, as made by ``episodes()`` (without the team's own rows); ``first_day``: from when on
    the stays are complete. The day of intake belongs to the time after. A night counts on the side that it lies in,
    an admission on the side where it began. ``reason``: ``before_coverage`` or ``follow_up_incomplete`` where a side
    is not covered whole, ``died`` where the person died within the time after.
    """
    out = intake.rename("intake").rename_axis("person").reset_index()
    day = pd.to_datetime(out["intake"])
    sides = {"before": (day - pd.DateOffset(months=months), day), "after": (day, day + pd.DateOffset(months=months))}
    known = episodes[episodes["person"].isin(out["person"])]
    at = pd.Index(out["person"]).get_indexer(known["person"])
    begin = seconds(known["admitted"]) // DAY
    until = np.where(known["ongoing"], closing(as_of) // DAY, seconds(known["discharged"]) // DAY)
    for side, (low, high) in sides.items():
        low, high = seconds(low)[at] // DAY, seconds(high)[at] // DAY
        nights = np.clip(np.minimum(until, high) - np.maximum(begin, low), 0, None)
        began = (begin >= low) & (begin < high)
        out[f"nights_{side}"] = np.bincount(at, weights=nights, minlength=len(out))
        out[f"admissions_{side}"] = np.bincount(at, weights=began, minlength=len(out))
    died = pd.to_datetime(out["person"].map(deaths or {}))
    reason = pd.Series(np.nan, index=out.index, dtype="str")
    reason = reason.mask(sides["after"][1] > pd.Timestamp(as_of) + pd.Timedelta(days=1), "follow_up_incomplete")
    reason = reason.mask(died.notna() & (died < sides["after"][1]), "died")
    out["reason"] = reason.mask(sides["before"][0] < pd.Timestamp(first_day), "before_coverage")
    out["included"] = out["reason"].isna()
    return out[list(INTAKE_COLUMNS)]


def tenancies(*, episodes: pd.DataFrame, departments: list[str], as_of: dt.date) -> pd.DataFrame:
    """One row per stay in the housing ``departments``: months lived there, and where the person moved next.

    ``episodes``: chained within a department only (a ``transfer_gap_hours`` that bridges a night or two away), so
    that a move between departments is a new tenancy. ``months``: days over 30.4375, to the end of ``as_of`` when
    ``ongoing``. ``moved_to``: another of the ``departments`` that the person moved into within ``MOVE_DAYS`` of moving
    out, missing when there is none.
    """
    own = episodes[episodes["department"].isin(departments)].sort_values(["person", "admitted"])
    then = own.groupby("person")[["department", "admitted"]].shift(-1)
    soon = (then["admitted"] - own["discharged"]).dt.days.le(MOVE_DAYS) & then["department"].ne(own["department"])
    end = np.where(own["ongoing"], closing(as_of) // DAY, seconds(own["discharged"]) // DAY)
    return pd.DataFrame({
        "person": own["person"], "department": own["department"], "moved_in": own["admitted"].dt.normalize(),
        "moved_out": own["discharged"].dt.normalize(), "months": (end - seconds(own["admitted"]) // DAY) / 30.4375,
        "ongoing": own["ongoing"], "moved_to": then["department"].where(soon),
    })[list(TENANCY_COLUMNS)].reset_index(drop=True)
