"""Kaplan-Meier and its median against R's survival package (tests/reference/survival.R)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from evaltool.stats.survival import kaplan_meier, limits, quantile

REFERENCE = Path(__file__).parents[1] / "reference"
SMALL = {
    "flat": ([1, 2, 3, 4], [1, 1, 1, 1]),
    "censored": ([1, 1, 2, 3, 5, 5, 8], [1, 0, 0, 1, 0, 0, 0]),
    "zero": ([0, 0, 0, 1, 2, 2, 9, 30, 31, 60], [1, 1, 1, 1, 1, 0, 1, 1, 0, 1]),
}


def sample(name):
    if name in SMALL:
        return [np.array(part) for part in SMALL[name]]
    rows = pd.read_csv(REFERENCE / "survival_data.csv").query("data == @name")
    return rows["time"].to_numpy(), rows["event"].to_numpy()


@pytest.mark.parametrize("name", ["aml", "lung", *SMALL])
def test_curve_and_median_as_in_r(name):
    want = pd.read_csv(REFERENCE / "survival.csv").query("data == @name")
    curve = kaplan_meier(time=sample(name)[0], event=sample(name)[1] > 0)
    low, high = limits(curve=curve)
    reference = want[want["what"] == "curve"]
    got = pd.DataFrame({
        "time": curve.time, "at_risk": curve.at_risk, "events": curve.events, "survival": curve.survival, "low": low,
        "high": high,
    })
    expected = reference[list(got)].reset_index(drop=True).astype("float64")
    # The product of many factors may leave 1e-17 where R has an exact zero.
    pd.testing.assert_frame_equal(got, expected, check_exact=False, rtol=1e-10, atol=1e-12)
    inside = (curve.survival > 0)
    assert curve.std_error[inside] == pytest.approx(reference["std_error"].to_numpy()[inside], rel=1e-10)
    median = quantile(curve=curve)
    row = want[want["what"] == "median"].iloc[0]
    assert [median.estimate, median.conf_low, median.conf_high] == pytest.approx(
        [row["time"], row["low"], row["high"]], nan_ok=True,
    )


def test_everybody_still_there_has_no_median():
    curve = kaplan_meier(time=np.array([3, 4]), event=np.array([False, False]))
    assert len(curve.time) == 0 and np.isnan(quantile(curve=curve).estimate)


@pytest.mark.parametrize("time", [[-1.0, 2.0], [0.5, 1.0]])
def test_times_that_cannot_be_counted_are_refused(time):
    with pytest.raises(ValueError, match="whole numbers"):
        kaplan_meier(time=np.array(time), event=np.array([True, True]))
