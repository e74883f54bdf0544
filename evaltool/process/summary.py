"""One row per process chart: where it stands now, how it varies, whether it reaches its target, since when."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ..measures import measure as measure_of

COLUMNS = (
    "measure", "department", "kind", "grain", "points", "latest_period", "latest", "n", "centre", "low", "high", "limits",
    "baseline", "variation", "assurance", "target", "signal", "signal_direction", "since", "signal_points",
)
"""``variation``: better_high, better_low, worse_high, worse_low, change_high, change_low, change, both, common,
too_few, hidden, no_data. ``assurance``: passes, fails, hit_or_miss, no_limits, no_target. ``signal``: the rule of
the last signal, ``signal_direction`` up, down or plain, ``since`` the first period of that pattern."""


def summary(*, points: pd.DataFrame, targets: Mapping[str, float]) -> pd.DataFrame:
    """Facts of every chart in ``points`` (see ``ProcessCharts``), in the order they stand there."""
    rows = [_facts(name, department, part, targets.get(name)) for (name, department), part in
            points.groupby(["measure", "department"], sort=False)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _facts(name: str, department: str, part: pd.DataFrame, target: float | None) -> dict:
    shown = part[part["value"].notna()]
    row = {"measure": name, "department": department, "kind": part["kind"].iloc[0], "grain": part["grain"].iloc[0],
           "points": float(len(shown)), "target": np.nan if target is None else target}
    if shown.empty:
        return row | {"variation": "hidden" if part["status"].eq("suppressed").any() else "no_data", "limits": "none",
                      "assurance": "no_target" if target is None else "no_limits"}
    last = shown.iloc[-1]
    row |= {"latest_period": last["period"], "latest": last["value"], "n": last["n"], "centre": last["centre"],
            "low": last["low"], "high": last["high"], "limits": last["limits"], "baseline": last["baseline"]}
    return row | {"variation": _variation(last), "assurance": _assurance(last, target, measure_of(name).direction)} | _signal(part)


def _variation(last: pd.Series) -> str:
    """The latest point decides, as in Making Data Count."""
    if last["reading"] == "none":
        return "too_few" if last["limits"] == "none" else "common"
    if last["reading"] == "both":
        return "both"
    side = "high" if last["up"] else "low" if last["down"] else ""
    return f"{last['reading']}_{side}" if side else "change"


def _assurance(last: pd.Series, target: float | None, direction: int) -> str:
    """Would chance alone carry the process past its target? From the limits that hold now."""
    if target is None or direction == 0:
        return "no_target"
    if not np.isfinite(last["high"]):
        return "no_limits"
    if last["low"] <= target <= last["high"]:
        return "hit_or_miss"
    return "passes" if (last["low"] > target) == (direction > 0) else "fails"


def _signal(part: pd.DataFrame) -> dict:
    """The pattern that the last signalling point belongs to (its longest), and when it began."""
    marked = part[part["rules"].ne("")]
    if marked.empty:
        return {}
    found = []
    for told in marked["rules"].iloc[-1].split(" "):
        same = part["rules"].str.split(" ").map(lambda told_here, told=told: told in told_here)
        stretch = part.loc[:marked.index[-1]]
        broken = ~same.loc[stretch.index] & stretch["value"].notna() | stretch["segment"].ne(stretch["segment"].iloc[-1])
        after_break = stretch.loc[broken[broken].index[-1] + 1:] if broken.any() else stretch
        pattern = after_break[same.loc[after_break.index]]
        found.append((len(pattern), told, pattern["period"].iloc[0]))
    count, told, since = max(found, key=lambda f: f[0])
    rule, _, direction = told.partition(":")
    return {"signal": rule, "signal_direction": direction, "since": since, "signal_points": float(count)}
