"""Who answered? The mix of respondents before and after, and the answer with the mix held still."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..result import ALL
from ..stats.estimate import NotEstimable
from ..stats.mix import mix_difference
from .notes import note
from .phased import phased

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..design import StudyDesign
    from ..measures import Measure
    from ..result import Dataset

COVARIATES = {"user_survey": ("age_band", "user_group", "mode"), "staff_survey": ("role", "profession", "years_band")}
"""What is known about who answered, per survey table."""

MOVED = 0.25
"""A standardised difference from here on is more than a small imbalance (Rubin, Health Serv Outcomes Res Methodol 2001)."""
ALPHA = 0.05
"""The mix has moved only when chance is an unlikely reason, all categories of a covariate taken together."""
COLUMNS = ("department", "covariate", "difference", "p_value", "reweighted", "moved")


def described(*, dataset: Dataset, measure: Measure, names: tuple[str, ...] | None = None) -> pd.DataFrame | None:
    """What is known about who answered, as text columns: row i describes ``observations.row == i``; None where the
    measure is no survey's. ``names``: some of ``COVARIATES``, default all that the table has."""
    table = measure.source.get("table")
    if table not in COVARIATES:
        return None
    known = dataset.tables[table].reset_index(drop=True)
    return known[[name for name in names or COVARIATES[table] if name in known]]


def respondents(*, observations: pd.DataFrame, covariates: pd.DataFrame, design: StudyDesign, measure: Measure) -> pd.DataFrame:
    """One row per started department (and ``*``) and covariate, with ``COLUMNS``.

    covariates: text columns, row i describes ``observations.row == i`` of the source table. ``difference``:
    standardised difference of the mix; ``p_value``: of the category that moved most, on counts scaled down to persons
    where they are known, since one person may answer several times; ``reweighted``: where it moved, the change when the after side is weighted to the mix before (groups
    answering on both sides only); ``moved``: ``MOVED`` is reached and chance is unlikely.
    """
    rows = phased(observations=observations, design=design, kind=measure.kind)
    rows = rows[rows["phase"] != "not_started"]
    described = rows.assign(**{c: covariates[c].to_numpy()[rows["row"].to_numpy()] for c in covariates})
    code, places = pd.factorize(described["department"])
    both = _by_place(code, described["after"].to_numpy(dtype=int), np.zeros(len(code), dtype=int), len(places))[..., 0].all(axis=1)
    mixes = {name: _mixes(described, name, code, len(places)) for name in covariates}
    found = [
        {"department": department, "covariate": name, **mixes[name][i]}
        for i, department in enumerate([*places, ALL]) for name in covariates if both[i]
    ]
    return pd.DataFrame(found, columns=list(COLUMNS))


def mix_notes(*, mixes: pd.DataFrame, measure: Measure) -> list[dict]:
    """``mix_moved`` with the largest difference, and ``reweighted`` with the change at the mix before."""
    moved = mixes[mixes["moved"].astype(bool)].sort_values("difference", ascending=False).drop_duplicates("department")
    return [
        note(measure=measure.id, department=r.department, code=code, value=value)
        for r in moved.itertuples(index=False)
        for code, value in (("mix_moved", r.difference), ("reweighted", r.reweighted))
    ]


def _mixes(described: pd.DataFrame, name: str, code: np.ndarray, n_places: int) -> list[dict]:
    """The mix of ``name`` in each place (``code``: position of a row's place), and in all of them as the last."""
    group, groups = pd.factorize(described[name], sort=True)
    keep = group >= 0
    known, code, group = described[keep], code[keep], group[keep]
    side = known["after"].to_numpy(dtype=int)
    rows = _by_place(code, side, group, n_places, len(groups))
    # A unit is a known person, or an anonymous row: to miss a moved mix is worse than to see one too many.
    unit, people = known["unit"].to_numpy(), np.zeros((n_places + 1, 2))
    for place in (code, np.full(len(code), n_places)):
        once = np.unique(np.column_stack([place, side, unit]), axis=0)
        np.add.at(people, (once[:, 0], once[:, 1]), 1.0)
    return [
        _one(rows[i], people[i], lambda i=i: _reweighted(known if i == n_places else known[code == i], name)) for i in range(n_places + 1)
    ]


def _by_place(code: np.ndarray, side: np.ndarray, group: np.ndarray, n_places: int, n_groups: int = 1) -> np.ndarray:
    """Rows per place, side and group: (places + 1, 2, groups), the last place all of them together."""
    cells = np.bincount((code * 2 + side) * n_groups + group, minlength=n_places * 2 * n_groups).reshape(n_places, 2, n_groups)
    return np.concatenate([cells, cells.sum(axis=0, keepdims=True)])


def _one(rows: np.ndarray, people: np.ndarray, reweighted: Callable[[], float]) -> dict:
    """``rows`` (2, groups) scaled down to ``people`` (2,)."""
    nothing = {"difference": np.nan, "p_value": np.nan, "reweighted": np.nan, "moved": False}
    if not rows.sum(axis=1).all():
        return nothing
    before, after = rows * (people / rows.sum(axis=1))[:, None]
    try:
        mix = mix_difference(before=before, after=after)
    except NotEstimable:
        return nothing
    moved = bool(mix.difference >= MOVED and mix.p_value < ALPHA)
    return {"difference": mix.difference, "p_value": mix.p_value, "reweighted": reweighted() if moved else np.nan, "moved": moved}


def _reweighted(known: pd.DataFrame, name: str) -> float:
    """Mean after, weighted to the mix before, minus mean before; groups on both sides only."""
    means = known.groupby([name, "after"])["value"].agg(["mean", "size"]).unstack().dropna()
    if not len(means):
        return float("nan")
    weight = means[("size", False)] / means[("size", False)].sum()
    return float((weight * (means[("mean", True)] - means[("mean", False)])).sum())
