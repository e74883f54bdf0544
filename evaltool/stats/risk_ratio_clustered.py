"""Share after over share before when persons have several rows: the ratio of the shares, with persons as clusters."""

from __future__ import annotations

import math

import numpy as np

from .clustered import ols_clustered
from .estimate import Estimate, NotEstimable, t_p_value, t_quantile


def risk_ratio_clustered(*, event: np.ndarray, after: np.ndarray, clusters: np.ndarray, conf_level: float = 0.95) -> Estimate:
    """Ratio of the share of rows with the event, after over before; log interval, t with G - 1 degrees of freedom.

    event (n,) 0/1, after (n,) bool, clusters (n,) persons. The CR1 covariance of the two shares (``ols_clustered``), carried
    to the log by the delta method: for two groups the same as a log-Poisson model with robust errors (Zou and Donner, Stat
    Methods Med Res 2013;22:661). ``std_error`` is that of the log. Raises NotEstimable: ``too_few`` (under two persons on a
    side), ``zero_events`` (a side without), ``zero_variance`` (nothing varies between persons), ``no_values`` (a gap).
    """
    event, after = np.asarray(event, dtype=float), np.asarray(after, dtype=bool)
    if min(len(np.unique(clusters[side])) for side in (~after, after)) < 2:
        raise NotEstimable("too_few")
    fit = ols_clustered(y=event, x=np.column_stack([~after, after]).astype(float), clusters=clusters)
    before_share, after_share = fit.coef
    if min(event[~after].max(), event[after].max()) <= 0:
        raise NotEstimable("zero_events")
    slope = np.array([-1 / before_share, 1 / after_share])
    variance = float(slope @ fit.cov @ slope)
    if not variance > 1e-15:
        raise NotEstimable("zero_variance")
    value, error, df = math.log(after_share / before_share), math.sqrt(variance), float(fit.df[0])
    half = t_quantile(df=df, conf_level=conf_level) * error
    return Estimate(
        estimate=math.exp(value), std_error=error, df=df, statistic=value / error,
        p_value=t_p_value(statistic=value / error, df=df), conf_low=math.exp(value - half), conf_high=math.exp(value + half),
        conf_level=conf_level, method="risk_ratio_clustered",
    )
