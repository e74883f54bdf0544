"""Observations with their phase: the rows a comparison may use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from ..design import StudyDesign

DAYS_PER_YEAR = 365.25


def phased(*, observations: pd.DataFrame, design: StudyDesign, kind: str) -> pd.DataFrame:
    """The rows that count (included, complete, with a value), with ``phase``, ``after``, ``years`` and ``unit``.

    ``years``: time since the first day in the data, float64. ``unit``: integer code of the person; a row without a
    person is a unit of its own. A month of a ``count`` belongs to a phase only when its first and its last day do.
    """
    keep = observations["included"] & observations["event"] & observations["value"].notna() & observations["date"].notna()
    rows = observations.loc[keep.to_numpy(dtype=bool)].reset_index(drop=True)
    phase = design.phase(department=rows["department"], date=rows["date"])
    if kind == "count" and len(rows):
        last = design.phase(department=rows["department"], date=rows["date"] + pd.offsets.MonthEnd(0))
        whole = (phase == last).to_numpy(dtype=bool)
        rows, phase = rows[whole].reset_index(drop=True), phase[whole].reset_index(drop=True)
    days = (rows["date"] - rows["date"].min()) / pd.Timedelta(days=1)
    return rows.assign(
        phase=phase.to_numpy(), after=(phase == "after").to_numpy(dtype=bool),
        years=(days / DAYS_PER_YEAR).to_numpy(dtype=float), unit=_units(rows["person"]),
    )


def _units(person: pd.Series) -> np.ndarray:
    codes, known = pd.factorize(person)
    alone = codes < 0
    codes = codes.astype(np.int64)
    codes[alone] = len(known) + np.arange(int(alone.sum()))
    return codes


def persons(rows: pd.DataFrame) -> float:
    """Distinct persons behind ``rows``; where some are anonymous the lower bound: the largest number in one wave.

    The same staff may answer every wave, so rows of several waves are never added up. Rows without a wave count per
    day. NaN where nothing is a person (department-months).
    """
    if not len(rows):
        return 0.0
    known = rows["person"].nunique()
    anonymous = rows["person"].isna()
    if not anonymous.any():
        return float(known)
    wave = rows["wave"].fillna(rows["date"].dt.strftime("%Y-%m-%d"))
    per_wave = anonymous.groupby(wave).sum() + rows.groupby(wave)["person"].nunique()
    return float(max(known, per_wave.max()))
