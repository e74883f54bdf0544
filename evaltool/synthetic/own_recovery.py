"""What users say of their own recovery, and of having somebody to rely on (RAS-24): asked once a year, on the same forms."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .answers import answers
from .effects import RAS_CHANGE, RAS_CHANGE_ELSEWHERE
from .practice_views import USER_WAVES
from .units import exposure, unit

SCALES = {
    "goal": (1, 2, 3, 4, 5), "reliance": (6, 22, 23, 24), "confidence": (7, 8, 9, 10, 11, 12, 13, 14, 21),
    "symptoms": (15, 16, 17), "help": (18, 19, 20),
}
ITEMS = 24
_LEVEL = {"goal": 3.5, "reliance": 3.2, "confidence": 3.3, "symptoms": 3.1, "help": 3.6}


def own_recovery(*, rng: np.random.Generator, user_survey: pd.DataFrame) -> pd.DataFrame:
    """``ras24_a_01..24`` (1-5) for the rows of ``user_survey``, NaN outside ``USER_WAVES`` and where left out."""
    asked = user_survey["wave"].isin([wave.id for wave in USER_WAVES]).to_numpy()
    forms = user_survey[asked]
    come = np.array([exposure(unit(form.department), form.answered_on) for form in forms.itertuples()])
    weight = forms["department"].map(lambda name: RAS_CHANGE_ELSEWHERE.get(name, 1.0)).to_numpy(dtype=float)
    person = rng.normal(0, 0.55, len(forms))
    given = np.full((len(user_survey), ITEMS), np.nan)
    for scale, numbers in SCALES.items():
        own = _LEVEL[scale] + person + RAS_CHANGE.get(scale, 0.0) * weight * come + rng.normal(0, 0.55, len(forms))
        totals = np.rint(np.clip(own, 1.2, 4.8) * len(numbers))
        offsets = rng.normal(0, 0.15, len(numbers))
        filled = answers(rng=rng, totals=totals, offsets=offsets - offsets.mean(), low=1, high=5, noise=0.4).astype(float)
        filled[rng.random(filled.shape) < 0.008] = np.nan
        given[np.ix_(np.flatnonzero(asked), np.array(numbers) - 1)] = filled
    return pd.DataFrame(given, columns=[f"ras24_a_{n:02d}" for n in range(1, ITEMS + 1)])
