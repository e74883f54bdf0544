"""Random small registers with all their tables (stays, contacts, persons, totals, rollout) and random settings of a study.

A ``World`` holds plain dicts and dates, which ``plain_measures`` counts person by person; ``dataset`` and ``study`` make
of it what the package reads.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pandas as pd

from evaltool.result import Dataset, Provenance
from evaltool.study import Study, open_study

from .registers import KINDS, PLACES, frame

FIRST = dt.datetime(2022, 10, 1)
STAY_PLACES = ("ward", "unit", "home", "flat")
LEGAL = ("voluntary", "voluntary", "compulsory", "observation", "sentence", "other", "unknown", None)
CONTACTS = ("intake", "in_person", "phone", "video", "message", "not_met", "other", None)


@dataclass(frozen=True)
class World:
    """``departments`` and ``rollout``: rows by department; ``settings``: what study.toml would say; all days are dates."""

    stays: list[dict]
    contacts: list[dict]
    persons: dict[str, dict]
    counts: list[dict]
    departments: dict[str, dict]
    rollout: dict[str, dict]
    as_of: dt.date
    settings: SimpleNamespace


def world(*, seed: int, persons: int = 24) -> World:
    rng = np.random.default_rng(seed)
    pick = lambda *values: values[int(rng.integers(0, len(values)))]  # noqa: E731
    as_of = pick(dt.date(2024, 12, 31), dt.date(2024, 11, 17), dt.date(2024, 10, 30))
    times = pick("clock", "days", "mixed")
    stays = _stays(rng, persons, as_of, times)
    people = {s["person"] for s in stays if s["person"]}
    last = {p: max((s["discharged"] or s["admitted"]).date() for s in stays if s["person"] == p) for p in people}
    known = {
        person: {"died_on": pick(None, None, None, None, last[person] + dt.timedelta(days=int(rng.choice([0, 0, 2, 5, 20, 200])))),
                 "born": pick("1950-1959", "1980-1989", "1980-1989", None), "group": pick("substance_use", "mental_health", None)}
        for person in sorted(people)
    }
    settings = SimpleNamespace(
        transfer_gap_hours=pick(0, 8, 24, 48), attribute_to=pick("first", "last"), count_same_day=pick(0, 1),
        long_stay_months=pick(1, 3), min_persons=pick(2, 3, 5), window_days=pick(7, 30, 45), lower_gap_hours=pick(0, 0, 8, 36),
        lower_gap_days=pick(0, 0, 3), where=pick("any", "same_department"), look=pick("any", "next"),
        unit=pick("episode", "person_year", "person"), planned_types=pick(("planned", "user_controlled", "respite"), ("planned",)),
        not_followed_types=pick(("user_controlled", "respite"), ()), transferred_out=pick(("hospital", "other_department"), ("prison",)),
        leave_out=pick(("moved_away",), (), ("moved_away", "self_discharge")), leave_out_deaths=pick(False, True),
        leave_out_crossing=pick(False, True), horizon_days=pick(90, 365),
    )
    return World(
        stays=stays, contacts=_contacts(rng, sorted(people), stays, as_of), persons=known, counts=_counts(rng, as_of),
        departments=_departments(pick), rollout=_rollout(pick), as_of=as_of, settings=settings)


def _stays(rng: np.random.Generator, persons: int, as_of: dt.date, times: str) -> list[dict]:
    """Up to six stays of each person, which may overlap, adjoin or lie apart; some go on, some belong to nobody."""
    stays: list[dict] = []
    close = dt.datetime.combine(as_of + dt.timedelta(days=1), dt.time())
    for number in range(persons):
        moment = FIRST + dt.timedelta(hours=int(rng.integers(0, 500 * 24)), minutes=int(rng.integers(1, 60)))
        for _ in range(int(rng.integers(1, 7))):
            place = STAY_PLACES[int(rng.choice(4, p=[0.45, 0.25, 0.15, 0.15]))]
            hours = int(rng.choice([0, 3, 20, 60, 24 * 12, 24 * 40, 24 * 95, 24 * 200]) * (0.5 + rng.random()))
            out = moment + dt.timedelta(hours=hours, minutes=int(rng.integers(0, 60)))
            if moment >= close:
                break
            goes_on = out >= close or rng.random() < 0.02
            inn = moment.replace(hour=0, minute=0) if times == "days" else moment
            end = None if goes_on else out.replace(hour=0, minute=0) if times != "clock" else out
            if end is not None and end < inn:
                inn = inn.replace(hour=0, minute=0)
            died = not goes_on and rng.random() < 0.015
            stays.append({
                "stay_id": f"s{len(stays):04d}", "person": None if rng.random() < 0.02 else f"p{number:02d}", "department": place,
                "admitted": inn, "discharged": end, "admission_type": KINDS[int(rng.integers(0, len(KINDS)))],
                "legal_basis": LEGAL[int(rng.integers(0, len(LEGAL)))],
                "discharged_to": None if goes_on else PLACES[int(rng.choice(len(PLACES)))] if rng.random() < 0.5 else "home",
                "died": bool(died)})
            if goes_on or died:
                break
            moment = out + dt.timedelta(hours=int(rng.choice([-60, 0, 5, 8, 20, 30, 50, 24 * 5, 24 * 25, 24 * 30, 24 * 90])))
    return [stays[i] for i in rng.permutation(len(stays))]


def _contacts(rng: np.random.Generator, people: list[str], stays: list[dict], as_of: dt.date) -> list[dict]:
    """Contacts near discharges and anywhere else; some people are taken in by a team, some twice."""
    found = []
    ends = [(s["person"], s["discharged"]) for s in stays if s["person"] and s["discharged"] and rng.random() < 0.5]
    near = [(person, out + dt.timedelta(days=int(rng.integers(0, 12)), hours=int(rng.integers(0, 9)))) for person, out in ends]
    far = [(person, FIRST + dt.timedelta(days=int(rng.integers(300, 800)))) for person in people for _ in range(2)]
    for person, moment in near + far:
        if moment.date() <= as_of:
            kind = CONTACTS[int(rng.integers(0, len(CONTACTS)))]
            found.append({"person": person, "department": ("act", "team")[int(rng.integers(0, 2))], "contacted_on": moment, "kind": kind})
    return [found[i] for i in rng.permutation(len(found))]


def _counts(rng: np.random.Generator, as_of: dt.date) -> list[dict]:
    """Beds that change, and totals: of a department without stays (``act``), and of one with stays that may say something else."""
    rows = [{"department": "ward", "month": dt.date(2023, int(m), 1), "measure": "beds", "numerator": float(n), "denominator": None}
            for m, n in zip(sorted(rng.choice(np.arange(1, 13), 2, replace=False)), rng.integers(0, 12, 2), strict=True)]
    for month in (dt.date(2023, 5, 1), dt.date(2024, 2, 1), dt.date(2024, 3, 1)):
        of = int(rng.integers(0, 9))
        rows += [
            {"department": "act", "month": month, "measure": "bed_days", "numerator": float(rng.integers(0, 50)), "denominator": None},
            {"department": "act", "month": month, "measure": "readmission_30d_unplanned", "numerator": float(rng.integers(0, of + 1)), "denominator": float(of)},
            {"department": "act", "month": month, "measure": "persons", "numerator": float(rng.integers(0, 6)), "denominator": None},
            {"department": "ward", "month": month, "measure": "bed_days", "numerator": float(rng.integers(0, 60)), "denominator": None},
            {"department": "unit", "month": month, "measure": "readmission_30d_unplanned", "numerator": float(rng.integers(0, 2)), "denominator": float(rng.integers(1, 4))},
        ]
    return rows


def _departments(pick) -> dict[str, dict]:
    opened, closed = pick(None, dt.date(2022, 3, 1), dt.date(2023, 4, 10)), pick(None, dt.date(2024, 6, 20))
    make = lambda kind, beds, begin=None, end=None: {"unit_type": kind, "beds": beds, "active_from": begin, "active_to": end}  # noqa: E731
    return {"ward": make("inpatient", 8.0, opened), "unit": make("inpatient", None, opened, closed), "home": make("housing", 5.0),
            "flat": make("housing", 3.0, end=closed), "act": make("outreach", None), "team": make("outreach", None)}


def _rollout(pick) -> dict[str, dict]:
    make = lambda *days: dict(zip(("start", "wash_in_end", "paused_from", "paused_to"), days, strict=True))  # noqa: E731
    half = make(dt.date(2023, 10, 15), dt.date(2023, 12, 15), *pick((None, None), (dt.date(2024, 2, 1), dt.date(2024, 3, 10)), (dt.date(2024, 7, 1), None)))
    return {"ward": make(dt.date(2023, 9, 1), dt.date(2023, 12, 1), None, None), "home": half,
            "unit": make(pick(dt.date(2025, 6, 1), dt.date(2024, 1, 1)), None, None, None), "act": make(dt.date(2023, 7, 1), dt.date(2023, 7, 1), None, None)}


def dataset(world: World) -> Dataset:
    """The tables and registers with the types of validated ones."""
    contacts = pd.DataFrame(world.contacts, columns=["person", "department", "contacted_on", "kind"])
    contacts = contacts.astype({"person": "str", "department": "str", "kind": "str"}).assign(contacted_on=_moments(contacts["contacted_on"]))
    persons = pd.DataFrame([{"person": who, "died_on": known["died_on"], "birth_year_band": known["born"], "user_group": known["group"]}
                            for who, known in world.persons.items()], columns=["person", "died_on", "birth_year_band", "user_group"])
    persons = persons.astype({"person": "str", "birth_year_band": "str", "user_group": "str"}).assign(died_on=_moments(persons["died_on"]))
    counts = pd.DataFrame(world.counts).astype({"department": "str", "measure": "str", "denominator": "float64"})
    departments = pd.DataFrame([{"department": name, "name": name, "service": "s", **row} for name, row in world.departments.items()])
    rollout = pd.DataFrame([{"department": name, "planned_start": row["start"], **row} for name, row in world.rollout.items()])
    for table, days in ((departments, ("active_from", "active_to")), (rollout, ("planned_start", "start", "wash_in_end", "paused_from", "paused_to"))):
        for name in days:
            table[name] = _moments(table[name])
    return Dataset(
        tables={"stays": frame(world.stays), "contacts": contacts, "persons": persons,
                "service_counts": counts.assign(month=_moments(counts["month"]))},
        registers={"departments": departments.astype({"department": "str", "beds": "float64"}), "rollout": rollout.astype({"department": "str"}),
                   "components": pd.DataFrame({"department": [], "component": []})},
        provenance=Provenance(study="x", snapshot="0" * 12, as_of=world.as_of, version="0"))


def _moments(days) -> pd.Series:
    return pd.to_datetime(pd.Series(days, dtype="object")).astype("datetime64[us]")


def study(folder, world: World) -> Study:
    """A study of the folder (made once) with the settings of ``world``."""
    own = folder / "study.toml"
    if not own.exists():
        own.write_text('[study]\nid = "x"\nname = { nb = "X", en = "X" }\nas_of = 2024-12-31\n', encoding="utf8")
    made, s = open_study(folder=folder), world.settings
    return dataclasses.replace(
        made, as_of=world.as_of, privacy=dataclasses.replace(made.privacy, min_persons=s.min_persons),
        stays=dataclasses.replace(made.stays, count_same_day=s.count_same_day, long_stay_months=s.long_stay_months),
        readmission=dataclasses.replace(made.readmission, **{name: getattr(s, name) for name in (
            "window_days", "lower_gap_hours", "lower_gap_days", "transfer_gap_hours", "attribute_to", "where", "look", "unit",
            "planned_types", "not_followed_types", "transferred_out", "leave_out", "leave_out_deaths", "leave_out_crossing")}))
