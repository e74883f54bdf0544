"""The change with the mix of groups held as it was before."""

from __future__ import annotations

import numpy as np

from .estimate import Estimate, NotEstimable, t_estimate


def reweighted(*, values: np.ndarray, after: np.ndarray, group: np.ndarray, conf_level: float = 0.95) -> Estimate:
    """Direct standardisation: the mean difference within each group, weighed by the groups' shares before.

    values (n,), after (n,) bool, group (n,) codes. Groups with fewer than two values on a side are left out (their
    weight is shared by the rest). The weights count as given; standard error from the groups' own variances, df by
    Welch and Satterthwaite. Raises NotEstimable: ``too_few`` (no group left), ``zero_variance``.
    """
    values, after, group = np.asarray(values, dtype=float), np.asarray(after, dtype=bool), np.asarray(group)
    gaps, sizes, parts, dfs = [], [], [], []
    for name in np.unique(group):
        sides = [values[(group == name) & (after == side)] for side in (False, True)]
        if min(len(side) for side in sides) < 2:
            continue
        gaps.append(sides[1].mean() - sides[0].mean())
        sizes.append(len(sides[0]))
        parts.append([side.var(ddof=1) / len(side) for side in sides])
        dfs.append([len(side) - 1 for side in sides])
    if not gaps:
        raise NotEstimable("too_few")
    weight = np.array(sizes) / np.sum(sizes)
    terms = weight[:, None] ** 2 * np.array(parts)
    variance = terms.sum()
    if variance <= 0:
        raise NotEstimable("zero_variance")
    df = variance**2 / (terms**2 / np.array(dfs)).sum()
    return t_estimate(
        estimate=float(weight @ np.array(gaps)), std_error=float(np.sqrt(variance)), df=float(df), conf_level=conf_level,
        method="reweighted",
    )
