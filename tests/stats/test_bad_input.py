"""Data that carry no answer: every kernel says so with a reason, warns nobody, and never hands out a broken interval."""

import itertools
import math
import warnings

import numpy as np
import pytest

from evaltool.stats.ancova import ancova
from evaltool.stats.ar1 import ar1_difference
from evaltool.stats.autocorrelation import hac_difference
from evaltool.stats.bias_reduced import fixed_effects_cr2
from evaltool.stats.bootstrap import cluster_bootstrap
from evaltool.stats.clustered import ols_clustered
from evaltool.stats.effect_size import cliffs_delta, d_av, d_z, hedges_g
from evaltool.stats.estimate import Estimate, NotEstimable
from evaltool.stats.fixed_effects_poisson import fixed_effects_poisson
from evaltool.stats.gee import gee_ratio
from evaltool.stats.imputation import impute_normal, rubin
from evaltool.stats.mixed_model import mixed_model
from evaltool.stats.ordinal import proportional_odds
from evaltool.stats.outliers import outliers
from evaltool.stats.paired import paired_t
from evaltool.stats.pooling import pool
from evaltool.stats.proportions import clopper_pearson, newcombe, wilson
from evaltool.stats.rank_biserial import rank_biserial
from evaltool.stats.rank_test import mann_whitney, wilcoxon_signed_rank
from evaltool.stats.rates import rate_interval, rate_model, rate_ratio_exact
from evaltool.stats.risk_ratio_clustered import risk_ratio_clustered
from evaltool.stats.tost import tost
from evaltool.stats.two_by_two import mcnemar, odds_ratio, risk_ratio
from evaltool.stats.two_sample import welch

NAN = math.nan
SIDES = {
    "nobody": [], "one": [3.0], "two alike": [3.0, 3.0], "two": [3.0, 5.0], "constant": [4.0] * 6, "all missing": [NAN] * 4,
    "a gap": [1.0, NAN, 2.0, 5.0, 3.0, 4.0], "fine": [1.0, 4.0, 2.0, 5.0, 3.0, 7.0], "far": [1.0, 2.0, 1.5, 2.5, 1.2, 1e9],
}
TWO = [welch, hedges_g, cliffs_delta, mann_whitney]
SAME = [paired_t, d_z, d_av, wilcoxon_signed_rank, rank_biserial]


def answer(call):
    """What came back: an honest answer, a reason, or a refusal. Warnings are errors."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return call()
        except NotEstimable as reason:
            return reason.reason


def honest(got) -> None:
    """A reason code, or numbers that are numbers: an end may be open only where the estimate itself is 0 or infinite."""
    if isinstance(got, str):
        assert got.isidentifier()
        return
    if not isinstance(got, Estimate):
        assert not math.isnan(got.p_value)
        return
    assert not math.isnan(got.estimate)
    assert not (math.isnan(got.conf_low) or math.isnan(got.conf_high)) and got.conf_low <= got.conf_high
    assert math.isfinite(got.conf_low) or got.estimate in (0.0, math.inf)
    assert math.isfinite(got.conf_high) or got.estimate in (0.0, math.inf)


@pytest.mark.parametrize("kernel", TWO, ids=lambda k: k.__name__)
def test_two_sides(kernel):
    for before, after in itertools.product(SIDES, SIDES):
        honest(answer(lambda b=before, a=after: kernel(before=np.array(SIDES[b]), after=np.array(SIDES[a]))))


@pytest.mark.parametrize("kernel", SAME, ids=lambda k: k.__name__)
def test_the_same_people(kernel):
    for before, after in itertools.product(SIDES, SIDES):
        b, a = np.array(SIDES[before]), np.array(SIDES[after])
        if len(b) != len(a):
            with pytest.raises(ValueError, match=f"{len(b)} before, {len(a)} after"):
                kernel(before=b, after=a)
        else:
            honest(answer(lambda x=b, y=a: kernel(before=x, after=y)))


def test_shares_and_rates_of_every_small_size():
    for n1, n2 in itertools.product((0, 1, 2, 5), repeat=2):
        for e1, e2 in itertools.product(range(n1 + 1), range(n2 + 1)):
            table = {"events_before": e1, "n_before": n1, "events_after": e2, "n_after": n2}
            for kernel in (newcombe, risk_ratio, odds_ratio):
                honest(answer(lambda k=kernel, t=table: k(**t)))
            honest(answer(lambda: rate_ratio_exact(events_before=e1, exposure_before=n1, events_after=e2, exposure_after=n2)))
            for mid in (False, True):
                honest(answer(lambda m=mid: mcnemar(gained=e1, lost=e2, n=n1 + n2, mid_p=m)))
        for interval in (wilson, clopper_pearson):
            got = answer(lambda i=interval: i(events=min(1, n1), n=n1))
            assert got == "too_few" or 0 <= got[0] <= got[1] <= 1
        got = answer(lambda: rate_interval(events=0, exposure=n1))
        assert got == "too_few" or (got[0] == 0 and math.isfinite(got[1]))


N = 24
AFTER = np.arange(N) % 2 == 1
GROUP = np.repeat(np.arange(4), N // 4)
X = np.column_stack([np.ones(N), AFTER, np.arange(N) / N]).astype(float)
NOISE = np.random.default_rng(5).normal(size=N)
OUTCOMES = {"constant": np.ones(N), "all missing": np.full(N, NAN), "a gap": np.where(np.arange(N) == 3, NAN, NOISE), "exact line": X @ [1.0, 2.0, 3.0],
            "only the side": AFTER.astype(float), "huge": NOISE * 1e12, "tiny": NOISE * 1e-12, "fine": NOISE}
GROUPS = {"one": np.zeros(N, dtype=int), "each alone": np.arange(N), "four": GROUP, "the side": AFTER.astype(int)}


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_models_of_means(outcome):
    y = OUTCOMES[outcome]
    for group in GROUPS.values():
        honest(answer(lambda g=group: mixed_model(y=y, x=X, group=g).estimate(position=1, conf_level=0.95, method="m")))
        honest(answer(lambda g=group: mixed_model(y=y, x=X, group=g, slope=AFTER.astype(float)).estimate(position=1, conf_level=0.95, method="m")))
        honest(answer(lambda g=group: ols_clustered(y=y, x=X, clusters=g).estimate(position=1, conf_level=0.95)))
        honest(answer(lambda g=group: fixed_effects_cr2(y=y, x=X[:, 1:], clusters=g).estimate(position=0, conf_level=0.95)))
    honest(answer(lambda: ar1_difference(values=y, after=np.arange(N) > 11, period=np.arange(N)).change))
    honest(answer(lambda: hac_difference(values=y, after=np.arange(N) > 11, period=np.arange(N))))
    honest(answer(lambda: ancova(before=NOISE[::-1], after=y, started=AFTER)))
    honest(answer(lambda: ancova(before=y, after=NOISE, started=AFTER, clusters=GROUP)))


EVENTS = {"none": np.zeros(N), "all": np.ones(N), "only before": (~AFTER).astype(float), "only after": AFTER.astype(float), "one": (np.arange(N) == 5).astype(float),
          "by time": (np.arange(N) > 11).astype(float), "all but one": (np.arange(N) != 5).astype(float), "fine": (NOISE > 0).astype(float)}


@pytest.mark.parametrize("events", EVENTS)
def test_models_of_shares_and_counts(events):
    y = EVENTS[events]
    for group in GROUPS.values():
        for family, working in itertools.product(("binomial", "poisson"), ("exchangeable", "independence")):
            honest(answer(lambda g=group, f=family, w=working: gee_ratio(y=y, x=X, clusters=g, position=1, family=f, working=w)))
        honest(answer(lambda g=group: proportional_odds(answers=y, after=AFTER, clusters=g).log_odds))
        honest(answer(lambda g=group: risk_ratio_clustered(event=y, after=AFTER, clusters=g)))
        honest(answer(lambda g=group: fixed_effects_poisson(events=y, exposure=np.ones(N), x=X[:, 1:], clusters=g, position=0)))
    for family in ("poisson", "quasi_poisson", "negative_binomial", "auto"):
        honest(answer(lambda f=family: rate_model(events=y, exposure=np.ones(N), x=X, position=1, family=f).ratio))
    honest(answer(lambda: rate_model(events=y, exposure=np.ones(N), x=X, position=1, period=np.arange(N)).ratio))


def test_separation_by_several_columns_is_seen():
    """No single column tells events from others, two together do: the odds ratio has no end."""
    when = np.tile(np.arange(N // 4) / 6, 4)
    x = np.column_stack([np.ones(N), AFTER, when]).astype(float)
    y = (x[:, 1] + 4 * when > 2.2).astype(float)
    assert min(y[AFTER].sum(), y[~AFTER].sum(), (1 - y[AFTER]).sum(), (1 - y[~AFTER]).sum()) > 0
    for working in ("exchangeable", "independence"):
        assert answer(lambda w=working: gee_ratio(y=y, x=x, clusters=GROUP, position=1, family="binomial", working=w)) in ("separation", "not_converged")


def test_pooling_imputation_and_draws():
    for values, errors in (([], []), ([1.0], [1.0]), ([1, 2], [0.0, 1]), ([1, NAN], [1.0, 1]), ([1, 1, 1], [1.0, 1, 1]), ([1, 1e9, -1e9], [1.0, 1, 1])):
        honest(answer(lambda v=values, e=errors: pool(estimates=np.array(v, dtype=float), std_errors=np.array(e)).mean))
    for values, variances in (([], []), ([1.0], [1.0]), ([1.0, 1], [0.0, 0]), ([1.0, 1], [1.0, 1]), ([1.0, 2], [0.0, 0])):
        honest(answer(lambda v=values, u=variances: rubin(estimates=np.array(v), variances=np.array(u), df_complete=9)))
    assert answer(lambda: impute_normal(y=np.full(6, NAN), x=X[:6], draws=2, rng=np.random.default_rng(1))) == "too_few"
    got = answer(lambda: cluster_bootstrap(values=np.ones(N), after=AFTER, clusters=np.arange(N), draws=200))
    assert got == (0.0, 0.0) or isinstance(got, str)
    assert isinstance(answer(lambda: tost(answer=welch(before=np.ones(3), after=np.ones(3)), limit=1)), str)
    assert [outliers(values=np.array(v)) for v in ([], [1.0, 1, 1, 9], [1.0, 2, 3, 90])] == [0, 0, 1]
