"""Nights, persons and the most of one person by department and month from arrays: the frames' numbers, however it is split."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from evaltool.design import PHASES
from evaltool.indicators import registry_cells
from evaltool.indicators.bed_days import bed_days, nights_between
from evaltool.indicators.episodes import closing, seconds
from evaltool.indicators.registry_cells import CellSums, person_slices
from evaltool.indicators.registry_months import MonthGrid, grid_levels, nights_by_month

from .registers import AS_OF, frame, many, registers

LOW = int(np.datetime64("2023-11", "M").astype("int64"))
GRID = MonthGrid(n_departments=3, first=LOW, last=LOW + 5)
PHASE = np.array([[0, 0, 0, -1, 2, 2], [4] * 6, [0, 1, 1, 1, -1, 3]])


def summed(stays, parts=1):
    sums, cut = CellSums(levels=tuple(grid_levels(grid=GRID, phase=PHASE).values())), stays["person"].astype("category").cat.codes % parts
    for number in range(parts):
        own = stays[cut == number].sort_values(["person", "admitted"])
        close = closing(AS_OF)
        end = np.where(own["discharged"].isna(), close, seconds(own["discharged"]))
        first, after = nights_between(start=seconds(own["admitted"]), end=end, close=close, count_same_day=1)
        rows = nights_by_month(person=pd.factorize(own["person"])[0], department=pd.Categorical(own["department"], ["x", "y", "z"]).codes.astype("int32"),
                               first=first, after=after, grid=GRID)
        for person, cell, nights in rows:
            sums.add(person=person, cell=cell, amount=nights)
    return sums


def by_frame(stays, keys, where):
    """(amount, persons, most of one) of ``bed_days``, by columns made of department, month and phase."""
    rows = bed_days(stays=stays, as_of=AS_OF, count_same_day=1)
    month = rows["month"].to_numpy().astype("datetime64[M]").astype("int64")
    place = pd.Categorical(rows["department"], ["x", "y", "z"]).codes
    rows = rows.assign(place=place, at=month - LOW, quarter=month // 3 - LOW // 3, year=month // 12 - LOW // 12, all=0, phase=PHASE[place, month - LOW])
    each = rows[where(rows)].groupby([*keys, "person"])["nights"].sum().groupby(keys)
    return pd.DataFrame({"amount": each.sum(), "persons": each.size(), "top": each.max()})


@settings(max_examples=8, deadline=None, derandomize=True, phases=[Phase.generate])
@given(stays=registers().map(frame))
def test_every_level_has_the_numbers_of_the_frame(stays):
    check(stays[stays["person"].notna()].reset_index(drop=True), 2)


@pytest.mark.parametrize("at_once", [1, 7, 500_000])
def test_however_many_rows_are_grouped_at_a_time(monkeypatch, at_once):
    monkeypatch.setattr(registry_cells.person_slices, "__kwdefaults__", {"at_once": at_once})
    check(frame(many(seed=2, persons=60)), 3)


def check(stays, parts):
    sums = summed(stays, parts)
    for at, (name, level) in enumerate(grid_levels(grid=GRID, phase=PHASE).items()):
        own, place = name.removeprefix("all_"), "all" if name.startswith("all_") else "place"
        column = {"month": "at"}.get(own, own)
        expected = by_frame(stays, [place, column], lambda rows, own=own: rows["phase"] >= 0 if own == "phase" else rows["place"] >= 0)
        width = level.n // (1 if place == "all" else 3)
        got = pd.DataFrame({"amount": sums.amount[at], "persons": sums.persons[at], "top": sums.top[at]},
                           index=pd.MultiIndex.from_product([range(level.n // width), range(width)], names=[place, column]))
        pd.testing.assert_frame_equal(got[got["persons"] > 0], expected, check_dtype=False, check_index_type=False)
    assert sums.amount[0].sum() == bed_days(stays=stays, as_of=AS_OF, count_same_day=1)["nights"].sum() and len(PHASES) == 5


def test_slices_hold_whole_persons():
    person = np.repeat([0, 1, 2, 3, 4], [3, 1, 5, 2, 1])
    until = np.cumsum(np.array([1, 1, 1, 9, 1, 1, 1, 1, 1, 2, 2, 1]))
    got = list(person_slices(person=person, until=until, at_once=5))
    assert [(one.start, one.stop) for one in got] == [(0, 3), (3, 4), (4, 9), (9, 12)]
    assert list(person_slices(person=person[:0], until=until[:0])) == []
