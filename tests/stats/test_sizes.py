"""Effect sizes, rank tests, equivalence, pooling, mix and adjusted p against R."""

import numpy as np
import pytest

from evaltool.stats.effect_size import cliffs_delta, correction, d_av, d_z, hedges_g
from evaltool.stats.estimate import NotEstimable
from evaltool.stats.mix import mix_difference
from evaltool.stats.multiplicity import adjust
from evaltool.stats.pooling import pool
from evaltool.stats.rank_test import mann_whitney, wilcoxon_signed_rank

from .reference import agrees, data, numbers

YI = np.array([5.2, 4.4, 2.2, 4.8, 5.5, 4.6, 5.8, 0.6])
SEI = np.array([0.73, 0.80, 0.69, 0.61, 1.44, 0.76, 0.77, 0.84])


@pytest.fixture
def groups():
    sides = data("scores").query("department == 'd1'").groupby("after")["y"]
    return {"before": sides.get_group(0).to_numpy(), "after": sides.get_group(1).to_numpy()}


@pytest.fixture
def pairs():
    wide = data("scores").pivot_table(index="person", columns="after", values="y").dropna()
    return {"before": wide[0].to_numpy(), "after": wide[1].to_numpy()}


def test_hedges_g(groups):
    agrees(hedges_g(**groups), "hedges_g", rel=1e-6)


def test_exact_correction_is_not_the_approximation():
    assert correction(df=4) == pytest.approx(0.79788456, rel=1e-7)
    assert abs(correction(df=4) - (1 - 3 / 15)) > 1e-3


def test_paired_sizes_are_named_and_differ(pairs):
    agrees(d_z(**pairs), "d_z", rel=1e-6)
    agrees(d_av(**pairs), "d_av")


@pytest.mark.parametrize("size", [hedges_g, cliffs_delta, d_z, d_av])
def test_sizes_are_signed(size, pairs):
    forth = size(**pairs)
    back = size(before=pairs["after"], after=pairs["before"])
    assert back.estimate == pytest.approx(-forth.estimate)
    assert back.conf_low == pytest.approx(-forth.conf_high)


def test_cliffs_delta(groups):
    agrees(cliffs_delta(**groups), "cliffs_delta")


def test_mann_whitney_with_ties(groups):
    got = mann_whitney(**groups)
    assert got.variant == "exact" or got.p_value == pytest.approx(numbers("mann_whitney_ties")["p"], rel=1e-8)
    assert got.p_value == pytest.approx(numbers("mann_whitney_ties")["p"], rel=1e-8)
    assert got.shift == pytest.approx(numbers("mann_whitney_ties")["estimate"])


def test_mann_whitney_exact():
    got = mann_whitney(before=np.array([1.1, 2.3, 3.7, 8.2]), after=np.array([2.9, 4.4, 5.6, 9.1, 10.5]))
    want = numbers("mann_whitney_exact")
    assert (got.statistic, got.p_value, got.shift) == pytest.approx((want["extra"], want["p"], want["estimate"]))
    assert got.variant == "exact"


def test_signed_rank(pairs):
    got, want = wilcoxon_signed_rank(**pairs), numbers("signed_rank_ties")
    assert (got.statistic, got.p_value) == pytest.approx((want["extra"], want["p"]))
    exact = wilcoxon_signed_rank(before=np.array([1, 3.1, 5.2, 5.5, 5.4]), after=np.array([2.1, 3.9, 4.8, 7.7, 6.1]))
    want = numbers("signed_rank_exact")
    assert (exact.statistic, exact.p_value, exact.shift) == pytest.approx((want["extra"], want["p"], want["estimate"]))


@pytest.mark.parametrize(("tau", "case"), [("reml", "pool_REML"), ("dersimonian_laird", "pool_DL")])
def test_pooling_agrees_with_metafor(tau, case):
    got, more = pool(estimates=YI, std_errors=SEI, tau=tau), numbers(f"{case}_more")
    agrees(got.mean, case, rel=1e-5)
    assert got.tau2 == pytest.approx(numbers(case)["extra"], rel=1e-5)
    assert (got.i2, got.q, got.q_p) == pytest.approx((more["estimate"], more["extra"], more["p"]), rel=1e-5)
    assert (got.predict_low, got.predict_high) == pytest.approx((more["low"], more["high"]), rel=1e-4)


def test_shrunken_estimates_agree_with_metafor():
    got = pool(estimates=YI, std_errors=SEI)
    for i in (3, 5):
        want = numbers(f"blup_{i}")
        assert (got.shrunken[i - 1], got.shrunken_se[i - 1]) == pytest.approx((want["estimate"], want["se"]), rel=1e-4)


def test_equal_departments_shrink_to_one_number_and_hartung_knapp_never_narrows():
    got = pool(estimates=np.array([1.0, 1.1, 0.9]), std_errors=np.full(3, 0.5))
    assert got.tau2 == 0 and got.i2 == 0
    assert got.shrunken == pytest.approx(np.full(3, 1.0))
    assert got.mean.std_error == pytest.approx(0.5 / np.sqrt(3))


def test_mix_agrees_with_r():
    got = mix_difference(before=np.array([20, 50, 30]), after=np.array([40, 40, 20]))
    want = numbers("mix")
    assert (got.difference, got.p_value) == pytest.approx((want["estimate"], want["p"]))
    assert got.largest == 0


def test_adjusted_p_is_r_p_adjust_and_gaps_do_not_count():
    p = np.array([0.01, 0.04, 0.03, np.nan, 0.005])
    assert adjust(p_values=p, correction="holm") == pytest.approx([0.03, 0.06, 0.06, np.nan, 0.02], nan_ok=True)
    assert adjust(p_values=p, correction="benjamini_hochberg") == pytest.approx([0.02, 0.04, 0.04, np.nan, 0.02], nan_ok=True)
    with pytest.raises(ValueError, match="bonferroni"):
        adjust(p_values=p, correction="bonferroni")


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda: hedges_g(before=np.ones(1), after=np.ones(3)), "too_few"),
        (lambda: hedges_g(before=np.ones(3), after=np.ones(3)), "zero_variance"),
        (lambda: d_z(before=np.arange(4.0), after=np.arange(4.0) + 1), "zero_variance"),
        (lambda: cliffs_delta(before=np.zeros(3), after=np.ones(3)), "zero_variance"),
        (lambda: mann_whitney(before=np.ones(3), after=np.ones(3)), "zero_variance"),
        (lambda: wilcoxon_signed_rank(before=np.ones(3), after=np.ones(3)), "too_few"),
        (lambda: pool(estimates=np.ones(1), std_errors=np.ones(1)), "too_few"),
        (lambda: pool(estimates=np.ones(2), std_errors=np.array([0.0, 1])), "zero_variance"),
        (lambda: mix_difference(before=np.array([3, 0]), after=np.array([4, 0])), "zero_variance"),
    ],
)
def test_no_number_where_there_is_none(call, reason):
    with pytest.raises(NotEstimable) as caught:
        call()
    assert caught.value.reason == reason
