"""Several tests in one declared family: adjusted p values."""

from __future__ import annotations

import numpy as np

_PINGOUIN = {"holm": "holm", "benjamini_hochberg": "fdr_bh"}


def adjust(*, p_values: np.ndarray, correction: str) -> np.ndarray:
    """Adjusted p values of one family, in the order given; NaN stays NaN and is not counted.

    correction: ``holm`` (Holm, Scand J Stat 1979;6:65), ``benjamini_hochberg`` (J R Stat Soc B 1995;57:289) or
    ``none``. By pingouin's ``multicomp``; the same as R's ``p.adjust``. ValueError for another name.
    """
    if correction not in (*_PINGOUIN, "none"):
        raise ValueError(f"correction is {correction}: expected {', '.join(_PINGOUIN)} or none")
    p_values = np.asarray(p_values, dtype=float)
    out = np.full(len(p_values), np.nan)
    known = np.flatnonzero(~np.isnan(p_values))
    if correction == "none" or not len(known):
        out[known] = p_values[known]
        return out
    import pingouin

    out[known] = pingouin.multicomp(p_values[known], method=_PINGOUIN[correction])[1]
    return out
