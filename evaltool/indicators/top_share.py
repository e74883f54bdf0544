"""How much of a number comes from one person: a mean of fifty stays can still be one person's."""

from __future__ import annotations

import pandas as pd


def top_share(*, observations: pd.DataFrame, by: list[str], weight: str) -> pd.Series:
    """Largest share (0 to 1) one person has of each group of ``by``, indexed by it; NaN where there is nothing to share.

    ``weight``: column that is shared out (nights, or ones for rows). Rows without a person: the same one may have
    answered every wave, so the heaviest row of each wave counts as hers. Rows that stand for nobody (``row`` -1) are
    left out.
    """
    real = observations[observations["row"] >= 0]
    known = real.groupby([*by, "person"])[weight].sum()
    nameless = real[real["person"].isna()].groupby([*by, "wave"], dropna=False)[weight].max()
    levels = list(range(len(by)))
    tops = pd.concat([known.groupby(level=levels).max(), nameless.groupby(level=levels).sum()])
    top, total = tops.groupby(level=levels).max(), real.groupby(by)[weight].sum()
    return top / total.where(total > 0)
