"""The table of agreement in METHODS.md is made from the same runs that the reference tests compare.

``python tests/stats/test_agreement.py`` prints it.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

if __name__ == "__main__":
    import sys

    sys.path.insert(0, str(Path(__file__).parents[1]))
    from stats.reference import data, numbers
else:
    from .reference import data, numbers

from evaltool.stats.ancova import ancova
from evaltool.stats.ar1 import ar1_difference
from evaltool.stats.autocorrelation import hac_difference
from evaltool.stats.bias_reduced import fixed_effects_cr2
from evaltool.stats.clustered import ols_clustered
from evaltool.stats.effect_size import cliffs_delta, d_av, d_z, hedges_g
from evaltool.stats.gee import gee_ratio
from evaltool.stats.imputation import rubin
from evaltool.stats.mixed_model import mixed_model
from evaltool.stats.ordinal import proportional_odds
from evaltool.stats.paired import paired_t
from evaltool.stats.pooling import pool
from evaltool.stats.proportions import newcombe
from evaltool.stats.rates import rate_model
from evaltool.stats.two_by_two import risk_ratio
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


def _months(kernel):
    frame = data("months")
    return kernel(values=frame["nights"].to_numpy(), after=frame["after"].to_numpy(bool), period=frame["month"].to_numpy())


def _rate(family: str):
    frame = data("counts")
    x = np.column_stack([np.ones(len(frame)), frame["after"], frame["wave"]]).astype(float)
    return rate_model(events=frame["events"].to_numpy(float), exposure=frame["n"].to_numpy(float), x=x, position=1, family=family).ratio


def _gee(working: str, covariance: str):
    frame = data("counts")
    x = np.column_stack([np.ones(len(frame)), frame["after"], frame["wave"]]).astype(float)
    return gee_ratio(
        y=frame["events"].to_numpy(float), x=x, clusters=frame["department"].to_numpy(), exposure=frame["n"].to_numpy(float),
        position=1, family="poisson", working=working, covariance=covariance,
    )


def _gee_share():
    frame = data("stays")
    x = np.column_stack([np.ones(len(frame)), frame["after"]]).astype(float)
    return gee_ratio(y=frame["event"].to_numpy(), x=x, clusters=frame["person"].to_numpy(), position=1, family="binomial", covariance="robust")


def _ordinal():
    frame = data("scores")
    answers = pd.cut(frame["y"], [-np.inf, 28, 33, 38, 43, np.inf], labels=False).to_numpy()
    return proportional_odds(answers=answers, after=frame["after"].to_numpy(bool)).log_odds


def _ancova():
    frame = data("scores")
    early, late = (frame[keep].groupby(["person", "department"])["y"].mean() for keep in (frame["wave"] <= 1, frame["wave"] >= 4))
    both = pd.concat([early, late], axis=1, keys=["before", "after"]).dropna().reset_index()
    started = ~both["department"].isin(["d6", "d7"]).to_numpy()
    return ancova(before=both["before"].to_numpy(), after=both["after"].to_numpy(), started=started)


def _pool(tau: str):
    values = np.array([5.2, 4.4, 2.2, 4.8, 5.5, 4.6, 5.8, 0.6])
    return pool(estimates=values, std_errors=np.array([0.73, 0.80, 0.69, 0.61, 1.44, 0.76, 0.77, 0.84]), tau=tau).mean


CASES = {
    "welch": ("t.test", 1e-8, lambda: welch(**_sides("d0"))),
    "paired": ("t.test", 1e-8, lambda: paired_t(**_pairs())),
    "cluster_share": ("sandwich::vcovCL", 1e-8, lambda: _clustered("event")),
    "cluster_nights": ("sandwich::vcovCL", 1e-8, lambda: _clustered("nights")),
    "newcombe_48_80_56_70": ("prop.test, Newcombe 1998", 1e-8, lambda: newcombe(events_before=48, n_before=80, events_after=56, n_after=70)),
    "mixed_department": ("lme4, lmerTest", 2e-5, lambda: _mixed(False, False)),
    "mixed_department_person": ("lme4, lmerTest", 2e-5, lambda: _mixed(True, False)),
    "mixed_slope_person": ("lme4, lmerTest", 2e-5, lambda: _mixed(True, True)),
    "cr2_fixed_effects": ("clubSandwich", 1e-8, _cr2),
    "hac": ("written out in R", 1e-8, lambda: _months(hac_difference)),
    "ar1": ("nlme::gls", 1e-4, lambda: _months(ar1_difference).change),
    "hedges_g": ("written out in R", 1e-6, lambda: hedges_g(**_sides("d1"))),
    "d_z": ("written out in R", 1e-6, lambda: d_z(**_pairs())),
    "d_av": ("written out in R", 1e-8, lambda: d_av(**_pairs())),
    "cliffs_delta": ("written out in R", 1e-8, lambda: cliffs_delta(**_sides("d1"))),
    "proportional_odds": ("ordinal::clm, MASS::polr", 1e-6, _ordinal),
    "risk_ratio": ("written out in R", 1e-8, lambda: risk_ratio(events_before=45, n_before=100, events_after=30, n_after=90)),
    "rate_poisson": ("glm", 1e-8, lambda: _rate("poisson")),
    "rate_quasi": ("glm", 1e-8, lambda: _rate("quasi_poisson")),
    "rate_nb": ("MASS::glm.nb", 1e-4, lambda: _rate("negative_binomial")),
    "gee_binomial_exchangeable": ("geepack", 2e-3, _gee_share),
    "gee_poisson_independence": ("geepack", 1e-6, lambda: _gee("independence", "robust")),
    "gee_poisson_mancl_derouen": ("written out in R", 1e-6, lambda: _gee("independence", "bias_reduced")),
    "ancova": ("lm", 1e-8, _ancova),
    "pool_REML": ("metafor::rma", 1e-5, lambda: _pool("reml")),
    "pool_DL": ("metafor::rma", 1e-5, lambda: _pool("dersimonian_laird")),
    "rubin": ("mice::pool.scalar", 1e-8, lambda: rubin(
        estimates=np.array([3.1, 2.7, 3.4, 2.9, 3.6]), variances=np.array([0.81, 0.77, 0.85, 0.80, 0.90]), df_complete=40)),
}


@pytest.mark.parametrize("case", CASES)
def test_estimate_and_standard_error_agree(case):
    _, tolerance, call = CASES[case]
    got, want = call(), numbers(case)
    assert got.estimate == pytest.approx(want["estimate"], rel=tolerance)
    if not pd.isna(want["se"]):
        assert got.std_error == pytest.approx(want["se"], rel=tolerance)


def table() -> str:
    """One line per case: R's numbers to five digits, and how closely ours must agree."""
    lines = ["| case | R | estimate | standard error | agrees within |", "|---|---|---|---|---|"]
    for case, (program, tolerance, _) in CASES.items():
        want = numbers(case)
        error = "" if pd.isna(want["se"]) else f"{want['se']:.5g}"
        lines.append(f"| `{case}` | {program} | {want['estimate']:.5g} | {error} | {tolerance:.0e} |")
    return "\n".join(lines)


@pytest.mark.checkout
def test_the_table_in_methods_is_this_one():
    found = re.search(r"<!-- agreement -->\n(.*?)\n<!-- end -->", METHODS.read_text(encoding="utf8"), re.DOTALL)
    assert found is not None and found.group(1) == table(), "run python tests/stats/test_agreement.py and paste"


if __name__ == "__main__":
    print(table())
