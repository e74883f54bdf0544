"""Excerpts of group interviews in the first and the last staff wave, coded by two people."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .calendar import STAFF_WAVES
from .effects import CODERS_AGREE, THEME_WEIGHT, THEMES_RISING
from .units import UNITS, exposure

THEMES = ("inviting", "life_goals", "choice", "individually_tailored", "involvement", "own_attitudes", "time_and_money")
"""The first five are called as the RSA scale they are about; the last two have no scale."""

_WEIGHTS = {
    "users": (2.0, 1.4, 1.6, 1.5, 1.0, 0.3, 0.8), "staff": (0.8, 1.3, 0.8, 1.2, 0.8, 1.5, 1.8),
    "leaders": (0.5, 1.0, 0.7, 1.0, 1.3, 1.2, 2.0),
}
_EXCERPTS = {"users": 6, "staff": 6, "leaders": 4}
_SECOND_THEME, _CODED_TWICE = 0.3, 0.4


def coded_themes(*, rng: np.random.Generator) -> pd.DataFrame:
    """One row per theme that a coder gave an excerpt: ``excerpt, department, wave, source_group, theme, coder``."""
    rows, number = [], 0
    for wave in (STAFF_WAVES[0], STAFF_WAVES[-1]):
        for place in UNITS:
            for group, count in _EXCERPTS.items():
                for _ in range(count):
                    number += 1
                    given = _themes(rng, group, exposure(place, wave.opens))
                    second = _again(rng, given) if rng.random() < _CODED_TWICE else ()
                    rows += [(f"U{number:03d}", place.id, wave.id, group, theme, coder)
                             for coder, themes in (("A", given), ("B", second)) for theme in themes]
    return pd.DataFrame(rows, columns=["excerpt", "department", "wave", "source_group", "theme", "coder"])


def _themes(rng: np.random.Generator, group: str, practised: float) -> tuple[str, ...]:
    heavier = [THEME_WEIGHT if theme in THEMES_RISING else 1.0 for theme in THEMES]
    weights = np.array(_WEIGHTS[group]) * (1 + (np.array(heavier) - 1) * practised)
    size = 2 if rng.random() < _SECOND_THEME else 1
    chosen = rng.choice(len(THEMES), size=size, replace=False, p=weights / weights.sum())
    return tuple(THEMES[n] for n in sorted(chosen.tolist()))


def _again(rng: np.random.Generator, given: tuple[str, ...]) -> tuple[str, ...]:
    """The second coder: the same theme, or now and then another one."""
    seen = [theme if rng.random() < CODERS_AGREE else str(rng.choice(THEMES)) for theme in given]
    return tuple(dict.fromkeys(seen))
