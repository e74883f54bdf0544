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
    parts = [*described.groupby("department", sort=False), (ALL, described)]
    found = [
        {"department": department, "covariate": name, **_one(part, name)}
        for department, part in parts for name in covariates if part["after"].nunique() == 2
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


def _one(part: pd.DataFrame, name: str) -> dict:
    known = part[part[name].notna()]
    nothing = {"difference": np.nan, "p_value": np.nan, "reweighted": np.nan, "moved": False}
    if known["after"].nunique() < 2:
        return nothing
    counts = known.groupby([name, "after"]).size().unstack(fill_value=0)
    scale = np.array([_distinct(known[known["after"] == side]) for side in (False, True)]) / counts.sum().to_numpy()
    try:
        mix = mix_difference(before=counts[False].to_numpy() * scale[0], after=counts[True].to_numpy() * scale[1])
    except NotEstimable:
        return nothing
    moved = bool(mix.difference >= MOVED and mix.p_value < ALPHA)
    return {
        "difference": mix.difference, "p_value": mix.p_value, "reweighted": _reweighted(known, name) if moved else np.nan,
        "moved": moved,
    }


def _distinct(rows: pd.DataFrame) -> float:
    """Known persons once, anonymous rows one by one: to miss a moved mix is worse than to see one too many."""
    return float(rows["person"].nunique() + rows["person"].isna().sum())


def _reweighted(known: pd.DataFrame, name: str) -> float:
    """Mean after, weighted to the mix before, minus mean before; groups on both sides only."""
    means = known.groupby([name, "after"])["value"].agg(["mean", "size"]).unstack().dropna()
    if not len(means):
        return float("nan")
    weight = means[("size", False)] / means[("size", False)].sum()
    return float((weight * (means[("mean", True)] - means[("mean", False)])).sum())
