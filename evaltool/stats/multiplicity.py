"""Several tests in one declared family: adjusted p values."""

from __future__ import annotations

import numpy as np


def adjust(*, p_values: np.ndarray, correction: str) -> np.ndarray:
    """Adjusted p values of one family, in the order given; NaN stays NaN and is not counted.

    correction: ``holm`` (Holm, Scand J Stat 1979;6:65), ``benjamini_hochberg`` (J R Stat Soc B 1995;57:289) or
    ``none``. The same as R's ``p.adjust``. ValueError for another name.
    """
    if correction not in ("holm", "benjamini_hochberg", "none"):
        raise ValueError(f"correction is {correction}: expected holm, benjamini_hochberg or none")
    p_values = np.asarray(p_values, dtype=float)
    out = np.full(len(p_values), np.nan)
    known = np.flatnonzero(~np.isnan(p_values))
    if correction == "none" or not len(known):
        out[known] = p_values[known]
        return out
    order = known[np.argsort(p_values[known], kind="stable")]
    ordered, size = p_values[order], len(order)
    if correction == "holm":
        stepped = np.maximum.accumulate(ordered * np.arange(size, 0, -1))
    else:
        stepped = np.minimum.accumulate((ordered * size / np.arange(1, size + 1))[::-1])[::-1]
    out[order] = np.minimum(stepped, 1.0)
    return out
