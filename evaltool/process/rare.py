"""Rare events: the released periods of a series put together into longer ones, so that each holds some events."""

from __future__ import annotations

import pandas as pd

from ..stats.event_chart import RARE
from ..stats.spc import SIZED

LEAST_POINTS = 13
COARSER = {"month": ("quarter", "Q", 3), "quarter": ("year", "Y", 4)}
AMOUNTS = ["numerator", "denominator", "n", "persons"]


def rare(*, rows: pd.DataFrame, kind: str) -> pd.Series:
    """Which departments in ``rows`` (released periods of one measure and grain) have rare events: bool by department.
    ``kind``: a chart of shares, rates or counts; no other has events."""
    shown = rows[rows["status"] == "shown"]
    events = shown["numerator"] if kind in SIZED else shown["value"]
    means = events.groupby(shown["department"]).mean()
    return means.lt(RARE) & means.gt(0)


def grouped(*, rows: pd.DataFrame, kind: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """``rows`` without the departments whose events are rare, and those departments by quarter or year.

    A department stays as it is when fewer than 13 longer periods would be left. A longer period is the sum of what was
    released of the shorter ones: one that is not shown whole is not there. Nothing new is shown.
    """
    grain = rows["grain"].iloc[0]
    if grain not in COARSER or kind not in (*SIZED, "c"):
        return rows, rows.iloc[:0]
    scarce = rare(rows=rows, kind=kind)
    if not scarce.any():
        return rows, rows.iloc[:0]
    longer = _longer(rows[rows["department"].map(scarce).fillna(False)], grain, kind)
    points = longer[longer["status"] == "shown"].groupby("department").size()
    moved = points.index[points >= LEAST_POINTS]
    return rows[~rows["department"].isin(moved)], longer[longer["department"].isin(moved)].reset_index(drop=True)


def _longer(rows: pd.DataFrame, grain: str, kind: str) -> pd.DataFrame:
    name, code, parts = COARSER[grain]
    period = rows["period"].dt.to_period(code).dt.start_time.dt.as_unit("us")
    groups = rows.assign(period=period, whole=rows["status"].eq("shown"), dark=rows["status"].eq("suppressed")).groupby(
        ["department", "period"], sort=False)
    out = groups[AMOUNTS].sum(min_count=parts)
    out["value"] = out["numerator"] / out["denominator"] if kind in SIZED else groups["value"].sum(min_count=parts)
    whole, dark = groups["whole"].sum() == parts, groups["dark"].any()
    out["status"] = whole.map({True: "shown", False: "no_data"}).mask(~whole & dark, "suppressed")
    out.loc[~whole, [*AMOUNTS, "value"]] = float("nan")
    return out.reset_index().assign(measure=rows["measure"].iloc[0], grain=name)
