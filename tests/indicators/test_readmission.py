"""Readmission: against the plain version with every option, and what must hold whatever the data."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from .plain import plain_episodes, plain_readmission
from .registers import AS_OF, KINDS, frame, many, registers

from evaltool.indicators.definitions import ADMISSION_TYPES, ReadmissionDefinition, presets
from evaltool.indicators.episodes import episodes
from evaltool.indicators.readmission import REASONS, readmission

STARTS = {"x": dt.date(2024, 2, 1), "y": dt.date(2024, 2, 20)}
DEATHS = {"a": dt.date(2024, 3, 1), "b": dt.date(2024, 2, 2)} | {f"p{i}": dt.date(2024, 1, 20) + dt.timedelta(days=i) for i in range(0, 60, 3)}

definitions = st.builds(
    ReadmissionDefinition,
    window_days=st.sampled_from([1, 7, 30, 60]), lower_gap_hours=st.sampled_from([0, 8, 24, 36]),
    lower_gap_days=st.sampled_from([0, 1, 3]), transfer_gap_hours=st.sampled_from([0, 8, 24]),
    attribute_to=st.sampled_from(["first", "last"]),
    event_types=st.sets(st.sampled_from(KINDS), min_size=1).map(tuple),
    index_types=st.sets(st.sampled_from(KINDS), min_size=1).map(tuple),
    look=st.sampled_from(["any", "next"]), where=st.sampled_from(["any", "same_department"]),
    unit=st.sampled_from(["episode", "person_year", "person"]), leave_out=st.sampled_from([(), ("prison",), ("moved_away", "self_discharge")]),
    transferred_out=st.sampled_from([(), ("hospital", "other_department")]), drop_crossing=st.booleans(), drop_deaths=st.booleans(),
)


def flags(stays, definition, *, clock=True):
    chained = episodes(
        stays=frame(stays), transfer_gap_hours=definition.transfer_gap_hours, attribute_to=definition.attribute_to,
        as_of=AS_OF, time_of_day=clock,
    )
    return readmission(episodes=chained, definition=definition, as_of=AS_OF, starts=STARTS, deaths=DEATHS)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(stays=registers(), definition=definitions, clock=st.booleans())
def test_equals_the_plain_version(stays, definition, clock):
    same_as_plain(stays, definition, clock)


@settings(max_examples=8, deadline=None, derandomize=True, phases=[Phase.generate])
@given(seed=st.integers(0, 10**6), definition=definitions, clock=st.booleans())
def test_equals_the_plain_version_on_thousands_of_small_registers(seed, definition, clock):
    same_as_plain(many(seed=seed, persons=250, clock=clock), definition, clock)


def same_as_plain(stays, definition, clock):
    chained = plain_episodes(
        stays, transfer_gap_hours=definition.transfer_gap_hours, attribute_to=definition.attribute_to, as_of=AS_OF,
        time_of_day=clock,
    )
    expected = plain_readmission(chained, definition=definition, as_of=AS_OF, starts=STARTS, deaths=DEATHS)
    got = flags(stays, definition, clock=clock)
    own = frame(stays)["stay_id"].take(got["row"])
    assert len(got) == len(expected)
    found = {
        stay: [None if pd.isna(r.reason) else r.reason, None if pd.isna(r.value) else int(r.value), r.crosses_start,
               r.died_in_window]
        for stay, r in zip(own, got.itertuples(), strict=True)
    }
    assert found == expected


@pytest.mark.parametrize("rules", [
    {}, {"look": "next"}, {"where": "same_department", "lower_gap_days": 3}, {"event_types": KINDS, "index_types": KINDS, "lower_gap_hours": 36},
])
def test_a_wider_window_never_finds_fewer(rules):
    """Not of any person; of the discharges that are followed for the widest window too."""
    stays = many(seed=3, persons=250)
    found = [flags(stays, ReadmissionDefinition(**rules, window_days=days)).set_index("row") for days in (3, 7, 30, 60)]
    both = found[0]["included"] & found[-1]["included"]
    values = [one.loc[both & one["included"], "value"] for one in found]
    for narrow, wide in zip(values, values[1:], strict=False):
        same = narrow.index.intersection(wide.index)
        assert (narrow[same] <= wide[same]).all()
    assert values[0].sum() < values[-1].sum(), "the stays of this test cannot tell the windows"


@settings(max_examples=12, deadline=None, derandomize=True)
@given(stays=registers(), definition=definitions)
def test_in_the_denominator_or_exactly_one_known_reason(stays, definition):
    got = flags(stays, definition)
    assert (got["included"] == got["reason"].isna()).all()
    assert (got["included"] == got["value"].notna()).all()
    assert set(got["reason"].dropna()) <= set(REASONS)


def person(*spans, kinds=None):
    kinds = kinds or ["unplanned"] * len(spans)
    return [
        {"stay_id": str(i), "person": "q", "department": "w", "admitted": pd.Timestamp(a), "admission_type": kind,
         "discharged": pd.Timestamp(b), "legal_basis": None, "discharged_to": "home", "died": False}
        for i, ((a, b), kind) in enumerate(zip(spans, kinds, strict=True))
    ]


@pytest.mark.parametrize(("back", "value"), [("2024-02-09", 1), ("2024-02-10", 0)])
def test_day_thirty_counts_and_day_thirty_one_does_not(back, value):
    stays = person(("2024-01-05 10:00", "2024-01-10 12:00"), (f"{back} 09:00", "2024-02-20 10:00"))
    assert flags(stays, ReadmissionDefinition())["value"].iloc[0] == value


@pytest.mark.parametrize(("pause", "n"), [("19:59", 1), ("20:00", 2)])
def test_eight_hours_exactly_is_not_a_transfer(pause, n):
    stays = person(("2024-01-05 10:00", "2024-01-10 12:00"), (f"2024-01-10 {pause}", "2024-01-20 10:00"))
    assert len(flags(stays, ReadmissionDefinition())) == n


def test_a_user_controlled_stay_is_neither_failure_nor_cover_for_one():
    stays = person(
        ("2024-01-05", "2024-01-10"), ("2024-01-15", "2024-01-17"), ("2024-01-25", "2024-01-30"),
        kinds=["unplanned", "user_controlled", "unplanned"],
    )
    got = flags(stays, ReadmissionDefinition())
    assert got["value"].iloc[0] == 1 and got["gap_days"].iloc[0] == 15
    assert got["reason"].iloc[1] == "kind_not_followed"
    assert flags(stays[:2], ReadmissionDefinition())["value"].iloc[0] == 0


def test_follow_up_must_be_whole_at_as_of():
    late = person(("2024-02-20", "2024-03-01"), ("2024-02-10", "2024-02-15"))
    got = flags(late, ReadmissionDefinition()).set_index("date")["reason"]
    assert got["2024-02-15":].tolist()[0] != got["2024-02-15":].tolist()[0]
    assert got.loc["2024-03-01"] != got.loc["2024-03-01"]  # 30 days after 1 March is 31 March, the last covered day
    later = person(("2024-02-20", "2024-03-02"))
    assert flags(later, ReadmissionDefinition())["reason"].tolist() == ["follow_up_incomplete"]


def test_presets_are_definitions_and_ours_is_the_default():
    known = presets()
    assert known["unplanned_30"] == ReadmissionDefinition()
    for definition in known.values():
        assert set(definition.event_types) | set(definition.index_types) <= set(ADMISSION_TYPES)
