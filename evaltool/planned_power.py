"""How large must the next rollout be? Power and smallest detectable change by design, from what the study itself shows."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from .disclosure import demand_release
from .errors import UsageError
from .measures import measure as measure_of
from .stats.power import design_effect, same_people, smallest, stepped_wedge, two_periods, two_rates, two_shares

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from .result import Release

COLUMNS = ("measure", "design", "departments", "persons", "periods", "effect", "power", "detectable", "design_effect", "sd", "icc",
           "correlation", "level", "unit")
DESIGNS = {
    "two_periods": ("mean_score", "duration"), "paired": ("mean_score", "duration"), "clustered": ("mean_score", "duration"),
    "shares": ("share",), "rates": ("count", "rate"), "stepped_wedge": ("mean_score", "duration", "share"),
}
"""Design -> kinds of measure it fits."""


def planned_power(
    *, release: Release, measure: str, design: str | None = None, effect: float | None = None,
    departments: tuple[int, ...] = (4, 6, 8, 10, 15, 20), persons: tuple[int, ...] = (5, 10, 20, 40), periods: int = 8,
    power: float = 0.8,
) -> pd.DataFrame:
    """One row (``COLUMNS``) per design, number of departments and number of persons in each.

    release: of ``study_spread``: level, spread and ICC come from there. Designs, with ``persons`` answers per department
    and period: ``two_periods`` (other people after, all independent), ``paired`` (the same people, with their own
    correlation), ``clustered`` (other people in other departments: design effect 1 + (m - 1) ICC, df of departments),
    ``shares`` (two shares, clustered), ``rates`` (``persons`` months per department and side, the study's dispersion) and
    ``stepped_wedge`` (Hussey and Hughes: starts spread over ``periods`` rounds). ``effect``: in the measure's unit, default
    the smallest important change; with neither, ``power`` is missing and only ``detectable`` (the change seen with chance
    ``power``) is given; for a share and a rate it is the detectable fall or rise, whichever is larger.

    Raises UsageError for a design that is unknown or does not fit, numbers that cannot be, and a measure whose spread the
    data do not tell or may not be shown.
    """
    import pandas as pd

    m = measure_of(measure)
    known = _known(release, measure)
    fits = [name for name, kinds in DESIGNS.items() if m.kind in kinds and (name != "paired" or "correlation" in known)]
    if design is not None and design not in fits:
        raise UsageError("power_design", got=design, measure=measure, expected=", ".join(fits))
    _check(departments, persons, periods, power, effect)
    size = effect if effect is not None else demand_release(release).spec.important.get(measure, m.important)
    rows = [
        _row(name, known, n, each, periods, size, power) | {"measure": measure, "unit": m.unit}
        for name in ([design] if design else fits) for n in departments for each in persons
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _known(release: Release, measure: str) -> Mapping[str, float]:
    rows = demand_release(release).series
    rows = rows[(rows["measure"] == measure) & (rows["kind"] == "spread") & (rows["status"] == "shown")]
    if rows.empty:
        raise UsageError("power_unknown", got=measure, expected=", ".join(
            release.series.loc[release.series["status"] == "shown", "measure"].drop_duplicates()) or "-")
    return rows.set_index("phase")["value"].to_dict()


def _check(departments, persons, periods, power, effect) -> None:
    wrong = {
        "departments": min(departments, default=0) < 2, "persons": min(persons, default=0) < 2, "periods": periods < 3,
        "power": not 0.05 < power < 1, "effect": effect is not None and (effect == 0 or not math.isfinite(effect)),
    }
    for name, is_wrong in wrong.items():
        if is_wrong:
            raise UsageError("power_number", got=name, expected=RANGES[name])


RANGES = {"departments": "2, 3, 4 ...", "persons": "2, 3, 4 ...", "periods": "3, 4, 5 ...", "power": "0.06-0.99", "effect": "!= 0"}


def _row(design: str, known: Mapping[str, float], departments: int, persons: int, periods: int, effect: float | None,
         power: float) -> dict:
    at, scale = _chance(design, known, departments, persons, periods)
    found = {"design": design, "departments": departments, "persons": persons, "effect": effect, "power": math.nan,
             "periods": periods if design == "stepped_wedge" else 2, **known,
             "design_effect": design_effect(icc=known["icc"], cluster_size=persons) if design in ("clustered", "shares") else math.nan}
    if effect is not None:
        found["power"] = at(effect)
    found["detectable"] = _smallest(at, scale, known["level"], design, power)
    return found


def _chance(design: str, known: Mapping[str, float], departments: int, persons: int, periods: int) -> tuple[Callable, float]:
    """Power as a function of the effect, and the scale of effects to look at."""
    import numpy as np

    sd, icc, n = known["sd"], known["icc"], float(departments * persons)
    if design == "two_periods":
        return lambda e: two_periods(effect=e, sd=sd, n_before=n, n_after=n), sd
    if design == "paired":
        return lambda e: same_people(effect=e, sd=sd * math.sqrt(1 - icc), correlation=known["correlation"], n=n), sd
    if design == "clustered":
        return lambda e: two_periods(effect=e, sd=sd, n_before=n, n_after=n, icc=max(icc, 1e-9), cluster_size=persons), sd
    level, inflation = known["level"], design_effect(icc=icc, cluster_size=persons)
    if design == "shares":
        return lambda e: two_shares(before=level, after=level + e, n_before=n, n_after=n, inflation=inflation), level
    if design == "rates":
        spread = known.get("dispersion", 1.0)
        return lambda e: two_rates(before=level, after=level + e, exposure_before=n, exposure_after=n, dispersion=spread), level
    schedule = np.array([[float(t > i * (periods - 1) // departments) for t in range(periods)] for i in range(departments)])
    sizes = np.full(schedule.shape, float(persons))
    return lambda e: stepped_wedge(effect=e, schedule=schedule, sizes=sizes, sd=sd, icc=icc), sd


def _smallest(at: Callable, scale: float, level: float, design: str, power: float) -> float:
    """The detectable change; NaN where none that could be would be seen (a share cannot leave 0-1, a rate not fall below 0)."""
    if design not in ("shares", "rates"):
        return smallest(power_at=at, start=scale / 10, power=power)
    room = {-1: level * 0.999, 1: (1 - level) * 0.999 if design == "shares" else level * 1e6}
    found = []
    for sign, end in room.items():
        if end <= 0 or at(sign * end) < power:
            return math.nan
        found.append(smallest(power_at=lambda e, s=sign, top=end: at(s * min(e, top)), start=min(scale / 100, end), power=power))
    return max(found)
