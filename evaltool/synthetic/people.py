"""Persons: each belongs to one department for a while, then another takes the place."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from statistics import NormalDist

import numpy as np
import pandas as pd

from .effects import SHIFT
from .units import LAST_DAY, UNITS, Unit

AGE_BANDS = ("18-29", "30-44", "45-59", "60+")
_BURN_IN = dt.date(2019, 7, 1)
_MONTH = 30.44


def people(*, rng: np.random.Generator) -> pd.DataFrame:
    """One row per person: ``home, entered, left`` (dates), ``birth_year, resident, frailty, recovery, linked``.

    The history begins three years before the data, so that the first months hold stays of every length and
    nothing drifts only because the records start there.
    """
    rows = [row for place in UNITS for _ in range(place.stock - place.residents) for row in _place(rng, place)]
    rows += [row for place in UNITS for row in _residents(rng, place)]
    frame = pd.DataFrame(rows, columns=["home", "entered", "left", "birth_year", "resident"])
    frame = frame.sort_values(["home", "entered"], kind="stable", ignore_index=True)
    frame["frailty"] = np.exp(0.35 * _even_normal(rng, len(frame)))
    frame["recovery"] = 7.0 * _even_normal(rng, len(frame))
    frame["linked"] = rng.random(len(frame)) < 0.65
    return frame


def _place(rng: np.random.Generator, home: Unit) -> list[tuple]:
    """All who hold one place after each other."""
    rows = []
    day = _BURN_IN - dt.timedelta(days=int(rng.exponential(home.months) * _MONTH))
    while day <= LAST_DAY:
        left = day + dt.timedelta(days=30 + int(rng.exponential(home.months) * _MONTH))
        rows.append((home.id, day, left, _birth_year(rng, home, day), False))
        day = left + dt.timedelta(days=1)
    return rows


def _residents(rng: np.random.Generator, home: Unit) -> list[tuple]:
    """Those who moved in before the data begin and live there still."""
    days = [_BURN_IN + dt.timedelta(days=int(rng.integers(0, 900))) for _ in range(home.residents)]
    return [(home.id, day, dt.date(2030, 1, 1), _birth_year(rng, home, day), True) for day in days]


def _even_normal(rng: np.random.Generator, count: int) -> np.ndarray:
    """Normal numbers, even in every run of eight: a small department does not drift only by who came when."""
    share = (np.arange(8) + 0.5) / 8
    blocks = [rng.permutation(share) for _ in range(count // 8 + 1)]
    jitter = rng.uniform(-0.06, 0.06, count)
    return np.array([NormalDist().inv_cdf(p) for p in np.concatenate(blocks)[:count] + jitter])


def _birth_year(rng: np.random.Generator, home: Unit, entered: dt.date) -> int:
    young = 0.22
    if home.id == SHIFT["department"]:
        started = home.start is not None and entered >= home.start
        young = SHIFT["young_share_after"] if started else SHIFT["young_share_before"]
    age = rng.integers(19, 30) if rng.random() < young else rng.triangular(30, 40, 72)
    return entered.year - int(age)


def age_band(birth_year: int, day: dt.date) -> str:
    """Band of the age reached in the year of ``day``."""
    return AGE_BANDS[bisect_right((30, 45, 60), day.year - birth_year)]
