"""Change in departments that started against change in departments that did not, at equal level before."""

from __future__ import annotations

import numpy as np

from .clustered import ols_clustered
from .estimate import Estimate, NotEstimable, require_values, t_estimate


def ancova(
    *, before: np.ndarray, after: np.ndarray, started: np.ndarray, clusters: np.ndarray | None = None, conf_level: float = 0.95
) -> Estimate:
    """Difference in the value after between persons in started and other departments, adjusted for the value before.

    before, after (n,) of the same persons, started (n,) bool, clusters (n,) departments or None. Least squares of
    after on started and before (centred); the same coefficient as a model of the change. Without clusters the
    classical standard error with n - 3 df (as R's ``lm``); with clusters CR1 and t(G-1). Regression towards the mean
    is what the adjustment is for; it does not make unlike departments alike. Raises NotEstimable: ``too_few``,
    ``not_identified`` (all on one side, or everybody equal before), ``zero_variance``.
    """
    before, after = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    n = len(before)
    if n != len(after):
        raise ValueError(f"paired values differ in length: {n} before, {len(after)} after")
    if n < 4:
        raise NotEstimable("too_few")
    require_values(before, after)
    x = np.column_stack([np.ones(n), np.asarray(started, dtype=float), before - before.mean()])
    if np.linalg.matrix_rank(x) < 3:
        raise NotEstimable("not_identified")
    if clusters is not None:
        return ols_clustered(y=after, x=x, clusters=clusters).estimate(position=1, conf_level=conf_level)
    bread = np.linalg.inv(x.T @ x)
    coef = bread @ (x.T @ after)
    rest = after - x @ coef
    variance = float(rest @ rest) / (n - 3) * bread[1, 1]
    return t_estimate(
        estimate=float(coef[1]), std_error=float(np.sqrt(variance)), df=n - 3, conf_level=conf_level, method="ancova",
    )
