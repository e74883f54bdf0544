"""How soon: what came first, by hand; and the curve against the plain share where nothing is censored."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from evaltool.design import StudyDesign
from evaltool.indicators.time_to_readmission import readmission_curves, readmission_hazards, time_to_readmission
from evaltool.stats.cox import hazard_ratio
from evaltool.stats.estimate import NotEstimable

from .plain_statistics import cox

AS_OF = dt.date(2024, 12, 31)
DESIGN = StudyDesign.from_register(
    departments=pd.DataFrame({"department": ["x", "y"], "name": ["X", "Y"]}), as_of=AS_OF, wash_in_months=0,
    rollout=pd.DataFrame({"department": ["x"], "start": pd.to_datetime(["2024-06-01"])}),
)


def flags(*rows):
    out = pd.DataFrame(rows, columns=["person", "department", "date", "gap_days", "reason"])
    out["reason"] = out["reason"].astype("str")
    return out.assign(row=range(len(out)), date=pd.to_datetime(out["date"]).astype("datetime64[us]"), included=out["reason"].isna())


def test_what_came_first():
    got = time_to_readmission(
        flags=flags(
            ("a", "x", "2024-01-10", 12.0, None), ("b", "x", "2024-01-10", 400.0, None), ("c", "x", "2024-12-21", np.nan, "follow_up_incomplete"),
            ("d", "x", "2024-01-10", 30.0, None), ("e", "x", "2024-01-10", np.nan, "died"), ("f", "x", "2024-01-10", 5.0, None),
        ),
        as_of=AS_OF, deaths={"d": dt.date(2024, 1, 20), "f": dt.date(2024, 1, 15)}, horizon_days=100,
    )
    assert got[["person", "days", "cause"]].values.tolist() == [
        ["a", 12, 1], ["b", 100, 0], ["c", 10, 0], ["d", 10, 2], ["f", 5, 1],
    ]


def test_without_censoring_the_curve_ends_at_the_share():
    rows = [(f"p{i}", "x", "2024-01-10", float(i) if i < 30 else np.nan, None) for i in range(100)]
    times = time_to_readmission(flags=flags(*rows), as_of=AS_OF, horizon_days=90)
    got = readmission_curves(times=times, design=DESIGN)
    end = got[got["department"] == "x"].iloc[-1]
    assert end["incidence"] == pytest.approx(0.30) and end["dead"] == 0
    assert end[["n", "persons"]].tolist() == [100, 100]
    assert set(got["department"]) == {"x", "*"}


def test_hazard_after_against_before_has_its_side_and_says_why_not():
    rng = np.random.default_rng(3)
    rows = [(f"p{i}", "x", "2024-01-10", float(rng.integers(1, 100)), None) for i in range(80)]
    rows += [(f"q{i}", "x", "2024-07-10", float(rng.integers(1, 300)), None) for i in range(80)]
    rows += [("r", "y", "2024-01-10", 3.0, None)]
    times = time_to_readmission(flags=flags(*rows), as_of=AS_OF, horizon_days=120)
    got = readmission_hazards(times=times, design=DESIGN).set_index("department")
    assert got.loc["x", "conf_high"] < 1 and got.loc["x", ["n_before", "n_after"]].tolist() == [80, 80]
    assert list(got.index) == ["x", "*"]
    one_sided = readmission_hazards(times=times[times["date"] < "2024-06-01"], design=DESIGN)
    assert set(one_sided["reason"]) == {"too_few"}


@pytest.mark.parametrize("seed", range(12))
def test_hazard_ratio_and_its_error_as_the_slow_version(seed):
    """Ties, people with several discharges, few and many: Newton's steps and a little more weight for each person in turn."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(14, 30))
    time, event = rng.integers(0, [4, 9, 60][seed % 3], n), rng.random(n) < 0.7
    group, person = rng.random(n) < 0.5, rng.integers(0, [5, 12, 40][seed % 3], n)
    got = hazard_ratio(time=time, event=event, group=group, person=np.unique(person, return_inverse=True)[1])
    log, error = cox(list(zip(time.tolist(), event.tolist(), group.tolist(), person.tolist(), strict=True)))
    assert [np.log(got.estimate), got.std_error] == pytest.approx([log, error], rel=1e-6, abs=1e-7)


def test_one_person_or_people_all_alike_have_no_hazard_ratio():
    """Their residuals are nil, and so would the standard error be: once a division by zero, once p = 0."""
    rows = [("a", "x", f"2024-0{month}-10", 12.0 + month, None) for month in (1, 2, 3, 7, 8)]
    times = time_to_readmission(flags=flags(*rows), as_of=AS_OF, horizon_days=120)
    got = readmission_hazards(times=times, design=DESIGN).set_index("department")
    assert got["reason"].tolist() == ["too_few", "too_few"] and got["hazard_ratio"].isna().all()
    own = {"time": np.array([1, 2, 3, 4]), "event": np.array([True, True, True, True]), "group": np.array([False, True, True, False])}
    twice = {name: np.tile(values, 2) for name, values in own.items()}
    with pytest.raises(NotEstimable) as caught:
        hazard_ratio(**twice, person=np.repeat([0, 1], 4))
    assert caught.value.reason == "zero_variance"


@pytest.mark.parametrize("person", [None, np.arange(6)])
def test_a_likelihood_without_a_top_has_no_hazard_ratio(person):
    """All of one group come back before anybody of the other: Newton's steps end where rounding makes the slope nil."""
    with pytest.raises(NotEstimable) as caught:
        hazard_ratio(time=np.array([1, 2, 3, 7, 8, 9]), event=np.ones(6, dtype=bool), group=np.arange(6) > 2, person=person)
    assert caught.value.reason == "not_converged"
