"""Who answered: rates are the forms over the invitations, turnover adds up, the planted shift is seen, few are hidden."""

import tomllib

import pandas as pd
import pytest

import evaltool as ev
from evaltool import resources
from evaltool.respondent_rows import respondent_rows
from evaltool.respondent_words import respondents_table, waves_table
from evaltool.result import ALL
from evaltool.text import catalogue

TRUTH = tomllib.loads((resources.folder("sample_data") / "fjordvik" / "truth.toml").read_text(encoding="utf8"))


@pytest.fixture(scope="module")
def dataset(fjordvik):
    return ev.load(study=fjordvik)


@pytest.fixture(scope="module")
def made(fjordvik, dataset):
    return ev.who_answered(dataset=dataset, study=fjordvik)


def test_rates_are_forms_over_invitations_of_the_same_waves(made, dataset):
    rows = made.series[(made.series["measure"] == "respondents.user_survey") & (made.series["kind"] == "phase")]
    assert (rows["value"] == rows["numerator"] / rows["denominator"]).all() and rows["value"].between(0, 1).all()
    asked = dataset.tables["invitations"]
    total = rows.loc[rows["department"] != ALL, "denominator"].sum()
    assert total == asked.loc[asked["population"] == "users", "invited"].sum()
    parts = made.series[made.series["kind"] == "part"].groupby(["measure", "department", "phase"])["numerator"].sum()
    whole = made.series[(made.series["kind"] == "phase") & (made.series["department"] != ALL)].set_index(
        ["measure", "department", "phase"])["numerator"]
    pd.testing.assert_series_equal(parts.sort_index(), whole.sort_index(), check_names=False)


def test_the_planted_shift_is_seen_where_it_was_planted_and_nowhere_else_among_users(made):
    moved = made.notes[(made.notes["code"] == "mix_moved") & (made.notes["measure"] == "respondents.user_survey")]
    assert set(moved["department"]) - {ALL} == {TRUTH["respondent_shift"]["department"]}


def test_leavers_and_stayers_are_all_who_were_there_and_few_are_not_told(made, fjordvik):
    rows = made.estimates[made.estimates["subgroup"].isin(["leavers", "joiners"])]
    shown = rows[rows["estimate"].notna()]
    side = shown["n_before"].where(shown["subgroup"] == "leavers", shown["n_after"])
    gone = shown["estimate"] * side
    assert (gone.sub(gone.round()).abs() < 1e-9).all()
    least = fjordvik.privacy.min_persons
    assert all(n == 0 or n >= least for part in (gone.round(), (side - gone).round()) for n in part)


def test_a_wave_is_the_sum_of_its_departments_forms(made, dataset):
    rows = made.series[(made.series["measure"] == "respondents.staff_survey") & (made.series["kind"] == "period")]
    whole = rows[rows["department"] == ALL].set_index("period")
    parts = rows[rows["department"] != ALL].groupby("period")[["numerator", "denominator"]].sum()
    pd.testing.assert_frame_equal(whole[["numerator", "denominator"]].sort_index(), parts, check_names=False)
    asked = dataset.tables["invitations"].query("population == 'staff'").groupby("wave")["invited"].sum()
    assert sorted(whole["denominator"]) == sorted(asked)
    assert (whole["persons"] == whole["denominator"]).all(), "one wave: everybody who was asked is somebody"


def test_the_rows_to_take_away_are_the_release_and_hide_what_it_hides(fjordvik):
    shown = ev.study_comparison(folder=fjordvik.folder, method="respondents")
    rows = respondent_rows(release=shown)
    assert set(rows["what"]) == {"response", "mix", "leavers", "joiners"} and set(rows["survey"]) == {"user_survey", "staff_survey"}
    hidden = rows[rows["status"] == "suppressed"]
    assert len(hidden) and hidden[["value", "conf_low", "conf_high", "answered", "invited", "moved", "n_before"]].isna().all(axis=None)
    assert len(rows) == shown.series["kind"].isin(["phase", "period"]).sum() + len(shown.estimates)
    moved = rows[rows["moved"].eq(True)]
    assert (TRUTH["respondent_shift"]["department"], "age_band") in set(zip(moved["department"], moved["covariate"], strict=True))
    waves = rows[rows["what"].eq("response") & rows["when"].fillna("").str.match(r"\d{4}-\d{2}")]
    assert (waves["value"] == waves["answered"] / waves["invited"])[waves["status"] == "shown"].all() and len(waves) > 100
    table = waves_table(release=shown, table="user_survey", lang="nb")
    assert len(table) == 16 and table.columns[1] == catalogue("nb")["page.all_departments"]


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_table_says_what_is_hidden_and_names_what_moved(fjordvik, lang):
    shown = ev.study_comparison(folder=fjordvik.folder, method="respondents")
    words = catalogue(lang)
    table = respondents_table(release=shown, table="user_survey", lang=lang).set_index(words["column.department"])
    assert table.astype("str").stack().str.contains(words["status.suppressed"], regex=False).any()
    names = shown.register.set_index("department")["name"]
    assert table.loc[names[TRUTH["respondent_shift"]["department"]], words["respondents.mix"]].startswith(
        words["respondents.moved"].split("{")[0])
