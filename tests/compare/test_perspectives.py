"""Leaders, staff and users on the same scale: gaps by hand, parallel forms, and what the gate lets out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import evaltool as ev
from evaltool.compare.perspectives import construct_labels, perspectives

from .small_study import answers, dataset, study


def staff(values: dict[str, list[int]], leaders: dict[str, list[int]]) -> pd.DataFrame:
    rows = [(place, "w1", "2023-02-10", v) for group in (values, leaders) for place, own in group.items() for v in own]
    roles = ["staff"] * sum(map(len, values.values())) + ["leader"] * sum(map(len, leaders.values()))
    return answers("rsa_r_provider", 32, rows, respondent=[f"r{i}" for i in range(len(rows))], role=roles)


def users(values: dict[str, list[int]]) -> pd.DataFrame:
    rows = [(place, "u1", "2023-02-10", v) for place, own in values.items() for v in own]
    return answers("rsa_r_person", 32, rows, person=[f"p{i}" for i in range(len(rows))])


STAFF, LEADERS, USERS = {"a": [4, 4, 3, 5, 4, 4], "b": [3, 4, 3, 3, 4, 5]}, {"a": [5, 5, 4, 5, 5]}, {"a": [2, 3, 2, 3, 2, 4], "b": [2, 2, 3, 2, 1, 3]}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    tables = {"staff_survey": staff(STAFF, LEADERS), "user_survey": users(USERS)}
    return perspectives(dataset=dataset(**tables), study=study(tmp_path_factory.mktemp("views"), user="rsa_r_person"))


def one(frame: pd.DataFrame, measure: str, place: str = "*", subgroup: str | None = None) -> pd.Series:
    rows = frame[(frame["measure"] == measure) & (frame["department"] == place)]
    rows = rows[rows["subgroup"].isna() if subgroup is None else rows["subgroup"] == subgroup]
    assert len(rows) == 1
    return rows.iloc[0]


def test_gap_in_a_department_is_welch_s_interval(made):
    got = one(made.series, "rsa_r.total.staff-user", "a")
    want = stats.ttest_ind(STAFF["a"], USERS["a"], equal_var=False)
    low, high = want.confidence_interval()
    assert got["value"] == pytest.approx(np.mean(STAFF["a"]) - np.mean(USERS["a"]))
    assert (got["conf_low"], got["conf_high"]) == (pytest.approx(low), pytest.approx(high))
    assert (got["n"], got["persons"], got["phase"], got["unit"]) == (12, 6, "before", "points")


def test_levels_of_all_three_and_their_gap_over_all_departments(made):
    levels = {view: one(made.series, "rsa_r.total", subgroup=view)["value"] for view in ("leader", "staff", "user")}
    assert levels["leader"] == pytest.approx(4.8) and levels["user"] == pytest.approx(np.mean(USERS["a"] + USERS["b"]))
    gap = one(made.series, "rsa_r.total", subgroup="leader-user")
    assert gap["value"] == pytest.approx(levels["leader"] - levels["user"]) and gap["conf_low"] < gap["value"] < gap["conf_high"]
    assert {"rsa_r.choice", "rsa_r.choice.staff-user"} <= set(made.spec.measures)


def test_no_level_of_a_department_is_given(made):
    by_place = made.series[made.series["department"] != "*"]
    assert by_place["measure"].str.contains("-").all() and by_place["subgroup"].isna().all()


def test_a_person_who_answered_twice_is_one_person(tmp_path):
    again = users(USERS)
    again = pd.concat([again, again.assign(wave="u2", answered_on=pd.Timestamp("2023-05-01"))], ignore_index=True)
    tables = {"staff_survey": staff(STAFF, LEADERS), "user_survey": again}
    got = one(perspectives(dataset=dataset(**tables), study=study(tmp_path, user="rsa_r_person")).series, "rsa_r.total.staff-user", "a")
    assert (got["n"], got["persons"]) == (18, 6)
    assert got["conf_high"] == pytest.approx(stats.ttest_ind(STAFF["a"], USERS["a"], equal_var=False).confidence_interval().high)


def test_few_leaders_are_hidden_and_cannot_be_had_from_staff(tmp_path):
    tables = {"staff_survey": staff(STAFF, {"a": [5, 5, 4]}), "user_survey": users(USERS)}
    made = perspectives(dataset=dataset(**tables), study=study(tmp_path, user="rsa_r_person"))
    out = ev.release(result=made, policy=ev.policy(min_persons=5)).series
    for view in ("leader", "staff", "leader-user"):
        assert one(out, "rsa_r.total", subgroup=view)["status"] == "suppressed"
    assert one(out, "rsa_r.total", subgroup="user")["status"] == "shown"
    assert one(out, "rsa_r.total.leader-staff", "a")["status"] == "suppressed"
    assert one(out, "rsa_r.total.staff-user", "a")["status"] == "shown"


def test_one_view_alone_makes_no_comparison(tmp_path):
    made = perspectives(dataset=dataset(staff_survey=staff(STAFF, {})), study=study(tmp_path))
    assert made.series.empty and made.spec.measures == ()


def test_every_construct_has_a_label_in_both_languages(tmp_path):
    labels = construct_labels(study=study(tmp_path, user="rsa_r_person"))
    assert labels["rsa_r.choice"] == {"nb": "Valg", "en": "Choice"}
