"""Kaplan-Meier and its median against R's survival package (tests/reference/survival.R)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from evaltool.stats.cox import hazard_ratio
from evaltool.stats.estimate import NotEstimable
from evaltool.stats.survival import cumulative_incidence, kaplan_meier, limits, log_rank, quantile

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


def more():
    return pd.read_csv(REFERENCE / "survival_more_data.csv"), pd.read_csv(REFERENCE / "survival_more.csv").set_index("case")


@pytest.mark.parametrize("day", [5, 20, 60, 150])
def test_cumulative_incidence_with_death_competing_as_in_r(day):
    rows, want = more()
    got = cumulative_incidence(time=rows["time"], cause=rows["cause"])
    at = np.searchsorted(got.time, day, side="right") - 1
    row = want.loc[f"incidence_{day}"]
    assert [got.incidence[at], got.std_error[at]] == pytest.approx([row["estimate"], row["se"]], rel=1e-10)
    assert got.conf_low[at] < got.incidence[at] < got.conf_high[at]


def test_one_minus_kaplan_meier_is_more_than_the_incidence():
    rows, _ = more()
    naive = 1 - kaplan_meier(time=rows["time"], event=rows["cause"] == 1).survival[-1]
    assert naive > cumulative_incidence(time=rows["time"], cause=rows["cause"]).incidence[-1]


def test_log_rank_as_in_r():
    rows, want = more()
    chi2, p = log_rank(time=rows["time"], event=rows["cause"] == 1, group=rows["after"] == 1)
    assert chi2 == pytest.approx(want.loc["logrank", "estimate"], rel=1e-10)
    assert p == pytest.approx(0.0372403588809498, rel=1e-8)


@pytest.mark.parametrize("case", ["cox", "cox_clustered"])
def test_hazard_ratio_as_in_r(case):
    rows, want = more()
    got = hazard_ratio(
        time=rows["time"], event=rows["cause"] == 1, group=rows["after"] == 1,
        person=rows["person"].to_numpy() if case == "cox_clustered" else None,
    )
    expected = want.loc[case, ["estimate", "se", "low", "high"]].tolist()
    assert [got.estimate, got.std_error, got.conf_low, got.conf_high] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("event", "group"), [([1, 1], [1, 1]), ([0, 1], [1, 0]), ([0, 0], [1, 0])])
def test_no_hazard_ratio_without_events_on_both_sides(event, group):
    with pytest.raises(NotEstimable):
        hazard_ratio(time=np.array([1, 2]), event=np.array(event) > 0, group=np.array(group) > 0)


@pytest.mark.parametrize(("event", "group"), [([0, 0], [1, 0]), ([1, 1], [1, 1])])
def test_no_log_rank_without_events_or_groups(event, group):
    with pytest.raises(NotEstimable):
        log_rank(time=np.array([1, 2]), event=np.array(event) > 0, group=np.array(group) > 0)
