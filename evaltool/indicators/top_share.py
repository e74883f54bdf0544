"""How much of a number comes from one person: a mean of fifty stays can still be one person's."""

from __future__ import annotations

import numpy as np
import pandas as pd


def top_share(*, observations: pd.DataFrame, by: list[str], weight: str) -> pd.Series:
    """Largest share (0 to 1) one person has of each group of ``by``, indexed by it; NaN where there is nothing to share.

    ``weight``: column that is shared out (nights, or ones for rows). Rows without a person: the same one may have
    answered every wave, so the heaviest row of each wave counts as hers. Rows that stand for nobody (``row`` -1) are
    left out.
    """
    real = observations[observations["row"] >= 0]
    groups = real.groupby(by)
    total = groups[weight].sum()
    if not len(total):
        return total
    group, own = groups.ngroup().to_numpy(), real[weight].fillna(0).to_numpy(dtype=float)
    person, wave = pd.factorize(real["person"])[0], pd.factorize(real["wave"], use_na_sentinel=False)[0]
    top, known = np.zeros(len(total)), (person >= 0) & (group >= 0)
    pairs, place = np.unique(group[known] * (person.max() + 2) + person[known], return_inverse=True)
    np.maximum.at(top, pairs // (person.max() + 2), np.bincount(place, weights=own[known]))
    rest = (person < 0) & (group >= 0)
    cells = np.zeros(len(total) * (wave.max() + 1))
    np.maximum.at(cells, group[rest] * (wave.max() + 1) + wave[rest], own[rest])
    top = np.maximum(top, cells.reshape(len(total), -1).sum(axis=1))
    return pd.Series(top, index=total.index) / total.where(total > 0)
