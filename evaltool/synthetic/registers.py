"""The registers people keep by hand: departments, rollout, what was done, who was asked."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from .calendar import QUARTERS, STAFF_WAVES
from .effects import MERGER
from .units import MUNICIPALITY, UNITS, Unit


def departments() -> pd.DataFrame:
    """One row per department."""
    return pd.DataFrame([{
        "department": u.id, "name": u.name, "service": u.service, "municipality": MUNICIPALITY,
        "unit_type": u.unit_type, "beds": u.beds, "staff_fte": u.staff_fte, "active_from": u.active_from,
        "active_to": None,
    } for u in UNITS])


def rollout() -> pd.DataFrame:
    """One row per department; no start means not started."""
    return pd.DataFrame([{
        "department": u.id, "planned_start": u.planned_start, "start": u.start, "wash_in_end": u.wash_in_end,
        "paused_from": u.paused[0] if u.paused else None, "paused_to": u.paused[1] if u.paused else None,
    } for u in UNITS])


def components(*, rng: np.random.Generator) -> pd.DataFrame:
    """What was done where, with doses; the merger is marked as a co-intervention."""
    rows = [row for u in UNITS if u.start for row in _done(rng, u)]
    rows.append(_row(MERGER["department"], "merger", dt.date.fromisoformat(MERGER["event_date"]), co=True))
    return pd.DataFrame(rows).sort_values(["event_date", "department"], kind="stable", ignore_index=True)


def _done(rng: np.random.Generator, u: Unit) -> list[dict]:
    start, heads = u.start, u.heads
    rows = [
        _row(u.id, "training", start - dt.timedelta(days=21), dose=(12, "hours"), staff=_part(rng, heads, 0.8),
             eligible=heads),
        _row(u.id, "conference_day", start, dose=(6, "hours"), staff=_part(rng, heads, 0.9), eligible=heads),
        _row(u.id, "reflection_group", start + dt.timedelta(days=14), end=start + dt.timedelta(days=365),
             dose=(18, "meetings"), staff=_part(rng, heads, 0.6), eligible=heads),
    ]
    if u.id in ("havna", "solbakken", "torget", "act"):
        rows.append(_row(u.id, "peer_worker", start + dt.timedelta(days=60), dose=(50, "percent_fte"),
                         users=int(u.answers * 0.7)))
    if u.id in ("havna", "torget", "nordlia"):
        rows.append(_row(u.id, "fit", start + dt.timedelta(days=30), dose=(3, "hours"), staff=_part(rng, heads, 0.5),
                         eligible=heads, users=int(u.answers * 0.5)))
    return rows


def _part(rng: np.random.Generator, heads: int, share: float) -> int:
    return int(rng.binomial(heads, share))


def _row(
    department: str, component: str, day: dt.date, *, end: dt.date | None = None,
    dose: tuple[float, str] | tuple[None, None] = (None, None), staff: int | None = None,
    eligible: int | None = None, users: int | None = None, co: bool = False,
) -> dict:
    return {
        "department": department, "component": component, "event_date": day, "end_date": end, "dose_value": dose[0],
        "dose_unit": dose[1], "n_staff": staff, "n_staff_eligible": eligible, "n_users": users, "co_intervention": co,
    }


def invitations(*, rng: np.random.Generator, user_survey: pd.DataFrame) -> pd.DataFrame:
    """Who was asked: every post in a staff wave; in a quarter more users than answered."""
    answered = user_survey.groupby(["department", "wave"]).size()
    rows = []
    for u in UNITS:
        rows += [(u.id, wave.id, "staff", u.heads) for wave in STAFF_WAVES]
        for wave in QUARTERS:
            n = int(answered.get((u.id, wave.id), 0))
            most = u.stock if u.stock <= 12 else int(np.ceil(n / rng.uniform(0.55, 0.8)))
            rows.append((u.id, wave.id, "users", max(n, most)))
    frame = pd.DataFrame(rows, columns=["department", "wave", "population", "invited"])
    return frame.sort_values(["population", "wave", "department"], ignore_index=True)
