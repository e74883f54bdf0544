"""Is the change surely smaller than what matters?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .estimate import t_p_value
from .two_sample import welch


@dataclass(frozen=True)
class Equivalence:
    """Two one-sided tests: ``p_low`` against a change of at most -limit, ``p_high`` against at least +limit.

    ``p_value`` is the larger. ``conf_low`` and ``conf_high``: the interval at level 1 - 2 alpha that lies inside
    plus/minus the limit exactly when p < alpha.
    """

    p_value: float
    p_low: float
    p_high: float
    df: float
    conf_low: float
    conf_high: float


def welch_tost(*, before: np.ndarray, after: np.ndarray, limit: float, alpha: float = 0.05) -> Equivalence:
    """Schuirmann's two one-sided tests (J Pharmacokinet Biopharm 1987;15:657) with Welch's standard error and df.

    limit: smallest important change, in the unit of the data. Raises NotEstimable as ``welch``; ValueError when the
    limit is not above zero.
    """
    if not limit > 0:
        raise ValueError(f"limit is {limit}: expected a number above zero")
    found = welch(before=before, after=after, conf_level=1 - 2 * alpha)
    low = _upper_tail((found.estimate + limit) / found.std_error, found.df)
    high = _upper_tail((limit - found.estimate) / found.std_error, found.df)
    return Equivalence(
        p_value=max(low, high), p_low=low, p_high=high, df=found.df, conf_low=found.conf_low, conf_high=found.conf_high,
    )


def _upper_tail(statistic: float, df: float) -> float:
    two_sided = t_p_value(statistic=statistic, df=df)
    return two_sided / 2 if statistic > 0 else 1 - two_sided / 2
