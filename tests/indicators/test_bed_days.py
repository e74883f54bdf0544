"""Bed-days: night by night, and months and departments that add up."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from .plain import plain_bed_days
from .registers import AS_OF, frame, registers

from evaltool.indicators.bed_days import bed_days, monthly_totals, nights_in


@settings(max_examples=25, deadline=None, derandomize=True)
@given(stays=registers(), same_day=st.sampled_from([0, 1]))
def test_equals_counting_night_by_night(stays, same_day):
    got = bed_days(stays=frame(stays), as_of=AS_OF, count_same_day=same_day)
    by_month = got.groupby(["department", got["month"].dt.year, got["month"].dt.month])["nights"].sum()
    assert by_month.to_dict() == plain_bed_days(stays, as_of=AS_OF, count_same_day=same_day)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(stays=registers(), same_day=st.sampled_from([0, 1]))
def test_months_and_departments_add_up_to_the_total(stays, same_day):
    table = frame(stays)
    first, after = nights_in(stays=table, as_of=AS_OF, count_same_day=same_day)
    assert bed_days(stays=table, as_of=AS_OF, count_same_day=same_day)["nights"].sum() == (after - first).sum()


@settings(max_examples=25, deadline=None, derandomize=True)
@given(stays=registers())
def test_the_counting_kernel_gives_the_same_months(stays):
    table = frame(stays)
    first, after = nights_in(stays=table, as_of=AS_OF)
    code = table["department"].map({"x": 0, "y": 1, "z": 2}).to_numpy(dtype="int64")
    low = int(np.datetime64("2024-01-01", "D").astype("int64"))
    totals = monthly_totals(department=code, first=first, after=after, n_departments=3, low=low, n_days=91)
    by_month = bed_days(stays=table, as_of=AS_OF).groupby(["department", "month"])["nights"].sum()
    for (department, month), nights in by_month.items():
        assert totals["xyz".index(department), month.month - 1] == nights
    assert totals.sum() == (after - first).sum()


def test_one_person_in_one_month_is_one_row():
    stays = [
        {"stay_id": str(i), "person": "a", "department": "x", "admitted": np.datetime64(f"2024-01-0{d}"),
         "discharged": np.datetime64(f"2024-01-0{d + 1}"), "admission_type": "planned", "legal_basis": None,
         "discharged_to": None, "died": False}
        for i, d in enumerate((1, 3, 5))
    ]
    assert bed_days(stays=frame(stays), as_of=AS_OF)["nights"].tolist() == [3.0]
