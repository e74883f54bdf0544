"""Funnel limits and over-dispersion against base R (tests/reference/spc/funnel.R), and what they must not do."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from evaltool.stats.funnel import KINDS, funnel, funnel_limits

TABLE = pd.read_csv(Path(__file__).parent / "reference" / "spc" / "funnel.csv")


@pytest.mark.parametrize("kind", KINDS)
def test_agrees_with_r(kind):
    part = TABLE[TABLE["kind"] == kind]
    sizes = part["size"].to_numpy(dtype=float)
    got = funnel(kind=kind, events=part["events"].to_numpy(dtype=float), sizes=sizes)
    assert (got.centre, got.phi, got.tau2) == pytest.approx(tuple(part[["centre", "phi", "tau2"]].iloc[0]), rel=1e-9)
    np.testing.assert_allclose(got.z, part["z"], rtol=1e-9)
    low, high = funnel_limits(kind=kind, sizes=sizes, centre=got.centre)
    np.testing.assert_allclose(low, part["low"], rtol=1e-8)
    np.testing.assert_allclose(high, part["high"], rtol=1e-8)
    low, high = funnel_limits(kind=kind, sizes=sizes, centre=got.centre, tau2=got.tau2, probability=0.998)
    np.testing.assert_allclose(low, part["wide_low"], rtol=1e-9)
    np.testing.assert_allclose(high, part["wide_high"], rtol=1e-9)


def test_chance_alone_has_no_variance_between():
    rng = np.random.default_rng(2)
    sizes = np.full(200, 300.0)
    got = funnel(kind="share", events=rng.binomial(300, 0.2, 200).astype(float), sizes=sizes)
    assert got.tau2 < 5e-4
    assert got.phi < 1.2


def test_planted_spread_between_departments_is_found():
    rng = np.random.default_rng(4)
    sizes = np.full(400, 2000.0)
    got = funnel(kind="share", events=rng.binomial(2000, rng.normal(0.3, 0.05, 400)).astype(float), sizes=sizes, trim=0.0)
    assert got.between == pytest.approx(0.05, rel=0.1)


def test_exact_limits_hold_their_probability():
    low, high = funnel_limits(kind="share", sizes=np.array([150.0]), centre=0.2)
    shares = np.random.default_rng(6).binomial(150, 0.2, 200_000) / 150
    assert ((shares >= low) & (shares <= high)).mean() == pytest.approx(0.95, abs=0.015)


def test_one_department_has_no_dispersion_and_zero_and_one_stay_inside():
    got = funnel(kind="share", events=np.array([3.0]), sizes=np.array([10.0]))
    assert np.isnan(got.phi)
    assert got.tau2 == 0
    low, high = funnel_limits(kind="share", sizes=np.array([5.0, 20.0]), centre=0.98)
    assert (low >= 0).all()
    assert (high <= 1).all()
