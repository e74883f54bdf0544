"""Quarterly user forms (QPR-15): some carry the person, some do not."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from .answers import answers
from .calendar import QUARTERS, Wave, a_day
from .effects import QPR_CHANGE, QPR_CHANGE_ELSEWHERE, SHIFT
from .people import age_band
from .units import UNITS, Unit, exposure

ITEMS = 15
_GROUPS = {"Rus": (0.7, 0.05, 0.25), "Psykisk helse": (0.05, 0.8, 0.15), "Psykisk helse og rus": (0.25, 0.4, 0.35)}


def user_survey(
    *, rng: np.random.Generator, people: pd.DataFrame, deaths: dict[int, dt.date],
) -> pd.DataFrame:
    """One row per form, ``person`` as row number of ``people`` or NaN, items ``qpr15_01..15`` (0-4 or NaN)."""
    at_home = {place.id: list(people[people["home"] == place.id].itertuples()) for place in UNITS}
    forms = pd.DataFrame([
        form for wave in QUARTERS for place in UNITS for form in _forms(rng, place, wave, at_home[place.id], deaths)
    ], columns=["department", "wave", "answered_on", "age_band", "user_group", "mode", "person", "latent"])
    totals = np.clip(np.rint(forms["latent"].to_numpy()), 3, 58)
    offsets = rng.normal(0, 0.35, ITEMS)
    items = answers(rng=rng, totals=totals, offsets=offsets - offsets.mean(), low=0, high=4, noise=0.7).astype(float)
    _blank(rng, items)
    names = [f"qpr15_{n:02d}" for n in range(1, ITEMS + 1)]
    out = pd.concat([forms.drop(columns="latent"), pd.DataFrame(items, columns=names)], axis=1)
    return out.sort_values(["answered_on", "department"], kind="stable", ignore_index=True)


def _forms(rng: np.random.Generator, place: Unit, wave: Wave, people: list, deaths: dict) -> list[tuple]:
    there = [
        who for who in people if who.entered <= wave.closes and who.left >= wave.opens
        and deaths.get(who.Index, dt.date.max) > wave.closes
    ]
    young = np.array([age_band(who.birth_year, wave.opens) == "18-29" for who in there])
    wanted = place.answers + int(rng.integers(-place.answers // 7, place.answers // 7 + 1))
    shifted = place.id == SHIFT["department"] and exposure(place, wave.closes) > 0
    weights = np.where(young & shifted, SHIFT["young_weight_after"], 1.0)
    chosen = rng.choice(len(there), size=min(wanted, len(there)), replace=False, p=weights / weights.sum())
    forms = []
    for position in sorted(chosen):
        person = there[position]
        day = a_day(rng, max(wave.opens, person.entered), min(wave.closes, person.left))
        latent = (
            place.qpr_mean + person.recovery + rng.normal(0, 5.5)
            + QPR_CHANGE_ELSEWHERE.get(place.id, QPR_CHANGE) * exposure(place, day)
            + (SHIFT["young_points"] if young[position] and place.id == SHIFT["department"] else 0.0)
        )
        carries = person.linked and rng.random() < 0.93
        forms.append((
            place.id, wave.id, day, _some(rng, age_band(person.birth_year, wave.opens)), _group(rng, place),
            _mode(rng), float(person.Index) if carries else np.nan, latent,
        ))
    return forms


def _some(rng: np.random.Generator, value: str) -> str | None:
    return None if rng.random() < 0.02 else value


def _group(rng: np.random.Generator, place: Unit) -> str | None:
    groups = ["substance_use", "mental_health", "both"]
    return _some(rng, str(rng.choice(groups, p=_GROUPS[place.service])))


def _mode(rng: np.random.Generator) -> str | None:
    return _some(rng, str(rng.choice(["paper", "web", "interview"], p=[0.45, 0.4, 0.15])))


def _blank(rng: np.random.Generator, items: np.ndarray) -> None:
    """Leave answers out in place: now and then one, and in one form of fifty so many that it cannot be scored."""
    items[rng.random(items.shape) < 0.008] = np.nan
    for row in np.flatnonzero(rng.random(len(items)) < 0.02):
        items[row, rng.choice(ITEMS, size=int(rng.integers(4, 10)), replace=False)] = np.nan
