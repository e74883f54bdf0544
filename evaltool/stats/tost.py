"""Is a change surely smaller than what matters, for an answer of any kind?"""

from __future__ import annotations

from .estimate import Estimate, NotEstimable, t_p_value, t_quantile


def tost(*, answer: Estimate, limit: float, alpha: float = 0.05) -> Estimate:
    """Two one-sided tests (Schuirmann, J Pharmacokinet Biopharm 1987;15:657) from an answer's own error and df.

    limit: smallest important change, in the unit of the answer. The interval is the one at level 1 - 2 alpha: it lies
    inside plus/minus the limit exactly when ``p_value`` (the larger of the two) is under ``alpha``. From Welch's answer it is
    the test that does not pool variances. Raises NotEstimable ``too_few`` where the answer has no standard error; ValueError when
    the limit is not above zero.
    """
    if not limit > 0:
        raise ValueError(f"limit is {limit}: expected a number above zero")
    if not (answer.std_error > 0 and answer.df > 0):
        raise NotEstimable("too_few")
    statistics = (answer.estimate + limit) / answer.std_error, (limit - answer.estimate) / answer.std_error
    smallest = min(statistics)
    two_sided = t_p_value(statistic=smallest, df=answer.df)
    half = t_quantile(df=answer.df, conf_level=1 - 2 * alpha) * answer.std_error
    return Estimate(
        estimate=answer.estimate, std_error=answer.std_error, df=answer.df, statistic=smallest,
        p_value=two_sided / 2 if smallest > 0 else 1 - two_sided / 2, conf_low=answer.estimate - half,
        conf_high=answer.estimate + half, conf_level=1 - 2 * alpha, method="tost",
    )
