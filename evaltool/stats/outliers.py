"""Values that lie far from the others: what a mean may hang on."""

from __future__ import annotations

import numpy as np


def outliers(*, values: np.ndarray) -> int:
    """How many of ``values`` (n,) floats without gaps lie more than 2.24 normalised MADs from the median.

    Pingouin's ``madmedianrule`` (Wilcox, Robust Estimation and Hypothesis Testing, 2012, section 3.13.4). Where more than half the values
    are equal the spread is zero and nothing can be called far: 0.
    """
    import pingouin

    if len(values) < 3 or np.median(np.abs(values - np.median(values))) == 0:
        return 0
    return int(pingouin.madmedianrule(np.asarray(values, dtype=float)).sum())
