"""The table of agreement in METHODS.md is made from the same runs that the reference tests compare.

``python tests/stats/test_agreement.py`` prints it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

if __name__ == "__main__":
    import sys

    sys.path.insert(0, str(Path(__file__).parents[1]))
    from stats.reference import agrees, cases, data, numbers
else:
    from .reference import agrees, cases, data, numbers

from evaltool.stats.ancova import ancova
from evaltool.stats.ar1 import ar1_difference
from evaltool.stats.autocorrelation import hac_difference
from evaltool.stats.bias_reduced import fixed_effects_cr2
from evaltool.stats.clustered import ols_clustered
from evaltool.stats.effect_size import cliffs_delta, d_av, d_z, hedges_g
from evaltool.stats.estimate import Estimate, t_p_value
from evaltool.stats.fixed_effects_poisson import fixed_effects_poisson
from evaltool.stats.gee import gee_ratio
from evaltool.stats.imputation import rubin
from evaltool.stats.mix import mix_difference
from evaltool.stats.mixed_model import mixed_model
from evaltool.stats.multiplicity import adjust
from evaltool.stats.ordinal import proportional_odds
from evaltool.stats.paired import paired_t
from evaltool.stats.pooling import pool
from evaltool.stats.power import minimum_detectable, same_people, stepped_wedge_error, two_periods, two_shares
from evaltool.stats.proportions import clopper_pearson, newcombe, wilson
from evaltool.stats.rank_biserial import rank_biserial
from evaltool.stats.rank_test import mann_whitney, wilcoxon_signed_rank
from evaltool.stats.rates import rate_interval, rate_model, rate_ratio_exact
from evaltool.stats.risk_ratio_clustered import risk_ratio_clustered
from evaltool.stats.tost import tost
from evaltool.stats.two_by_two import mcnemar, odds_ratio, risk_ratio
from evaltool.stats.two_sample import welch

METHODS = Path(__file__).parents[2] / "METHODS.md"


def _sides(department: str) -> dict:
    groups = data("scores").query("department == @department").groupby("after")["y"]
    return {"before": groups.get_group(0).to_numpy(), "after": groups.get_group(1).to_numpy()}


def _pairs() -> dict:
    wide = data("scores").pivot_table(index="person", columns="after", values="y").dropna()
    return {"before": wide[0].to_numpy(), "after": wide[1].to_numpy()}


def _clustered(outcome: str):
    frame = data("stays")
    x = np.column_stack([np.ones(len(frame)), frame["after"]]).astype(float)
    return ols_clustered(y=frame[outcome].to_numpy(float), x=x, clusters=frame["person"].to_numpy()).estimate(position=1, conf_level=0.95)


def _clustered_ratio():
    frame = data("stays")
    return risk_ratio_clustered(event=frame["event"].to_numpy(), after=frame["after"].to_numpy(bool), clusters=frame["person"].to_numpy())


def _one_department():
    frame = data("scores").query("department == 'd0'")
    x = np.column_stack([np.ones(len(frame)), frame["after"]]).astype(float)
    return mixed_model(y=frame["y"].to_numpy(float), x=x, unit=frame["person"].to_numpy()).estimate(position=1, conf_level=0.95, method="m")


def _mixed(person: bool, slope: bool):
    frame = data("scores")
    x = np.column_stack([np.ones(len(frame)), frame["after"], frame["years"]]).astype(float)
    fit = mixed_model(
        y=frame["y"].to_numpy(float), x=x, group=frame["department"].to_numpy(),
        unit=frame["person"].to_numpy() if person else None, slope=frame["after"].to_numpy(float) if slope else None,
    )
    return fit.estimate(position=1, conf_level=0.95, method="m")


def _cr2():
    frame = data("scores")
    fit = fixed_effects_cr2(
        y=frame["y"].to_numpy(float), x=frame[["after", "years"]].to_numpy(float), clusters=frame["department"].to_numpy()
    )
    return fit.estimate(position=0, conf_level=0.95)


def _months(kernel, gaps: bool = True, **how):
    frame = data("months")
    period = frame["month"].to_numpy() if gaps else np.arange(len(frame))
    return kernel(values=frame["nights"].to_numpy(), after=frame["after"].to_numpy(bool), period=period, **how)


def _rate(family: str):
    frame = data("counts")
    x = np.column_stack([np.ones(len(frame)), frame["after"], frame["wave"]]).astype(float)
    return rate_model(events=frame["events"].to_numpy(float), exposure=frame["n"].to_numpy(float), x=x, position=1, family=family).ratio


def _rate_levels():
    frame = data("counts")
    return fixed_effects_poisson(events=frame["events"].to_numpy(float), exposure=frame["n"].to_numpy(float), position=0,
                                 x=frame[["after", "wave"]].to_numpy(float), clusters=frame["department"].to_numpy())


def _gee(working: str, covariance: str):
    frame = data("counts")
    x = np.column_stack([np.ones(len(frame)), frame["after"], frame["wave"]]).astype(float)
    return gee_ratio(
        y=frame["events"].to_numpy(float), x=x, clusters=frame["department"].to_numpy(), exposure=frame["n"].to_numpy(float),
        position=1, family="poisson", working=working, covariance=covariance,
    )


def _gee_share(working: str = "exchangeable", covariance: str = "robust"):
    frame = data("stays")
    x = np.column_stack([np.ones(len(frame)), frame["after"]]).astype(float)
    return gee_ratio(y=frame["event"].to_numpy(), x=x, clusters=frame["person"].to_numpy(), position=1, family="binomial", working=working,
                     covariance=covariance)


def _ordinal():
    frame = data("scores")
    answers = pd.cut(frame["y"], [-np.inf, 28, 33, 38, 43, np.inf], labels=False).to_numpy()
    return proportional_odds(answers=answers, after=frame["after"].to_numpy(bool))


def _lack():
    found = _ordinal()
    return _plain(found.lack_of_fit, p=found.lack_p, df=found.lack_df)


def _ancova():
    frame = data("scores")
    early, late = (frame[keep].groupby(["person", "department"])["y"].mean() for keep in (frame["wave"] <= 1, frame["wave"] >= 4))
    both = pd.concat([early, late], axis=1, keys=["before", "after"]).dropna().reset_index()
    started = ~both["department"].isin(["d6", "d7"]).to_numpy()
    return ancova(before=both["before"].to_numpy(), after=both["after"].to_numpy(), started=started)


def _pool(tau: str):
    return pool(estimates=YI, std_errors=SEI, tau=tau).mean


NEWCOMBE_ONE = "prop.test, binom.test; Newcombe 1998a, table I"
SLEEP = (np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]), np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]))
PATIENTS = (np.array([1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30]), np.array([0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]))
YI = np.array([5.2, 4.4, 2.2, 4.8, 5.5, 4.6, 5.8, 0.6])
SEI = np.array([0.73, 0.80, 0.69, 0.61, 1.44, 0.76, 0.77, 0.84])
WEDGE = np.array([[float(t + 1 > (i + 2) // 2) for t in range(5)] for i in range(8)])
PS = np.array([0.01, 0.04, 0.03, np.nan, 0.005, 0.2])


def _plain(value, ends=(math.nan, math.nan), p=math.nan, df=math.nan):
    return Estimate(estimate=float(value), std_error=math.nan, df=df, statistic=math.nan, p_value=p, conf_low=float(ends[0]),
                    conf_high=float(ends[1]), conf_level=0.95, method="plain")


def _share(interval, events: int, n: int):
    return _plain(events / n, interval(events=events, n=n))


def _rank(test):
    return _plain(test.shift, p=test.p_value)


def _tost():
    found = tost(answer=welch(**_sides("d1")), limit=4)
    below = t_p_value(statistic=(found.estimate + 4) / found.std_error, df=found.df) / 2
    return replace(found, estimate=below)


def _i2(values, errors, tau="reml"):
    found = pool(estimates=values, std_errors=errors, tau=tau)
    return _plain(found.i2, (found.i2_low, found.i2_high))


def _mix():
    found = mix_difference(before=np.array([20, 50, 30]), after=np.array([40, 40, 20]))
    return _plain(found.difference, p=found.p_value)


def _shrunken(position: int):
    found = pool(estimates=YI, std_errors=SEI)
    return replace(_plain(found.shrunken[position]), std_error=float(found.shrunken_se[position]))


def _rate_months():
    frame = data("months")
    x = np.column_stack([np.ones(len(frame)), frame["after"]]).astype(float)
    return rate_model(events=frame["nights"].round().to_numpy(), exposure=np.ones(len(frame)), x=x, position=1, period=frame["month"].to_numpy()).ratio


CASES = {
    "welch": ("t.test", 1e-8, lambda: welch(**_sides("d0"))),
    "paired": ("t.test", 1e-8, lambda: paired_t(**_pairs())),
    "cluster_share": ("sandwich::vcovCL", 1e-8, lambda: _clustered("event")),
    "cluster_nights": ("sandwich::vcovCL", 1e-8, lambda: _clustered("nights")),
    "newcombe_48_80_56_70": ("prop.test, Newcombe 1998", 1e-8, lambda: newcombe(events_before=48, n_before=80, events_after=56, n_after=70)),
    "newcombe_3_10_9_10": ("prop.test, Newcombe 1998", 1e-8, lambda: newcombe(events_before=3, n_before=10, events_after=9, n_after=10)),
    "newcombe_10_20_14_30": ("prop.test", 1e-8, lambda: newcombe(events_before=10, n_before=20, events_after=14, n_after=30)),
    "mixed_department": ("lme4, lmerTest", (2e-5, 2e-3), lambda: _mixed(False, False)),
    "mixed_department_person": ("lme4, lmerTest", (2e-5, 2e-3), lambda: _mixed(True, False)),
    "mixed_slope_person": ("lme4, lmerTest", (2e-5, 2e-3), lambda: _mixed(True, True)),
    "mixed_person_only": ("lme4, lmerTest", (2e-5, 2e-3), _one_department),
    "cr2_fixed_effects": ("clubSandwich", 1e-8, _cr2),
    "hac": ("written out in R", 1e-8, lambda: _months(hac_difference)),
    "hac_no_gap_lag3": ("sandwich::NeweyWest", 1e-8, lambda: _months(hac_difference, gaps=False, lag=3)),
    "ar1": ("nlme::gls", 1e-4, lambda: _months(ar1_difference).change),
    "hedges_g": ("written out in R", 1e-6, lambda: hedges_g(**_sides("d1"))),
    "d_z": ("written out in R", 1e-6, lambda: d_z(**_pairs())),
    "d_av": ("written out in R", 1e-8, lambda: d_av(**_pairs())),
    "cliffs_delta": ("written out in R", 1e-8, lambda: cliffs_delta(**_sides("d1"))),
    "proportional_odds": ("ordinal::clm, MASS::polr", 1e-6, lambda: _ordinal().log_odds),
    "proportional_odds_lack": ("ordinal::nominal_test", 1e-5, _lack),
    "risk_ratio": ("written out in R", 1e-8, lambda: risk_ratio(events_before=45, n_before=100, events_after=30, n_after=90)),
    "risk_ratio_clustered": ("glm, sandwich::vcovCL", 1e-8, _clustered_ratio),
    "rate_poisson": ("glm", 1e-8, lambda: _rate("poisson")),
    "rate_quasi": ("glm", 1e-8, lambda: _rate("quasi_poisson")),
    "rate_nb": ("MASS::glm.nb", (1e-4, 1e-3), lambda: _rate("negative_binomial")),
    "rate_fixed_effects": ("glm, clubSandwich", 1e-8, _rate_levels),
    "gee_binomial_exchangeable": ("geepack", 2e-3, _gee_share),
    "gee_binomial_mancl_derouen": ("written out in R", 1e-6, lambda: _gee_share("independence", "bias_reduced")),
    "gee_poisson_independence": ("geepack", 1e-6, lambda: _gee("independence", "robust")),
    "gee_poisson_mancl_derouen": ("written out in R", 1e-6, lambda: _gee("independence", "bias_reduced")),
    "ancova": ("lm", 1e-8, _ancova),
    "pool_REML": ("metafor::rma", 1e-5, lambda: _pool("reml")),
    "pool_DL": ("metafor::rma", 1e-5, lambda: _pool("dersimonian_laird")),
    "rubin": ("mice::pool.scalar", 1e-8, lambda: rubin(
        estimates=np.array([3.1, 2.7, 3.4, 2.9, 3.6]), variances=np.array([0.81, 0.77, 0.85, 0.80, 0.90]), df_complete=40)),
    "wilson_81_263": (NEWCOMBE_ONE, 1e-8, lambda: _share(wilson, 81, 263)),
    "wilson_0_20": (NEWCOMBE_ONE, 1e-8, lambda: _share(wilson, 0, 20)),
    "clopper_pearson_81_263": (NEWCOMBE_ONE, 1e-8, lambda: _share(clopper_pearson, 81, 263)),
    "clopper_pearson_0_20": (NEWCOMBE_ONE, 1e-8, lambda: _share(clopper_pearson, 0, 20)),
    "rate_interval": ("poisson.test", 1e-8, lambda: _plain(18 / 120, rate_interval(events=18, exposure=120))),
    "rate_ratio_exact": ("poisson.test", 1e-7, lambda: rate_ratio_exact(events_before=30, exposure_before=110, events_after=18, exposure_after=120)),
    "rate_ratio_exact_zero": ("poisson.test", 1e-7, lambda: rate_ratio_exact(events_before=7, exposure_before=110, events_after=0, exposure_after=120)),
    "rate_months": ("glm, nlme::gls", 1e-5, _rate_months),
    "odds_ratio": ("fisher.test", 1e-4, lambda: odds_ratio(events_before=45, n_before=100, events_after=30, n_after=90)),
    "tea": ("fisher.test; Fisher 1935", (1e-5, 1e-2), lambda: odds_ratio(events_before=1, n_before=4, events_after=3, n_after=4)),
    "mcnemar_7_1": ("binom.test; Fagerland 2013", 1e-8, lambda: mcnemar(gained=7, lost=1, n=21)),
    "mcnemar_mid_7_1": ("pbinom; Fagerland 2013", 1e-8, lambda: mcnemar(gained=7, lost=1, n=21, mid_p=True)),
    "mcnemar_12_5": ("binom.test", 1e-8, lambda: mcnemar(gained=12, lost=5, n=60)),
    "sleep_paired": ("t.test; Student 1908", 1e-8, lambda: paired_t(before=SLEEP[0], after=SLEEP[1])),
    "sleep_welch": ("t.test; Student 1908", 1e-8, lambda: welch(before=SLEEP[0], after=SLEEP[1])),
    "hollander_wolfe": ("wilcox.test; Hollander and Wolfe 1973", 1e-8, lambda: _rank(wilcoxon_signed_rank(before=PATIENTS[0], after=PATIENTS[1]))),
    "mann_whitney_exact": ("wilcox.test", 1e-8, lambda: _rank(mann_whitney(before=np.array([1.1, 2.3, 3.7, 8.2]), after=np.array([2.9, 4.4, 5.6, 9.1, 10.5])))),
    "mann_whitney_ties": ("wilcox.test", 1e-8, lambda: _rank(mann_whitney(**_sides("d1")))),
    "signed_rank_ties": ("wilcox.test", 1e-8, lambda: _rank(wilcoxon_signed_rank(**_pairs()))),
    "signed_rank_exact": ("wilcox.test", 1e-8, lambda: _rank(wilcoxon_signed_rank(before=np.array([1, 3.1, 5.2, 5.5, 5.4]), after=np.array([2.1, 3.9, 4.8, 7.7, 6.1])))),
    "rank_biserial": ("effectsize", 1e-8, lambda: rank_biserial(before=PATIENTS[0], after=PATIENTS[1])),
    "welch_tost_4": ("two t.test(mu = ±4)", 1e-6, _tost),
    "gee_poisson_exchangeable_md": ("written out in R", 1e-6, lambda: _gee("exchangeable", "bias_reduced")),
    "i2_REML": ("metafor::confint", 1e-5, lambda: _i2(YI, SEI)),
    "i2_DL": ("metafor::confint", 1e-5, lambda: _i2(YI, SEI, "dersimonian_laird")),
    "i2_alike": ("metafor::confint", 1e-4, lambda: _i2(YI[:3], 2 * SEI[:3])),
    "blup_3": ("metafor::blup", 1e-4, lambda: _shrunken(2)),
    "mix": ("written out in R, prop.test", 1e-6, _mix),
    "holm_3": ("p.adjust", 1e-8, lambda: _plain(adjust(p_values=PS, correction="holm")[2])),
    "BH_3": ("p.adjust", 1e-8, lambda: _plain(adjust(p_values=PS, correction="benjamini_hochberg")[2])),
    "power_two": ("power.t.test", 1e-6, lambda: _plain(two_periods(effect=4, sd=8, n_before=30, n_after=30))),
    "power_paired": ("power.t.test", 1e-6, lambda: _plain(same_people(effect=4, sd=8, correlation=0.6, n=30))),
    "power_share": ("power.prop.test", 1e-6, lambda: _plain(two_shares(before=0.22, after=0.14, n_before=200, n_after=200))),
    "power_detectable": ("power.t.test", 1e-5, lambda: _plain(minimum_detectable(std_error=8 * math.sqrt(2 / 30), df=58))),
    "power_wedge_se": ("Hussey and Hughes 2007 written out in R", 1e-8, lambda: _plain(stepped_wedge_error(schedule=WEDGE, sizes=np.full((8, 5), 12.0), sd=8, icc=0.05))),
}

SAME_CALL = ("BH_", "holm_", "blup_", "wilson_", "clopper_pearson_", "pool_", "mcnemar")
"""Reference numbers that begin so are more numbers of a call that the table already shows; ``test_sizes`` and ``test_published_examples``
hold them too."""


@pytest.mark.parametrize("case", CASES)
def test_every_number_agrees(case):
    """Estimate, standard error, interval, df and p, wherever the other program gives them."""
    _, (close, loose), call = _case(case)
    agrees(call(), case, rel=close, df_rel=loose)


def test_no_reference_number_is_missing_from_the_table():
    left = [case for case in cases() if case not in CASES]
    assert all(case.startswith(SAME_CALL) for case in left), left
    assert all(any(case.startswith(start) for case in CASES) for start in SAME_CALL)


def test_published_examples():
    """Four decimals as printed: Newcombe 1998 (table I and, for pairs of shares, table II), Fagerland 2013, Student 1908."""
    for interval, printed in ((wilson, [(0.2553, 0.3662), (0.0624, 0.1605), (0.0, 0.1611), (0.0061, 0.1718)]),
                              (clopper_pearson, [(0.2527, 0.3676), (0.0578, 0.1617), (0.0, 0.1684), (0.0009, 0.1776)])):
        for (events, n), want in zip([(81, 263), (15, 148), (0, 20), (1, 29)], printed, strict=True):
            assert interval(events=events, n=n) == pytest.approx(want, abs=6e-5)
    for counts, want in {(48, 80, 56, 70): (0.0524, 0.3339), (3, 10, 9, 10): (0.1705, 0.8090), (2, 7, 6, 7): (0.0582, 0.8062), (0, 29, 5, 56): (-0.0381, 0.1926),
                         (0, 20, 0, 10): (-0.1611, 0.2775), (0, 10, 0, 10): (-0.2775, 0.2775), (0, 20, 10, 10): (0.6791, 1.0), (0, 10, 10, 10): (0.6075, 1.0)}.items():
        got = newcombe(**dict(zip(("events_before", "n_before", "events_after", "n_after"), counts, strict=True)))
        assert (got.conf_low, got.conf_high) == pytest.approx(want, abs=6e-5)
    assert [round(mcnemar(gained=7, lost=1, n=21, mid_p=m).p_value, 4) for m in (False, True)] == [0.0703, 0.0391]
    assert round(paired_t(before=SLEEP[0], after=SLEEP[1]).statistic, 4) == 4.0621


def _case(case: str) -> tuple[str, tuple[float, float], Callable]:
    """Tolerance of estimate and standard error, and of df, p and interval."""
    program, tolerance, call = CASES[case]
    return program, tolerance if isinstance(tolerance, tuple) else (tolerance, max(tolerance, 1e-7)), call


def table() -> str:
    """One line per case: the other program's numbers, and how closely ours must agree."""
    lines = ["| case | reference | estimate | standard error | 95 % interval | df | p | agrees within |", "|---|---|---|---|---|---|---|---|"]
    for case in CASES:
        program, (close, loose), _ = _case(case)
        want = numbers(case)
        one = {name: "" if pd.isna(want[name]) else f"{want[name]:.5g}" for name in ("estimate", "se", "df", "p", "low", "high")}
        ends = f"{one['low']} to {one['high']}" if one["low"] and one["high"] else ""
        within = f"{close:.0e}" if loose <= 10 * close else f"{close:.0e}; df, p, interval {loose:.0e}"
        lines.append(f"| `{case}` | {program} | {one['estimate']} | {one['se']} | {ends} | {one['df']} | {one['p']} | {within} |")
    return "\n".join(lines)


@pytest.mark.checkout
def test_the_table_in_methods_is_this_one():
    found = re.search(r"<!-- agreement -->\n(.*?)\n<!-- end -->", METHODS.read_text(encoding="utf8"), re.DOTALL)
    assert found is not None and found.group(1) == table(), "run python tests/stats/test_agreement.py and paste"


if __name__ == "__main__":
    print(table())
