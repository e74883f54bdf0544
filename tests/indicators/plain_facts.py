"""Slow, obvious versions of what is told about stays beside the measures: definitions, flow, curves, lengths, ways out, intake
to teams, housing, the mix of people, and totals that say something else. See ``plain_measures``."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import replace
from types import SimpleNamespace

from .plain import apart, plain_episodes
from .plain_measures import (
    DAY, EVERYWHERE, admissions, bed_days, by_phase, chained, covered, died_on, flagged, lengths, month_of, months_later, phase,
    phase_of_month, scopes,
)
from .plain_statistics import garwood, incidence, kaplan_meier, median, student, wilson

SIDES = ("before", "after")
MONTH, YEAR = 30.4375, 365.25
ON_SIDE = {"before": "before", "not_started": "before", "after": "after"}
LODGERS = ("unplanned", "user_controlled", "respite")


def people(rows) -> int:
    return len({row["person"] for row in rows} - {None})


def flow(world, rules) -> dict[str, tuple]:
    """Step -> stays, episodes, persons."""
    late = [s for s in world.stays if s["admitted"].date() > world.as_of]
    found = flagged(world, rules)
    count = lambda rows: (sum(row["n_stays"] for row in rows), len(rows), people(rows))  # noqa: E731
    steps = {"all_stays": (len(world.stays), None, people(world.stays)), "after_as_of": (len(late), None, people(late)),
             "merged": (len(world.stays) - len(late) - len(found), None, people([f for f in found if f["n_stays"] > 1])), "episodes": count(found)}
    for reason in {f["reason"] for f in found} - {None}:
        steps[reason] = count([f for f in found if f["reason"] == reason])
    index = [f for f in found if f["reason"] is None]
    return steps | {"index": count(index), "readmitted": count([f for f in index if f["value"]]),
                    "not_readmitted": count([f for f in index if not f["value"]]), "crosses_start": count([f for f in index if f["crosses"]]),
                    "died_in_window": count([f for f in index if f["dies"]])}


def rate(world, rules) -> tuple:
    """Readmissions, discharges, share, interval, persons, windows that cross a start."""
    index = [f for f in flagged(world, rules) if f["reason"] is None]
    back, n = sum(f["value"] for f in index), len(index)
    share = (back / n, *wilson(back, n)) if n else (math.nan,) * 3
    return back, n, *share, people(index), sum(f["crosses"] for f in index)


def times(world, rules) -> list[dict]:
    """What came first after each discharge that is followed at all: a return, a death, or the end of the follow-up."""
    found = []
    for one in flagged(world, rules):
        if one["reason"] in (None, "follow_up_incomplete"):
            out = one["until"].date()
            end = min((world.as_of - out).days, world.settings.horizon_days)
            died = max(0, (died_on(world)[one["person"]] - out).days) if one["person"] in died_on(world) else math.inf
            back = math.inf if one["gap"] is None else one["gap"]
            cause = 1 if back <= min(end, died) else 2 if died <= end else 0
            found.append({"person": one["person"], "department": one["department"], "date": out, "days": (end, back, died)[cause], "cause": cause})
    return found


def curves(world, rules) -> dict[tuple, tuple]:
    """(place, phase, day) -> share back, its interval, share dead, at risk, n, persons."""
    found, rows = {}, [row | {"phase": phase(world, row["department"], row["date"])} for row in times(world, rules)]
    for place, own in scopes(rows) if rows else ():
        for name, part in apart(own, "phase").items():
            dead = {day: share for day, share, *_ in incidence(part, 2)}
            for day, share, low, high, n in incidence(part, 1):
                found[place, name, day] = (share, low, high, dead[day], n, len(part), people(part))
    return found


def as_if_nobody_died(rows: list[dict], day: int) -> float:
    left = [left for time, left, _ in kaplan_meier([(row["days"], row["cause"] == 1) for row in rows]) if time <= day]
    return 1 - left[-1] if left else 0.0


def length_classes(world) -> dict[tuple, tuple]:
    """(class or ``geometric_mean``, place, phase) -> value, interval, n; the two longest together where the longest is of too few."""
    ended = [one | {"phase": phase(world, one["department"], one["date"])} for one in lengths(world) if not one["ongoing"]]
    ended = [one for one in ended if one["phase"] in SIDES]
    very_long = [one for one in ended if one["length_class"] == "over_90"]
    few = any(people([v for v in very_long if v["phase"] == side]) < world.settings.min_persons for side in {v["phase"] for v in very_long})
    if few:
        ended = [one | {"length_class": "over_30" if one["length_class"] in ("31-90", "over_90") else one["length_class"]} for one in ended]
    found = {}
    for place, own in scopes(ended) if ended else ():
        for side, part in apart(own, "phase").items():
            for name, n in Counter(one["length_class"] for one in part).items():
                found[f"class_{name}", place, side] = (n / len(part), *wilson(n, len(part)), len(part))
            mean = math.exp(sum(math.log(one["nights"] + 1) for one in part) / len(part)) - 1
            found["geometric_mean", place, side] = (mean, math.nan, math.nan, len(part))
    return found


def after_limit(world) -> Counter:
    """Ways out of ended stays beyond the limit."""
    return Counter(one["discharged_to"] or "unknown" for one in lengths(world) if one["over_limit"] and not one["ongoing"])


def around_intake(world) -> dict[tuple, tuple]:
    """(what, team or ``*``, side) -> mean, interval, persons: a year on either side of a person's first intake."""
    taken = sorted((c for c in world.contacts if c["kind"] == "intake"), key=lambda c: c["contacted_on"])
    found, begin, close, episodes = {}, covered(world)[0], world.as_of + DAY, apart(chained(world), "person")
    for team, own in scopes(taken) if taken else ():
        first = {}
        for contact in own:
            first.setdefault(contact["person"], contact["contacted_on"].date())
        rows = []
        for person, day in first.items():
            low, high = months_later(day, -12), months_later(day, 12)
            if low < begin or high > close or (person in died_on(world) and died_on(world)[person] < high):
                continue
            mine = episodes[person]
            row = {}
            for side, a, b in (("before", low, day), ("after", day, high)):
                row["admissions", side] = sum(a <= e["admitted"].date() < b for e in mine)
                row["nights", side] = sum(max(0, (min(e["until"].date(), b) - max(e["admitted"].date(), a)).days) for e in mine)
            rows.append(row | {(what, "change"): row[what, "after"] - row[what, "before"] for what in ("admissions", "nights")})
        found |= {(what, team, side): (*student([row[what, side] for row in rows]), len(rows)) for row in rows[:1] for what, side in row}
    return found


def tenancies(world, homes: list[str]) -> list[dict]:
    """Stays in housing that are no lodging, up to two days away bridged, of 28 nights or more; and the move that ended them."""
    own = [s for s in world.stays if s["department"] in homes and s["admission_type"] not in LODGERS and s["person"]]
    found = []
    for stays in apart(own, "department").values():
        found += plain_episodes(stays, transfer_gap_hours=48, attribute_to="last", as_of=world.as_of, time_of_day=False)
    found = sorted((e for e in found if e["nights"] >= 28), key=lambda e: (e["person"], e["admitted"]))
    lived = []
    for one, then in zip(found, [*found[1:], None], strict=True):
        moved_on = bool(not one["ongoing"] and then and then["person"] == one["person"] and then["department"] != one["department"]
                        and (then["admitted"] - one["until"]).days <= 31)
        lived.append(one | {"moved_on": moved_on, "known": one["admitted"].date() >= covered(world)[0]})
    return lived


def housing(world) -> dict[tuple, tuple]:
    """(what, place, kind, phase) -> value, interval, numerator, denominator."""
    homes = [name for name, row in world.departments.items() if row["unit_type"] == "housing"]
    lived = tenancies(world, homes)
    homely = [{"person": e["person"], "department": e["department"], "stay_id": "", "admitted": e["admitted"],
               "discharged": None if e["ongoing"] else e["until"]} for e in lived]
    nights = bed_days(replace(world, stays=homely, settings=SimpleNamespace(count_same_day=0))) if lived else []
    first, last = covered(world)
    nights = [row for row in nights if row["value"] and first <= row["date"] <= last]
    found, spent = {}, dict(scopes(nights))
    for place, here in scopes(lived) if lived else ():
        for side in SIDES:
            began = [e for e in here if e["known"] and phase(world, e["department"], e["admitted"].date()) == side]
            if began:
                middle = median([((e["until"].date() - e["admitted"].date()).days, not e["ongoing"]) for e in began])
                found["housing.tenancy", place, "tenancy_median", side] = (*(day / MONTH for day in middle), sum(not e["ongoing"] for e in began), len(began))
            exposure = sum(row["value"] for row in spent.get(place, []) if phase_of_month(world, row["department"], row["date"]) == side) / YEAR / 100
            moved = [e for e in here if not e["ongoing"] and phase_of_month(world, e["department"], e["until"].date()) == side]
            for kind, part in (("phase", moved), ("moved_on", [e for e in moved if e["moved_on"]])) if exposure > 0 else ():
                found["housing.moves", place, kind, side] = (len(part) / exposure, *garwood(len(part), exposure), len(part), exposure)
    return found


def pooled_rates(world) -> dict[tuple, tuple]:
    """(place, phase) -> admissions per 1 000 bed-days over all months with a night, and its exact interval."""
    rows, with_stays = list(admissions(world)), {s["department"] for s in world.stays}
    nights = defaultdict(float)
    for row in bed_days(world):
        nights[row["department"], row["date"]] += row["value"]
    for row in world.counts:
        if row["measure"] == "admissions_per_1000_bed_days" and row["department"] not in with_stays:
            rows.append({"department": row["department"], "date": row["month"], "value": row["numerator"], "reason": None})
            nights[row["department"], row["month"]] = row["denominator"]
    found = {}
    for place, name, own in by_phase(world, [row for row in rows if nights[row["department"], row["date"]]], monthly=True):
        exposure = sum(nights[month] for month in {(row["department"], row["date"]) for row in own}) / 1000
        events = sum(row["value"] for row in own)
        found[place, name] = (events / exposure, *garwood(events, exposure))
    return found


def strata(world, rows: list[dict], names: tuple[str, ...]) -> list[str]:
    """Who is alike, each row's group; groups of under 20 rows or 10 persons on a side are one, or go to the largest."""
    about = lambda row, name: (world.persons.get(row["person"], {}).get(name) or "unknown")  # noqa: E731
    told = [" ".join(("acute" if row["admission_type"] == "unplanned" else "other") if name == "acute" else about(row, name) for name in names) for row in rows]
    sides = [row["side"] for row in rows]

    def small() -> set:
        groups = defaultdict(list)
        for row, side, name in zip(rows, sides, told, strict=True):
            groups[side, name].append(row["person"])
        return {key for key, own in groups.items() if len(own) < 20 or len(set(own)) < 10}

    gone = small()
    told = ["small" if (side, name) in gone else name for side, name in zip(sides, told, strict=True)]
    largest = {side: min(((-n, name) for name, n in Counter(t for s, t in zip(sides, told, strict=True) if s == side).items()))[1] for side in set(sides)}
    gone = small()
    return [largest[side] if (side, name) in gone else name for side, name in zip(sides, told, strict=True)]


def case_mix(world, rules) -> dict[tuple, tuple]:
    """(place, phase) -> expected, observed over expected and its interval, by the rates of those without the practice."""
    rows = [f | {"date": f["until"].date(), "side": EVERYWHERE} for f in flagged(world, rules) if f["reason"] is None]
    rows = [row | {"stratum": name} for row, name in zip(rows, strata(world, rows, ("born", "group", "acute")), strict=True)]
    without = [row for row in rows if phase(world, row["department"], row["date"]) in ("before", "not_started")] or rows
    known = defaultdict(list)
    for row in without:
        known[row["stratum"]].append(row["value"])
    found = {}
    for place, name, part in by_phase(world, rows, monthly=False):
        part = [row for row in part if row["stratum"] in known]
        expected, observed = sum(sum(known[row["stratum"]]) / len(known[row["stratum"]]) for row in part), sum(row["value"] for row in part)
        found[place, name] = (expected, *((observed / expected, *garwood(observed, expected)) if expected else (math.nan,) * 3))
    return found


def expected(world, names: tuple[str, ...], rows: list[dict]) -> dict[tuple, float]:
    """(place, phase) -> how many there would be by everybody's rates on that side of the start; only where all have a person."""
    told = [row | {"phase": phase(world, row["department"], row["date"])} for row in rows if row["reason"] is None]
    known = [row | {"side": ON_SIDE[row["phase"]]} for row in told if row["person"] and row["phase"] in ON_SIDE]
    known = [row | {"alike": (row["side"], name)} for row, name in zip(known, strata(world, known, names), strict=True)]
    rates = {alike: sum(row["value"] for row in own) / len(own) for alike, own in apart(known, "alike").items()}
    everybody, found = Counter((row["department"], row["phase"]) for row in told), defaultdict(list)
    for row in known:
        found[row["department"], row["phase"]].append(rates[row["alike"]])
    return {key: sum(own) for key, own in found.items() if len(own) == everybody[key]}


def clashes(world, name: str, rows: list[dict], kind: str) -> dict[tuple, bool]:
    """(department, month) that both sources speak of -> do they differ?"""
    used = [row for row in rows if row["reason"] is None]
    found = {}
    months, with_stays = [month_of(row["date"]) for row in used], {s["department"] for s in world.stays}
    seen = apart([{"key": (row["department"], month), "value": row["value"]} for row, month in zip(used, months, strict=True)], "key")
    for told in world.counts:
        if told["measure"] == name and used and told["department"] in with_stays and min(months) <= told["month"] <= max(months):
            own = [row["value"] for row in seen.get((told["department"], told["month"]), [])]
            found[told["department"], told["month"]] = sum(own) != told["numerator"] or (kind == "share" and told["denominator"] not in (None, len(own)))
    return found
