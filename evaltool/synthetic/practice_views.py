"""The same RSA-R construct seen by users and leaders: answers added to forms that exist already."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .answers import answers
from .calendar import QUARTERS, STAFF_WAVES
from .effects import LEADER_VIEW, USER_SCALES, USER_VIEW, USER_VIEW_CHANGE, USER_VIEW_CHANGE_ELSEWHERE
from .staff_survey import DO_NOT_KNOW, NOT_APPLICABLE
from .units import exposure, unit

USER_WAVES = tuple(next(q for q in QUARTERS if q.opens <= wave.opens <= q.closes) for wave in STAFF_WAVES)
"""The quarters in which the staff are asked too: then users answer about the practice as well."""

USER_ITEMS, LEADER_ITEMS = 32, 36
_SCALE_OF = {
    "inviting": (1, 2), "life_goals": (3, 7, 8, 9, 12, 16, 17, 18, 28, 31, 32), "choice": (4, 5, 6, 10, 27),
    "individually_tailored": (11, 13, 19, 30), "diversity": (14, 15, 20, 21, 26), "involvement": (22, 23, 24, 25, 29),
}


def user_views(*, rng: np.random.Generator, user_survey: pd.DataFrame) -> pd.DataFrame:
    """``rsa_r_person_01..32`` for the rows of ``user_survey`` (NaN outside ``USER_WAVES``); 97 and 98 as in the staff form."""
    asked = user_survey["wave"].isin([wave.id for wave in USER_WAVES]).to_numpy()
    forms = user_survey[asked]
    change = [
        USER_VIEW_CHANGE_ELSEWHERE.get(form.department, USER_VIEW_CHANGE) * exposure(unit(form.department), form.answered_on)
        for form in forms.itertuples()
    ]
    base = forms["department"].map(lambda name: unit(name).rsa_mean + USER_VIEW).to_numpy(dtype=float)
    latent = base + np.array(change) + rng.normal(0, 0.45, len(forms))
    given = answers(rng=rng, totals=_totals(latent, USER_ITEMS), offsets=_by_scale(rng, len(forms)), low=1, high=5, noise=0.6)
    return _placed(_with_gaps(rng, given, not_known=0.07), asked, "rsa_r_person")


def leader_views(*, rng: np.random.Generator, staff_survey: pd.DataFrame) -> pd.DataFrame:
    """``rsa_r_leader_01..36`` for the rows of leaders, NaN for all others: higher than the staff, and the same all years."""
    asked = staff_survey["role"].eq("leader").to_numpy()
    base = staff_survey.loc[asked, "department"].map(lambda name: unit(name).rsa_mean + LEADER_VIEW).to_numpy(dtype=float)
    latent = base + rng.normal(0, 0.25, asked.sum())
    offsets = rng.normal(0, 0.3, LEADER_ITEMS)
    given = answers(rng=rng, totals=_totals(latent, LEADER_ITEMS), offsets=offsets - offsets.mean(), low=1, high=5, noise=0.6)
    return _placed(_with_gaps(rng, given, not_known=0.02), asked, "rsa_r_leader")


def _totals(latent: np.ndarray, items: int) -> np.ndarray:
    return np.rint(np.clip(latent, 1.2, 4.9) * items)


def _by_scale(rng: np.random.Generator, forms: int) -> np.ndarray:
    """(forms, 32): where each scale lies on the whole, and how far it departs in each form, so that the scales hang together."""
    out = rng.normal(0, 0.15, USER_ITEMS) + np.zeros((forms, USER_ITEMS))
    for name, numbers in _SCALE_OF.items():
        out[:, np.array(numbers) - 1] += USER_SCALES[name] + rng.normal(0, 0.5, forms)[:, None]
    return out - out.mean(axis=1, keepdims=True)


def _with_gaps(rng: np.random.Generator, given: np.ndarray, *, not_known: float) -> np.ndarray:
    items, draw = given.astype(float), rng.random(given.shape)
    items[draw < not_known] = DO_NOT_KNOW
    items[(draw >= not_known) & (draw < not_known + 0.02)] = NOT_APPLICABLE
    items[draw > 0.995] = np.nan
    return items


def _placed(items: np.ndarray, rows: np.ndarray, form: str) -> pd.DataFrame:
    out = np.full((len(rows), items.shape[1]), np.nan)
    out[rows] = items
    return pd.DataFrame(out, columns=[f"{form}_{n:02d}" for n in range(1, items.shape[1] + 1)])
