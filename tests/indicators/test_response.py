"""Response rates: of those who were asked."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from evaltool.indicators.response import response_rates
from evaltool.result import Dataset, Provenance


def dataset(**tables):
    return Dataset(tables=tables, registers={}, provenance=Provenance("s", "0", dt.date(2024, 1, 1), "0"))


def forms(*pairs):
    return pd.DataFrame(pairs, columns=["department", "wave"]).astype("str")


ASKED = pd.DataFrame({
    "department": ["x", "y", "x", "z"], "wave": ["1", "1", "1", "1"], "population": ["staff", "staff", "families", "staff"],
    "invited": [4.0, 6.0, 9.0, 1.0],
})


def test_rate_per_department_and_for_all_that_have_one():
    answers = forms(*[("x", "1")] * 3, *[("z", "1")] * 2, ("w", "1"))
    got = response_rates(dataset=dataset(invitations=ASKED, staff_survey=answers)).set_index("department")
    assert got.loc["x", "rate"] == 0.75 and got.loc["y", "rate"] == 0
    assert got.loc["z", "reason"] == "more_than_invited" and np.isnan(got.loc["z", "rate"])
    assert got.loc["w", "reason"] == "not_invited"
    assert got.loc["*", ["invited", "answered", "rate"]].tolist() == [10, 3, pytest.approx(0.3)]


@pytest.mark.parametrize("tables", [{}, {"staff_survey": forms(("x", "1"))}])
def test_without_invitations_there_is_no_rate(tables):
    got = response_rates(dataset=dataset(**tables))
    assert got["rate"].isna().all()
