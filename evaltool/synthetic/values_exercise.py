"""The values exercise (choose ten, keep five), done by the staff in the first and the last staff wave."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .calendar import STAFF_WAVES
from .effects import VALUES_RISING, VALUES_WEIGHT
from .units import UNITS, exposure

CARDS = (
    "fellesskap", "familie", "tilhørighet", "omsorg", "tillit", "respekt", "håp", "mot", "utvikling", "nysgjerrighet",
    "humor", "ærlighet", "verdighet", "likeverd", "toleranse", "mening", "kunnskap", "kreativitet", "helse", "rettferdighet",
    "frihet", "ansvar", "selvstendighet", "mestring", "medvirkning", "trygghet", "åpenhet", "orden", "lojalitet", "effektivitet",
)
"""The last three stand in no CHIME group."""

_LIKED = {"trygghet": 2.6, "respekt": 2.4, "omsorg": 2.2, "ansvar": 2.0, "kunnskap": 1.8, "tillit": 1.8, "humor": 1.5}
_CHOSEN, _KEPT, _TAKE_PART = 10, 5, 0.6


def values_exercise(*, rng: np.random.Generator) -> pd.DataFrame:
    """One row per card that somebody chose: ``respondent, department, wave, value, kept``."""
    rows = []
    for wave in (STAFF_WAVES[0], STAFF_WAVES[-1]):
        for place in UNITS:
            weights = _weights(exposure(place, wave.opens))
            for _ in range(int(rng.binomial(place.heads, _TAKE_PART))):
                rows += [(len(rows) // _CHOSEN, place.id, wave.id, value, kept) for value, kept in _choice(rng, weights)]
    frame = pd.DataFrame(rows, columns=["respondent", "department", "wave", "value", "kept"])
    number = rng.permutation(frame["respondent"].nunique())[frame["respondent"]]
    return frame.assign(respondent=[f"V{n + 1:03d}" for n in number])


def _weights(practised: float) -> np.ndarray:
    rising = {value: 1 + (VALUES_WEIGHT - 1) * practised for value in VALUES_RISING}
    weights = np.array([_LIKED.get(value, 1.0) * rising.get(value, 1.0) for value in CARDS])
    return weights / weights.sum()


def _choice(rng: np.random.Generator, weights: np.ndarray) -> list[tuple[str, bool]]:
    """Ten cards, the five that were kept first among the likeliest; in the order of the pack."""
    drawn = rng.choice(len(CARDS), size=_CHOSEN, replace=False, p=weights)
    kept = set(drawn[:_KEPT].tolist())
    return [(CARDS[card], card in kept) for card in sorted(drawn.tolist())]
