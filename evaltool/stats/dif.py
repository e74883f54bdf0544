"""Does an item mean the same before and after, or to leaders and staff? Differential item functioning."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from .cumulative_logit import cumulative_logit
from .estimate import NotEstimable
from .multiplicity import adjust

MINIMUM_PER_GROUP = 50
NOTABLE, LARGE = 0.035, 0.070
"""Nagelkerke R2 gained by the group terms: Jodoin and Gierl, Applied Measurement in Education 2001."""


def dif_by_ordinal_logistic(*, items: np.ndarray, names: Sequence[str], groups: np.ndarray, level: float = 0.05) -> pd.DataFrame:
    """Each item given the mean of the other items: does the group still matter?

    items: (n, k) ordered codes, reversed items already turned, NaN where unanswered; groups: (n,) labels (waves,
    roles). Per item three proportional-odds models (rest; + group; + group x rest) and likelihood-ratio tests:
    ``item, n, groups, chi2_uniform, p_uniform, chi2_nonuniform, p_nonuniform, chi2_total, df_total, p_total,
    p_adjusted, r2_change, status``. ``p_adjusted``: Holm over items. ``status``: ``none``, ``notable`` or ``large``
    (significant at ``level`` and R2 change at least .035 or .070), or ``too_few`` (a group under 50, or no fit).
    Zumbo 1999; Swaminathan and Rogers, Journal of Educational Measurement 1990.
    """
    rows = [_one(items, position, name, groups) for position, name in enumerate(names)]
    frame = pd.DataFrame(rows)
    frame["p_adjusted"] = adjust(p_values=frame["p_total"].to_numpy(), correction="holm")
    significant = frame["p_adjusted"] < level
    frame["status"] = np.select(
        [frame["p_total"].isna(), significant & (frame["r2_change"] >= LARGE), significant & (frame["r2_change"] >= NOTABLE)],
        ["too_few", "large", "notable"], default="none",
    )
    return frame.astype({"item": "str", "status": "str"})[[
        "item", "n", "groups", "chi2_uniform", "p_uniform", "chi2_nonuniform", "p_nonuniform", "chi2_total", "df_total",
        "p_total", "p_adjusted", "r2_change", "status",
    ]]


def _one(items: np.ndarray, position: int, name: str, groups: np.ndarray) -> dict[str, object]:
    from scipy.special import chdtrc

    others = np.delete(items, position, axis=1)
    rest = np.where((~np.isnan(others)).any(axis=1), _row_means(others), np.nan)
    used = ~np.isnan(items[:, position]) & ~np.isnan(rest) & ~pd.isna(groups)
    answers, rest, codes = items[used, position], rest[used], pd.factorize(groups[used], sort=True)[0]
    sizes = np.bincount(codes) if len(codes) else np.array([0])
    row: dict[str, object] = {"item": name, "n": float(len(answers)), "groups": float(len(sizes))}
    empty = dict.fromkeys(
        ("chi2_uniform", "p_uniform", "chi2_nonuniform", "p_nonuniform", "chi2_total", "df_total", "p_total", "r2_change"), np.nan)
    if len(sizes) < 2 or sizes.min() < MINIMUM_PER_GROUP:
        return row | empty
    dummies = (codes[:, None] == np.arange(1, len(sizes))).astype(float)
    # the rest score is centred so that the group terms stay well conditioned beside their product with it
    score = (rest - rest.mean())[:, None]
    try:
        fits = [
            cumulative_logit(answers=answers, predictors=x).log_likelihood
            for x in (score, np.hstack([score, dummies]), np.hstack([score, dummies, dummies * score]))
        ]
    except NotEstimable:
        return row | empty
    df = len(sizes) - 1
    uniform, nonuniform = 2 * (fits[1] - fits[0]), 2 * (fits[2] - fits[1])
    return row | {
        "chi2_uniform": uniform, "p_uniform": float(chdtrc(df, max(uniform, 0))), "chi2_nonuniform": nonuniform,
        "p_nonuniform": float(chdtrc(df, max(nonuniform, 0))), "chi2_total": uniform + nonuniform, "df_total": float(2 * df),
        "p_total": float(chdtrc(2 * df, max(uniform + nonuniform, 0))),
        "r2_change": _nagelkerke(fits[2], answers) - _nagelkerke(fits[0], answers),
    }


def _row_means(values: np.ndarray) -> np.ndarray:
    answered = ~np.isnan(values)
    return np.where(answered, values, 0.0).sum(axis=1) / np.maximum(answered.sum(axis=1), 1)


def _nagelkerke(log_likelihood: float, answers: np.ndarray) -> float:
    """Nagelkerke, Biometrika 1991, against the model with cut points alone."""
    n = len(answers)
    counts = np.unique(answers, return_counts=True)[1]
    null = float((counts * np.log(counts / n)).sum())
    return (1 - np.exp(2 * (null - log_likelihood) / n)) / (1 - np.exp(2 * null / n))

