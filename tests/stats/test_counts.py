"""Ordinal, 2x2, rates, GEE and ANCOVA against R."""

import math
import warnings

import numpy as np
import pandas as pd
import pytest

from evaltool.stats.ancova import ancova
from evaltool.stats.estimate import NotEstimable
from evaltool.stats.gee import gee_ratio
from evaltool.stats.ordinal import proportional_odds
from evaltool.stats.rates import rate_interval, rate_model, rate_ratio_exact
from evaltool.stats.two_by_two import mcnemar, odds_ratio, risk_ratio

from .reference import agrees, data, numbers


def ordered():
    frame = data("scores")
    answers = pd.cut(frame["y"], [-np.inf, 28, 33, 38, 43, np.inf], labels=False)
    return answers.to_numpy(), frame["after"].to_numpy(bool), frame["person"].to_numpy()


def test_proportional_odds_agrees_with_clm_and_polr():
    answers, after, _ = ordered()
    got = proportional_odds(answers=answers, after=after)
    agrees(got.log_odds, "proportional_odds", rel=1e-6)
    lack = numbers("proportional_odds_lack")
    assert (got.lack_of_fit, got.lack_df, got.lack_p) == pytest.approx((lack["estimate"], lack["df"], lack["p"]), rel=1e-5)


def test_shares_of_pairs_add_up_and_follow_the_data():
    got = proportional_odds(answers=np.array([1, 2, 2, 3, 1, 3]), after=np.array([0, 0, 0, 1, 1, 1], dtype=bool))
    assert (got.higher, got.equal, got.lower) == pytest.approx((6 / 9, 1 / 9, 2 / 9))


def test_clustered_interval_is_wider_when_persons_repeat_themselves():
    answers, after, person = ordered()
    plain = proportional_odds(answers=answers, after=after)
    twice = [np.tile(a, 3) for a in (answers, after)]
    clustered = proportional_odds(answers=twice[0], after=twice[1], clusters=np.tile(np.arange(len(answers)), 3))
    assert clustered.log_odds.estimate == pytest.approx(plain.log_odds.estimate)
    assert clustered.log_odds.std_error == pytest.approx(plain.log_odds.std_error, rel=0.1)
    assert proportional_odds(answers=answers, after=after, clusters=person).log_odds.df == len(np.unique(person)) - 1


def test_two_by_two():
    counts = {"events_before": 45, "n_before": 100, "events_after": 30, "n_after": 90}
    agrees(risk_ratio(**counts), "risk_ratio")
    got, want = odds_ratio(**counts), numbers("odds_ratio")
    assert (got.estimate, got.p_value, got.conf_low, got.conf_high) == pytest.approx(
        (want["estimate"], want["p"], want["low"], want["high"]), rel=1e-4)


def test_odds_ratio_is_the_conditional_one_not_the_sample_one():
    got = odds_ratio(events_before=45, n_before=100, events_after=30, n_after=90).estimate
    assert abs(got - (30 / 60) / (45 / 55)) > 1e-3


def test_mcnemar():
    got = mcnemar(gained=12, lost=5, n=60)
    assert got.p_value == pytest.approx(numbers("mcnemar")["p"])
    assert got.estimate == pytest.approx(7 / 60)
    up, down = 13 / 62, 6 / 62
    half = 1.959963985 * math.sqrt((up + down - (up - down) ** 2) / 62)
    assert (got.conf_low, got.conf_high) == pytest.approx((up - down - half, up - down + half))


@pytest.mark.parametrize(("after", "case"), [(18, "rate_ratio_exact"), (0, "rate_ratio_exact_zero")])
def test_exact_rate_ratio(after, case):
    got = rate_ratio_exact(
        events_before=30 if after else 7, exposure_before=110, events_after=after, exposure_after=120
    )
    want = numbers(case)
    assert (got.estimate, got.p_value, got.conf_low, got.conf_high) == pytest.approx(
        (want["estimate"], want["p"], want["low"], want["high"]), rel=1e-7)


def test_exact_rate_interval():
    want = numbers("rate_interval")
    assert rate_interval(events=18, exposure=120) == pytest.approx((want["low"], want["high"]))
    assert rate_interval(events=0, exposure=10)[0] == 0


def counts():
    frame = data("counts")
    x = np.column_stack([np.ones(len(frame)), frame["after"], frame["wave"]]).astype(float)
    return {"events": frame["events"].to_numpy(float), "exposure": frame["n"].to_numpy(float), "x": x, "position": 1}


@pytest.mark.parametrize(
    ("family", "case", "rel"),
    [("poisson", "rate_poisson", 1e-8), ("quasi_poisson", "rate_quasi", 1e-8), ("negative_binomial", "rate_nb", 1e-4)],
)
def test_rate_models(family, case, rel):
    got = rate_model(**counts(), family=family)
    agrees(got.ratio, case, rel=rel, df_rel=max(rel, 1e-7) * 10)
    if family != "poisson":
        measured = got.theta if family == "negative_binomial" else got.dispersion
        assert measured == pytest.approx(numbers(case)["extra"], rel=1e-3)


def test_spread_decides_between_poisson_and_quasi_poisson():
    rng = np.random.default_rng(2)
    x = np.column_stack([np.ones(200), np.arange(200) > 99]).astype(float)
    even = rng.poisson(10, 200)
    wild = rng.poisson(10 * rng.gamma(1, 1, 200))
    assert rate_model(events=even, exposure=np.ones(200), x=x, position=1).ratio.method == "poisson"
    got = rate_model(events=wild, exposure=np.ones(200), x=x, position=1)
    assert got.ratio.method == "quasi_poisson" and got.dispersion > 3


def test_gee_agrees_with_geepack():
    frame = data("stays")
    x = np.column_stack([np.ones(len(frame)), frame["after"]]).astype(float)
    got = gee_ratio(y=frame["event"].to_numpy(), x=x, clusters=frame["person"].to_numpy(), position=1, family="binomial", covariance="robust")
    agrees(got, "gee_binomial_exchangeable", rel=2e-3)
    case = data("counts")
    given = counts()
    got = gee_ratio(y=given["events"], x=given["x"], clusters=case["department"].to_numpy(), exposure=given["exposure"],
                    position=1, family="poisson", working="independence", covariance="robust")
    agrees(got, "gee_poisson_independence", rel=1e-6)


def test_bias_reduced_covariance_is_mancl_derouen():
    case, given = data("counts"), counts()
    got = gee_ratio(y=given["events"], x=given["x"], clusters=case["department"].to_numpy(), exposure=given["exposure"],
                    position=1, family="poisson", working="independence")
    agrees(got, "gee_poisson_mancl_derouen", rel=1e-6)
    frame = data("stays")
    x = np.column_stack([np.ones(len(frame)), frame["after"]]).astype(float)
    got = gee_ratio(y=frame["event"].to_numpy(), x=x, clusters=frame["person"].to_numpy(), position=1, family="binomial", working="independence")
    agrees(got, "gee_binomial_mancl_derouen", rel=1e-6)


def pairs():
    frame = data("scores")
    before = frame[frame["wave"] <= 1].groupby(["person", "department"])["y"].mean()
    after = frame[frame["wave"] >= 4].groupby(["person", "department"])["y"].mean()
    both = pd.concat([before, after], axis=1, keys=["before", "after"]).dropna().reset_index()
    return both["before"].to_numpy(), both["after"].to_numpy(), ~both["department"].isin(["d6", "d7"]).to_numpy(), both["department"].to_numpy()


def test_ancova_agrees_with_lm_and_clusters_are_departments():
    before, after, started, department = pairs()
    agrees(ancova(before=before, after=after, started=started), "ancova")
    clustered = ancova(before=before, after=after, started=started, clusters=department)
    assert clustered.df == len(np.unique(department)) - 1
    assert clustered.method == "cluster_robust"


FLAT = np.column_stack([np.ones(6), np.arange(6) > 2]).astype(float)


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda: proportional_odds(answers=np.array([1, 1, 2, 2]), after=np.array([0, 0, 1, 1], bool)), "separation"),
        (lambda: proportional_odds(answers=np.array([1, 2, 2, 3]), after=np.array([0, 0, 1, 1], bool)), "separation"),
        (lambda: proportional_odds(answers=np.ones(4), after=np.array([0, 0, 1, 1], bool)), "zero_variance"),
        (lambda: proportional_odds(answers=np.arange(4), after=np.ones(4, bool)), "too_few"),
        (lambda: risk_ratio(events_before=0, n_before=9, events_after=2, n_after=9), "zero_events"),
        (lambda: rate_ratio_exact(events_before=0, exposure_before=9, events_after=0, exposure_after=9), "zero_events"),
        (lambda: mcnemar(gained=0, lost=0, n=9), "zero_variance"),
        (lambda: rate_model(events=np.zeros(6), exposure=np.ones(6), x=FLAT, position=1), "zero_events"),
        (lambda: rate_model(events=np.array([1, 2, 3, 0, 0, 0]), exposure=np.ones(6), x=FLAT, position=1), "zero_events"),
        (lambda: gee_ratio(y=np.array([0, 1, 0, 1, 1, 1]), x=FLAT, clusters=np.arange(6), position=1, family="binomial"), "separation"),
        (lambda: gee_ratio(y=np.array([0, 1, 0, 1, 0, 1]), x=FLAT, clusters=np.arange(6) // 3, position=1, family="binomial"), "too_few"),
        (lambda: ancova(before=np.ones(6), after=np.arange(6.0), started=np.arange(6) > 2), "not_identified"),
    ],
)
def test_no_number_where_there_is_none_and_no_warning(call, reason):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(NotEstimable) as caught:
            call()
    assert caught.value.reason == reason
