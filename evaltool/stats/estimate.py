"""What every kernel hands back: one number with its uncertainty, or the reason why there is none."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import EvaltoolError

if TYPE_CHECKING:
    import numpy as np


class NotEstimable(EvaltoolError):
    """There is no honest number here. ``reason``: a note code (``too_few``, ``zero_variance``, ``not_converged`` ...)."""

    exit_code = 1

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__("not_estimable", reason=reason)


@dataclass(frozen=True)
class Estimate:
    """A number in the unit of the data, with interval. ``df`` is inf for a normal reference, NaN where none is used."""

    estimate: float
    std_error: float
    df: float
    statistic: float
    p_value: float
    conf_low: float
    conf_high: float
    conf_level: float
    method: str


def require_values(*arrays: np.ndarray) -> None:
    """Raises NotEstimable (``no_values``) where an array holds a gap or an infinite number: kernels take what was given."""
    import numpy as np

    for values in arrays:
        if not np.isfinite(np.asarray(values, dtype=float)).all():
            raise NotEstimable("no_values")


def t_quantile(*, df: float, conf_level: float) -> float:
    """Two-sided critical value of Student's t (normal for infinite ``df``)."""
    from scipy.special import ndtri, stdtrit

    upper = 0.5 + conf_level / 2
    return float(ndtri(upper)) if math.isinf(df) else float(stdtrit(df, upper))


def t_p_value(*, statistic: float, df: float) -> float:
    """Two-sided p of a t statistic (normal for infinite ``df``)."""
    from scipy.special import ndtr, stdtr

    tail = ndtr(-abs(statistic)) if math.isinf(df) else stdtr(df, -abs(statistic))
    return float(2 * tail)


def t_estimate(*, estimate: float, std_error: float, df: float, conf_level: float, method: str) -> Estimate:
    """The usual t interval; raises NotEstimable when the standard error is zero or not a number."""
    if not (math.isfinite(estimate) and math.isfinite(std_error) and df > 0):
        raise NotEstimable("too_few")
    if std_error <= 0:
        raise NotEstimable("zero_variance")
    half = t_quantile(df=df, conf_level=conf_level) * std_error
    statistic = estimate / std_error
    return Estimate(
        estimate=estimate, std_error=std_error, df=df, statistic=statistic,
        p_value=t_p_value(statistic=statistic, df=df), conf_low=estimate - half, conf_high=estimate + half,
        conf_level=conf_level, method=method,
    )
