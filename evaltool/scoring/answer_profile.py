"""Two columns that changed places in one wave: the pattern of item means gives it away."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

MINIMUM = 30
"""Answers an item needs in the group and in the rest."""
LIMIT = 4.0
"""Standard errors an item's place in the pattern must have moved."""


def swapped_items(*, values: np.ndarray, groups: np.ndarray) -> list[tuple[object, int, int, int]]:
    """``(group, item, other item, n)``, items as column positions: each looks like the other in the remaining groups.

    values: (n, k) answers on one response scale, NaN where unanswered; groups: (n,) labels (waves, files). An item's
    place is its mean distance from the person's own mean. Flagged where both places moved beyond chance, in opposite
    directions, and each now lies nearer to the other's old place than to its own. Columns swapped in every group
    cannot be seen this way.
    """
    import numpy as np
    import pandas as pd

    answered = ~np.isnan(values)
    own = np.where(answered, values, 0.0).sum(axis=1) / np.maximum(answered.sum(axis=1), 1)
    place = values - own[:, None]
    found = []
    for group in sorted(pd.unique(groups[~pd.isna(groups)])):
        here, there = _place(place[groups == group]), _place(place[(groups != group) & ~pd.isna(groups)])
        with np.errstate(invalid="ignore", divide="ignore"):
            moved = (here[0] - there[0]) / np.sqrt(here[1] + there[1])
        moved[(here[2] < MINIMUM) | (there[2] < MINIMUM)] = np.nan
        for i, j in _pairs(moved):
            apart = abs(there[0][i] - there[0][j])
            if abs(here[0][i] - there[0][j]) < apart / 2 and abs(here[0][j] - there[0][i]) < apart / 2:
                found.append((group, i, j, int(min(here[2][i], here[2][j]))))
    return found


def _place(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean, squared standard error and number of each column; NaN where nobody answered."""
    import numpy as np

    answered = ~np.isnan(rows)
    n = answered.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(answered, rows, 0.0).sum(axis=0) / n
        square = np.where(answered, (rows - mean) ** 2, 0.0).sum(axis=0) / (n - 1) / n
    return mean, square, n


def _pairs(moved: np.ndarray) -> list[tuple[int, int]]:
    """Every pair of columns that moved beyond the limit, one up and one down; the lower position first."""
    import numpy as np

    up, down = np.flatnonzero(moved > LIMIT), np.flatnonzero(moved < -LIMIT)
    return sorted((min(i, j), max(i, j)) for i in up for j in down)
