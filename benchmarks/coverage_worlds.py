"""Planted worlds for ``coverage.py``: rows with a known truth, in the shape that the comparison takes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from evaltool.design import StudyDesign
from evaltool.result import Provenance

FIRST = pd.Timestamp("2020-01-01")
PROVENANCE = Provenance(study="planted", snapshot="0" * 12, as_of=dt.date(2026, 6, 30), version="0")


@dataclass(frozen=True)
class Departments:
    """A rollout. Spreads are standard deviations in points; the residual is 6; a wave is three months.

    The departments start one after another, the last fifth (at least one) does not. A department's own effect is
    drawn anew each time: the truth is the mean over all departments there could be.
    """

    departments: int = 10
    persons: int = 12
    waves: int = 12
    level_sd: float = 4.0
    person_sd: float = 5.0
    shock_sd: float = 0.0
    effect_sd: float = 0.0
    trend: float = 1.0
    missing: float = 0.3
    uneven: bool = False

    @cached_property
    def starts(self) -> np.ndarray:
        """First wave after the start per department, inf without one."""
        waiting = max(1, self.departments // 5)
        return np.concatenate([np.linspace(2, self.waves - 3, self.departments - waiting).round(), np.full(waiting, np.inf)])

    @cached_property
    def design(self) -> StudyDesign:
        """The register that says the same."""
        names = [f"d{d}" for d in range(self.departments)]
        days = [day(s) if np.isfinite(s) else pd.NaT for s in self.starts]
        rollout = pd.DataFrame({"department": names, "planned_start": days, "start": days, "wash_in_end": pd.NaT,
                                "paused_from": pd.NaT, "paused_to": pd.NaT})
        register = pd.DataFrame({"department": names, "name": names, "service": "x", "unit_type": "x"})
        return StudyDesign.from_register(rollout=rollout, departments=register, as_of=PROVENANCE.as_of, wash_in_months=0)


def day(wave: float) -> pd.Timestamp:
    return FIRST + pd.DateOffset(months=3 * int(wave))


def scores(world: Departments, effect: float, rng: np.random.Generator, second: float | None = None) -> pd.DataFrame:
    """Phased rows of a score. ``second``: the effect in every other person, who are group b."""
    parts = []
    for d in range(world.departments):
        size = world.persons if not world.uneven else int(rng.choice([4, 8, 12, 40]))
        own = rng.normal(0, world.person_sd, size)
        gain, level = rng.normal(0, world.effect_sd), rng.normal(35, world.level_sd)
        wave, person = (a.ravel() for a in np.meshgrid(np.arange(world.waves), np.arange(size), indexing="ij"))
        shock = rng.normal(0, world.shock_sd, world.waves)
        after, odd = wave >= world.starts[d], person % 2 == 1
        change = gain + np.where(odd & (second is not None), second or 0.0, effect)
        value = level + own[person] + change * after + world.trend * wave / 4 + shock[wave] + rng.normal(0, 6, len(wave))
        seen = rng.random(len(wave)) >= world.missing
        parts.append(pd.DataFrame({
            "department": f"d{d}", "unit": d * 1000 + person, "wave": wave, "years": wave / 4, "after": after, "value": value,
            "group": np.where(odd, "b", "a"), "phase": np.where(after, "after", "before" if np.isfinite(world.starts[d]) else "not_started"),
        })[seen])
    return pd.concat(parts, ignore_index=True)


def chances(world: Departments, effect: float, rng: np.random.Generator) -> pd.DataFrame:
    """Phased rows of a share: each department and person has a tendency, the start moves the log odds by ``effect``."""
    rows = scores(world, 0.0, rng)
    level = rng.normal(-1.2, world.level_sd / 8, world.departments)
    own = rng.normal(0, 0.8, world.departments * 1000)
    log_odds = level[rows["department"].str[1:].astype(int)] + own[rows["unit"]] + effect * rows["after"]
    return rows.assign(value=(rng.random(len(rows)) < 1 / (1 + np.exp(-log_odds))).astype(float))


def observed(rows: pd.DataFrame) -> pd.DataFrame:
    """The same rows as observations (ARCHITECTURE.md, section 2)."""
    days = pd.DatetimeIndex([day(w) for w in range(rows["wave"].max() + 1)])
    known = {"person": "p" + rows["unit"].astype(str), "date": days[rows["wave"]]} | {name: rows[name] for name in ("person", "date") if name in rows}
    return rows.assign(**known, row=np.arange(len(rows)), event=True, included=True, reason=None)[
        ["row", "department", "person", "date", "wave", "value", "event", "included", "reason"]]


def month_rows(world: Departments, effect: float, memory: float, rng: np.random.Generator, level: float = 300.0) -> pd.DataFrame:
    """Phased department-months (three to a wave) of nights; neighbouring months are alike by ``memory``."""
    n = 3 * world.waves
    noise = rng.normal(0, 1, (world.departments, n))
    for t in range(1, n):
        noise[:, t] = memory * noise[:, t - 1] + np.sqrt(1 - memory**2) * noise[:, t]
    levels = level * np.exp(rng.normal(0, 0.3, (world.departments, 1)))
    month, department = np.arange(n), np.arange(world.departments)
    after = month >= 3 * world.starts[:, None]
    value = levels * np.where(after, effect, 1.0) * (1 + 0.07 * noise)
    phase = np.where(after, "after", np.where(np.isfinite(world.starts)[:, None], "before", "not_started"))
    return pd.DataFrame({
        "department": np.repeat([f"d{d}" for d in department], n), "date": np.tile(pd.date_range(FIRST, periods=n, freq="MS"), len(department)),
        "years": np.tile(month / 12, len(department)), "after": after.ravel(), "phase": phase.ravel(), "value": np.maximum(value.ravel(), 0).round(),
    })


def place_scores(persons: int, waves: int, effect: float, missing: float, rng: np.random.Generator) -> pd.DataFrame:
    """Phased rows of one department: ``waves`` in all, half of them after."""
    person, wave = (a.ravel() for a in np.meshgrid(np.arange(persons), np.arange(waves), indexing="ij"))
    after = wave >= waves // 2
    value = 30 + rng.normal(0, 5, persons)[person] + effect * after + rng.normal(0, 6, len(person))
    return _place(person, wave, after, value, rng.random(len(person)) >= missing)


def place_share(persons: int, waves: int, means: tuple[float, float], rng: np.random.Generator) -> pd.DataFrame:
    """Phased 0/1 rows of one department: beta-distributed tendencies with these means; a person keeps the rank."""
    from scipy.stats import beta

    person, wave = (a.ravel() for a in np.meshgrid(np.arange(persons), np.arange(waves), indexing="ij"))
    after = wave >= waves // 2
    rank = rng.random(persons)
    chance = np.where(after, *(beta.ppf(rank, 10 * m, 10 * (1 - m))[person] for m in (means[1], means[0])))
    return _place(person, wave, after, (rng.random(len(person)) < chance).astype(float), rng.random(len(person)) >= 0.3)


def place_months(months: int, effect: float, memory: float, rng: np.random.Generator) -> pd.DataFrame:
    """Phased months of one department, as many before as after."""
    n = 2 * months
    noise = rng.normal(0, 20, n)
    for t in range(1, n):
        noise[t] = memory * noise[t - 1] + np.sqrt(1 - memory**2) * noise[t]
    after = np.arange(n) >= months
    dates = pd.date_range(FIRST, periods=n, freq="MS")
    return pd.DataFrame({"department": "d0", "after": after, "value": 300 + effect * after + noise, "date": dates})


def _place(person, wave, after, value, seen) -> pd.DataFrame:
    return pd.DataFrame({
        "department": "d0", "person": [f"p{p}" for p in person], "unit": person, "wave": wave, "after": after, "value": value,
        "date": FIRST + pd.to_timedelta(91 * wave, unit="D"),
    })[seen].reset_index(drop=True)
