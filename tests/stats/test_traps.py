"""Traps of the installed libraries: each test shows the trap and then our answer to the same question.

When a test fails in its first half a library has changed its ways: the adapter may be simplified.
"""

import math
import warnings

import numpy as np
import pandas as pd
import pingouin as pg
import pytest
import scipy.stats
import statsmodels.api as sm
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from evaltool.stats.ar1 import ar1_difference
from evaltool.stats.clustered import ols_clustered
from evaltool.stats.cox import hazard_ratio
from evaltool.stats.effect_size import correction, d_av, d_z, hedges_g
from evaltool.stats.estimate import NotEstimable
from evaltool.stats.gee import gee_ratio
from evaltool.stats.mixed_model import mixed_model
from evaltool.stats.ordinal import proportional_odds
from evaltool.stats.paired import paired_t
from evaltool.stats.pooling import pool
from evaltool.stats.proportions import newcombe, wilson
from evaltool.stats.rank_test import mann_whitney, wilcoxon_signed_rank
from evaltool.stats.rates import rate_model
from evaltool.stats.reliability import cronbach_alpha
from evaltool.stats.spc import control_limits
from evaltool.stats.survival import kaplan_meier, limits
from evaltool.stats.tost import tost
from evaltool.stats.two_by_two import odds_ratio
from evaltool.stats.two_sample import welch

from .reference import data

BEFORE = np.array([20, 22, 19, 20, 22, 18, 24, 20, 19, 24, 26, 13.0])
AFTER = np.array([25, 24, 23, 29, 24, 17, 25, 27, 19.5, 25.2, 29, 16])


def test_1_mixed_model_at_the_boundary():
    """statsmodels' lbfgs ends at an infinite likelihood with variance 0 and says converged; its p values are normal."""
    group = np.repeat(np.arange(6), 10)
    y = np.random.default_rng(1).normal(size=60)
    y -= np.array([y[group == g].mean() for g in range(6)])[group]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = sm.MixedLM(y, np.ones((60, 1)), groups=group).fit(method=["lbfgs"])
    assert theirs.converged and not (np.isfinite(theirs.llf) and float(theirs.cov_re[0][0]) > 1e-6)
    assert theirs.use_t is False or not theirs.use_t
    ours = mixed_model(y=y, x=np.ones((60, 1)), group=group)
    assert ours.boundary == ("group",) and np.isfinite(ours.llf) and np.isfinite(ours.df).all()


def test_2_intervals_for_shares():
    """The score interval for a difference in statsmodels is wrong; a share gets Wald unless one asks."""
    low, high = confint_proportions_2indep(56, 70, 48, 80, method="score", compare="diff")
    score_truth = (0.0528, 0.3382)  # Newcombe 1998, table II, method 5 (Mee): 56/70 against 48/80
    assert abs(low - score_truth[0]) > 5e-4 or abs(high - score_truth[1]) > 5e-4
    ours = newcombe(events_before=48, n_before=80, events_after=56, n_after=70)
    assert (ours.conf_low, ours.conf_high) == pytest.approx(confint_proportions_2indep(56, 70, 48, 80, method="newcomb", compare="diff"))
    assert proportion_confint(0, 20) == (0, 0), "Wald: certain that it never happens"
    assert wilson(events=0, n=20) == pytest.approx((0, 0.1611), abs=5e-5)


def test_3_months_that_remember():
    """Least squares (and GLSAR's iterated rho) take alike months for many months: too narrow."""
    frame = data("months")
    x = sm.add_constant(frame["after"].to_numpy(float))
    plain = sm.OLS(frame["nights"].to_numpy(), x).fit().bse[1]
    glsar = sm.GLSAR(frame["nights"].to_numpy(), x, rho=1)
    glsar.iterative_fit(50)
    ours = ar1_difference(values=frame["nights"].to_numpy(), after=frame["after"].to_numpy(bool), period=frame["month"].to_numpy())
    assert len(glsar.wendog) == len(frame) - 1, "Cochrane-Orcutt: the first month is thrown away, and gaps are bridged"
    assert ours.change.std_error > 1.2 * plain and ours.change.df < len(frame) - 2


@pytest.mark.parametrize("paired", [False, True])
def test_4_pingouin_effect_size_has_no_sign(paired):
    d = [pg.ttest(*sides, paired=paired).at["T_test", "cohen_d"] for sides in ((AFTER, BEFORE), (BEFORE, AFTER))]
    assert d[0] == d[1] > 0
    size = d_av if paired else hedges_g
    ours = [size(before=b, after=a).estimate for b, a in ((BEFORE, AFTER), (AFTER, BEFORE))]
    assert ours[0] == pytest.approx(-ours[1]) and ours[0] > 0
    if paired:
        assert d[0] == pytest.approx(ours[0]), "the paired d is d_av"
        assert abs(d_z(before=BEFORE, after=AFTER).estimate - d[0]) > 0.1, "and not d_z"


def test_4_pingouin_pairs_of_unequal_length():
    """One person short: only a warning, and a test of unrelated groups."""
    with pytest.warns(UserWarning, match="unequal sizes"):
        theirs = pg.ttest(AFTER, BEFORE[:-1], paired=True)
    assert theirs.at["T_test", "dof"] > len(BEFORE) - 1
    with pytest.raises(ValueError, match="11 before, 12 after"):
        paired_t(before=BEFORE[:-1], after=AFTER)
    with pytest.raises(ValueError, match="11 before, 12 after"):
        d_av(before=BEFORE[:-1], after=AFTER)


def test_4_pingouin_intervals_are_rounded_and_j_is_approximate():
    """Where it is not rounded pingouin's Welch test is ours: t, df and p."""
    theirs, ours = pg.ttest(AFTER, BEFORE, correction=True).loc["T_test"], welch(before=BEFORE, after=AFTER)
    assert (theirs["T"], theirs["dof"], theirs["p_val"]) == pytest.approx((ours.statistic, ours.df, ours.p_value))
    assert list(theirs["CI95"]) == [round(v, 2) for v in (ours.conf_low, ours.conf_high)] != [ours.conf_low, ours.conf_high]
    plain = pg.ttest(AFTER, BEFORE, paired=True).loc["T_test"]
    assert plain["p_val"] == pytest.approx(paired_t(before=BEFORE, after=AFTER).p_value)
    approximate = pg.compute_effsize(AFTER[:3], BEFORE[:3], eftype="hedges") / pg.compute_effsize(AFTER[:3], BEFORE[:3])
    assert approximate == pytest.approx(1 - 3 / (4 * 6 - 9)) and abs(approximate - correction(df=4)) > 2e-3


def test_4_pingouin_alpha_with_gaps():
    """Pairwise unless asked; asked for complete forms it still counts the incomplete ones in the interval."""
    rng = np.random.default_rng(4)
    items = rng.normal(0, 1, (40, 1)) + rng.normal(0, 1, (40, 5))
    items[rng.random((40, 5)) < 0.1] = np.nan
    ours, frame = cronbach_alpha(items=items), pd.DataFrame(items)
    assert pg.cronbach_alpha(data=frame)[0] != pytest.approx(ours.alpha, abs=1e-4)
    alpha, ends = pg.cronbach_alpha(data=frame, nan_policy="listwise")
    whole = pg.cronbach_alpha(data=frame.dropna())[1]
    assert alpha == pytest.approx(ours.alpha)
    assert not np.allclose(ends, whole), "the interval depends on forms that were not used"
    assert whole == pytest.approx([ours.conf_low, ours.conf_high], abs=5e-4)


def test_5_rank_tests():
    """scipy: min(V+, V-) without direction, no continuity correction; Mann-Whitney exact only for tiny groups."""
    forth, back = (scipy.stats.wilcoxon(a, b, method="asymptotic") for a, b in ((AFTER, BEFORE), (BEFORE, AFTER)))
    assert forth.statistic == back.statistic
    ours = wilcoxon_signed_rank(before=BEFORE, after=AFTER)
    assert ours.statistic != forth.statistic and ours.shift > 0
    assert ours.variant == "exact" or ours.p_value != forth.pvalue
    x, y = np.arange(9) * 2.0, np.arange(9) * 2.0 + 5
    assert scipy.stats.mannwhitneyu(y, x).pvalue != scipy.stats.mannwhitneyu(y, x, method="exact").pvalue
    assert mann_whitney(before=x, after=y).variant == "exact"


def _counts():
    frame = data("counts")
    x = np.column_stack([np.ones(len(frame)), frame["after"], frame["wave"]]).astype(float)
    return {"events": frame["events"].to_numpy(float), "exposure": frame["n"].to_numpy(float), "x": x}


def test_6_negative_binomial_and_dispersion():
    """GLM's negative binomial fixes alpha at 1; Poisson GLM ignores that the spread is larger."""
    given = _counts()
    fixed = sm.GLM(given["events"], given["x"], family=sm.families.NegativeBinomial(alpha=1.0), exposure=given["exposure"]).fit()
    ours = rate_model(**given, position=1, family="negative_binomial")
    assert abs(fixed.bse[1] / ours.ratio.std_error - 1) > 0.5 and ours.theta > 5
    poisson = sm.GLM(given["events"], given["x"], family=sm.families.Poisson(), exposure=given["exposure"]).fit()
    assert poisson.scale == 1
    auto = rate_model(**given, position=1)
    assert auto.ratio.std_error == pytest.approx(poisson.bse[1] * math.sqrt(auto.dispersion)) and auto.dispersion > 1.5


def test_7_fisher_and_ordered_model():
    """fisher_exact's odds ratio is the sample one; OrderedModel is probit by default and thresholds are log steps."""
    table = [[30, 60], [45, 55]]
    assert scipy.stats.fisher_exact(table).statistic == pytest.approx(30 * 55 / (60 * 45))
    ours = odds_ratio(events_before=45, n_before=100, events_after=30, n_after=90)
    assert abs(ours.estimate - 30 * 55 / (60 * 45)) > 1e-3 and ours.conf_low < ours.estimate < ours.conf_high

    from statsmodels.miscmodels.ordinal_model import OrderedModel

    rng = np.random.default_rng(7)
    after = np.arange(300) > 149
    answers = np.searchsorted([-1, 0, 1], rng.logistic(0, 1, 300) + 0.8 * after)
    fits = [OrderedModel(answers, after[:, None].astype(float), **how).fit(disp=False, method="bfgs") for how in ({}, {"distr": "logit"})]
    mine = proportional_odds(answers=answers, after=after).log_odds.estimate
    assert fits[0].params[0] != pytest.approx(mine, rel=0.1), "probit"
    assert fits[1].params[0] == pytest.approx(mine, rel=1e-3)
    assert not (np.diff(fits[1].params[1:]) > 0).all() or fits[1].params[2] < fits[1].params[1]


def test_8_gee_stops_by_a_rule_that_grows_with_the_counts():
    """statsmodels compares the raw score with a fixed limit: a hundred times the counts and it never gets there."""
    given, clusters = _counts(), data("counts")["department"].to_numpy()
    small = gee_ratio(y=given["events"], x=given["x"], clusters=clusters, exposure=given["exposure"], position=1, family="poisson")
    large = gee_ratio(y=given["events"] * 1e4, x=given["x"], clusters=clusters, exposure=given["exposure"], position=1, family="poisson")
    assert large.estimate == pytest.approx(small.estimate, rel=0.05) and small.df == len(np.unique(clusters)) - 3
    order = np.argsort(clusters, kind="stable")
    model = sm.GEE(given["events"][order], given["x"][order], groups=clusters[order], family=sm.families.Poisson(), exposure=given["exposure"][order])
    assert not model.fit().use_t, "normal intervals however few the clusters"


def test_9_ties_and_the_interval_of_a_curve():
    """PHReg takes Breslow's ties unless told; scipy's Kaplan-Meier interval is plain and cut at 1 unless told."""
    time, event = np.array([1, 1, 1, 2, 2, 3, 3, 3, 4, 5]), np.array([1, 1, 0, 1, 1, 1, 1, 0, 1, 1], dtype=bool)
    group = np.array([1, 1, 0, 1, 0, 1, 0, 0, 0, 0], dtype=bool)
    plain, efron = (sm.PHReg(time, group[:, None].astype(float), status=event, **how).fit(disp=False).params[0] for how in ({}, {"ties": "efron"}))
    ours = math.log(hazard_ratio(time=time, event=event, group=group).estimate)
    assert abs(plain - efron) > 0.1 and efron == pytest.approx(ours, rel=1e-5)

    curve = scipy.stats.ecdf(scipy.stats.CensoredData.right_censored(time[~group], ~event[~group])).sf
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # No interval where the curve is 0 or 1.
        theirs, log_log = (curve.confidence_interval(**how) for how in ({}, {"method": "log-log"}))
    low, high = limits(curve=kaplan_meier(time=time[~group], event=event[~group]))
    assert theirs.high.probabilities[1] == 1, "sure that nobody has left, though somebody has"
    assert (low[:3], high[:3]) == (pytest.approx(log_log.low.probabilities[1:4]), pytest.approx(log_log.high.probabilities[1:4]))


def test_10_equivalence_and_pooling():
    """pingouin's TOST pools variances; combine_effects is Paule-Mandel and Hartung-Knapp with normal quantiles."""
    wide = np.array([11.0, 31, 19, 25, 24, 12])
    pooled = pg.tost(wide, BEFORE, bound=6.0).at["TOST", "pval"]
    ours = tost(answer=welch(before=BEFORE, after=wide), limit=6)
    assert abs(pooled - ours.p_value) > 0.01
    assert pg.tost(wide, BEFORE, bound=6.0, correction=True).at["TOST", "pval"] == pytest.approx(ours.p_value)

    from statsmodels.stats.meta_analysis import combine_effects

    y, se = np.array([5.2, 4.4, 2.2, 4.8, 5.5, 4.6, 5.8, 0.6]), np.array([0.73, 0.80, 0.69, 0.61, 1.44, 0.76, 0.77, 0.84])
    theirs, mine = combine_effects(y, se**2), pool(estimates=y, std_errors=se)
    assert abs(theirs.tau2 - mine.tau2) > 5e-3
    half = np.ptp(theirs.conf_int()[3]) / 2
    assert half < 0.9 * (mine.mean.conf_high - mine.mean.conf_low) / 2, "its Hartung-Knapp row is normal unless use_t"


def test_11_factor_of_clustered_errors():
    frame = data("stays")
    x = np.column_stack([np.ones(len(frame)), frame["after"]]).astype(float)
    fits = [sm.OLS(frame["nights"], x).fit(cov_type="cluster", cov_kwds={"groups": frame["person"].astype("category").cat.codes, "use_correction": c}) for c in (True, False)]
    ours = ols_clustered(y=frame["nights"].to_numpy(), x=x, clusters=frame["person"].to_numpy()).estimate(position=1, conf_level=0.95)
    assert fits[0].bse.iloc[1] == pytest.approx(ours.std_error) and fits[1].bse.iloc[1] < ours.std_error
    assert fits[0].pvalues.iloc[1] < ours.p_value, "normal there, t(G-1) here"


def test_12_moving_ranges():
    """3 / 1.128 is not 2.66, and leaving out large ranges moves the limits: never unless it is asked for."""
    values = np.array([[20.0, 22, 19, 21, 20, 23, 20, 60, 21, 19, 22, 20, 21]])
    steps = np.abs(np.diff(values[0]))
    plain, screened = (control_limits(kind="xmr", values=values, **how) for how in ({}, {"screen": True}))
    assert plain.high[0, 0] == pytest.approx(values.mean() + 2.66 * steps.mean(), rel=1e-12)
    assert plain.high[0, 0] != pytest.approx(values.mean() + 3 / 1.128 * steps.mean(), rel=1e-5)
    kept = steps[steps < 3.267 * steps.mean()]
    assert len(kept) == len(steps) - 2 and screened.high[0, 0] == pytest.approx(values.mean() + 2.66 * kept.mean())


def test_13_nullable_columns_do_not_reach_a_model():
    """Formulas fail on nullable floats with gaps; every kernel takes plain arrays."""
    import statsmodels.formula.api as smf

    frame = pd.DataFrame({"y": pd.array([1.0, None, 3.0, 4.0], dtype="Float64"), "x": [0.0, 1, 0, 1]})
    with pytest.raises((TypeError, ValueError)):
        smf.ols("y ~ x", frame).fit()
    with pytest.raises(NotEstimable):
        welch(before=np.array([1.0, np.nan, 3.0]), after=np.array([1.0, 2.0]))
