"""Case mix, summaries of length, time around intake and tenancies: small frames counted by hand."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from evaltool.indicators.around_intake import around_intake, tenancies
from evaltool.indicators.case_mix import standardise
from evaltool.indicators.episodes import episodes
from evaltool.indicators.length_summary import destinations, length_summary
from evaltool.indicators.stays import length_of_stay

from .registers import frame

AS_OF = dt.date(2024, 12, 31)


def mix(department, age, values):
    return pd.DataFrame({"department": department, "age": age, "value": values, "person": [f"{department}{age}{i}" for i in range(len(values))]})


def test_a_department_with_older_people_is_expected_more_and_is_not_worse():
    rows = pd.concat([
        mix("x", "young", [1.0] * 2 + [0.0] * 18), mix("x", "old", [1.0] * 2 + [0.0] * 3),
        mix("y", "young", [1.0] * 1 + [0.0] * 9), mix("y", "old", [1.0] * 16 + [0.0] * 24),
    ], ignore_index=True)
    got = standardise(rows=rows, by=["department"], strata=["age"]).set_index("department")
    # young 3/30, old 18/45: x is expected 20 * 0.1 + 5 * 0.4 = 4, y 10 * 0.1 + 40 * 0.4 = 17
    assert got["expected"].to_dict() == pytest.approx({"x": 4.0, "y": 17.0})
    assert got["observed"].to_dict() == {"x": 4, "y": 17}
    assert got.loc["y", "crude"] > 2 * got.loc["x", "crude"] * 0.99
    assert got["standardised"].tolist() == pytest.approx([21 / 75] * 2)
    # R: poisson.test(4, 4)$conf.int
    assert got.loc["x", ["conf_low", "conf_high"]].tolist() == pytest.approx([0.2724665, 2.560397], rel=1e-5)


def test_a_stratum_nobody_knows_is_left_out_and_counted():
    rows = pd.concat([mix("x", "young", [1.0, 0.0]), mix("x", None, [1.0])], ignore_index=True)
    got = standardise(rows=rows, by=["department"], strata=["age"]).iloc[0]
    assert got[["n", "left_out", "observed", "expected"]].tolist() == [3, 1, 1, 1]
    nothing = standardise(rows=rows, by=["department"], strata=["age"], reference=rows["age"].isna()).iloc[0]
    assert nothing["left_out"] == 3 and np.isnan(nothing["ratio"])


def stay(number, person, department, admitted, discharged, to="home"):
    return {"stay_id": str(number), "person": person, "department": department, "admitted": pd.Timestamp(admitted),
            "discharged": None if discharged is None else pd.Timestamp(discharged), "admission_type": "planned",
            "legal_basis": None, "discharged_to": to, "died": False}


def chained(stays):
    return episodes(stays=frame(stays), transfer_gap_hours=8, attribute_to="last", as_of=AS_OF, time_of_day=False)


def test_summary_of_lengths_and_where_people_went():
    stays = [stay(i, f"p{i}", "x", "2024-01-01", f"2024-01-{1 + n:02d}") for i, n in enumerate([0, 1, 3, 7])]
    stays += [stay(8, "p8", "x", "2024-01-01", "2024-08-01", to="housing"), stay(9, "p9", "x", "2024-12-01", None)]
    lengths = length_of_stay(episodes=chained(stays), as_of=AS_OF)
    got = length_summary(lengths=lengths, by=["department"]).iloc[0]
    assert got[["n", "ongoing", "same_day", "class_0-8", "class_over_90", "over_limit", "limit_unknown"]].tolist() == [5, 1, 1, 4, 1, 1, 1]
    assert got["median"] == 3 and got["mean"] == pytest.approx(224 / 5)
    assert got["geometric_mean"] == pytest.approx((1 * 2 * 4 * 8 * 214) ** (1 / 5) - 1)
    went = destinations(lengths=lengths, by=["department"]).set_index(["over_limit", "discharged_to"])
    assert went["n"].to_dict() == {(False, "home"): 4, (True, "housing"): 1} and went["share"].eq(1).all()


def test_nights_and_admissions_on_both_sides_of_intake():
    stays = [
        stay(1, "a", "x", "2023-03-01", "2023-03-11"), stay(2, "a", "x", "2023-12-25", "2024-01-05"),
        stay(3, "a", "x", "2024-05-01", "2024-05-03"), stay(4, "b", "x", "2022-01-01", "2022-02-01"),
    ]
    intake = pd.Series({"a": pd.Timestamp("2024-01-01"), "b": pd.Timestamp("2024-06-01"), "c": pd.Timestamp("2022-06-01")})
    got = around_intake(
        episodes=chained(stays), intake=intake, first_day=dt.date(2022, 1, 1), as_of=AS_OF,
    ).set_index("person")
    assert got.loc["a", ["admissions_before", "admissions_after", "nights_before", "nights_after"]].tolist() == [2, 1, 17, 6]
    assert got["reason"].fillna("").to_dict() == {"a": "", "b": "follow_up_incomplete", "c": "before_coverage"}
    dead = around_intake(
        episodes=chained(stays), intake=intake, first_day=dt.date(2022, 1, 1), as_of=AS_OF, deaths={"a": dt.date(2024, 3, 1)},
    )
    assert dead["reason"].iloc[0] == "died"


def test_tenancies_and_moves():
    stays = [stay(1, "a", "x", "2023-01-01", "2023-07-01"), stay(2, "a", "y", "2023-07-10", None), stay(3, "b", "w", "2023-01-01", None)]
    got = tenancies(episodes=chained(stays), departments=["x", "y"], as_of=AS_OF)
    assert got[["department", "ongoing"]].values.tolist() == [["x", False], ["y", True]]
    assert got["moved_to"].iloc[0] == "y" and got["months"].iloc[0] == pytest.approx(181 / 30.4375)
