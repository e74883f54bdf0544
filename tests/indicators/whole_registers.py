"""Random small registers with all their tables (stays, contacts, persons, totals, rollout) and random settings of a study.

A ``World`` holds plain dicts and dates, which ``plain_measures`` counts person by person; ``dataset`` and ``study`` make
of it what the package reads.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
from dataclasses import dataclass
from types import SimpleNamespace

import pandas as pd

from evaltool.result import Dataset, Provenance
from evaltool.study import Study, open_study

from .registers import KINDS, PLACES, frame

FIRST = dt.datetime(2022, 10, 1)
STAY_PLACES = ("ward", "unit", "home", "flat")
LEGAL = ("voluntary", "voluntary", "compulsory", "observation", "compulsory_substance_use", "sentence", "other", "unknown", None)
CONTACTS = ("intake", "in_person", "phone", "video", "message", "not_met", "other", None)
OPTIONS = {
    "times": ("clock", "days", "mixed"), "transfer_gap_hours": (0, 8, 30), "attribute_to": ("first", "last"), "count_same_day": (0, 1),
    "long_stay_months": (1, 3), "min_persons": (2, 3, 5), "window_days": (7, 30, 45), "lower_gap_hours": (0, 8, 36), "lower_gap_days": (0, 3),
    "where": ("any", "same_department"), "look": ("any", "next"), "unit": ("episode", "person_year", "person"),
    "planned_types": (("planned", "user_controlled", "respite"), ("planned",)), "not_followed_types": (("user_controlled", "respite"), ()),
    "transferred_out": (("hospital", "other_department"), ("prison",)), "leave_out": (("moved_away",), (), ("moved_away", "self_discharge")),
    "leave_out_deaths": (False, True), "leave_out_crossing": (False, True), "horizon_days": (90, 365),
}
"""What a study may choose (``times``: what its source writes), each with the values that the registers are counted under."""


@dataclass(frozen=True, eq=False)
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


def world(*, seed: int, registers: int = 1, persons: int = 24) -> World:
    """``registers`` small ones side by side, each of up to ``persons`` people (half of them at least) with departments of its own (``ward.0``, ``unit.0``,
    ``ward.1``, ...), under one random set of settings."""
    rng = random.Random(seed)
    pick = lambda *values: rng.choice(values)  # noqa: E731
    as_of = pick(dt.date(2024, 12, 31), dt.date(2024, 11, 17), dt.date(2024, 10, 30))
    settings = _settings(seed)
    stays, contacts, known, counts, departments, rollout = [], [], {}, [], {}, {}
    for number in range(registers):
        own = _stays(rng, number, rng.randint((persons + 1) // 2, persons), as_of, settings.times)
        people = {s["person"] for s in own if s["person"]}
        last = {p: max((s["discharged"] or s["admitted"]).date() for s in own if s["person"] == p) for p in people}
        known |= {
            person: {"died_on": pick(None, None, None, None, last[person] + dt.timedelta(days=rng.choice([0, 0, 2, 5, 20, 200]))),
                     "born": pick("1950-1959", "1980-1989", "1980-1989", None), "group": pick("substance_use", "mental_health", None)}
            for person in sorted(people)
        }
        stays, contacts, counts = stays + own, contacts + _contacts(rng, number, sorted(people), own, as_of), counts + _counts(rng, number)
        departments |= {f"{name}.{number}": row for name, row in _departments(pick).items()}
        rollout |= {f"{name}.{number}": row for name, row in _rollout(pick).items()}
    for rows in (stays, contacts):
        rng.shuffle(rows)
    return World(stays=stays, contacts=contacts, persons=known, counts=counts, departments=departments, rollout=rollout,
                 as_of=as_of, settings=settings)


def _settings(seed: int) -> SimpleNamespace:
    """One value of each option; as many seeds in a row as an option has values have every one of them."""
    return SimpleNamespace(**{
        name: random.Random(f"{name} {seed // len(values)}").sample(values, len(values))[seed % len(values)] for name, values in OPTIONS.items()})


def _stays(rng: random.Random, register: int, persons: int, as_of: dt.date, times: str) -> list[dict]:
    """Up to six stays of each person, which may overlap, adjoin or lie apart; some go on, some belong to nobody."""
    stays: list[dict] = []
    close = dt.datetime.combine(as_of + dt.timedelta(days=1), dt.time())
    for number in range(persons):
        moment = FIRST + dt.timedelta(hours=rng.randrange(500 * 24), minutes=rng.randrange(1, 60))
        for _ in range(rng.randrange(1, 7)):
            place = rng.choices(STAY_PLACES, (0.45, 0.25, 0.15, 0.15))[0]
            hours = int(rng.choice([0, 3, 20, 60, 24 * 12, 24 * 40, 24 * 95, 24 * 200]) * (0.5 + rng.random()))
            out = moment + dt.timedelta(hours=hours, minutes=rng.randrange(60))
            if moment >= close:
                break
            goes_on = out >= close or rng.random() < 0.02
            inn = moment.replace(hour=0, minute=0) if times == "days" else moment
            end = None if goes_on else out.replace(hour=0, minute=0) if times != "clock" or rng.random() < 0.04 else out
            died = not goes_on and rng.random() < 0.015
            stays.append({
                "stay_id": f"s{register}.{len(stays):04d}", "person": None if rng.random() < 0.02 else f"p{register}.{number:02d}",
                "department": f"{place}.{register}", "admitted": inn, "discharged": end, "admission_type": rng.choice(KINDS),
                "legal_basis": rng.choice(LEGAL), "discharged_to": None if goes_on else rng.choice(PLACES) if rng.random() < 0.5 else "home",
                "died": died})
            if goes_on or died:
                break
            moment = out + dt.timedelta(hours=rng.choice([-60, 0, 5, 8, 20, 30, 50, 24 * 5, 24 * 25, 24 * 30, 24 * 90]))
    return stays


def _contacts(rng: random.Random, register: int, people: list[str], stays: list[dict], as_of: dt.date) -> list[dict]:
    """Contacts near discharges and anywhere else; some people are taken in by a team, some twice."""
    ends = [(s["person"], s["discharged"]) for s in stays if s["person"] and s["discharged"] and rng.random() < 0.5]
    near = [(person, out + dt.timedelta(days=rng.randrange(12), hours=rng.randrange(9))) for person, out in ends]
    far = [(person, FIRST + dt.timedelta(days=rng.randrange(300, 800))) for person in people for _ in range(2)]
    return [{"person": person, "department": f"{rng.choice(('act', 'team'))}.{register}", "contacted_on": moment, "kind": rng.choice(CONTACTS)}
            for person, moment in near + far if moment.date() <= as_of]


def _counts(rng: random.Random, register: int) -> list[dict]:
    """Beds that change, and totals: of a department without stays (``act``), and of one with stays that may say something else."""
    rows = [("ward", dt.date(2023, month, 1), "beds", rng.randrange(12), None) for month in sorted(rng.sample(range(1, 13), 2))]
    for month in (dt.date(2023, 5, 1), dt.date(2024, 2, 1), dt.date(2024, 3, 1)):
        of, nights = rng.randrange(9), rng.randrange(40)
        rows += [("act", month, "bed_days", rng.randrange(50), None), ("act", month, "readmission_30d_unplanned", rng.randrange(of + 1), of),
                 ("act", month, "persons", rng.randrange(6), None), ("ward", month, "bed_days", rng.randrange(60), None),
                 ("unit", month, "readmission_30d_unplanned", rng.randrange(2), rng.randrange(1, 4)),
                 ("act", month, "admissions_per_1000_bed_days", rng.randrange(4), nights), ("act", month, "occupancy", nights, rng.randrange(99)),
                 ("act", month, "user_controlled_share", rng.randrange(9), of), ("act", month, "length_of_stay", nights, of),
                 ("ward", month, "admissions", rng.randrange(2), None)]
    return [{"department": f"{name}.{register}", "month": month, "measure": what, "numerator": float(n), "denominator": None if of is None else float(of)}
            for name, month, what, n, of in rows]


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
