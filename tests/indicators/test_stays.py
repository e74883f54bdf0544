"""Length of stay, its classes and the calendar-month limit."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings

from evaltool.indicators.episodes import episodes
from evaltool.indicators.stays import CLASSES, length_class, length_of_stay

from .registers import AS_OF, frame, registers


def lengths(stays, *, months=3, same_day=0, as_of=AS_OF):
    chained = episodes(stays=frame(stays), transfer_gap_hours=8, attribute_to="last", as_of=as_of, time_of_day=True)
    return length_of_stay(episodes=chained, as_of=as_of, count_same_day=same_day, long_stay_months=months)


def stay(admitted, discharged):
    return {"stay_id": "1", "person": "a", "department": "x", "admitted": pd.Timestamp(admitted),
            "discharged": None if discharged is None else pd.Timestamp(discharged), "admission_type": "planned",
            "legal_basis": None, "discharged_to": "home", "died": False}


@pytest.mark.parametrize(
    ("admitted", "discharged", "months", "over"),
    [("2023-01-31", "2023-02-28", 1, False), ("2023-01-31", "2023-03-01", 1, True), ("2023-01-10", "2023-04-10", 3, False),
     ("2023-01-10", "2023-04-11", 3, True), ("2023-12-30 23:00", "2024-03-30 01:00", 3, False)],
)
def test_the_limit_is_counted_in_calendar_months(admitted, discharged, months, over):
    assert lengths([stay(admitted, discharged)], months=months)["over_limit"].tolist() == [over]


def test_an_ongoing_stay_is_over_the_limit_or_not_known_yet():
    old, new = lengths([stay("2023-12-31", None)]), lengths([stay("2024-03-20", None)])
    assert old[["over_limit", "limit_known"]].values.tolist() == [[True, True]]
    assert new[["over_limit", "limit_known"]].values.tolist() == [[False, False]]
    assert new["nights"].tolist() == [12.0], "the night after the last day of the data is known"


def test_a_stay_within_the_day_counts_as_the_study_says():
    visit = [stay("2024-01-05 10:00", "2024-01-05 18:00")]
    assert [lengths(visit, same_day=n)["nights"].iloc[0] for n in (0, 1)] == [0, 1]
    assert lengths([stay("2024-01-05 23:00", "2024-01-06 01:00")], same_day=1)["nights"].tolist() == [1]


def test_class_borders():
    nights = pd.Series([0.0, 8.0, 9.0, 30.0, 31.0, 90.0, 91.0, 4000.0])
    expected = ["0-8", "0-8", "9-30", "9-30", "31-90", "31-90", "over_90", "over_90"]
    assert length_class(nights=nights).tolist() == expected


@settings(max_examples=25, deadline=None, derandomize=True)
@given(stays=registers())
def test_an_ended_stay_is_in_exactly_one_class(stays):
    got = lengths(stays)
    ended = got[~got["ongoing"]]
    inside = sum(((ended["nights"] >= low) & (ended["nights"] <= high)).astype(int) for _, low, high in CLASSES)
    assert (inside == 1).all() and ended["length_class"].notna().all()
    assert got.loc[got["ongoing"], "length_class"].isna().all()


def test_as_of_takes_the_data_back_in_time():
    known_later = [stay("2024-01-05", "2024-03-01")]
    back = lengths(known_later, as_of=dt.date(2024, 1, 31))
    assert back[["ongoing", "nights"]].values.tolist() == [[True, 27.0]]
