"""Reliable change on made-up scores, person by person against plain R and lme4 (tests/reference/reliable_change)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from evaltool.stats.change_class import Reference, change_class, cutoff, important_change_class
from evaltool.stats.estimate import NotEstimable
from evaltool.stats.growth_change import growth_change
from evaltool.stats.reliable_change import METHODS, reliable_change, side_by_side

FOLDER = Path(__file__).parents[1] / "reference" / "reliable_change"
SCORES = pd.read_csv(FOLDER / "scores.csv")
INDEX = pd.read_csv(FOLDER / "index.csv").set_index("person")
COUNTS = pd.read_csv(FOLDER / "classes.csv").set_index("method")
PAIRS = SCORES.pivot(index="person", columns="occasion", values="score")
BEFORE, AFTER = PAIRS[1].to_numpy(dtype=float), PAIRS[4].to_numpy(dtype=float)
USED = ~np.isnan(BEFORE) & ~np.isnan(AFTER)
CLASSES = ("recovered", "improved", "unchanged", "deteriorated", "harmed")


def change(method: str, **more):
    """As in the script: lower is better, reliability .80 (after: .50 for NK)."""
    return reliable_change(
        before=BEFORE, after=AFTER, reliability=0.8, reliability_name="made up", method=method,
        reliability_after=0.5 if method == "NK" else None, **more)


@pytest.mark.parametrize("method", METHODS)
def test_index_of_every_person_agrees_with_r(method):
    got = pd.Series(change(method).index, index=PAIRS.index)
    assert got.dropna().index.tolist() == INDEX.index.tolist()
    assert np.allclose(got.dropna(), INDEX[method], atol=1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_classes_agree_with_r(method):
    limit = cutoff(
        kind="c", direction=-1, clinical=Reference(BEFORE[USED].mean(), BEFORE[USED].std(ddof=1), "before"),
        functional=Reference(8, 8, "made up"))
    got = Counter(change_class(change=change(method), direction=-1, before=BEFORE, after=AFTER, limit=limit))
    assert [got[name] for name in CLASSES] == COUNTS.loc[method, list(CLASSES)].tolist()
    assert got[""] == (~USED).sum()
    plain = Counter(change_class(change=change(method), direction=-1))
    assert [plain["improved"], plain["deteriorated"]] == COUNTS.loc[method, ["plain_improved", "plain_deteriorated"]].tolist()


def test_textbook_example_of_jacobson_and_truax():
    # 1991: before 32.5, after 47.5, SD 7.5, reliability .80; means 40 and 60
    got = reliable_change(before=np.array([32.5, 40]), after=np.array([47.5, 40]), reliability=0.8,
                          reliability_name="test_retest", sd=7.5, sd_name="published")
    assert got.index[0] == pytest.approx(3.16, abs=0.005)
    assert got.threshold == pytest.approx(1.96 * 4.74, abs=0.01)
    clinical, functional = Reference(40, 7.5, "clinical"), Reference(60, 7.5, "functional")
    limits = [cutoff(kind=kind, direction=1, clinical=clinical, functional=functional) for kind in "abc"]
    assert limits == [55, 45, 50]


def test_qpr15_threshold_is_the_one_in_the_instrument_notes():
    # 1.96 x sqrt(2) x SD x sqrt(1 - r) with r = .74 and SD 9.3 to 10: 13 to 14 points
    for sd, points in ((9.3, 13.1), (10.0, 14.1)):
        got = reliable_change(before=np.array([10.0, 20]), after=np.array([20.0, 20]), reliability=0.74,
                              reliability_name="test_retest", sd=sd, sd_name="Japan")
        assert got.threshold == pytest.approx(points, abs=0.05)
        assert (got.reliability_name, got.sd_name, got.sd) == ("test_retest", "Japan", sd)


def test_hlm_agrees_with_lme4():
    want = pd.read_csv(FOLDER / "hlm.csv", dtype={"person": str}).set_index("person")
    got = growth_change(person=SCORES["person"].astype(str).to_numpy(), time=SCORES["occasion"].to_numpy(dtype=float),
                        value=SCORES["score"].to_numpy(dtype=float)).set_index("person")
    assert set(got.index) == set(want.index)
    got = got.loc[want.index]
    assert np.allclose(got["slope_deviation"], want["slope_deviation"], atol=1e-4)
    assert np.allclose(got["std_error"], want["std_error"], atol=1e-4)
    reliable = (want["slope_deviation"] / want["std_error"]).abs() > 1.96
    assert got["reliable"].tolist() == reliable.tolist() and 0 < reliable.sum() < len(want)


def test_side_by_side_holds_the_six_names():
    got = side_by_side(before=BEFORE, after=AFTER, reliability=0.8, reliability_name="alpha")
    assert tuple(got) == METHODS
    assert {one.n for one in got.values()} == {int(USED.sum())}


def test_hageman_arrindell_is_left_out_where_differences_have_no_reliability():
    before, after = np.array([10.0, 12, 14, 16]), np.array([11.0, 13, 15, 17.5])
    assert "HA" not in side_by_side(before=before, after=after, reliability=0.5, reliability_name="alpha")


def test_direction_turns_the_classes():
    up = Counter(change_class(change=change("JT"), direction=1))
    down = Counter(change_class(change=change("JT"), direction=-1))
    assert up["improved"] == down["deteriorated"] and up["deteriorated"] == down["improved"]


def test_important_change_counts_the_limit_itself():
    got = important_change_class(before=np.array([10.0, 10, 10, 10]), after=np.array([15.0, 14.9, 5, np.nan]), direction=1, important=5)
    assert got.tolist() == ["improved", "unchanged", "deteriorated", ""]


@pytest.mark.parametrize(("reliability", "reason"), [(1.0, "reliability_out_of_range"), (0.0, "reliability_out_of_range"), (-0.2, "reliability_out_of_range")])
def test_an_impossible_reliability_is_refused(reliability, reason):
    with pytest.raises(NotEstimable) as caught:
        reliable_change(before=BEFORE, after=AFTER, reliability=reliability, reliability_name="x")
    assert caught.value.reason == reason


def test_one_pair_is_too_few():
    with pytest.raises(NotEstimable):
        reliable_change(before=np.array([1.0, np.nan]), after=np.array([2.0, 2]), reliability=0.8, reliability_name="x")

@pytest.mark.parametrize(("side", "expected"), [("", "improved"), ("at_or_above", "recovered"), ("below", "recovered"), ("above", "improved")])
def test_exactly_on_the_limit(side, expected):
    change = reliable_change(before=np.array([10.0, 20.0]), after=np.array([30.0, 20.0]), reliability=0.9, reliability_name="x", sd=5.0)
    before, after = np.array([10.0, 20.0]), np.array([30.0, 20.0])
    got = change_class(change=change, direction=1, before=before, after=after, limit=30.0, side=side)
    assert got.tolist() == [expected, "unchanged"]
    mirrored = {"at_or_above": "at_or_below", "below": "above", "above": "below", "": ""}[side]
    down = reliable_change(before=-before, after=-after, reliability=0.9, reliability_name="x", sd=5.0)
    assert change_class(change=down, direction=-1, before=-before, after=-after, limit=-30.0, side=mirrored).tolist() == got.tolist()
