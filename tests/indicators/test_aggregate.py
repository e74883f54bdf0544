"""Observations -> series: every kind of measure on frames small enough to count by hand."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pandas as pd
import pytest

from evaltool.design import StudyDesign
from evaltool.indicators.aggregate import aggregate
from evaltool.measures import measure
from evaltool.result import SERIES_COLUMNS

DESIGN = StudyDesign.from_register(
    departments=pd.DataFrame({"department": ["x", "y"], "name": ["X", "Y"], "service": "s", "unit_type": "ward"}),
    rollout=pd.DataFrame({"department": ["x"], "start": pd.to_datetime(["2024-03-01"])}),
    as_of=dt.date(2024, 12, 31), wash_in_months=1,
)


def rows(values, *, department="x", dates, persons=None, event=True, wave=np.nan, included=True, row=None):
    n = len(values)
    spread = lambda item: item if isinstance(item, list) else [item] * n  # noqa: E731
    nights, day = np.array(values, dtype="float64"), pd.to_datetime(pd.Series(dates)).astype("datetime64[us]")
    return pd.DataFrame({
        "row": list(range(n)) if row is None else row, "department": pd.Series(spread(department), dtype="str"),
        "person": pd.Series([np.nan] * n if persons is None else persons, dtype="str"),
        "date": day, "began": day - pd.to_timedelta(nights - ~np.array(spread(event), dtype=bool), unit="D"), "wave": pd.Series(spread(wave), dtype="str"),
        "value": nights, "event": np.array(spread(event), dtype=bool), "included": np.array(spread(included), dtype=bool),
        "reason": pd.Series([np.nan] * n, dtype="str"),
    })


def series(observations, name, **changes):
    chosen = dataclasses.replace(measure(name), **changes)
    return aggregate(observations=observations, measure=chosen, design=DESIGN)


def one(frame, **where):
    found = frame
    for column, value in where.items():
        found = found[found[column] == value]
    assert len(found) == 1, found
    return found.iloc[0]


def test_shares_have_wilson_and_persons_on_both_sides():
    got = series(
        rows([1, 0, 1, 1], dates=["2024-01-05", "2024-01-20", "2024-02-02", "2024-05-05"], persons=["a", "a", "b", "c"]),
        "readmission_30d_unplanned",
    )
    assert tuple(got.columns) == SERIES_COLUMNS
    before = one(got, department="x", kind="phase", phase="before")
    assert before["value"] == pytest.approx(2 / 3)
    # Wilson, 2 of 3, by R: prop.test(2, 3, correct = FALSE)
    assert [before["conf_low"], before["conf_high"]] == pytest.approx([0.2076596, 0.9385081], rel=1e-6)
    assert before[["numerator", "denominator", "persons", "persons_numerator", "persons_complement"]].tolist() == [2, 3, 2, 2, 1]
    assert one(got, department="*", grain="quarter", period=pd.Timestamp("2024-01-01"))["denominator"] == 3
    assert one(got, department="*", kind="phase", phase="after")["value"] == 1


def test_rows_that_are_not_included_count_nowhere():
    values = rows([1, 0], dates=["2024-01-05", "2024-01-06"], persons=["a", "b"], included=[True, False])
    assert one(series(values, "readmission_30d_unplanned"), department="x", kind="phase")["denominator"] == 1


def test_means_have_a_t_interval_and_anonymous_rows_count_as_their_largest_wave():
    values = rows([1, 2, 3, 6], dates=["2024-01-05", "2024-01-06", "2024-02-01", "2024-02-02"], wave=["1", "1", "1", "2"])
    got = one(series(values, "rsa_r_total"), department="x", kind="phase")
    # R: t.test(c(1, 2, 3, 6))$conf.int
    assert [got["value"], got["conf_low"], got["conf_high"]] == pytest.approx([3, -0.4366, 6.4366], abs=1e-3)
    assert got["n"] == 4 and got["persons"] == 3


def test_counts_add_up_by_period_and_are_a_mean_per_month_in_a_phase():
    values = rows(
        [10, 5, 0, 21, 8], dates=["2024-01-01", "2024-01-01", "2024-02-01", "2024-05-01", "2024-01-01"],
        department=["x", "x", "x", "x", "y"], persons=["a", "b", None, "a", "c"], row=[0, 1, -1, 2, 3],
    )
    got = series(values, "bed_days")
    before = one(got, department="x", kind="phase", phase="before")
    assert before[["value", "numerator", "denominator", "n", "persons"]].tolist() == [7.5, 15, 2, 2, 2]
    empty = one(got, department="x", grain="month", period=pd.Timestamp("2024-02-01"))
    assert empty[["value", "persons"]].tolist() == [0, 0]
    assert one(got, department="*", grain="month", period=pd.Timestamp("2024-01-01"))["value"] == 23
    assert not (got["grain"] == "quarter").any(), "no quarter is covered whole"


def test_the_median_counts_stays_that_have_not_ended():
    values = rows(
        [2, 4, 6, 40], dates=["2024-05-10", "2024-05-12", "2024-05-14", "2024-12-31"], persons=list("abcd"),
        event=[True, True, True, False], included=[True, True, True, False],
    )
    got = series(values, "length_of_stay")
    assert one(got, department="x", kind="phase", phase="after")["value"] == 4
    assert one(got, department="x", kind="phase_median", phase="after")["value"] == 5
    assert one(got, department="x", kind="phase_median", phase="after")["n"] == 4


def test_the_median_goes_by_the_phase_in_which_the_stay_began():
    values = rows([60, 3, 4], dates=["2024-04-20", "2024-04-20", "2024-01-20"], persons=["a", "b", "c"])
    got = series(values, "length_of_stay")
    assert set(got.loc[got["kind"] == "phase_median", "phase"]) == {"before", "after"}


def test_the_median_leaves_out_stays_from_before_the_data():
    values = rows([5, 300, 7, 9], dates=["2024-02-20", "2024-02-21", "2024-02-22", "2024-02-23"], persons=list("abcd"))
    got = one(series(values, "length_of_stay"), department="x", kind="phase_median")
    assert got[["value", "n"]].tolist() == [7, 3]


def test_nothing_measured_gives_an_empty_frame_with_all_columns():
    got = series(rows([], dates=[]), "length_of_stay")
    assert tuple(got.columns) == SERIES_COLUMNS and len(got) == 0


def test_a_month_in_which_the_phase_changes_belongs_to_none():
    design = StudyDesign.from_register(
        departments=DESIGN.register[["department", "name"]], as_of=dt.date(2024, 12, 31), wash_in_months=0,
        rollout=pd.DataFrame({"department": ["x"], "start": pd.to_datetime(["2024-03-15"])}),
    )
    values = rows([10, 20, 30], dates=["2024-02-01", "2024-03-01", "2024-04-01"], persons=["a", "b", "c"])
    got = aggregate(observations=values, measure=measure("bed_days"), design=design)
    phases = got[(got["kind"] == "phase") & (got["department"] == "x")].set_index("phase")["value"]
    assert phases.to_dict() == {"before": 10, "after": 30}


def test_a_rate_is_a_mean_of_months_at_every_grain():
    values = rows([0.5, 0.3, 0.6, 0.7], dates=["2024-01-01", "2024-01-01", "2024-02-01", "2024-03-01"], persons=list("abca"))
    got = series(values, "bed_days", kind="rate")
    assert one(got, department="x", grain="quarter")["value"] == pytest.approx((0.8 + 0.6 + 0.7) / 3)
    assert one(got, department="x", kind="phase", phase="before")["value"] == pytest.approx(0.7)


def test_months_alike_but_for_rounding_have_no_interval():
    """One month the amount in seven parts, the next the same of one person: 142.9 to 142.9 would be a certainty that nobody has."""
    whole = 1000 / 7
    observed = rows([whole / 7] * 7 + [whole], dates=["2024-01-01"] * 7 + ["2024-02-01"], persons=list("abcdefgh"))
    found = one(series(observed, "admissions_per_1000_bed_days"), department="x", phase="before", kind="phase")
    assert found["value"] == pytest.approx(whole) and np.isnan(found["conf_low"]) and np.isnan(found["conf_high"])
