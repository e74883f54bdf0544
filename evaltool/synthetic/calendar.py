"""Survey waves: sixteen quarters for users, five for staff."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Wave:
    """One survey wave: first and last day on which it can be answered."""

    id: str
    label: str
    opens: dt.date
    closes: dt.date


def _quarter(number: int) -> Wave:
    year, quarter = 2022 + (number + 2) // 4, (number + 2) % 4 + 1
    opens = dt.date(year, 3 * quarter - 2, 1)
    following = dt.date(year + quarter // 4, 3 * quarter % 12 + 1, 1)
    return Wave(f"{year}K{quarter}", f"{quarter}. kvartal {year}", opens, following - dt.timedelta(days=1))


QUARTERS = tuple(_quarter(number) for number in range(16))

STAFF_WAVES = (
    Wave("2022H2", "Høst 2022", dt.date(2022, 10, 3), dt.date(2022, 11, 13)),
    *(Wave(f"{y}H1", f"Vår {y}", dt.date(y, 4, 15), dt.date(y, 5, 26)) for y in (2023, 2024, 2025, 2026)),
)


def a_day(rng: np.random.Generator, first: dt.date, last: dt.date) -> dt.date:
    """A day between the two, a weekday where there is one."""
    day = first + dt.timedelta(days=int(rng.integers(0, (last - first).days + 1)))
    moved = day - dt.timedelta(days=max(0, day.weekday() - 4))
    return max(first, moved)
