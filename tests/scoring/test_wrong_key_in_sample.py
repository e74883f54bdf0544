"""A wrong key in a copy of the sample is noticed by the warnings; the sample itself gives none."""

from __future__ import annotations

import pytest

import evaltool as ev
from evaltool.scoring.survey_quality import survey_warnings


@pytest.fixture(scope="module")
def tables(fjordvik):
    return {name: frame for name, frame in ev.load(study=fjordvik).tables.items() if name in ("user_survey", "staff_survey")}


def signs(tables, study, **changed):
    found = survey_warnings(tables=tables | changed, study=study)
    return {(r.form, r.code, int(r.item)) for r in found.itertuples() if r.item == r.item}


def test_two_items_of_different_scales_swapped(tables, fjordvik):
    users = tables["user_survey"].rename(columns={"rsa_r_person_04": "rsa_r_person_22", "rsa_r_person_22": "rsa_r_person_04"})
    new = signs(tables, fjordvik, user_survey=users) - signs(tables, fjordvik)
    assert {("rsa_r_person", "item_fits_other_scale", 4), ("rsa_r_person", "item_fits_other_scale", 22)} <= new


def test_two_items_swapped_in_one_wave(tables, fjordvik):
    users = tables["user_survey"].copy()
    last, pair = users["wave"].eq("2026K2"), ["qpr15_03", "qpr15_10"]
    users.loc[last, pair] = users.loc[last, pair[::-1]].to_numpy()
    new = survey_warnings(tables=tables | {"user_survey": users}, study=fjordvik)
    swapped = new[new["code"] == "items_swapped_in_group"]
    assert {(r.item, r.other_item, r.group) for r in swapped.itertuples()} == {(3, 10, "2026K2")}


def test_a_reversal_that_should_not_be(tables, fjordvik):
    users = tables["user_survey"].assign(qpr15_07=4 - tables["user_survey"]["qpr15_07"])
    new = signs(tables, fjordvik, user_survey=users) - signs(tables, fjordvik)
    assert ("qpr15", "item_against_scale", 7) in new


def test_answers_shifted_by_one(tables, fjordvik):
    items = [c for c in tables["staff_survey"] if c.startswith("rsa_r_provider_")]
    staff = tables["staff_survey"].copy()
    staff[items] = staff[items].where(staff[items] > 5, (staff[items] + 1).clip(upper=5))
    found = survey_warnings(tables=tables | {"staff_survey": staff}, study=fjordvik)
    assert "form_never_lowest" in set(found.loc[found["form"] == "rsa_r_provider", "code"])


def test_the_sample_as_it_is_gives_no_sign(tables, fjordvik):
    assert survey_warnings(tables=tables, study=fjordvik).empty


@pytest.mark.parametrize(("table", "form", "top"), [("user_survey", "rsa_r_person", 6), ("staff_survey", "rsa_r_provider", 6)])
def test_one_item_turned_in_each_form_of_the_sample(tables, fjordvik, table, form, top):
    frame, item = tables[table].copy(), f"{form}_08"
    frame[item] = frame[item].where(frame[item] >= top, top - frame[item])            # 97 and 98 stand
    assert (form, "item_against_scale", 8) in signs({table: frame}, fjordvik)
