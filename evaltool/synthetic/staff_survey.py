"""Five staff waves (RSA-R, provider form), anonymous."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from .answers import answers
from .calendar import STAFF_WAVES, Wave, a_day
from .effects import RSA_TREND, SHIFT
from .units import UNITS, Unit, exposure

ITEMS = 32
NOT_APPLICABLE, DO_NOT_KNOW = 97, 98
_PROFESSIONS = {
    "nurse": 0.28, "social_educator": 0.24, "social_worker": 0.15, "health_worker": 0.18, "other": 0.10,
    "peer_worker": 0.05,
}
_YEARS = ("0-1", "2-5", "6-10", "11+")
_RESPONSE = 0.72


def staff_survey(*, rng: np.random.Generator) -> pd.DataFrame:
    """One row per form; items ``rsa_r_provider_01..32`` 1-5, 97 not applicable, 98 don't know, NaN left out."""
    forms = pd.DataFrame(
        [form for place in UNITS for form in _department(rng, place)],
        columns=["department", "wave", "answered_on", "role", "profession", "years_band", "latent"],
    )
    totals = np.rint(np.clip(forms["latent"].to_numpy(), 1.2, 4.9) * ITEMS)
    offsets = rng.normal(0, 0.35, ITEMS)
    items = answers(rng=rng, totals=totals, offsets=offsets - offsets.mean(), low=1, high=5, noise=0.7).astype(float)
    draw = rng.random(items.shape)
    items[draw < 0.025] = NOT_APPLICABLE
    items[(draw >= 0.025) & (draw < 0.06)] = DO_NOT_KNOW
    items[draw > 0.995] = np.nan
    names = [f"rsa_r_provider_{n:02d}" for n in range(1, ITEMS + 1)]
    out = pd.concat([forms.drop(columns="latent"), pd.DataFrame(items, columns=names)], axis=1)
    return out.sort_values(["answered_on", "department"], kind="stable", ignore_index=True)


def _department(rng: np.random.Generator, place: Unit) -> list[tuple]:
    """Every wave of one department: the same posts, now and then filled by somebody new."""
    posts = [_somebody(rng, place, False) for _ in range(place.heads)]
    forms = []
    for wave in STAFF_WAVES:
        shifted = place.id == SHIFT["department"] and exposure(place, wave.opens) > 0
        for number, (profession, years, level) in enumerate(posts):
            if shifted and profession != "social_worker" and rng.random() < 0.6:
                posts[number] = _somebody(rng, place, True)
            elif rng.random() < 0.15:
                posts[number] = _somebody(rng, place, shifted)
            else:
                posts[number] = (profession, years + 1, level)
        for number, (profession, years, level) in enumerate(posts):
            if rng.random() < (0.9 if place.heads < 6 else _RESPONSE):
                role = "leader" if number == 0 else "staff"
                forms.append(_form(rng, place, wave, role, profession, years, level))
    return forms


def _somebody(rng: np.random.Generator, place: Unit, shifted: bool) -> tuple[str, int, float]:
    share = SHIFT["social_workers_after"]
    if shifted and rng.random() < share:
        return "social_worker", int(rng.integers(0, 3)), rng.normal(0, 0.33)
    profession = str(rng.choice(list(_PROFESSIONS), p=list(_PROFESSIONS.values())))
    return profession, int(rng.exponential(5)), rng.normal(0, 0.33)


def _form(
    rng: np.random.Generator, place: Unit, wave: Wave, role: str, profession: str, years: int, level: float,
) -> tuple:
    day = a_day(rng, wave.opens, wave.closes)
    since = (day - dt.date(2022, 10, 3)).days / 365.25
    higher = SHIFT["social_workers_points"] if profession == "social_worker" and place.id == SHIFT["department"] else 0
    latent = place.rsa_mean + RSA_TREND * since + level + higher + rng.normal(0, 0.22)
    band = _YEARS[int(np.searchsorted([2, 6, 11], years, side="right"))]
    blank = rng.random() < 0.03
    return place.id, wave.id, day, role, profession, None if blank else band, latent
