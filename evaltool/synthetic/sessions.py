"""Feedback-informed sessions (ORS at the start, SRS at the end) where the method came with the rollout."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from .effects import ORS_CHANGE, ORS_FILLED, SRS_FILLED
from .units import LAST_DAY, UNITS, Unit

_BEGINS_AFTER = dt.timedelta(days=30)
_TAKES_PART, _MOST, _SETTLES = 0.55, 14, 5
"""Share of those there who are offered it, the most sessions of a case, and the session by which it has changed."""


def sessions(*, rng: np.random.Generator, people: pd.DataFrame, known: list[int], deaths: dict[int, dt.date]) -> pd.DataFrame:
    """One row per session: ``person`` (row number of ``people``, of those in ``known``), ``department, session, answered_on``,
    ``ors_01..04`` and ``srs_01..04`` (0-10, one decimal, NaN where the form was not filled in)."""
    rows = []
    for place in UNITS:
        if place.id in ORS_FILLED:
            there = people.loc[known][people.loc[known, "home"] == place.id]
            for who in there.itertuples():
                if rng.random() < _TAKES_PART:
                    rows += _case(rng, place, who, deaths.get(who.Index, LAST_DAY))
    forms = [f"{form}_{n:02d}" for form in ("ors", "srs") for n in range(1, 5)]
    out = pd.DataFrame(rows, columns=["person", "department", "session", "answered_on", *forms])
    return out.sort_values(["answered_on", "department", "person"], kind="stable", ignore_index=True)


def _case(rng: np.random.Generator, place: Unit, who, last: dt.date) -> list[tuple]:
    day = max(who.entered, place.start + _BEGINS_AFTER) + dt.timedelta(days=int(rng.integers(0, 21)))
    until = min(who.left, last, LAST_DAY)
    level, rise, tie = rng.normal(18.0, 5.5), rng.normal(ORS_CHANGE, 4.5), rng.normal(34.5, 2.5)
    rows = []
    for number in range(1, int(rng.integers(1, _MOST + 1)) + 1):
        day += dt.timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
        if day > until:
            break
        reached = level + rise * min(1.0, (number - 1) / _SETTLES) + rng.normal(0, 1.8)
        outcome = _lines(rng, reached) if rng.random() < ORS_FILLED[place.id] else [np.nan] * 4
        alliance = _lines(rng, tie + rng.normal(0, 1.5)) if rng.random() < SRS_FILLED[place.id] else [np.nan] * 4
        rows.append((who.Index, place.id, number, day, *outcome, *alliance))
        day += dt.timedelta(days=7 * int(rng.integers(1, 5)))
    return rows


def _lines(rng: np.random.Generator, total: float) -> list[float]:
    """Four marks of 0 to 10 with one decimal that add up to about ``total``."""
    return [round(float(mark), 1) for mark in np.clip(total / 4 + rng.normal(0, 0.9, 4), 0, 10)]
