"""From a study's own answers: a local form of one YAML file, a wrong key in a copy of the sample, and small numbers."""

from __future__ import annotations

import datetime as dt
import shutil

import numpy as np
import pandas as pd
import pytest

import evaltool as ev
from evaltool.errors import StudyError, UsageError
from evaltool.import_source import check_source, import_source
from evaltool.receipts import answer_signs
from evaltool.scale_measure import scale_measure
from evaltool.scoring.survey_quality import survey_scales, survey_warnings

LOCAL = """
id: our_form
version: 1
name: {nb: "Vårt skjema", en: "Our form"}
about: {nb: "Lokalt skjema.", en: "A local form."}
respondent: user
perspective: personal
recall: last_month
prints_reversed: true
response: {codes: [1, 2, 3, 4, 5]}
items:
  1: {nb: "å bli lyttet til", en: "being listened to"}
  2: {nb: "valg av hjelp", en: "choice of help"}
  3: {nb: "press fra ansatte", en: "pressure from staff", reverse: true}
scales:
  total: {nb: "Samlet", en: "Total", items: 1-3, rule: mean, max_missing: 1, range: [1, 5], direction: higher_better, certainty: own, source: own}
facts:
  items: {certainty: own, source: own}
  codes: {certainty: own, source: own}
  reversal: {certainty: own, source: own}
  scoring: {certainty: own, source: own}
  missing_rule: {certainty: own, source: own}
  direction: {certainty: own, source: own}
  licence: {certainty: own, source: own}
  respondent: {certainty: own, source: own}
  recall: {certainty: own, source: own}
sources: {own: "Made here"}
citation: "Made here."
licence: {status: own, wording_may_ship: false, text: {nb: "Fritt.", en: "Free."}}
examples:
  - {name: all_minimum, answers: {all: 1, 3: 5}, scores: {total: {score: 1}}}
  - {name: all_maximum, answers: {all: 5, 3: 1}, scores: {total: {score: 5}}}
  - {name: reversed, answers: {all: 3, 3: 1}, scores: {total: {score: 3.666667}}}
  - {name: missing_at_rule, answers: {all: 3, 1: null}, scores: {total: {score: 3}}}
  - {name: missing_beyond_rule, answers: {all: 3, 1: null, 2: null}, scores: {total: {score: null}}}
"""
SURVEY = """
[surveys.own]
table = "user_survey"
instrument = "our_form"
link = "repeated_cross_section"
{said}
waves = [ {{ id = "own", opens = 2022-01-01, closes = 2022-06-30 }} ]
"""
ROWS = "department;wave;answered_on;our_form_01;our_form_02;our_form_03\n" + "havna;own;2022-05-01;4;5;4\n" * 6 + "havna;own;2022-05-02;1;2;\n"


@pytest.fixture
def local(fjordvik, tmp_path):
    """A copy of the sample with a form of its own; ``said``: what study.toml says of its files."""
    def make(said: str):
        folder = shutil.copytree(fjordvik.folder, tmp_path / "study")
        (folder / "instruments").mkdir()
        (folder / "instruments" / "our_form.yaml").write_text(LOCAL, encoding="utf8")
        (folder / "study.toml").write_text((folder / "study.toml").read_text(encoding="utf8") + SURVEY.format(said=said), encoding="utf8")
        (folder / "raw" / "own.csv").write_text(ROWS, encoding="utf8")
        return ev.open_study(folder=folder)
    return make


@pytest.mark.parametrize(("said", "third", "score"), [("already_reversed = true", 2, 13 / 3), ("already_reversed = false", 4, 11 / 3)])
def test_a_local_form_needs_one_yaml_file_and_says_whether_it_holds_points(local, said, third, score):
    study = local(said)
    import_source(study=study, path=study.folder / "raw" / "own.csv", table="user_survey", who="test",
                  when=dt.datetime(2026, 7, 2, tzinfo=dt.UTC))
    dataset = ev.load(study=study)
    own = dataset.tables["user_survey"].dropna(subset="our_form_01")
    assert len(own) == 7 and set(own["our_form_03"].dropna()) == {third}
    measure = scale_measure(instrument=ev.instrument("our_form", folder=study.instruments), scale="total")
    seen = ev.observations(dataset=dataset, study=study, measure=measure)
    assert sorted(seen.loc[seen["included"], "value"]) == pytest.approx([1.5] + [score] * 6)
    scales = survey_scales(tables={"user_survey": own}, study=study, min_persons=5)
    assert scales[["form", "wave", "n", "status"]].to_numpy().tolist() == [
        ["our_form", "*", 6, "too_few"], ["our_form", "own", 6, "too_few"]]


def test_a_form_that_prints_points_needs_to_be_declared(local):
    study = local("")
    with pytest.raises(UsageError) as caught:
        check_source(study=study, path=study.folder / "raw" / "own.csv", table="user_survey")
    assert caught.value.code == "reversal_in_survey" and "already_reversed" in caught.value.message("nb")


def test_an_answer_outside_the_local_form_is_refused(local):
    study = local("already_reversed = false")
    path = study.folder / "raw" / "own.csv"
    path.write_text(ROWS + "havna;own;2022-05-02;9;2;1\n", encoding="utf8")
    checked = check_source(study=study, path=path, table="user_survey")
    assert checked.problems[["rule", "column"]].to_numpy().tolist().count(["C07", "our_form_01"]) == 1


def test_an_unknown_local_form_names_the_nearest(local):
    study = local("")
    (study.folder / "instruments" / "our_form.yaml").rename(study.folder / "our_form.yaml")
    with pytest.raises(StudyError) as caught:
        ev.open_study(folder=study.folder)
    assert caught.value.code == "study_unknown_name"


@pytest.fixture(scope="module")
def sample(fjordvik):
    return ev.load(study=fjordvik).tables


def codes(found: pd.DataFrame) -> set[tuple]:
    numbers = found[["item", "other_item"]].fillna(0)
    return set(zip(found["code"], numbers["item"], numbers["other_item"], strict=True))


def test_the_sample_gives_no_sign(fjordvik, sample):
    assert survey_warnings(tables=sample, study=fjordvik).empty


def test_two_items_swapped_in_one_wave_of_the_sample_are_noticed(fjordvik, sample):
    staff = sample["staff_survey"].copy()
    means = staff[[c for c in staff if c.startswith("rsa_r_provider_")]].mask(lambda f: f > 5).mean()
    pair = [means.idxmin(), means.idxmax()]
    last = staff["wave"] == "2026H1"
    staff.loc[last, pair] = staff.loc[last, pair[::-1]].to_numpy()
    found = survey_warnings(tables={"staff_survey": staff}, study=fjordvik)
    numbers = tuple(sorted(float(name[-2:]) for name in pair))
    assert ("items_swapped_in_group", *numbers) in codes(found)


def test_a_reversal_forgotten_in_the_sample_is_noticed(fjordvik, sample):
    users = sample["user_survey"].assign(qpr15_06=4 - sample["user_survey"]["qpr15_06"])
    found = survey_warnings(tables={"user_survey": users}, study=fjordvik)
    assert ("item_against_scale", 6, 0) in codes(found) and found["form"].eq("qpr15").all()


def test_a_coding_one_too_high_is_noticed_when_a_file_is_checked(fjordvik, tmp_path):
    study = fjordvik
    rng = np.random.default_rng(4)
    n = 150
    level = rng.normal(2, 0.8, n)
    answers = np.clip(np.rint(level[:, None] + rng.normal(0, 0.8, (n, 15))), 1, 4)
    frame = pd.DataFrame(answers.astype(int), columns=ev.instrument("qpr15").columns)
    frame.insert(0, "answered_on", "2026-04-02")
    frame.insert(0, "wave", "2026K2")
    frame.insert(0, "department", "havna")
    path = tmp_path / "shifted.csv"
    frame.to_csv(path, index=False)
    checked = check_source(study=study, path=path, table="user_survey")
    signs = answer_signs(checked=checked, study=study)
    assert "form_never_lowest" in {one["code"] for one in signs}
    assert all(set(one) == {"form", "scale", "item", "other_item", "group", "code"} for one in signs)


def test_a_small_wave_shows_no_count_and_cannot_be_worked_out(fjordvik, sample):
    users = sample["user_survey"]
    few = users[users["wave"].isin(["2022K3", "2022K4"])]
    few = pd.concat([few[few["wave"] == "2022K3"], few[few["wave"] == "2022K4"].dropna().head(3)], ignore_index=True)
    got = survey_scales(tables={"user_survey": few}, study=fjordvik, min_persons=5)
    got = got[got["form"].eq("qpr15")].set_index("wave")
    assert np.isnan(got.loc["2022K4", "n"]) and np.isnan(got.loc["*", "n"]) and got.loc["2022K3", "n"] > 100
    assert got.loc["2022K4", "status"] == "too_few" and np.isnan(got.loc["2022K4", "alpha"])
