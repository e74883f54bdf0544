"""Observations with their phase: the rows a comparison may use, and who stands behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..indicators.persons import count_persons
from ..result import ALL

if TYPE_CHECKING:
    from ..design import StudyDesign

DAYS_PER_YEAR = 365.25
MONTHLY = ("count", "rate")
"""Kinds of measure where a department-month is the unit."""


def phased(*, observations: pd.DataFrame, design: StudyDesign, kind: str) -> pd.DataFrame:
    """The rows that count (included, complete, with a value) and that lie before, after or in an unstarted department.

    Adds ``phase``, ``after`` (bool), ``years`` (since the first day in the data) and ``unit`` (integer code of the
    person; a row without a person is a unit of its own). A month of a ``count`` belongs to a phase only when its
    first and its last day do.
    """
    keep = observations["included"] & observations["event"] & observations["value"].notna() & observations["date"].notna()
    rows = observations.loc[keep.to_numpy(dtype=bool)].reset_index(drop=True)
    phase = design.phase(department=rows["department"], date=rows["date"])
    use = phase.isin(["before", "after", "not_started"])
    if kind in MONTHLY and len(rows):
        use &= phase == design.phase(department=rows["department"], date=rows["date"] + pd.offsets.MonthEnd(0))
    rows, phase = rows[use.to_numpy(dtype=bool)].reset_index(drop=True), phase[use].reset_index(drop=True)
    days = (rows["date"] - rows["date"].min()) / pd.Timedelta(days=1)
    return rows.assign(
        phase=phase, after=(phase == "after").to_numpy(dtype=bool), years=(days / DAYS_PER_YEAR).to_numpy(dtype=float),
        unit=_units(rows["person"]),
    )


def _units(person: pd.Series) -> np.ndarray:
    codes, known = pd.factorize(person)
    codes = codes.astype(np.int64)
    alone = codes < 0
    codes[alone] = len(known) + np.arange(int(alone.sum()))
    return codes


def model_rows(*, rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    """What the estimator sees: the phased rows themselves, or for months one row per department and month."""
    if kind not in MONTHLY or not len(rows):
        return rows
    keys = ["department", "date", "phase", "after", "years"]
    return rows.groupby(keys, as_index=False, sort=True)["value"].sum()


def side_counts(*, rows: pd.DataFrame, kind: str) -> dict[str, dict[str, float]]:
    """Department (and ``*``) -> n and persons before and after. ``rows``: phased rows of started departments."""
    used = model_rows(rows=rows, kind=kind)
    n = used.groupby(["department", "after"]).size()
    who = count_persons(observations=rows, by=["department", "after"])
    total_n, total_who = used.groupby("after").size(), count_persons(observations=rows, by=["after"])
    out = {ALL: _sides(total_n.to_dict(), total_who.to_dict())}
    for department in rows["department"].unique():
        out[department] = _sides(*({side: s.get((department, side), 0) for side in (False, True)} for s in (n, who)))
    return out


def no_counts() -> dict[str, float]:
    """The counts of a department without any row."""
    return _sides({}, {})


def _sides(n: dict, who: dict) -> dict[str, float]:
    return {
        "n_before": float(n.get(False, 0)), "n_after": float(n.get(True, 0)),
        "persons_before": float(who.get(False, 0)), "persons_after": float(who.get(True, 0)),
    }
