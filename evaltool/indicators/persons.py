"""How many people stand behind some rows: the number that protects them, so never counted too high."""

from __future__ import annotations

import pandas as pd


def count_persons(*, observations: pd.DataFrame, by: list[str]) -> pd.Series:
    """Persons behind the rows of each group of ``by``, indexed by it.

    Known persons are counted once. Rows without a person count as the largest number of them in any one wave: the
    same person may have answered every wave, so more cannot be promised. Rows that stand for nobody (a department
    and month without a night: no person, value 0 and ``row`` -1) count nothing.
    """
    real = observations[observations["row"] >= 0]
    known = real.groupby(by, dropna=False)["person"].nunique()
    nameless = real[real["person"].isna()]
    waves = nameless.groupby([*by, "wave"], dropna=False).size()
    most = waves.groupby(level=list(range(len(by)))).max()
    return known.add(most, fill_value=0).astype("int64")
