"""How many people stand behind some rows: the number that protects them, so never counted too high."""

from __future__ import annotations

import numpy as np
import pandas as pd


def count_persons(*, observations: pd.DataFrame, by: list[str]) -> pd.Series:
    """Persons behind the rows of each group of ``by``, indexed by it.

    Known persons are counted once. Rows without a person count as the largest number of them in any one wave: the
    same person may have answered every wave, so more cannot be promised. Rows that stand for nobody (a department
    and month without a night: no person, value 0 and ``row`` -1) count nothing.
    """
    real = observations[observations["row"] >= 0]
    groups = real.groupby(by, dropna=False)
    index = groups.size().index
    if not len(index):
        return pd.Series(index=index, dtype="int64")
    group = groups.ngroup().to_numpy()
    person, wave = pd.factorize(real["person"])[0], pd.factorize(real["wave"], use_na_sentinel=False)[0]
    known = person >= 0
    pairs = np.unique(group[known] * (person.max() + 2) + person[known]) // (person.max() + 2)
    cells = np.bincount(group[~known] * (wave.max() + 1) + wave[~known], minlength=len(index) * (wave.max() + 1))
    counted = np.bincount(pairs, minlength=len(index)) + cells.reshape(len(index), -1).max(axis=1)
    return pd.Series(counted, index=index, dtype="int64")
