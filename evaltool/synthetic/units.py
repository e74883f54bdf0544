"""The ten departments of the made-up municipality, and when the rollout reached each of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

FIRST_DAY = dt.date(2022, 7, 1)
LAST_DAY = dt.date(2026, 6, 30)
MUNICIPALITY = "Fjordvik"


@dataclass(frozen=True)
class Unit:
    """One department and the numbers its people are drawn from. Periods are half-open, as in the rollout register.

    ``stock`` persons belong to it at any time, each for about ``months``; ``gap_days`` is the mean wait between
    two stays beyond the readmission window; ``returns`` the share of discharges before the start that is followed
    by an unplanned stay within 30 days; ``los`` the median nights and the spread on the log scale; ``elective`` the
    admission types of stays that are not emergencies with their shares; ``acute`` the share of stays outside the
    window that are emergencies; ``answers`` the user forms a quarter; ``heads`` the staff;
    ``residents`` those among the stock who live there all through.
    """

    id: str
    name: str
    service: str
    unit_type: str
    beds: int | None
    staff_fte: float
    heads: int
    planned_start: dt.date
    start: dt.date | None
    wash_in_end: dt.date | None
    stock: int
    months: float
    gap_days: float
    los: tuple[float, float]
    returns: float
    acute: float
    elective: dict[str, float]
    answers: int
    qpr_mean: float
    rsa_mean: float
    paused: tuple[dt.date, dt.date] | None = None
    residents: int = 0
    active_from: dt.date = dt.date(2015, 1, 1)


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


UNITS = (
    Unit("havna", "Havna døgnbehandling", "Rus", "substance_use", 18, 22.5, 28,
         _day("2023-09-01"), _day("2023-09-01"), _day("2023-12-01"),
         72, 16, 135, (9, 0.85), 0.205, 0.55, {"planned": 0.9, "unknown": 0.1}, 44, 35.0, 3.35),
    Unit("asen", "Åsen bofellesskap", "Psykisk helse", "housing", 8, 12.0, 17,
         _day("2023-11-01"), _day("2023-12-01"), _day("2024-03-01"),
         28, 40, 110, (6, 0.60), 0.16, 0.25, {"respite": 0.8, "planned": 0.2}, 24, 37.0, 3.50, residents=5),
    Unit("torget", "Torget oppfølgingsteam", "Psykisk helse og rus", "outreach", None, 9.5, 13,
         _day("2024-03-01"), _day("2024-03-01"), _day("2024-06-01"),
         64, 30, 420, (8, 0.80), 0.20, 0.80, {"planned": 1.0}, 34, 36.0, 3.45),
    Unit("solbakken", "Solbakken korttidsavdeling", "Psykisk helse", "inpatient", 20, 20.0, 26,
         _day("2024-03-01"), _day("2024-05-15"), _day("2024-08-15"),
         84, 16, 125, (8, 0.85), 0.220, 0.65, {"planned": 0.9, "unknown": 0.1}, 56, 34.5, 3.30,
         paused=(_day("2025-06-16"), _day("2025-08-18"))),
    Unit("skogly", "Skogly", "Psykisk helse", "housing", 4, 3.6, 4,
         _day("2024-06-01"), _day("2024-06-01"), _day("2024-09-01"),
         9, 60, 130, (5, 0.60), 0.15, 0.30, {"respite": 0.6, "planned": 0.4}, 8, 38.0, 3.60, residents=2),
    Unit("nordlia", "Nordlia brukerstyrte plasser", "Psykisk helse og rus", "user_controlled", 5, 9.0, 13,
         _day("2024-09-01"), _day("2024-09-01"), _day("2024-12-01"),
         46, 26, 95, (3, 0.50), 0.20, 0.35, {"user_controlled": 0.9, "planned": 0.1}, 30, 37.5, 3.55),
    Unit("brinken", "Brinken botiltak", "Rus", "housing", 10, 13.0, 18,
         _day("2024-11-01"), _day("2024-11-01"), _day("2025-03-01"),
         30, 36, 120, (10, 0.70), 0.19, 0.45, {"planned": 0.7, "respite": 0.3}, 26, 35.5, 3.40, residents=5),
    Unit("act", "ACT-teamet Fjordvik", "Psykisk helse og rus", "outreach", None, 10.0, 12,
         _day("2025-01-15"), _day("2025-03-01"), _day("2025-06-01"),
         48, 34, 380, (12, 0.80), 0.21, 0.85, {"planned": 1.0}, 34, 33.5, 3.60),
    Unit("elvebredden", "Elvebredden ROP-boliger", "Rus", "housing", 12, 14.5, 19,
         _day("2026-09-01"), None, None,
         30, 40, 120, (10, 0.70), 0.20, 0.45, {"planned": 0.7, "respite": 0.3}, 26, 34.5, 3.30, residents=6),
    Unit("kaia", "Kaia lavterskeltilbud døgn", "Rus", "low_threshold", 20, 18.0, 24,
         _day("2026-10-15"), None, None,
         64, 16, 130, (11, 0.85), 0.210, 0.70, {"planned": 0.9, "unknown": 0.1}, 40, 34.0, 3.35),
)

ACUTE_PLACES = {"torget": ("solbakken", "havna", "kaia"), "act": ("solbakken", "havna", "kaia")}
"""The teams have no beds: their people stay with others."""

NEIGHBOURS = {
    "havna": "solbakken", "solbakken": "havna", "kaia": "havna", "nordlia": "solbakken", "asen": "solbakken",
    "brinken": "havna", "elvebredden": "kaia", "skogly": "solbakken",
}
"""Where a transfer goes to."""


def unit(name: str) -> Unit:
    """The department with this id."""
    return next(u for u in UNITS if u.id == name)


def exposure(place: Unit, day: dt.date) -> float:
    """How far the new practice has come on ``day``: 0 before the start, rising through wash-in, 1 from its end on."""
    if place.start is None or place.wash_in_end is None or day < place.start:
        return 0.0
    length = (place.wash_in_end - place.start).days
    return min(1.0, ((day - place.start).days + 1) / length)
