"""Spread, ICC and correlation before the start: the planted ones, or an error where the rows do not tell."""

import numpy as np
import pandas as pd
import pytest

from evaltool.compare.phased import phased
from evaltool.compare.spread import own_spread
from evaltool.errors import DesignError

from .frames import BED_DAYS, SCORE, design, observations

STARTS = {f"d{i}": None for i in range(12)} | {"s": "2025-01-01"}


def study(seed=1, level=3.0, person=0.0):
    rng = np.random.default_rng(seed)
    rows = []
    for d in STARTS:
        own = rng.normal(35, level)
        for i in range(30):
            who = rng.normal(0, person) if person else 0.0
            rows += [(d, f"{d}{i}" if person else None, day, own + who + rng.normal(0, 6)) for day in ("2024-03-01", "2024-06-01", "2025-06-01")]
    return rows


def found(rows, measure=SCORE):
    made = phased(observations=observations(rows), design=design(STARTS), kind=measure.kind)
    return own_spread(rows=made, measure=measure)


def test_spread_and_icc_are_the_planted_ones():
    got = found(study())
    assert got["sd"] == pytest.approx(np.hypot(3, 6), rel=0.15)
    assert got["icc"] == pytest.approx(0.2, abs=0.12)
    assert "correlation" not in got


def test_correlation_of_a_persons_answers_is_the_planted_one():
    got = found(study(person=6.0))
    assert got["correlation"] == pytest.approx(0.5, abs=0.1)


def test_months_have_a_dispersion_that_is_never_under_poissons():
    rng = np.random.default_rng(3)
    days = pd.date_range("2023-01-01", periods=20, freq="MS")
    rows = [(d, f"{d}p", day, float(rng.poisson(40))) for d in STARTS for day in days]
    assert 1.0 <= found(rows, BED_DAYS)["dispersion"] < 1.4


def test_no_rows_is_an_error_not_a_number():
    empty = observations([]).astype({"value": "float64"})
    empty["date"] = pd.to_datetime(empty["date"]).dt.as_unit("us")
    with pytest.raises(DesignError):
        own_spread(rows=phased(observations=empty, design=design(STARTS), kind="mean_score"), measure=SCORE)
