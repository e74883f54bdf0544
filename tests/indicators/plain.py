"""Slow, obvious versions of the stay indicators: one person at a time, plain Python, no arrays.

Written from the definitions, not from the package; the tests compare the two on many random small registers.
Stays are dicts; times are ``datetime``; ``as_of`` is a ``date``.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from functools import lru_cache

MIDNIGHT = dt.time()
once = lru_cache(maxsize=64)
"""What is counted of a register is counted once; nobody changes a row."""


def apart(rows: list[dict], name: str) -> dict:
    """The rows of each value of ``name``, in their order."""
    found = defaultdict(list)
    for row in rows:
        found[row[name]].append(row)
    return found


def end_of(as_of):
    return dt.datetime.combine(as_of + dt.timedelta(days=1), MIDNIGHT)


def plain_episodes(stays, *, transfer_gap_hours, attribute_to, as_of, time_of_day):
    """List of dicts, one per episode, each with the stays it is made of."""
    people = defaultdict(list)
    for number, stay in enumerate(stays):
        if stay["admitted"] >= end_of(as_of):
            continue
        stay = dict(stay)
        stay["ongoing"] = stay["discharged"] is None or stay["discharged"] >= end_of(as_of)
        stay["until"] = end_of(as_of) if stay["ongoing"] else stay["discharged"]
        if not time_of_day:
            stay["admitted"] = dt.datetime.combine(stay["admitted"].date(), MIDNIGHT)
            stay["until"] = dt.datetime.combine(stay["until"].date(), MIDNIGHT)
        key = ("nobody", number) if stay["person"] is None else ("person", stay["person"])
        people[key].append(stay)
    found = []
    for own in people.values():
        own.sort(key=lambda s: (s["admitted"], s["until"], s["department"], s["stay_id"]))
        chain = []
        for stay in own:
            # A discharge written as a date alone, on the day of admission.
            stay["until"] = max(stay["until"], stay["admitted"])
            if chain and not belongs(chain, stay, transfer_gap_hours, time_of_day):
                found.append(summary(chain, attribute_to))
                chain = []
            chain.append(stay)
        found.append(summary(chain, attribute_to))
    return found


def belongs(chain, stay, transfer_gap_hours, time_of_day):
    latest = max(s["until"] for s in chain)
    if stay["admitted"] <= latest:
        return True
    pause = stay["admitted"] - latest
    if time_of_day:
        return pause < dt.timedelta(hours=transfer_gap_hours)
    return pause.days <= int(transfer_gap_hours // 24)


def summary(chain, attribute_to):
    first = chain[0]
    last = first
    for stay in chain:
        if stay["until"] >= last["until"]:
            last = stay
    path = []
    for stay in chain:
        if not path or path[-1] != stay["department"]:
            path.append(stay["department"])
    died = any((s["died"] or s["discharged_to"] == "dead") and not s["ongoing"] for s in chain)
    return {
        "person": first["person"], "stay_id": (last if attribute_to == "last" else first)["stay_id"],
        "department": (last if attribute_to == "last" else first)["department"], "path": ">".join(path),
        "first_department": first["department"], "last_department": last["department"], "legal_basis": first["legal_basis"],
        "n_overlaps": sum(s["admitted"] < max(e["until"] for e in chain[:i]) for i, s in enumerate(chain) if i), "admitted": first["admitted"], "until": last["until"],
        "ongoing": last["ongoing"], "admission_type": first["admission_type"], "discharged_to": last["discharged_to"],
        "died": died, "n_stays": len(chain), "nights": (last["until"].date() - first["admitted"].date()).days,
    }


def plain_readmission(episodes, *, definition, as_of, starts, deaths):
    """(stay_id of the episode) -> (reason or None, value or None, crosses_start, died_in_window)."""
    last_day = as_of
    answer = {}
    people = defaultdict(list)
    for own in episodes:
        people[own["person"]].append(own)
    for own in episodes:
        out_day = own["until"].date()
        window = dt.timedelta(days=definition.window_days)
        start, death = starts.get(own["department"]), deaths.get(own["person"])
        crosses = not own["ongoing"] and start is not None and out_day < start <= out_day + window
        dies = not own["ongoing"] and death is not None and out_day < death <= out_day + window
        reason = None
        if own["person"] is None:
            reason = "person_missing"
        elif own["ongoing"]:
            reason = "ongoing"
        elif own["died"] or death == out_day:
            reason = "died"
        elif own["discharged_to"] in definition.transferred_out:
            reason = "transferred_out"
        elif own["discharged_to"] in definition.leave_out:
            reason = "left_out"
        elif own["admission_type"] not in definition.index_types:
            reason = "kind_not_followed"
        elif out_day + window > last_day:
            reason = "follow_up_incomplete"
        elif dies and definition.drop_deaths:
            reason = "dead_in_window"
        elif crosses and definition.drop_crossing:
            reason = "window_crosses_start"
        value = None if reason else readmitted(own, people[own["person"]], definition)
        answer[own["stay_id"]] = [reason, value, crosses, dies]
    if definition.unit != "episode":
        seen = set()
        for own in sorted(episodes, key=lambda e: e["until"]):
            if definition.unit == "person_year":
                key, reason = (own["person"], own["until"].year), "not_first_in_year"
            else:
                key, reason = own["person"], "not_first_of_person"
            if answer[own["stay_id"]][0] is None:
                if key in seen:
                    answer[own["stay_id"]][:2] = [reason, None]
                seen.add(key)
    return answer


def readmitted(own, same_person, definition):
    later = []
    for other in same_person:
        if other["admitted"] <= own["until"]:
            continue
        if definition.where == "same_department" and other["first_department"] != own["department"]:
            continue
        if other["admitted"] - own["until"] < dt.timedelta(hours=definition.lower_gap_hours):
            continue
        days = (other["admitted"].date() - own["until"].date()).days
        if days < definition.lower_gap_days:
            continue
        later.append((other["admitted"], days, other["admission_type"]))
    later.sort()
    if definition.look == "next":
        later = later[:1]
    return int(any(days <= definition.window_days and kind in definition.event_types for _, days, kind in later))


def plain_bed_days(stays, *, as_of, count_same_day):
    """(department, year, month) -> nights, counted night by night."""
    nights = defaultdict(int)
    for stay in stays:
        day = stay["admitted"].date()
        close = (end_of(as_of)).date()
        until = close if stay["discharged"] is None else min(stay["discharged"].date(), close)
        if day == until and day < close:
            nights[(stay["department"], day.year, day.month)] += count_same_day
        while day < until:
            nights[(stay["department"], day.year, day.month)] += 1
            day += dt.timedelta(days=1)
    return {key: n for key, n in nights.items() if n}
