"""Readmission: every episode says whether it is in the denominator, whether it was followed by one, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import pandas as pd

from .chaining import DAY
from .definitions import ReadmissionDefinition
from .episodes import closing, seconds

REASONS = (
    "person_missing", "ongoing", "died", "transferred_out", "left_out", "kind_not_followed", "follow_up_incomplete",
    "dead_in_window", "window_crosses_start", "not_first_in_year", "not_first_of_person",
)
"""Why an episode is not in the denominator; an episode with several reasons carries the first of these."""

COLUMNS = (
    "row", "person", "department", "date", "included", "value", "reason", "next_type", "next_department", "gap_days",
    "crosses_start", "died_in_window",
)


def readmission(
    *, episodes: pd.DataFrame, definition: ReadmissionDefinition, as_of: dt.date,
    starts: Mapping[str, dt.date] | None = None, deaths: Mapping[str, dt.date] | None = None,
) -> pd.DataFrame:
    """One row per row of ``episodes`` (as made by ``episodes()``), same order.

    ``date``: day of discharge. ``included``: in the denominator, that is discharged alive from a followed kind of
    stay with the whole window covered at ``as_of``; otherwise ``reason`` says why not (``REASONS``) and ``value``
    is missing. ``value``: 1 when a counting episode of the same person begins within the window, else 0.
    ``next_type``, ``next_department`` and ``gap_days`` (calendar days from discharge) describe the first counting
    episode at all, also outside the window. ``crosses_start``: discharge before and end of window on or after the
    department's start in ``starts``. ``died_in_window``: death by ``deaths`` within the window; flagged, left
    out only where the definition says so (a death in ``deaths`` on the day of discharge counts as ``died``). The longest gap counts inclusive: day 30 is within 30 days.
    """
    out = episodes[["row", "person", "department"]].reset_index(drop=True)
    discharged = seconds(episodes["discharged"])
    done = ~episodes["ongoing"].to_numpy()
    found = _first_event(episodes=episodes, discharged=discharged, done=done, definition=definition)
    has = found >= 0
    day = discharged // DAY
    entry = seconds(episodes["admitted"])[found] // DAY
    gap = np.where(has, entry - day, -1)
    out["date"] = episodes["discharged"].dt.normalize().array
    for name, source in (("next_type", "admission_type"), ("next_department", "first_department")):
        out[name] = episodes[source].take(found.clip(0)).mask(~has).array
    out["gap_days"] = np.where(has, gap, np.nan)
    out["crosses_start"] = _within(day=day, of=out["department"], moments=starts, window=definition.window_days, done=done)
    out["died_in_window"] = _within(day=day, of=out["person"], moments=deaths, window=definition.window_days, done=done)
    dead = episodes["died"].to_numpy(dtype=bool) | _within(day=day - 1, of=out["person"], moments=deaths, window=1, done=done)
    out["reason"] = _reasons(episodes=episodes, flags=out.assign(dead=dead), day=day, definition=definition, as_of=as_of)
    out["included"] = out["reason"].isna()
    event = (has & (gap <= definition.window_days)).astype("float64")
    out["value"] = np.where(out["included"], event, np.nan)
    return out[list(COLUMNS)]


def _first_event(
    *, episodes: pd.DataFrame, discharged: np.ndarray, done: np.ndarray, definition: ReadmissionDefinition,
) -> np.ndarray:
    """Position of the first counting episode after each discharge, -1 where there is none.

    A search in the sorted keys person (and department) x time, for the earliest moment that counts.
    """
    group = _group(episodes=episodes, where=definition.where)
    begin = seconds(episodes["admitted"])
    earliest = np.maximum(
        discharged + max(int(np.ceil(definition.lower_gap_hours * 3600)), 1),
        (discharged // DAY + definition.lower_gap_days) * DAY,
    )
    low = int(begin.min(initial=0))
    span = int(max(begin.max(initial=0), earliest[done].max(initial=0))) - low + 2
    event = episodes["admission_type"].isin(definition.event_types).to_numpy()
    entering = group["into"] >= 0
    pool = np.flatnonzero(entering & (event | (definition.look == "next")))
    keys = group["into"][pool] * span + begin[pool] - low
    order = np.argsort(keys, kind="stable")
    at = np.searchsorted(keys[order], np.where(done, group["of"] * span + earliest - low, 0))
    found = np.append(pool[order], -1)[at.clip(0, len(pool))]
    good = done & (group["of"] >= 0) & (found >= 0) & (group["into"][found] == group["of"])
    if definition.look == "next":
        good &= event[found]
    return np.where(good, found, -1)


def _group(*, episodes: pd.DataFrame, where: str) -> dict[str, np.ndarray]:
    """Codes that must be equal for a readmission: the person, with ``same_department`` the department too."""
    person = pd.factorize(episodes["person"])[0].astype("int64")
    if where == "any":
        return {"of": person, "into": person}
    both = pd.concat([episodes["department"], episodes["first_department"]], ignore_index=True)
    code, names = pd.factorize(both)
    n = len(episodes)
    return {"of": np.where(person < 0, -1, person * len(names) + code[:n]),
            "into": np.where(person < 0, -1, person * len(names) + code[n:])}


def _within(
    *, day: np.ndarray, of: pd.Series, moments: Mapping[str, dt.date] | None, window: int, done: np.ndarray,
) -> np.ndarray:
    """True where the moment of ``of`` falls after the day of discharge and at most ``window`` days later."""
    if not moments:
        return np.zeros(len(day), dtype=bool)
    when = pd.to_datetime(of.map(dict(moments)))
    that = seconds(when) // DAY
    return done & when.notna().to_numpy() & (day < that) & (that <= day + window)


def _reasons(
    *, episodes: pd.DataFrame, flags: pd.DataFrame, day: np.ndarray, definition: ReadmissionDefinition, as_of: dt.date,
) -> pd.Series:
    """The first of ``REASONS`` that holds for each episode, else missing."""
    holds = {
        "person_missing": episodes["person"].isna(),
        "ongoing": episodes["ongoing"],
        "died": flags["dead"],
        "transferred_out": episodes["discharged_to"].isin(definition.transferred_out),
        "left_out": episodes["discharged_to"].isin(definition.leave_out),
        "kind_not_followed": ~episodes["admission_type"].isin(definition.index_types),
        "follow_up_incomplete": pd.Series(day + definition.window_days >= closing(as_of) // DAY),
        "dead_in_window": flags["died_in_window"] & definition.drop_deaths,
        "window_crosses_start": flags["crosses_start"] & definition.drop_crossing,
    }
    reason = pd.Series(np.nan, index=range(len(episodes)), dtype="str")
    for code in reversed(list(holds)):
        reason = reason.mask(holds[code].to_numpy(dtype=bool), code)
    if definition.unit != "episode":
        by, code = (["person", "year"], "not_first_in_year") if definition.unit == "person_year" else (["person"], "not_first_of_person")
        open_row = reason.isna()
        order = pd.DataFrame({"person": flags["person"], "year": flags["date"].dt.year, "date": flags["date"]})
        first = order[open_row].sort_values("date", kind="stable").drop_duplicates(by).index
        reason = reason.mask(open_row & ~reason.index.isin(first), code)
    return reason
