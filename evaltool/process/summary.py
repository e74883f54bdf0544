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
READ = ("period", "value", "n", "centre", "low", "high", "baseline", "segment", "rules", "reading", "limits", "status", "kind", "grain",
        "up", "down")
"""The columns of the points that the facts come from."""


def summary(*, points: pd.DataFrame, targets: Mapping[str, float]) -> pd.DataFrame:
    """Facts of every chart in ``points`` (see ``ProcessCharts``), in the order they stand there."""
    columns = {name: points[name].to_numpy() for name in READ} if len(points) else {}
    rows = [_facts(name, department, _Part(columns, at), targets.get(name)) for (name, department), at in
            points.groupby(["measure", "department"], sort=False).indices.items()]
    return pd.DataFrame(rows, columns=list(COLUMNS))


class _Part:
    """One chart's points as arrays: thousands of charts are read, and a frame is slow to cut in pieces and to ask one cell
    at a time. ``at``: where in the ``columns`` of all charts they stand."""

    def __init__(self, columns: Mapping[str, np.ndarray], at: np.ndarray) -> None:
        self._columns = {name: values[at] for name, values in columns.items()}
        self.known = np.flatnonzero(~np.isnan(self._columns["value"]))

    def __getitem__(self, name: str) -> np.ndarray:
        return self._columns[name]

    def last(self, name: str) -> object:
        """The value of a column at the last point there is."""
        return self._columns[name][self.known[-1]]


def _facts(name: str, department: str, part: _Part, target: float | None) -> dict:
    row = {"measure": name, "department": department, "kind": part["kind"][0], "grain": part["grain"][0],
           "points": float(len(part.known)), "target": np.nan if target is None else target}
    if not len(part.known):
        return row | {"variation": "hidden" if (part["status"] == "suppressed").any() else "no_data", "limits": "none",
                      "assurance": "no_target" if target is None else "no_limits"}
    row |= {"latest_period": pd.Timestamp(part.last("period")), "latest": part.last("value")}
    row |= {column: part.last(column) for column in ("n", "centre", "low", "high", "limits", "baseline")}
    return row | {"variation": _variation(part), "assurance": _assurance(part, target, measure_of(name).direction)} | _signal(part)


def _variation(part: _Part) -> str:
    """The latest point decides, as in Making Data Count."""
    reading = part.last("reading")
    if reading == "none":
        return "too_few" if part.last("limits") == "none" else "common"
    if reading == "both":
        return "both"
    side = "high" if part.last("up") else "low" if part.last("down") else ""
    return f"{reading}_{side}" if side else "change"


def _assurance(part: _Part, target: float | None, direction: int) -> str:
    """Would chance alone carry the process past its target? From the limits that hold now."""
    low, high = part.last("low"), part.last("high")
    if target is None or direction == 0:
        return "no_target"
    if not np.isfinite(high):
        return "no_limits"
    if low <= target <= high:
        return "hit_or_miss"
    return "passes" if (low > target) == (direction > 0) else "fails"


def _signal(part: _Part) -> dict:
    """The pattern that the last signalling point belongs to (its longest), and when it began."""
    told = [set(rules.split(" ")) if rules else set() for rules in part["rules"]]
    marked = [i for i, rules in enumerate(told) if rules]
    if not marked:
        return {}
    end = marked[-1]
    known, segment = ~np.isnan(part["value"]), part["segment"]
    found = []
    for one in part["rules"][end].split(" "):
        count, began = 0, end
        for i in range(end, -1, -1):
            if segment[i] != segment[end] or (known[i] and one not in told[i]):
                break
            if one in told[i]:
                count, began = count + 1, i
        found.append((count, one, began))
    count, one, began = max(found, key=lambda f: f[0])
    rule, _, direction = one.partition(":")
    return {"signal": rule, "signal_direction": direction, "since": pd.Timestamp(part["period"][began]), "signal_points": float(count)}
