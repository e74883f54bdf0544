"""Do the columns tell events from non-events without a fault? Then a log-odds or log-rate model has no finite answer."""

from __future__ import annotations

import numpy as np


def separated(*, y: np.ndarray, x: np.ndarray, counts: bool = False) -> bool:
    """Whether some combination of the columns of x (n, k) separates y (n,), completely or but for ties.

    0/1 outcomes: Konis' linear programme (DPhil thesis, Oxford 2007). ``counts``: a combination that is nil for every
    row with events and points one way for rows without (Correia, Guimaraes and Zylkin, 2019). Exact, not a look at
    coefficients that have grown large.
    """
    from scipy.optimize import linprog

    scale = np.abs(x).max(axis=0)
    rows = x / np.where(scale > 0, scale, 1.0)
    events = y > 0
    forward = np.unique(-rows[~events] if counts else np.vstack([-rows[~events], rows[events]]), axis=0)
    fixed = np.unique(rows[events], axis=0) if counts else np.zeros((0, x.shape[1]))
    if not len(forward):
        return False
    found = linprog(
        -forward.sum(axis=0), A_ub=-forward, b_ub=np.zeros(len(forward)), A_eq=fixed if len(fixed) else None,
        b_eq=np.zeros(len(fixed)) if len(fixed) else None, bounds=(-1, 1), method="highs",
    )
    return bool(found.status == 0 and -found.fun > 1e-7)
