import tracemalloc

import numpy as np
import pytest

from evaltool.stats import bootstrap
from evaltool.stats.bootstrap import cluster_bootstrap
from evaltool.stats.clustered import ols_clustered
from evaltool.stats.estimate import NotEstimable
from evaltool.stats.imputation import impute_normal, rubin

from .reference import agrees


def test_rubins_rules_agree_with_mice():
    got = rubin(
        estimates=np.array([3.1, 2.7, 3.4, 2.9, 3.6]), variances=np.array([0.81, 0.77, 0.85, 0.80, 0.90]), df_complete=40
    )
    agrees(got, "rubin")


def test_imputed_values_follow_the_regression_and_known_ones_stay():
    rng = np.random.default_rng(1)
    x = np.column_stack([np.ones(400), rng.normal(0, 1, 400)])
    y = 5 + 2 * x[:, 1] + rng.normal(0, 1, 400)
    holed = np.where(x[:, 1] > 0.5, np.nan, y)
    got = impute_normal(y=holed, x=x, draws=200, rng=rng)
    assert (got[:, ~np.isnan(holed)] == y[~np.isnan(holed)]).all()
    filled = got[:, np.isnan(holed)]
    assert filled.mean() == pytest.approx((5 + 2 * x[np.isnan(holed), 1]).mean(), abs=0.2)
    assert (filled - (5 + 2 * x[np.isnan(holed), 1])).std() == pytest.approx(1, abs=0.15)


def test_interval_holds_the_truth_when_answers_are_missing_by_what_is_known():
    rng = np.random.default_rng(2)
    held = naive = 0
    for _ in range(200):
        before = rng.normal(30, 6, 120)
        after = before + 3 - 0.4 * (before - 30) + rng.normal(0, 3, 120)
        seen = rng.random(120) < 1 / (1 + np.exp((before - 30) / 3))
        x = np.column_stack([np.ones(120), before])
        full = impute_normal(y=np.where(seen, after, np.nan), x=x, draws=20, rng=rng)
        change = full - before
        got = rubin(estimates=change.mean(axis=1), variances=change.var(axis=1, ddof=1) / 120, df_complete=119)
        held += got.conf_low <= 3 <= got.conf_high
        own = (after - before)[seen]
        half = 2 * own.std(ddof=1) / np.sqrt(seen.sum())
        naive += abs(own.mean() - 3) <= half
    assert held / 200 > 0.9
    assert naive / 200 < 0.3


def test_bootstrap_interval_is_that_of_the_cluster_robust_answer_on_calm_data_and_repeats_itself():
    rng = np.random.default_rng(3)
    clusters = np.repeat(np.arange(80), 4)
    after = np.tile([False, False, True, True], 80)
    values = rng.normal(0, 2, 80)[clusters] + after * 1.0 + rng.normal(0, 2, 320)
    got = cluster_bootstrap(values=values, after=after, clusters=clusters)
    x = np.column_stack([np.ones(320), after]).astype(float)
    want = ols_clustered(y=values, x=x, clusters=clusters).estimate(position=1, conf_level=0.95)
    assert got == pytest.approx((want.conf_low, want.conf_high), abs=0.06)
    assert got == cluster_bootstrap(values=values, after=after, clusters=clusters)


def test_many_persons_are_drawn_in_little_memory_and_in_the_same_order(monkeypatch):
    rng = np.random.default_rng(4)
    given = {"values": rng.normal(size=6000), "after": rng.random(6000) < 0.5, "clusters": rng.integers(0, 2000, 6000), "draws": 400}
    whole = cluster_bootstrap(**given)
    monkeypatch.setattr(bootstrap, "BLOCK", 40_000)
    tracemalloc.start()
    parted = cluster_bootstrap(**given)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert parted == pytest.approx(whole, rel=1e-12)
    assert peak < 3e6, "one draw of 2000 persons takes 16 kB; all 400 at once 19 MB"


@pytest.mark.parametrize(
    "call",
    [
        lambda: rubin(estimates=np.ones(1), variances=np.ones(1), df_complete=9),
        lambda: impute_normal(y=np.array([1.0, np.nan, 2]), x=np.ones((3, 1)), draws=2, rng=np.random.default_rng(1)),
        lambda: cluster_bootstrap(values=np.ones(4), after=np.arange(4) > 1, clusters=np.arange(4)),
    ],
)
def test_too_little_is_said_to_be_too_little(call):
    with pytest.raises(NotEstimable) as caught:
        call()
    assert caught.value.reason == "too_few"
