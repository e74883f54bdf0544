"""Stays, person by person: a stay, a wait, the next stay, and what the wait depends on."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from .effects import PLANNED_RETURN, READMISSION_FACTOR, USER_CONTROLLED_BORROWED, USER_CONTROLLED_WAIT
from .units import ACUTE_PLACES, FIRST_DAY, LAST_DAY, NEIGHBOURS, Unit, exposure, unit

COLUMNS = ("admitted", "discharged", "department", "admission_type", "legal_basis", "discharged_to", "died")
_END = dt.datetime.combine(LAST_DAY, dt.time(23, 59))
_BEGIN = dt.datetime.combine(FIRST_DAY, dt.time())


def stays(*, rng: np.random.Generator, people: pd.DataFrame) -> tuple[pd.DataFrame, dict[int, dt.date]]:
    """Stays that touch the data window, with ``person`` as row number of ``people``; and day of death by person."""
    rows, deaths = [], {}
    for row in people.itertuples():
        found, died = _resident(row) if row.resident else _life(rng, row)
        rows += [(row.Index, *stay) for stay in found]
        if died is not None and died <= LAST_DAY:
            deaths[row.Index] = died
    frame = pd.DataFrame(rows, columns=["person", *COLUMNS])
    frame = frame[(frame["discharged"] >= _BEGIN) & (frame["admitted"] <= _END)]
    ongoing = frame["discharged"] > _END
    frame = frame.assign(
        discharged=frame["discharged"].mask(ongoing), discharged_to=frame["discharged_to"].mask(ongoing),
        died=frame["died"] & ~ongoing,
    )
    return frame.sort_values(["admitted", "person"], ignore_index=True), deaths


def _resident(row) -> tuple[list[tuple], None]:
    """One stay that lasts beyond the data."""
    moved_in, out = (dt.datetime.combine(day, dt.time(12)) for day in (row.entered, row.left))
    return [(moved_in, out, row.home, "planned", "voluntary", None, False)], None


def _life(rng: np.random.Generator, row) -> tuple[list[tuple], dt.date | None]:
    """All stays of one person, and the day of death if there is one."""
    home = unit(row.home)
    found: list[tuple] = []
    day = row.entered + dt.timedelta(days=int(rng.integers(0, 5 if home.beds else 300)))
    kind = _next_kind(rng, home, 0.0)
    moment = _hour(rng, day, kind)
    limit = dt.datetime.combine(row.left, dt.time())
    while moment <= _END:
        episode = _episode(rng, home, kind, moment)
        found += episode
        out, place = episode[-1][1], unit(episode[-1][2])
        if episode[-1][-1]:
            return found, out.date()
        if rng.random() < 0.003:
            return found, out.date() + dt.timedelta(days=int(rng.integers(3, 29)))
        moment, kind, back = _after(rng, home, place, out, row.frailty)
        if not back and moment > limit:
            break
    return found, None


def _after(rng: np.random.Generator, home: Unit, place: Unit, out: dt.datetime, frailty: float) -> tuple:
    """When and how the next stay begins: ``moment, kind, within`` the readmission window or not."""
    level = exposure(place, out.date())
    unplanned = min(0.7, place.returns * frailty * (1 - (1 - READMISSION_FACTOR) * level))
    before, after = USER_CONTROLLED_BORROWED
    borrowed = before + (after - before) * exposure(unit("nordlia"), out.date())
    draw = rng.random()
    if draw < unplanned:
        if rng.random() < 0.03:
            return out + dt.timedelta(minutes=5 * int(12 * rng.uniform(9, 13))), "unplanned", True
        return _hour(rng, out.date() + dt.timedelta(days=1 + int(28 * rng.beta(1, 1.6))), "unplanned"), "unplanned", True
    if draw < unplanned + borrowed:
        day = out.date() + dt.timedelta(days=int(rng.integers(2, 29)))
        return _hour(rng, day, "user_controlled"), "user_controlled", True
    if draw < unplanned + borrowed + PLANNED_RETURN:
        day = out.date() + dt.timedelta(days=int(rng.integers(3, 29)))
        return _hour(rng, day, "planned"), "respite" if home.unit_type == "housing" else "planned", True
    level = exposure(home, out.date())
    wait = home.gap_days * (1 - (1 - USER_CONTROLLED_WAIT) * level if home.id == "nordlia" else 1)
    day = out.date() + dt.timedelta(days=32 + int(rng.exponential(wait)))
    kind = _next_kind(rng, home, level)
    return _hour(rng, day, kind), kind, False


def _next_kind(rng: np.random.Generator, home: Unit, level: float) -> str:
    acute = home.acute * (1 - 0.4 * level) if home.id == "nordlia" else home.acute
    if rng.random() < acute:
        return "unplanned"
    return str(rng.choice(list(home.elective), p=list(home.elective.values())))


def _hour(rng: np.random.Generator, day: dt.date, kind: str) -> dt.datetime:
    first, last = (0, 24) if kind in ("unplanned", "unknown") else (9, 15)
    return dt.datetime.combine(day, dt.time(int(rng.integers(first, last)), 5 * int(rng.integers(0, 12))))


def _where(rng: np.random.Generator, home: Unit, kind: str) -> str:
    if kind == "user_controlled":
        return "nordlia"
    if home.id in ACUTE_PLACES:
        return str(rng.choice(ACUTE_PLACES[home.id], p=[0.6, 0.3, 0.1]))
    if kind == "unplanned" and rng.random() < 0.08:
        return NEIGHBOURS[home.id]
    return home.id


def _episode(rng: np.random.Generator, home: Unit, kind: str, moment: dt.datetime) -> list[tuple]:
    """One stay, or two with a transfer on the same day between them."""
    first = _where(rng, home, kind)
    moved = kind != "user_controlled" and rng.random() < 0.085
    last = NEIGHBOURS[first] if moved else first
    median, spread = unit(last).los
    short = rng.random() < 0.03 and not moved and moment.hour < 20
    nights = 0 if short else max(1, round(rng.lognormal(np.log(median), spread)))
    died = nights > 0 and rng.random() < 0.003
    legal = _legal(rng, first, kind)
    if not moved:
        out = _out(rng, moment, nights)
        return [(moment, out, first, kind, legal, _to(rng, died), died)]
    split = int(rng.integers(1, nights + 2)) if nights > 1 else 1
    middle = _out(rng, moment, min(split, nights))
    again = middle + dt.timedelta(minutes=5 * int(rng.integers(0, 60)))
    out = _out(rng, again, max(1, nights - split))
    second = "transfer" if rng.random() < 0.7 else "unplanned"
    return [
        (moment, middle, first, kind, legal, "other_department", False),
        (again, out, last, second, legal, _to(rng, died), died),
    ]


def _out(rng: np.random.Generator, moment: dt.datetime, nights: int) -> dt.datetime:
    if nights == 0:
        latest = dt.datetime.combine(moment.date(), dt.time(23, 55))
        return min(latest, moment + dt.timedelta(minutes=5 * int(rng.integers(12, 97))))
    day = moment.date() + dt.timedelta(days=nights)
    return dt.datetime.combine(day, dt.time(int(rng.integers(9, 16)), 5 * int(rng.integers(0, 12))))


def _legal(rng: np.random.Generator, place: str, kind: str) -> str | None:
    draw = rng.random()
    if draw < 0.04:
        return None
    forced = kind == "unplanned" and place == "havna" and draw > 0.96
    return "compulsory_substance_use" if forced else "voluntary"


def _to(rng: np.random.Generator, died: bool) -> str | None:
    if died:
        return "dead"
    places = ["home", "housing", "hospital", "no_fixed_address", "unknown"]
    return str(rng.choice(places, p=[0.62, 0.2, 0.08, 0.05, 0.05]))
