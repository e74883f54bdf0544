"""How alike people in one department answer, and what that does to the sample a study needs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .estimate import NotEstimable


@dataclass(frozen=True)
class GroupIcc:
    """``icc``: share of the variance that lies between groups (ICC(1)); ``reliability``: of a group's mean (ICC(2)).

    ``group_size``: the size the formulas use (n0); ``design_effect``: how many times larger a sample has to be than
    one of unrelated persons, at that group size (never below 1); ``effective_n``: persons divided by it.
    """

    icc: float
    conf_low: float
    conf_high: float
    conf_level: float
    reliability: float
    group_size: float
    groups: int
    n: int
    design_effect: float
    effective_n: float
    method: str = "anova_icc1"


def group_icc(*, values: np.ndarray, groups: np.ndarray, conf_level: float = 0.95) -> GroupIcc:
    """ICC(1) and ICC(2) from the one-way analysis of variance.

    values: (n,) floats; groups: (n,) labels; rows with a gap are left out. Group size n0 for unequal groups and the
    F interval by Donner and Koval (Biometrics 1980) and Searle (1971); design effect 1 + (n0 - 1) ICC by Kish.
    Raises NotEstimable: fewer than two groups, no group with two persons, or no variance within groups.
    """
    import pandas as pd
    from scipy.special import fdtri

    given = ~np.isnan(values) & ~pd.isna(groups)
    values, codes = values[given], pd.factorize(groups[given])[0]
    sizes = np.bincount(codes) if len(codes) else np.array([])
    g, n = len(sizes), len(values)
    if g < 2 or n <= g:
        raise NotEstimable("too_few")
    means = np.bincount(codes, weights=values) / sizes
    within = float(((values - means[codes]) ** 2).sum() / (n - g))
    between = float((sizes * (means - values.mean()) ** 2).sum() / (g - 1))
    if within <= 0:
        raise NotEstimable("zero_variance")
    size = (n - (sizes**2).sum() / n) / (g - 1)
    ratio, tail = between / within, (1 - conf_level) / 2

    def icc(f: float) -> float:
        return (f - 1) / (f + size - 1)

    estimate = icc(ratio)
    design = max(1.0, 1 + (size - 1) * estimate)
    return GroupIcc(
        icc=estimate, conf_low=icc(ratio / float(fdtri(g - 1, n - g, 1 - tail))),
        conf_high=icc(ratio / float(fdtri(g - 1, n - g, tail))), conf_level=conf_level,
        reliability=1 - 1 / ratio if ratio > 0 else float("nan"), group_size=float(size), groups=g, n=n,
        design_effect=design, effective_n=n / design,
    )


def needed_persons(*, unrelated: float, icc: float, group_size: float) -> float:
    """Persons needed in groups of ``group_size`` where ``unrelated`` persons would do: Kish's design effect."""
    return unrelated * max(1.0, 1 + (group_size - 1) * icc)
