import warnings

import numpy as np
import pandas as pd
import pytest

from evaltool.compare.before_after import before_after
from evaltool.errors import DesignError
from evaltool.result import ALL, ESTIMATE_COLUMNS, NOTE_COLUMNS
from evaltool.stats.two_sample import welch

from .frames import BED_DAYS, NIGHTS, SCORE, SHARE, call, codes, design, observations, small

START = "2025-01-01"
ONE = design({"a": START})


def scores(before, after, *, person=lambda side, i: f"p{i}", department="a"):
    return [
        (department, person(side, i), day, value, side)
        for side, day, values in (("w1", "2024-06-01", before), ("w2", "2025-06-01", after))
        for i, value in enumerate(values)
    ]


def row(result, department="a"):
    return result.estimates.set_index("department").loc[department]


def test_cross_section_is_welch_with_canonical_columns():
    result = call(before_after, scores([1, 2, 4], [3, 5, 9, 11], person=lambda s, i: None), ONE, small(SCORE))
    want = welch(before=np.array([1.0, 2, 4]), after=np.array([3.0, 5, 9, 11]))
    got = row(result)
    assert tuple(result.estimates.columns) == ESTIMATE_COLUMNS
    assert tuple(result.notes.columns) == NOTE_COLUMNS
    assert (got["method"], got["contrast"], got["unit"]) == ("welch", "after-before", "points")
    assert got["estimate"] == pytest.approx(want.estimate)
    assert (got["conf_low"], got["conf_high"]) == pytest.approx((want.conf_low, want.conf_high))
    assert row(result, ALL)["estimate"] == pytest.approx(want.estimate)


def test_same_people_is_paired_and_counts_pairs():
    rows = [*scores([10, 12, 20], [13, 14, 25]), ("a", "p9", "2024-06-01", 11.0, "w1")]
    result = call(before_after, rows, ONE, small(SCORE), "same_people")
    got = row(result)
    assert got["method"] == "paired_t"
    assert got["estimate"] == pytest.approx(10 / 3)
    assert (got["n_before"], got["persons_after"]) == (3, 3)
    assert "unpaired_left_out" in codes(result, "a")


@pytest.mark.parametrize(
    ("rows", "code", "count"),
    [
        (scores([1, 2], [3, 4], person=lambda s, i: None if i else "p0"), "link_persons_missing", {"missing": 2, "n": 4}),
        (scores([1, 2], [3, 4], person=lambda s, i: "p0"), "link_persons_twice", {"twice": 2, "n": 4}),
    ],
)
def test_same_people_that_are_not_is_an_error_with_counts(rows, code, count):
    with pytest.raises(DesignError) as caught:
        call(before_after, rows, ONE, SCORE, "same_people")
    assert caught.value.code == code
    assert count.items() <= caught.value.fields.items()
    assert str(next(iter(count.values()))) in caught.value.message("nb")


def test_partly_linked_uses_all_rows():
    rng = np.random.default_rng(3)
    own = rng.normal(0, 5, 12)
    rows = scores(30 + own[:9] + rng.normal(0, 1, 9), 33 + own + rng.normal(0, 1, 12))
    got = row(call(before_after, rows, ONE, small(SCORE), "partly_linked"))
    assert got["method"] == "person_random_intercept"
    assert (got["n_before"], got["n_after"]) == (9, 12)
    assert got["conf_low"] < 3 < got["conf_high"]
    assert got["std_error"] < row(call(before_after, rows, ONE, small(SCORE)))["std_error"]


def test_partly_linked_without_repeats_is_welch_and_says_so():
    rows = scores([1, 2, 4], [3, 5, 9], person=lambda s, i: f"{s}{i}")
    result = call(before_after, rows, ONE, small(SCORE), "partly_linked")
    assert row(result)["method"] == "welch"
    assert "no_repeats" in codes(result, "a")


def test_partly_linked_at_the_boundary_is_cluster_robust_and_says_so():
    rows = scores([1, 9, 1, 9], [9, 1, 9, 1.5])
    result = call(before_after, rows, ONE, small(SCORE), "partly_linked")
    assert row(result)["method"] == "cluster_robust"
    assert "variance_at_boundary" in codes(result, "a")


def stays(outcomes):
    return [("a", p, "2024-03-01" if side == "b" else "2025-03-01", v) for p, side, v in outcomes]


def test_share_of_repeating_persons_is_clustered():
    rows = stays([("p1", "b", 1), ("p1", "b", 1), ("p2", "b", 0), ("p2", "a", 0), ("p3", "a", 1), ("p4", "a", 0)])
    got = row(call(before_after, rows, ONE, small(SHARE)))
    assert (got["method"], got["estimand"]) == ("cluster_robust", "risk_difference")
    assert got["df"] == 3
    assert got["estimate"] == pytest.approx(1 / 3 - 2 / 3)


def test_share_without_repeats_is_newcombe():
    rows = stays([(f"b{i}", "b", i < 4) for i in range(10)] + [(f"a{i}", "a", i < 2) for i in range(10)])
    assert row(call(before_after, rows, ONE, small(SHARE)))["method"] == "newcombe"


def test_no_event_on_one_side_still_has_an_interval_counted_in_persons():
    rows = stays([("p1", "b", 0), ("p1", "b", 0), ("p2", "b", 0), ("p3", "a", 1), ("p3", "a", 0), ("p4", "a", 0)])
    result = call(before_after, rows, ONE, small(SHARE))
    got = row(result)
    assert got["method"] == "newcombe_persons"
    assert got["conf_low"] < got["estimate"] < got["conf_high"]
    assert "few_events" in codes(result, "a")


def test_ongoing_stays_are_left_out_of_mean_nights():
    frame = observations(stays([("p1", "b", 4), ("p2", "b", 6), ("p3", "a", 8), ("p4", "a", 10), ("p5", "a", 400)]))
    frame.loc[4, ["event", "included"]] = False
    result = call(before_after, frame, ONE, small(NIGHTS))
    got = row(result)
    assert got["estimate"] == pytest.approx(4)
    assert got["n_after"] == 2
    assert "ongoing_left_out" in codes(result, "a")


def test_months_are_rows_and_a_month_that_straddles_the_start_is_left_out():
    months = pd.date_range("2024-07-01", "2025-06-01", freq="MS")
    rows = [("a", p, m, 10.0 + m.month) for m in months for p in ("p1", "p2")]
    result = call(before_after, rows, design({"a": "2025-01-15"}), small(BED_DAYS))
    got = row(result)
    assert (got["n_before"], got["n_after"]) == (6, 5)
    assert (got["persons_before"], got["persons_after"]) == (2, 2)
    assert got["method"] == "ar1_reml"
    assert "months_as_rows" in codes(result, "a")
    before = 2 * np.mean([10 + m for m in range(7, 13)])
    after = 2 * np.mean([10 + m for m in range(2, 7)])
    assert got["estimate"] == pytest.approx(after - before)


@pytest.mark.parametrize("measure", [SCORE, SHARE, NIGHTS, BED_DAYS], ids=lambda m: m.kind)
@pytest.mark.parametrize("link", ["repeated_cross_section", "same_people", "partly_linked"])
@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], {"no_values"}),
        (scores([1, 0], []), {"no_after"}),
        (scores([], [1, 0]), {"no_before"}),
        (scores([1], [0]), {"too_few"}),
        (scores([1, 1, 1], [1, 1, 1]), {"zero_variance", "few_events", "too_few"}),
        (scores([np.nan, np.nan], [np.nan]), {"no_values"}),
    ],
    ids=["empty", "only_before", "only_after", "one_a_side", "constant", "all_missing"],
)
def test_thin_data_give_a_row_and_a_reason_without_any_warning(measure, link, rows, expected):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = call(before_after, rows, ONE, small(measure), link)
    assert list(result.estimates["department"]) == ["a", ALL]
    assert codes(result, "a") & expected
    if "few_events" not in codes(result, "a"):
        assert result.estimates["estimate"].isna().all()
        assert result.estimates["conf_low"].isna().all()


def test_departments_without_start_have_no_row_and_do_not_count():
    rows = scores([1, 2, 4], [3, 5, 9]) + scores([50, 60, 70], [80, 90, 99], department="b")
    result = call(before_after, rows, design({"a": START, "b": None}), small(SCORE))
    assert list(result.estimates["department"]) == ["a", ALL]
    assert row(result, ALL)["n_after"] == 3


def test_anonymous_persons_are_a_lower_bound():
    rows = [("a", None, "2024-01-05", 1.0, "w1")] * 3 + [("a", None, "2024-06-05", 2.0, "w2")] * 2
    rows += [("a", None, "2025-06-05", 2.5, "w3")] * 4
    result = call(before_after, rows, ONE, small(SCORE))
    assert (row(result)["persons_before"], row(result)["persons_after"]) == (3, 4)
    assert "anonymous_repeats" in codes(result, "a")


def test_ceiling_and_minimum_are_noted():
    result = call(before_after, scores([60, 60, 50], [60, 59, 55]), ONE, SCORE)
    assert {"ceiling", "below_minimum_n"} <= codes(result, "a")


def test_observations_are_not_changed():
    frame = observations(scores([1, 2, 4], [3, 5, 9]))
    kept = frame.copy(deep=True)
    call(before_after, frame, ONE, SCORE)
    pd.testing.assert_frame_equal(frame, kept)
