"""How likely is a change of a given size to be seen, and what is the smallest change one would see?"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from .estimate import t_quantile


def t_power(*, effect: float, std_error: float, df: float, alpha: float = 0.05) -> float:
    """Chance that a two-sided t test rejects, both tails counted, for a true ``effect`` with this standard error.

    Exact for Student's t (noncentral t, as R's ``power.t.test(strict = TRUE)``); for Welch and mixed models the usual
    approximation with their df. ``df`` may be inf.
    """
    from scipy.special import ndtr, nctdtr

    critical = t_quantile(df=df, conf_level=1 - alpha)
    shift = abs(effect) / std_error
    if math.isinf(df):
        return float(ndtr(shift - critical) + ndtr(-shift - critical))
    # The noncentral t loses its far left tail for large shifts; there it is zero to every printed digit.
    left = float(nctdtr(df, shift, -critical)) if shift < 10 else 0.0
    return float(1 - nctdtr(df, shift, critical)) + (0.0 if math.isnan(left) else left)


def two_periods(
    *, effect: float, sd: float, n_before: float, n_after: float, icc: float = 0.0, cluster_size: float = 1.0, alpha: float = 0.05
) -> float:
    """Power for two means of different people; with clusters the numbers shrink by the design effect and the degrees
    of freedom are those of the clusters."""
    inflation = design_effect(icc=icc, cluster_size=cluster_size)
    std_error = sd * math.sqrt(inflation * (1 / n_before + 1 / n_after))
    df = (n_before + n_after) / (cluster_size if icc > 0 else 1) - 2
    return t_power(effect=effect, std_error=std_error, df=df, alpha=alpha)


def same_people(*, effect: float, sd: float, correlation: float, n: float, alpha: float = 0.05) -> float:
    """Power of the paired t test; ``correlation`` between a person's two values."""
    std_error = sd * math.sqrt(2 * (1 - correlation) / n)
    return t_power(effect=effect, std_error=std_error, df=n - 1, alpha=alpha)


def two_shares(*, before: float, after: float, n_before: float, n_after: float, inflation: float = 1.0, alpha: float = 0.05) -> float:
    """Power for two shares: pooled error under no change, own errors under the change (R's ``power.prop.test``, strict)."""
    from scipy.special import ndtr

    pooled = (before * n_before + after * n_after) / (n_before + n_after)
    null = math.sqrt(inflation * pooled * (1 - pooled) * (1 / n_before + 1 / n_after))
    own = math.sqrt(inflation * (before * (1 - before) / n_before + after * (1 - after) / n_after))
    critical = t_quantile(df=math.inf, conf_level=1 - alpha) * null
    gap = abs(after - before)
    return float(ndtr((gap - critical) / own) + ndtr((-gap - critical) / own))


def two_rates(*, before: float, after: float, exposure_before: float, exposure_after: float, dispersion: float = 1.0, alpha: float = 0.05) -> float:
    """Power for two rates on the log scale; ``dispersion`` above 1 for more than Poisson's spread."""
    error = math.sqrt(dispersion * (1 / (before * exposure_before) + 1 / (after * exposure_after)))
    return t_power(effect=math.log(after / before), std_error=error, df=math.inf, alpha=alpha)


def design_effect(*, icc: float, cluster_size: float) -> float:
    """1 + (m - 1) ICC (Kish 1965)."""
    return 1 + (cluster_size - 1) * icc


def stepped_wedge_error(*, schedule: np.ndarray, sizes: np.ndarray, sd: float, icc: float) -> float:
    """Standard error of the effect in a stepped-wedge design with a level per department and period.

    schedule (departments, periods): 0 before, 1 after, NaN not used (wash-in, not observed); sizes of the same shape:
    people per cell; sd total standard deviation, icc its share between departments. Generalised least squares of
    the cell means with fixed periods; with equal cells Hussey and Hughes' formula (Contemp Clin Trials 2007;28:182).
    ValueError when the effect cannot be told from the periods.
    """
    used = ~np.isnan(schedule) & (sizes > 0)
    periods = np.flatnonzero(used.any(axis=0))
    between, within = icc * sd**2, (1 - icc) * sd**2
    information = np.zeros((len(periods) + 1, len(periods) + 1))
    for cells, state, people in zip(used, schedule, sizes, strict=True):
        where = np.flatnonzero(cells)
        if not len(where):
            continue
        x = np.column_stack([(where[:, None] == periods).astype(float), state[where]])
        inverse = np.linalg.inv(np.diag(within / people[where]) + between)
        information += x.T @ inverse @ x
    if np.linalg.matrix_rank(information) < len(information):
        raise ValueError("the schedule does not tell the effect from the periods: some departments must start later than others")
    return float(math.sqrt(np.linalg.inv(information)[-1, -1]))


def stepped_wedge(*, effect: float, schedule: np.ndarray, sizes: np.ndarray, sd: float, icc: float, alpha: float = 0.05) -> float:
    """Power of a stepped-wedge design; t with departments - 2 degrees of freedom, since departments are few."""
    error = stepped_wedge_error(schedule=schedule, sizes=sizes, sd=sd, icc=icc)
    return t_power(effect=effect, std_error=error, df=max(1, len(schedule) - 2), alpha=alpha)


def minimum_detectable(*, std_error: float, df: float, power: float = 0.8, alpha: float = 0.05) -> float:
    """Smallest true change that is seen with chance ``power``, for an answer with this standard error and df."""
    return smallest(power_at=lambda effect: t_power(effect=effect, std_error=std_error, df=df, alpha=alpha), start=std_error, power=power)


def smallest(*, power_at: Callable[[float], float], start: float, power: float = 0.8) -> float:
    """The effect where a rising ``power_at`` reaches ``power``; ``start`` is a first guess above zero."""
    from scipy.optimize import brentq

    high = start
    while power_at(high) < power:
        high *= 2
        if high > 1e9 * start:
            raise ValueError("no effect, however large, is seen with that chance")
    return float(brentq(lambda effect: power_at(effect) - power, 0.0, high, xtol=1e-10 * high))
