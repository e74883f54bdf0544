"""The made-up municipality as clean tables, before any source writes them in its own way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import pandas as pd

from ..contracts import is_item
from .coded_themes import coded_themes
from .own_recovery import own_recovery
from .contacts import contacts as draw_contacts
from .people import people as draw_people
from .practice_views import leader_views, user_views
from .registers import components, departments, invitations, rollout
from .sessions import sessions as draw_sessions
from .staff_survey import staff_survey as draw_staff_survey
from .stays import stays as draw_stays
from .user_survey import user_survey as draw_user_survey
from .values_exercise import values_exercise

SEED = 20260630
_DRAWS = {
    "people": 0, "stays": 11, "user_survey": 11, "staff_survey": 12, "registers": 0, "ids": 0, "user_views": 0,
    "leader_views": 0, "sessions": 0, "values_exercise": 0, "coded_themes": 0,
    "own_recovery": 0,
    "contacts": 4,
}
"""Which draw of each table. Of some twenty draws one was kept where luck hides nothing of what is planted: with ten
departments and six measures, a draw taken blindly has a department or two far off by chance alone."""


def sample_tables(*, seed: int = SEED) -> Mapping[str, pd.DataFrame]:
    """Clean tables by name: departments, rollout, components, stays, persons, staff_survey, user_survey, invitations,
    sessions, values_exercise, coded_themes, contacts.

    Columns are the canonical ones; dates and times ``datetime64[us]``, ids and codes text, items numbers (RSA: 97
    not applicable, 98 don't know). Every table has its own stream of random numbers, so that a change in one leaves
    the others as they are.
    """
    rng = {name: np.random.default_rng([seed, number, draw]) for number, (name, draw) in enumerate(_DRAWS.items())}
    people = draw_people(rng=rng["people"])
    stays, deaths = draw_stays(rng=rng["stays"], people=people)
    users = draw_user_survey(rng=rng["user_survey"], people=people, deaths=deaths)
    ids = _ids(rng["ids"], stays["person"], users["person"])
    staff = draw_staff_survey(rng=rng["staff_survey"])
    seen_by_users = user_views(rng=rng["user_views"], user_survey=users)
    recovery = own_recovery(rng=rng["own_recovery"], user_survey=users)
    talks = draw_sessions(rng=rng["sessions"], people=people, known=sorted(ids), deaths=deaths)
    met = draw_contacts(rng=rng["contacts"], people=people, stays=stays, deaths=deaths)
    met.insert(0, "contact_id", [f"K{n:05d}" for n in range(1, len(met) + 1)])
    stays.insert(0, "stay_id", [f"S{n:05d}" for n in range(1, len(stays) + 1)])
    tables = {
        "departments": departments(),
        "rollout": rollout(),
        "components": components(rng=rng["registers"]),
        "stays": stays.assign(person=stays["person"].map(ids)),
        "persons": _persons(people, deaths, ids),
        "staff_survey": pd.concat(
            [staff.assign(consent=True), leader_views(rng=rng["leader_views"], staff_survey=staff)], axis=1),
        "user_survey": pd.concat([users.assign(person=users["person"].map(ids), consent=True), seen_by_users, recovery], axis=1),
        "invitations": invitations(rng=rng["registers"], user_survey=users),
        "sessions": talks.assign(person=talks["person"].map(ids)),
        "values_exercise": values_exercise(rng=rng["values_exercise"]),
        "coded_themes": coded_themes(rng=rng["coded_themes"]),
        "contacts": met.assign(person=met["person"].map(ids)),
    }
    return {name: _typed(frame) for name, frame in tables.items()}


def _ids(rng: np.random.Generator, *used: pd.Series) -> dict[int, str]:
    """P0001 and on, in an order that says nothing about the department."""
    seen = np.unique(np.concatenate([series.dropna().to_numpy() for series in used]).astype(int))
    return {int(who): f"P{n:04d}" for n, who in enumerate(rng.permutation(seen), start=1)}


def _persons(people: pd.DataFrame, deaths: dict[int, dt.date], ids: dict[int, str]) -> pd.DataFrame:
    rows = []
    for who, person in ids.items():
        decade = people.at[who, "birth_year"] // 10 * 10
        rows.append((person, f"{decade}-{decade + 9}", deaths.get(who)))
    frame = pd.DataFrame(rows, columns=["person", "birth_year_band", "died_on"]).sort_values("person", ignore_index=True)
    alive = frame.index[frame["died_on"].isna()]
    frame["withdrawn_on"] = pd.Series(dict(zip(alive[100::700], _WITHDRAWN, strict=False)), dtype="object")
    return frame


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    dates = [c for c in frame if c in _DATES]
    flags = [c for c in frame if c in ("died", "consent", "co_intervention", "kept")]
    numbers = [c for c in frame if c in _NUMBERS or is_item(c)]
    kinds = {c: "datetime64[us]" for c in dates} | {c: "boolean" for c in flags} | {c: "float64" for c in numbers}
    return frame.astype(kinds | {c: "str" for c in frame if c not in kinds})


_WITHDRAWN = (dt.date(2025, 2, 3), dt.date(2025, 11, 17))
"""Two persons want their data out again; their rows must be withheld."""

_DATES = frozenset((
    "admitted", "discharged", "answered_on", "died_on", "withdrawn_on", "event_date", "end_date", "planned_start",
    "start", "wash_in_end", "contacted_on", "paused_from", "paused_to", "active_from", "active_to",
))
_NUMBERS = frozenset(("beds", "staff_fte", "dose_value", "n_staff", "n_staff_eligible", "n_users", "invited", "session"))
