"""How soon people come back, as series rows for the gate: share back by day, death competing, Kaplan-Meier beside it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..design import StudyDesign
from ..result import ALL, SERIES_COLUMNS, SERIES_TEXT, canonical
from ..stats.survival import kaplan_meier
from .time_to_readmission import DEAD, READMITTED, readmission_curves

DAYS = (7, 30, 90, 365)
"""Days after discharge at which the share that has come back is always told."""
BETWEEN = (3, 14, 21, 45, 60, 120, 180, 270)
"""Days at which it is told too, for the figure, where enough people come back in each piece."""
PHASES = ("before", "after")


def incidence_series(
    *, times: pd.DataFrame, design: StudyDesign, conf_level: float = 0.95, min_persons: int = 5,
) -> pd.DataFrame:
    """Share that has come back by day, for all departments before and after: ``result.SERIES_COLUMNS``.

    ``measure``: ``readmission.within_<days>`` (cumulative incidence, death competing) and
    ``readmission.km_within_<days>`` (one minus Kaplan-Meier: as if nobody died). From one day to the next only those
    between are added, so each row counts the persons of the smallest step; days of ``BETWEEN`` stand there only where
    each piece, in both phases, is of twice ``min_persons``. Between the two curves stand the dead, so the second is told
    only at days between which nobody or as many died. Single departments are left out: their steps are
    single people.
    """
    curves = readmission_curves(times=times, design=design, conf_level=conf_level, departments=False)
    phase = design.phase(department=times["department"], date=times["date"])
    sides = {name: times[phase == name] for name in PHASES if name in set(curves["phase"])}
    # Twice the limit, so that a stricter policy of the same data need not hide all of it.
    least = 2 * min_persons
    days = _days(sides, least)
    rows = [row for name, side in sides.items()
            for row in [*_competing(name, side, curves[curves["phase"] == name], days, conf_level),
                        *_as_if_nobody_died(name, side, days, least)]]
    return canonical(pd.DataFrame(rows), SERIES_COLUMNS, SERIES_TEXT)


def _days(sides: dict[str, pd.DataFrame], least: int) -> tuple[int, ...]:
    """``DAYS`` and those of ``BETWEEN`` that leave pieces of at least ``least`` persons on either hand."""
    days = list(DAYS)
    for day in BETWEEN:
        tried = sorted([*days, day])
        at = tried.index(day)
        pieces = [(tried[at - 1] if at else -1, day), (day, tried[at + 1])]
        if all(_people(side, *piece) >= least for side in sides.values() for piece in pieces):
            days = tried
    return tuple(days)


def _people(side: pd.DataFrame, after: float, until: float, cause: int = READMITTED) -> int:
    met = side[(side["cause"] == cause) & (side["days"] > after) & (side["days"] <= until)]
    return met["person"].nunique()


def _common(name: str, side: pd.DataFrame, days: tuple[int, ...]) -> dict:
    """What every row of a phase has; ``persons_numerator``: those of the smallest piece somebody came back in."""
    n, persons = float(len(side)), float(side["person"].nunique())
    steps = [_people(side, low, high) for low, high in zip((-1, *days), days, strict=False)]
    return {"department": ALL, "kind": "phase", "phase": name, "denominator": n, "n": n, "persons": persons,
            "persons_complement": persons, "unit": "share", "persons_numerator": float(min((s for s in steps if s), default=0))}


def _competing(name: str, side: pd.DataFrame, curve: pd.DataFrame, days: tuple[int, ...], conf_level: float) -> list[dict]:
    common, rows = _common(name, side, days), []
    for day in days:
        at = curve[curve["day"] <= day].tail(1)
        if len(at):
            share, low, high = (float(at[column].iloc[0]) for column in ("incidence", "conf_low", "conf_high"))
            rows.append(common | {
                "measure": f"readmission.within_{day}", "value": share, "conf_low": low, "conf_high": high,
                "conf_level": conf_level, "numerator": share * common["n"], "method": "cumulative_incidence"})
    return rows


def _as_if_nobody_died(name: str, side: pd.DataFrame, days: tuple[int, ...], least: int) -> list[dict]:
    told: list[int] = []
    for day in reversed(days):
        # From the last day backwards: the piece that ends in the next told day must be of enough deaths, or of none.
        if not told or not 0 < _people(side, day, told[0], DEAD) < least:
            told.insert(0, day)
    while told and 0 < _people(side, -1, told[0], DEAD) < least:
        told.pop(0)
    free = kaplan_meier(time=side["days"].to_numpy(), event=(side["cause"] == READMITTED).to_numpy())
    left = np.append(1.0, free.survival)[np.searchsorted(free.time, told, side="right")]
    common = _common(name, side, days)
    return [common | {"measure": f"readmission.km_within_{day}", "value": 1 - float(free_of), "method": "kaplan_meier",
                      "numerator": (1 - float(free_of)) * common["n"]} for day, free_of in zip(told, left, strict=True)]
