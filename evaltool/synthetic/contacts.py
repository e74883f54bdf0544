"""Contacts with the services: who was met after a stay, and when the two outreach teams took people in."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from .effects import FOLLOWED_UP, INTAKE_AFTER_STAY
from .units import FIRST_DAY, LAST_DAY, exposure, unit

COLUMNS = ("person", "department", "contacted_on", "kind")
_SOON = dt.timedelta(days=1)
"""A stay that follows sooner is a transfer: nobody was discharged."""
_NOT_MET = 0.12
_TEAM = "outreach"


def contacts(*, rng: np.random.Generator, people: pd.DataFrame, stays: pd.DataFrame, deaths: dict[int, dt.date]) -> pd.DataFrame:
    """One row per contact, ``person`` as row number of ``people``: meetings in the week after a discharge, some that nobody
    came to, and one intake for each person of an outreach team, a few days after a stay in hospital."""
    rows = []
    for who, own in stays.sort_values("admitted", kind="stable").groupby("person"):
        home = unit(people.at[who, "home"])
        ends = list(own["discharged"].dropna())
        for stay, then in zip(own.itertuples(), [*own["admitted"].iloc[1:], None], strict=True):
            if not pd.isna(stay.discharged) and not stay.died:
                team = home.id if home.unit_type == _TEAM else stay.department
                rows += _after(rng, who, team, stay, then, deaths.get(who))
        if home.unit_type == _TEAM and len(ends) >= INTAKE_AFTER_STAY:
            rows += _intake(rng, who, home.id, ends[INTAKE_AFTER_STAY - 1].date(), deaths.get(who))
    return pd.DataFrame(rows, columns=list(COLUMNS)).sort_values(["contacted_on", "person"], kind="stable", ignore_index=True)


def _after(rng: np.random.Generator, who: int, team: str, stay, then: pd.Timestamp | None, died: dt.date | None) -> list[tuple]:
    """At most one meeting in the week after a discharge, and perhaps a letter or an appointment nobody came to."""
    out = stay.discharged.date()
    if then is not None and then - stay.discharged < _SOON:
        return []
    before, after = FOLLOWED_UP
    likely = before + (after - before) * exposure(unit(stay.department), out)
    wait, met, tried = int(rng.integers(1, 8)), rng.random() < likely, rng.random() < _NOT_MET
    kind, moment = str(rng.choice(["in_person", "phone", "video"], p=[0.55, 0.35, 0.10])), _hour(rng, out + dt.timedelta(days=wait))
    last = min(LAST_DAY, died or LAST_DAY, LAST_DAY if then is None else then.date() - _SOON)
    rows = [(who, team, moment, kind)] if met and moment.date() <= last else []
    if tried and out + _SOON <= last:
        rows.append((who, team, _hour(rng, out + _SOON), "message" if rng.random() < 0.5 else "not_met"))
    return rows


def _intake(rng: np.random.Generator, who: int, team: str, out: dt.date, died: dt.date | None) -> list[tuple]:
    day = out + dt.timedelta(days=int(rng.integers(3, 15)))
    return [(who, team, _hour(rng, day), "intake")] if FIRST_DAY <= day <= min(LAST_DAY, died or LAST_DAY) else []


def _hour(rng: np.random.Generator, day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(int(rng.integers(8, 16)), 15 * int(rng.integers(0, 4))))
