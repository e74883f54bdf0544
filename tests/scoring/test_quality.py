"""Reliability, items, gaps, departments and response shift per group, on answers with a known structure."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from evaltool.instruments import instrument
from evaltool.scoring import score
from evaltool.scoring.points import points_matrix
from evaltool.scoring.quality import answer_shares, department_icc, item_quality, response_shift, scale_quality
from evaltool.stats.reliability import cronbach_alpha, omega_total

from .forms import structured

RKI, QPR = instrument("rki"), instrument("qpr15")


def test_reliability_is_of_the_reversed_points():
    answers = structured("rki")
    matrix = points_matrix(answers=answers, instrument=RKI, scale="total")
    assert np.array_equal(matrix[:, 1], 6 - answers["rki_02"]) and np.array_equal(matrix[:, 0], answers["rki_01"])
    row = scale_quality(answers=answers, instrument=RKI).iloc[0]
    assert row["alpha"] == pytest.approx(cronbach_alpha(items=matrix).alpha) and row["alpha"] > 0.8
    assert row["omega_total"] == pytest.approx(omega_total(items=matrix))
    assert (row["scale"], row["group"], row["n"], row["items"], row["status"]) == ("total", "*", 400, 20, "ok")


def test_groups_and_too_few():
    answers = structured("qpr15", n=250)
    wave = pd.Series(["a"] * 120 + ["b"] * 110 + ["c"] * 19 + [None])
    got = scale_quality(answers=answers, instrument=QPR, by=wave).set_index("group")
    assert got["status"].to_dict() == {"*": "ok", "a": "ok", "b": "ok", "c": "too_few"}
    assert got.loc["c", ["alpha", "omega_total"]].isna().all() and not np.isnan(got.loc["c", "mean"])
    items = item_quality(answers=answers, instrument=QPR, by=wave)
    assert len(items) == 4 * 15 and (items.loc[items["group"] == "c", "status"] == "too_few").all()
    assert items.loc[items["group"] == "c", "item_rest"].isna().all()


def test_omega_needs_a_hundred():
    got = scale_quality(answers=structured("qpr15", n=60), instrument=QPR).iloc[0]
    assert got["status"] == "ok" and np.isnan(got["omega_total"])


def test_floor_and_ceiling_are_of_the_score():
    answers = pd.DataFrame({column: [0.0] * 10 + [4.0] * 20 + [2.0] * 10 for column in QPR.columns})
    got = scale_quality(answers=answers, instrument=QPR).iloc[0]
    assert (got["floor"], got["ceiling"]) == (0.25, 0.5)


def test_shares_of_gaps_by_department():
    form = instrument("rsa_r_provider")
    answers = pd.DataFrame({column: [3.0, 3, 97, 98] for column in form.columns})
    answers.loc[0, "rsa_r_provider_01"] = np.nan
    answers.loc[1, "rsa_r_provider_01"] = 99
    department = pd.Series(["north", "north", "south", "south"])
    got = answer_shares(answers=answers, instrument=form, by=department).set_index(["group", "item"])
    row = got.loc[("*", "rsa_r_provider_01")]
    assert row.tolist() == [4, 0, 0.25, 0.25, 0.25, 0.25]
    assert got.loc[("south", "rsa_r_provider_02"), ["answered", "not_applicable", "dont_know"]].tolist() == [0, 0.5, 0.5]


def test_departments_alike_give_a_design_effect():
    answers = structured("qpr15", n=300)
    department = pd.Series(np.repeat(np.arange(10), 30).astype(str))
    answers = answers.add(np.repeat(np.arange(10) % 3 - 1, 30), axis=0).clip(0, 4)
    row = department_icc(answers=answers, instrument=QPR, departments=department).iloc[0]
    assert row["status"] == "ok" and row["icc"] > 0.1
    assert row["design_effect"] == pytest.approx(1 + 29 * row["icc"]) and row["effective_n"] < 300
    two = department_icc(answers=answers, instrument=QPR, departments=department.where(department < "2")).iloc[0]
    assert two["status"] == "few_departments"
    one = department_icc(answers=answers, instrument=QPR, departments=department.where(department < "1")).iloc[0]
    assert one["status"] == "too_few" and np.isnan(one["icc"])


def test_response_shift_finds_the_item_that_changed_its_meaning():
    answers = structured("qpr15", n=600)
    wave = pd.Series(np.tile(["before", "after"], 300))
    answers.loc[wave == "after", "qpr15_07"] = (answers.loc[wave == "after", "qpr15_07"] + 1).clip(upper=4)
    got = response_shift(answers=answers, instrument=QPR, by=wave).set_index("item")
    assert got.at["qpr15_07", "status"] in ("notable", "large")
    assert (got.drop(index="qpr15_07")["status"] == "none").all()


def test_points_of_a_conditional_item_stop_where_it_was_not_asked():
    form = instrument("inspire")
    answers = pd.DataFrame({column: [1.0, 1.0] for column in form.columns})
    answers["inspire_28"] = [1.0, 0.0]
    matrix = points_matrix(answers=answers, instrument=form, scale="support")
    assert matrix[0, 0] == 1 and np.isnan(matrix[1, 0])
    scores = score(answers=answers, instrument=form).query("scale == 'support'")
    assert scores["n_items"].tolist() == [20, 19]
