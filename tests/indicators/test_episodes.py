"""Chaining: against the plain version, and what must hold whatever the data."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from .registers import AS_OF, frame, many, registers
from .plain import plain_episodes

from evaltool.indicators.episodes import clock_times, episodes

GAPS = st.sampled_from([0, 1, 7, 8, 12, 23, 24, 30, 48])


def made(stays, *, gap=8, to="last", clock=True):
    return episodes(stays=frame(stays), transfer_gap_hours=gap, attribute_to=to, as_of=AS_OF, time_of_day=clock)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(stays=registers(), gap=GAPS, to=st.sampled_from(["first", "last"]), clock=st.booleans())
def test_equals_the_plain_version(stays, gap, to, clock):
    expected = plain_episodes(stays, transfer_gap_hours=gap, attribute_to=to, as_of=AS_OF, time_of_day=clock)
    got = made(stays, gap=gap, to=to, clock=clock)
    own = frame(stays)["stay_id"].take(got["row"])
    found = {
        stay: (row.department, row.path, row.first_department, row.admission_type, row.n_stays, row.nights, row.ongoing,
               row.died, row.admitted, None if pd.isna(row.discharged) else row.discharged)
        for stay, row in zip(own, got.itertuples(), strict=True)
    }
    assert found == {
        e["stay_id"]: (e["department"], e["path"], e["first_department"], e["admission_type"], e["n_stays"], e["nights"],
                       e["ongoing"], e["died"], e["admitted"], None if e["ongoing"] else e["until"])
        for e in expected
    }


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_rows_does_not_matter(seed):
    """Of hundreds of people, some with several stays that begin at the same moment."""
    stays, gap = many(seed=seed, persons=300, clock=seed % 2 == 0), (0, 8, 24, 48)[seed]
    assert len({(s["person"], s["admitted"]) for s in stays}) < len(stays)
    shuffled = [stays[i] for i in np.random.default_rng(seed).permutation(len(stays))]
    once, again = made(stays, gap=gap), made(shuffled, gap=gap)
    ids = (frame(stays)["stay_id"].take(once["row"]).tolist(), frame(shuffled)["stay_id"].take(again["row"]).tolist())
    columns = [c for c in once if c != "row"]
    pd.testing.assert_frame_equal(once[columns], again[columns])
    assert ids[0] == ids[1]


@settings(max_examples=25, deadline=None, derandomize=True)
@given(stays=registers())
def test_every_stay_is_in_exactly_one_episode(stays):
    begun = [s for s in stays if s["admitted"].date() <= AS_OF]
    assert made(stays)["n_stays"].sum() == len(begun)


def test_a_short_stay_inside_a_long_one_does_not_end_the_episode():
    day = dt.datetime(2024, 1, 1)
    base = {"person": "a", "admission_type": "unplanned", "legal_basis": None, "discharged_to": "home", "died": False}
    stays = [
        base | {"stay_id": "1", "department": "x", "admitted": day, "discharged": day + dt.timedelta(days=20)},
        base | {"stay_id": "2", "department": "y", "admitted": day + dt.timedelta(days=2),
                "discharged": day + dt.timedelta(days=3)},
        base | {"stay_id": "3", "department": "z", "admitted": day + dt.timedelta(days=10),
                "discharged": day + dt.timedelta(days=12)},
    ]
    got = made(stays)
    assert got[["path", "department", "nights", "n_overlaps"]].values.tolist() == [["x>y>z", "x", 20.0, 2]]


def test_a_source_without_kind_and_destination_still_chains():
    stays = frame([{
        "stay_id": "1", "person": "a", "department": "x", "admitted": dt.datetime(2024, 1, 1),
        "discharged": dt.datetime(2024, 1, 5), "admission_type": None, "legal_basis": None, "discharged_to": None,
        "died": False,
    }])[["stay_id", "person", "department", "admitted", "discharged"]]
    got = episodes(stays=stays, transfer_gap_hours=8, attribute_to="last", as_of=AS_OF, time_of_day=False)
    assert got["admission_type"].tolist() == ["unknown"] and not got["died"].any()


def test_clock_times_need_both_ends():
    admitted = pd.Series(pd.to_datetime(["2024-01-01 10:00", "2024-01-02 11:30"]))
    days = pd.Series(pd.to_datetime(["2024-01-03", "2024-01-04"]))
    assert clock_times(stays=pd.DataFrame({"admitted": admitted, "discharged": admitted}))
    assert not clock_times(stays=pd.DataFrame({"admitted": admitted, "discharged": days}))
