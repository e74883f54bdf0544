"""Slow, obvious versions of everything that is measured from stays: one person, one day, one episode at a time.

Written from METHODS.md and the docstrings, not from the package. They count what ``whole_registers.World`` holds. What is
measured is a list of dicts ``department, person, date, value, event, reason``, what is told of it a dict by place and phase.
"""

from __future__ import annotations

import calendar
import datetime as dt
import math
from collections import Counter, defaultdict
from types import SimpleNamespace

from .plain import MIDNIGHT, apart, once, plain_episodes, plain_readmission
from .plain_statistics import median, student, wilson
from .registers import KINDS

EVERYWHERE = "*"
FORCED, VOLUNTARY = ("observation", "compulsory", "compulsory_substance_use", "sentence"), ("voluntary",)
MET = ("intake", "in_person", "phone", "video", "other", "unknown", None)
DAY = dt.timedelta(days=1)
PER = {"admissions_per_1000_bed_days": 1000}


# --- days, months and phases

@once
def clock_times(world) -> bool:
    """Hours mean something where nine in ten of both ends carry a clock time."""
    for name in ("admitted", "discharged"):
        moments = [s[name] for s in world.stays if s[name]]
        if moments and sum(m.time() != MIDNIGHT for m in moments) / len(moments) < 0.9:
            return False
    return bool(world.stays)


def month_of(day: dt.date) -> dt.date:
    return dt.date(day.year, day.month, 1)


def days_in(month: dt.date) -> int:
    return calendar.monthrange(month.year, month.month)[1]


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day of the month, or its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@once
def covered(world) -> tuple[dt.date, dt.date]:
    """First days of the first and last month that the stays cover whole."""
    ends = [s["discharged"] for s in world.stays if s["discharged"]] or [s["admitted"] for s in world.stays]
    return month_of(min(ends).date()), months_later(month_of(world.as_of + DAY), -1)


def phase(world, department: str, day: dt.date) -> str:
    row = world.rollout.get(department)
    if row is None or row["start"] > world.as_of:
        return "not_started"
    if row["paused_from"] and day >= row["paused_from"] and not (row["paused_to"] and day >= row["paused_to"]):
        return "paused"
    if day >= (row["wash_in_end"] or months_later(row["start"], 3)):
        return "after"
    return "wash_in" if day >= row["start"] else "before"


def phase_of_month(world, department: str, day: dt.date) -> str | None:
    first = phase(world, department, month_of(day))
    return first if first == phase(world, department, month_of(day).replace(day=days_in(day))) else None


# --- what is measured

@once
def chained(world, transfer_gap_hours: float | None = None, attribute_to: str | None = None) -> list[dict]:
    """By the settings of the study, or by other ones."""
    own = world.settings
    return plain_episodes(world.stays, transfer_gap_hours=own.transfer_gap_hours if transfer_gap_hours is None else transfer_gap_hours,
                          attribute_to=attribute_to or own.attribute_to, as_of=world.as_of, time_of_day=clock_times(world))


def seen(one: dict, department: str, date, value, reason=None, event=True) -> dict:
    return {"department": department, "person": one["person"], "date": date, "value": value, "event": event, "reason": reason,
            "admission_type": one["admission_type"]}


def length(world, one: dict) -> dict:
    """Nights, whether within one day, class, and what is known about the calendar-month limit."""
    inn, out = one["admitted"].date(), one["until"].date()
    same_day = inn == out and not one["ongoing"]
    nights = world.settings.count_same_day if same_day else (out - inn).days
    limit = months_later(inn, world.settings.long_stay_months)
    over = out > limit
    return {
        "nights": nights, "same_day": same_day, "over_limit": over, "limit_known": over or not one["ongoing"],
        "limit_reached": limit <= world.as_of, "date": world.as_of if one["ongoing"] else out, "admitted_on": inn,
        "length_class": None if one["ongoing"] else "0-8" if nights <= 8 else "9-30" if nights <= 30 else "31-90" if nights <= 90 else "over_90",
    }


@once
def lengths(world) -> list[dict]:
    return [one | length(world, one) for one in chained(world)]


def length_of_stay(world) -> list[dict]:
    return [seen(one, one["department"], one["date"], one["nights"], "ongoing" if one["ongoing"] else None, not one["ongoing"])
            for one in lengths(world)]


def long_stay_share(world) -> list[dict]:
    found = []
    for one in lengths(world):
        reason = "before_coverage" if one["admitted_on"] < covered(world)[0] else None if one["limit_reached"] else "follow_up_incomplete"
        found.append(seen(one, one["department"], one["admitted_on"], float(one["over_limit"]), reason))
    return found


def share_of_admissions(world, column: str, counted, others, unknown: str) -> list[dict]:
    found = []
    for one in chained(world):
        inn = one["admitted"].date()
        reason = "before_coverage" if inn < covered(world)[0] else None if one[column] in (*counted, *others) else unknown
        found.append(seen(one, one["first_department"], inn, float(one[column] in counted), reason))
    return found


def user_controlled_share(world) -> list[dict]:
    return share_of_admissions(world, "admission_type", ("user_controlled",), ("unplanned", "planned", "respite", "transfer"), "kind_unknown")


def involuntary_share(world) -> list[dict]:
    return share_of_admissions(world, "legal_basis", FORCED, VOLUNTARY, "legal_basis_unknown")


def definition(world, window_days: int, everything: bool = False) -> SimpleNamespace:
    s = world.settings
    return SimpleNamespace(
        window_days=window_days, lower_gap_hours=s.lower_gap_hours, lower_gap_days=s.lower_gap_days, where=s.where, look=s.look, unit=s.unit,
        event_types=tuple(k for k in KINDS if everything or k not in s.planned_types), transfer_gap_hours=s.transfer_gap_hours,
        index_types=tuple(k for k in KINDS if everything or k not in s.not_followed_types), attribute_to=s.attribute_to,
        transferred_out=s.transferred_out, leave_out=s.leave_out, drop_deaths=s.leave_out_deaths, drop_crossing=s.leave_out_crossing)


@once
def died_on(world) -> dict[str, dt.date]:
    return {who: known["died_on"] for who, known in world.persons.items() if known["died_on"]}


def flagged(world, rules) -> list[dict]:
    """Every episode under a definition, with reason, value, whether its window crosses a start, and days to the first return."""
    episodes = chained(world, rules.transfer_gap_hours, rules.attribute_to)
    people = apart(episodes, "person")
    found = plain_readmission(episodes, definition=rules, as_of=world.as_of, deaths=died_on(world),
                              starts={place: row["start"] for place, row in world.rollout.items()})
    return [one | dict(zip(("reason", "value", "crosses", "dies"), found[one["stay_id"]], strict=True), gap=first_return(one, people[one["person"]], rules))
            for one in episodes]


def first_return(one: dict, own: list[dict], rules) -> int | None:
    """``own``: the episodes of the person. Days from the discharge to the first counting episode of the person, however late."""
    if one["person"] is None or one["ongoing"]:
        return None
    later = sorted((e["admitted"], e["admission_type"]) for e in own if e["admitted"] > one["until"]
                   and (rules.where == "any" or e["first_department"] == one["department"])
                   and e["admitted"] - one["until"] >= dt.timedelta(hours=rules.lower_gap_hours)
                   and (e["admitted"].date() - one["until"].date()).days >= rules.lower_gap_days)
    counting = [moment for moment, kind in (later[:1] if rules.look == "next" else later) if kind in rules.event_types]
    return (counting[0].date() - one["until"].date()).days if counting else None


def readmission(world, window_days: int, everything: bool = False) -> list[dict]:
    return [seen(one, one["department"], None if one["ongoing"] else one["until"].date(), one["value"], one["reason"])
            for one in flagged(world, definition(world, window_days, everything))]


def followed_up(world) -> list[dict]:
    """A contact from the day after discharge to day 7, for everybody who could be met."""
    rules = definition(world, 7, everything=True)
    vars(rules).update(lower_gap_hours=0, lower_gap_days=0, look="any", where="any", unit="episode", drop_deaths=False, drop_crossing=False)
    found, contacts = [], apart(world.contacts, "person")
    for one in flagged(world, rules):
        out, reason = one["until"].date(), one["reason"]
        days = [(c["contacted_on"].date() - out).days for c in contacts[one["person"]] if c["kind"] in MET]
        met = min((d for d in days if 1 <= d <= 7), default=math.inf)
        died = (died_on(world)[one["person"]] - out).days if one["person"] in died_on(world) else math.inf
        back = math.inf if one["gap"] is None else one["gap"]
        if reason is None and min(died, back) <= 7 and min(died, back) < met:
            reason = "died_first" if died <= back else "back_first"
        found.append(seen(one, one["department"], None if one["ongoing"] else out, float(met <= 7), reason))
    return found


# --- by department and month

def whole_months(world, rows: dict[tuple, float]) -> list[dict]:
    """``rows``: (department, month, person or stay) -> amount. With the empty months, and the months not covered told apart."""
    first, last = covered(world)
    reason = lambda month: "before_coverage" if month < first else "month_incomplete" if month > last else None  # noqa: E731
    found = [{"department": d, "person": who[1], "date": m, "value": n, "event": True, "reason": reason(m)} for (d, m, who), n in rows.items()]
    months = defaultdict(set)
    for place, month, _ in rows:
        months[place].add(month)
    for place, own in months.items():
        register = world.departments[place]
        begin = max(first, month_of(register["active_from"]) if register["active_from"] else min(own))
        end = min(last, month_of(register["active_to"])) if register["active_to"] else last
        month = begin
        while month <= end:
            if month not in own:
                found.append({"department": place, "person": None, "date": month, "value": 0.0, "event": True, "reason": None, "nobody": True})
            month = months_later(month, 1)
    return found


@once
def bed_days(world) -> list[dict]:
    """Night by night of every stay."""
    rows, close = defaultdict(float), world.as_of + DAY
    for stay in world.stays:
        day, end = stay["admitted"].date(), min(stay["discharged"].date(), close) if stay["discharged"] else close
        who = ("stay", None, stay["stay_id"]) if stay["person"] is None else ("person", stay["person"])
        if day == end and world.settings.count_same_day:
            rows[stay["department"], month_of(day), who] += 1
        while day < end:
            rows[stay["department"], month_of(day), who] += 1
            day += DAY
    return whole_months(world, rows)


def census(world) -> list[dict]:
    return [row | {"value": row["value"] / days_in(row["date"])} for row in bed_days(world)]


def present(world, stays: list[dict], day: dt.date) -> int:
    """Who of the stays of a department is in a bed at the midnight that ends the day."""
    close = world.as_of + DAY
    return sum(s["admitted"].date() <= day < (min(s["discharged"].date(), close) if s["discharged"] else close) for s in stays)


def beds(world, department: str, month: dt.date, counts: list[dict]) -> float | None:
    told = [row for row in counts if row["measure"] == "beds" and row["month"] <= month]
    return max(told, key=lambda row: row["month"])["numerator"] if told else world.departments[department]["beds"]


def occupancy(world) -> list[dict]:
    found, counts = [], apart(world.counts, "department")
    for row in bed_days(world):
        n = beds(world, row["department"], row["date"], counts[row["department"]])
        found.append(row | {"value": row["value"] / (n * days_in(row["date"])) if n else None, "reason": row["reason"] or (None if n else "no_beds")})
    return found


@once
def admissions(world) -> list[dict]:
    rows = defaultdict(float)
    for one in chained(world):
        rows[one["first_department"], month_of(one["admitted"].date()), ("person", one["person"])] += 1
    return whole_months(world, rows)


def admissions_per_1000_bed_days(world) -> list[dict]:
    nights = defaultdict(float)
    for row in bed_days(world):
        nights[row["department"], row["date"]] += row["value"]
    found = []
    for row in admissions(world):
        n = nights[row["department"], row["date"]]
        found.append(row | {"value": row["value"] * 1000 / n if n else None, "reason": row["reason"] or (None if n else "no_bed_days")})
    return found


MEASURES = {
    "length_of_stay": length_of_stay, "long_stay_share": long_stay_share, "user_controlled_share": user_controlled_share,
    "involuntary_share": involuntary_share, "followed_up_7d": followed_up, "bed_days": bed_days, "census": census, "occupancy": occupancy,
    "admissions": admissions, "admissions_per_1000_bed_days": admissions_per_1000_bed_days,
    "readmission_7d": lambda world: readmission(world, 7), "readmission_30d_unplanned": lambda world: readmission(world, 30),
    "readmission_30d_all": lambda world: readmission(world, 30, True), "readmission_90d": lambda world: readmission(world, 90),
    "readmission_365d": lambda world: readmission(world, 365),
    "readmission_own_window": lambda world: readmission(world, world.settings.window_days),
}


def from_counts(world, name: str, kind: str) -> list[dict]:
    """Rows of the departments that give totals only: one per unit of a share, as many equal ones as there were persons of a
    count or a rate; lengths cannot be had from totals."""
    if kind == "duration":
        return []
    found, with_stays = [], {s["department"] for s in world.stays}
    persons = {(r["department"], r["month"]): r["numerator"] for r in world.counts if r["measure"] == "persons"}
    for row in world.counts:
        if row["measure"] != name or row["department"] in with_stays:
            continue
        base = {"department": row["department"], "person": None, "date": row["month"], "event": True, "reason": None, "wave": row["month"]}
        if kind == "share":
            if not row["denominator"] or row["numerator"] > row["denominator"]:
                found.append(base | {"value": None, "reason": "more_than_all" if row["denominator"] else "no_denominator"})
                continue
            found += [base | {"value": 1.0}] * int(row["numerator"]) + [base | {"value": 0.0}] * int(row["denominator"] - row["numerator"])
        else:
            times = int(max(1, persons.get((row["department"], row["month"]), 1)))
            of = 1.0 if kind == "count" else row["denominator"]
            each = {"value": row["numerator"] * PER.get(name, 1) / of / times} if of else {"value": None, "reason": "no_denominator"}
            found += [base | each] * times
    return found


# --- what is told of it

def scopes(rows: list[dict]):
    """(department or ``*``, its rows)."""
    yield from apart(rows, "department").items()
    yield EVERYWHERE, rows


def by_phase(world, rows: list[dict], monthly: bool):
    """(department or ``*``, phase, rows that count)."""
    which = phase_of_month if monthly else phase
    told = [row | {"phase": which(world, row["department"], row["date"])} for row in rows if row["reason"] is None]
    for place, own in scopes(told) if told else ():
        yield from ((place, name, part) for name, part in apart(own, "phase").items() if name)


def persons_behind(rows: list[dict]) -> int:
    """Those that are known, and the most of the others in any one month of totals: they may be the same ones every month."""
    unknown = Counter(row.get("wave") for row in rows if row["person"] is None and not row.get("nobody"))
    return len({row["person"] for row in rows} - {None}) + max(unknown.values(), default=0)


def most_of_one(rows: list[dict], counted: bool) -> float:
    """The share of the sum of values (or of the number of rows) that is one person's, at most."""
    own, unknown = defaultdict(float), defaultdict(float)
    for row in rows:
        amount = 1.0 if counted else row["value"]
        if row["person"] is not None:
            own[row["person"]] += amount
        elif not row.get("nobody"):
            unknown[row.get("wave")] = max(unknown[row.get("wave")], amount)
    whole = sum(row["value"] for row in rows) if not counted else len(rows)
    return max([*own.values(), sum(unknown.values())]) / whole if whole > 0 else math.nan


def levels(world, rows: list[dict], kind: str) -> dict[tuple, tuple]:
    """(place, phase) -> value, lower and upper end, n, persons behind it, with and without the event where it is a share, and the
    most that is of one person."""
    found = {}
    for place, name, own in by_phase(world, rows, monthly=kind in ("count", "rate")):
        persons = (persons_behind(own), None, None)
        if kind == "share":
            events, n = sum(row["value"] for row in own), len(own)
            told = (events / n, *wilson(events, n), n)
            persons = (*persons[:1], *(persons_behind([row for row in own if bool(row["value"]) == side]) for side in (True, False)))
        elif kind == "duration":
            told = (*student([row["value"] for row in own]), len(own))
        else:
            months = defaultdict(float)
            for row in own:
                months[row["department"], row["date"]] += row["value"]
            told = (*student(list(months.values())), len({month for _, month in months}))
        found[place, name] = (*told, *persons, most_of_one(own, counted=kind == "share"))
    return found


def medians(world) -> dict[tuple, tuple]:
    """Of stays by the phase they began in; those that began before the month of the first discharge are not known whole."""
    ended = [one["date"] for one in lengths(world) if not one["ongoing"]]
    told = [one for one in lengths(world) if not ended or one["admitted_on"] >= month_of(min(ended))]
    found = {}
    for place, own in scopes([one | {"phase": phase(world, one["department"], one["admitted_on"])} for one in told]):
        for name, part in apart(own, "phase").items():
            found[place, name] = (*median([(one["nights"], not one["ongoing"]) for one in part]), len(part))
    return found
