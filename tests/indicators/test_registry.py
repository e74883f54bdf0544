"""The kernels for millions of stays: equal to the frames, whatever collides and however it is split."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from evaltool.indicators.definitions import ADMISSION_TYPES, ReadmissionDefinition
from evaltool.indicators.episodes import closing, episodes, seconds
from evaltool.indicators.partitions import FIELDS, partition_of, partitions
from evaltool.indicators.person_order import person_order
from evaltool.indicators.readmission import readmission
from evaltool.indicators.registry import DIED, LEFT_OUT, OTHER, REASONS, TRANSFERRED_OUT, StayArrays, counts, follow_up
from evaltool.store import PersonShelf

from .registers import AS_OF, frame, many
from .test_readmission import definitions

CLOSE = closing(AS_OF)
NEVER = np.iinfo(np.int64).max


def arrays(table, definition):
    out = np.select(
        [table["died"] | (table["discharged_to"] == "dead"), table["discharged_to"].isin(definition.transferred_out),
         table["discharged_to"].isin(definition.leave_out)], [DIED, TRANSFERRED_OUT, LEFT_OUT], OTHER,
    )
    return StayArrays(
        person=table["person"].str.removeprefix("p").astype("int64").to_numpy() * 1_000_003 - 2**40,
        department=pd.Categorical(table["department"], ["x", "y", "z"]).codes, start=seconds(table["admitted"]),
        end=np.where(table["discharged"].isna(), NEVER, seconds(table["discharged"])),
        kind=pd.Categorical(table["admission_type"], ADMISSION_TYPES).codes, way_out=out.astype("uint8"), marks=np.zeros(len(table), dtype="uint8"),
    )


def plain(definition):
    return dataclasses.replace(definition, unit="episode", where="any", drop_crossing=False, drop_deaths=False)


def sums(found):
    """Order-free content: how many episodes per department, day, reason and outcome."""
    return pd.DataFrame({
        "department": np.asarray(found.department, dtype="int64"), "day": found.day, "reason": found.reason,
        "readmitted": found.readmitted,
    }).value_counts().sort_index()


@settings(max_examples=12, deadline=None, derandomize=True, phases=[Phase.generate])
@given(seed=st.integers(0, 10**6), definition=definitions.map(plain), clock=st.booleans())
def test_equals_the_frames(seed, definition, clock):
    # Stays alike in all else are told apart by stay id in the frames, by position in the arrays.
    table = frame(many(seed=seed, persons=300, clock=clock)).sort_values("stay_id", ignore_index=True)
    found = follow_up(stays=arrays(table, definition), definition=definition, close=CLOSE, time_of_day=clock)
    chained = episodes(
        stays=table, transfer_gap_hours=definition.transfer_gap_hours, attribute_to=definition.attribute_to, as_of=AS_OF,
        time_of_day=clock,
    )
    flags = readmission(episodes=chained, definition=definition, as_of=AS_OF)
    expected = pd.DataFrame({
        "department": pd.Categorical(flags["department"], ["x", "y", "z"]).codes.astype("int64"),
        "day": np.where(chained["ongoing"], CLOSE // 86400, seconds(chained["discharged"]) // 86400),
        "reason": flags["reason"].fillna("index").map(REASONS.index).to_numpy(dtype="uint8"),
        "readmitted": (flags["value"] == 1).to_numpy(),
    }).value_counts().sort_index()
    pd.testing.assert_series_equal(sums(found), expected)


@pytest.mark.parametrize("bits", [0, 1, 4, 9])
def test_forced_collisions_change_nothing(bits):
    stays = arrays(frame(many(seed=bits, persons=400)), ReadmissionDefinition())
    call = {"stays": stays, "definition": ReadmissionDefinition(), "close": CLOSE, "time_of_day": True}
    pd.testing.assert_series_equal(sums(follow_up(**call)), sums(follow_up(**call, prefix_bits=bits)))


@pytest.mark.parametrize("on_disk", [False, True])
@pytest.mark.parametrize(("n", "at_once"), [(1, None), (7, None), (7, 2), (50, 13)])
def test_splitting_never_changes_a_number(n, at_once, on_disk, tmp_path):
    stays = arrays(frame(many(seed=n, persons=200)), ReadmissionDefinition())
    size = len(stays.person)

    def batches():
        for low in range(0, size, 100):
            yield StayArrays(**{name: getattr(stays, name)[low:low + 100] for name in FIELDS})

    call = {"definition": ReadmissionDefinition(), "close": CLOSE, "time_of_day": True}
    done = []
    parts = [
        follow_up(stays=part, **call)
        for part in partitions(batches=batches, n=n, at_once=at_once, shelf=PersonShelf(folder=tmp_path) if on_disk else None, progress=lambda k, of: done.append((k, of)))
    ]
    together = pd.concat([sums(p) for p in parts]).groupby(level=[0, 1, 2, 3]).sum()
    pd.testing.assert_series_equal(together, sums(follow_up(stays=stays, **call)), check_names=False)
    assert done == [(k, n) for k in range(1, n + 1)]
    assert list(tmp_path.iterdir()) == [], "nothing about persons is left on disk"


def test_a_part_holds_whole_persons_and_parts_are_even():
    person = np.random.default_rng(1).integers(0, 20_000, 100_000)
    number = partition_of(person=person, n=16)
    assert pd.Series(number).groupby(person).nunique().max() == 1
    assert np.bincount(number).min() > 0.9 * 100_000 / 16


@pytest.mark.parametrize("far", [0, 2**55])
def test_order_with_times_that_do_not_fit_beside_the_person(far):
    rng = np.random.default_rng(2)
    person, start = rng.integers(0, 60, 500) * 2**50, rng.integers(0, 50, 500) + far * rng.integers(0, 2, 500)
    end, department = start + rng.integers(0, 3, 500), rng.integers(0, 3, 500)
    order = person_order(person=person, start=start, end=end, department=department)
    assert sorted(order) == list(range(500))
    keys = list(zip(start[order], end[order], department[order], strict=True))
    own = person[order]
    assert len(np.flatnonzero(np.diff(own))) + 1 == len(np.unique(own))
    assert all(a <= b for a, b, p, q in zip(keys, keys[1:], own, own[1:], strict=False) if p == q)


def test_counts_by_month_and_phase():
    definition = ReadmissionDefinition()
    table = frame(many(seed=5, persons=300))
    found = follow_up(stays=arrays(table, definition), definition=definition, close=CLOSE, time_of_day=True)
    start = int(np.datetime64("2024-01-20", "D").astype("int64"))
    low = int(np.datetime64("2024-01", "M").astype("int64"))
    got = counts(
        found=found, n_departments=3, low_month=low, n_months=2, started=np.array([start, start, NEVER]),
        washed_in=np.array([start, start + 20, NEVER]),
    )
    rows = pd.DataFrame({"d": found.department, "day": found.day, "back": found.readmitted})[found.reason == 0]
    rows["month"] = rows["day"].to_numpy().astype("datetime64[D]").astype("datetime64[M]").astype("int64") - low
    rows = rows[rows["month"] < 2]
    phase = np.where(rows["d"] == 2, 3, np.where(rows["day"] < start, 0, np.where((rows["d"] == 1) & (rows["day"] < start + 20), 1, 2)))
    assert got[..., 0].sum() == len(rows) and got[..., 1].sum() == rows["back"].sum()
    for (d, month, p), n in rows.groupby(["d", "month", phase]).size().items():
        assert got[int(d), month, p, 0] == n


def test_what_the_arrays_cannot_do_is_refused():
    stays = arrays(frame(many(seed=5, persons=3)), ReadmissionDefinition())
    with pytest.raises(ValueError, match="unit='episode'"):
        follow_up(stays=stays, definition=ReadmissionDefinition(unit="person_year"), close=CLOSE, time_of_day=True)
