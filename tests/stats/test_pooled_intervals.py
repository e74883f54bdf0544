import numpy as np
import pytest

from evaltool.stats.estimate import NotEstimable
from evaltool.stats.pooled_intervals import pooled_intervals
from evaltool.stats.pooling import pool

YI = np.array([5.2, 4.4, 2.2, 4.8, 5.5, 4.6, 5.8, 0.6])
SEI = np.array([0.73, 0.80, 0.69, 0.61, 1.44, 0.76, 0.77, 0.84])


def test_not_knowing_the_spread_makes_intervals_wider_and_holds_the_mean():
    got, known = pooled_intervals(estimates=YI, std_errors=SEI), pool(estimates=YI, std_errors=SEI)
    assert got.predict_low < known.predict_low < known.mean.conf_low and got.predict_high > known.predict_high
    assert (got.low < known.shrunken).all() and (got.high > known.shrunken).all()
    assert (got.high - got.low > 2 * 1.96 * known.shrunken_se).all()


def test_many_alike_departments_know_it():
    """With a hundred departments the spread is known, and the new interval is the plain one."""
    rng = np.random.default_rng(3)
    error = np.full(100, 0.5)
    y = rng.normal(2, 2, 100) + rng.normal(0, 0.5, 100)
    got, known = pooled_intervals(estimates=y, std_errors=error), pool(estimates=y, std_errors=error)
    assert (got.predict_low, got.predict_high) == pytest.approx((known.predict_low, known.predict_high), abs=0.1)
    assert got.low == pytest.approx(known.shrunken - 1.984 * known.shrunken_se, abs=0.03)


def test_sign_and_scale_carry_over():
    one, turned = pooled_intervals(estimates=YI, std_errors=SEI), pooled_intervals(estimates=-10 * YI, std_errors=10 * SEI)
    assert turned.predict_low == pytest.approx(-10 * one.predict_high)
    assert turned.low == pytest.approx(-10 * one.high)


def test_the_promise_is_held_where_the_plain_interval_breaks_it():
    rng = np.random.default_rng(11)
    held, plain = [], []
    for _ in range(300):
        own, new = rng.normal(0, 2, 10), rng.normal(0, 2)
        y = own + rng.normal(0, 2.9, 10)
        got, known = pooled_intervals(estimates=y, std_errors=np.full(10, 2.9)), pool(estimates=y, std_errors=np.full(10, 2.9))
        held.append((got.predict_low <= new <= got.predict_high, ((got.low <= own) & (own <= got.high)).mean()))
        plain.append((known.predict_low <= new <= known.predict_high, (np.abs(known.shrunken - own) <= 1.96 * known.shrunken_se).mean()))
    assert (np.mean(held, axis=0) > 0.92).all() and (np.mean(plain, axis=0) < 0.91).all()


@pytest.mark.parametrize(("y", "error", "reason"), [
    ([1.0, 2.0], [1.0, 1.0], "too_few"), ([1.0, 2, 3], [1.0, 0, 1], "zero_variance"), ([1.0, np.nan, 3], [1.0, 1, 1], "no_values"),
])
def test_no_interval_where_there_is_none(y, error, reason):
    with pytest.raises(NotEstimable) as caught:
        pooled_intervals(estimates=np.array(y), std_errors=np.array(error))
    assert caught.value.reason == reason
