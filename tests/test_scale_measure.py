"""A form of a site's own from one YAML file: imported, scored, compared, on the pages and in the report, with no Python."""

from __future__ import annotations

import json

import numpy as np
import pytest
from typer.testing import CliRunner

import evaltool as ev
from evaltool.cli import app
from evaltool.errors import StudyError
from evaltool.findings import findings
from evaltool.measures import measure

FORM = """
id: our_choice
version: 1
name: {nb: "Valgskjemaet", en: "The choice form"}
about: {nb: "Om brukerne får velge.", en: "Whether users get to choose."}
respondent: user
perspective: personal
recall: last_month
response: {codes: [1, 2, 3, 4, 5], anchors: {low: {nb: "helt uenig", en: "complete disagreement"}, high: {nb: "helt enig", en: "complete agreement"}}}
items:
  1: {nb: "valg av hjelp", en: "choice of help"}
  2: {nb: "valg av hjelper", en: "choice of helper"}
  3: {nb: "press fra ansatte", en: "pressure from staff", reverse: true}
scales:
  total: {nb: "Valgfrihet", en: "Freedom to choose", items: 1-3, rule: mean, max_missing: 1, range: [1, 5], direction: higher_better, certainty: own, source: own}
  pressure: {nb: "Press", en: "Pressure", items: 3, reverse: [], rule: mean, max_missing: 0, range: [1, 5], direction: lower_better, certainty: own, source: own}
facts: {FACTS}
sources: {own: "Made here"}
citation: "Made here."
licence: {status: own, wording_may_ship: false, text: {nb: "Fritt.", en: "Free."}}
examples:
  - {name: all_minimum, answers: {all: 1}, scores: {total: {score: 2.333333}, pressure: {score: 1}}}
  - {name: all_maximum, answers: {all: 5}, scores: {total: {score: 3.666667}, pressure: {score: 5}}}
  - {name: reversed, answers: {all: 5, 3: 1}, scores: {total: {score: 5}}}
  - {name: missing_at_rule, answers: {all: 3, 1: null}, scores: {total: {score: 3}}}
  - {name: missing_beyond_rule, answers: {all: 3, 1: null, 2: null}, scores: {total: {score: null}}}
"""
STUDY = """
[study]
id = "own"
name = { nb = "Egen kommune", en = "Own municipality" }
language = "nb"
as_of = 2025-12-31

[surveys.choice]
table = "user_survey"
instrument = "our_choice"
link = "repeated_cross_section"
waves = [
  { id = "w1", opens = 2023-01-01, closes = 2023-06-30 },
  { id = "w2", opens = 2025-01-01, closes = 2025-06-30 },
]

[surveys.recovery]
table = "user_survey"
instrument = "brief_inspire_o"
link = "repeated_cross_section"
waves = [
  { id = "w1", opens = 2023-01-01, closes = 2023-06-30 },
  { id = "w2", opens = 2025-01-01, closes = 2025-06-30 },
]

[surveys.knowledge]
table = "staff_survey"
instrument = "rki"
link = "repeated_cross_section"
waves = [
  { id = "w1", opens = 2023-01-01, closes = 2023-06-30 },
  { id = "w2", opens = 2025-01-01, closes = 2025-06-30 },
]

[measures]
use = ["our_choice.total", "our_choice.pressure", "brief_inspire_o_total", "rki_total"]

[[imports]]
file = "raw/knowledge.csv"
table = "staff_survey"

[[imports]]
file = "raw/choice.csv"
table = "user_survey"
"""
FACTS = "\n".join(["", *(f"  {name}: {{certainty: own, source: own}}" for name in
                         ("items", "codes", "reversal", "scoring", "missing_rule", "direction", "licence", "respondent", "recall"))])
PLACES = [f"d{i}" for i in range(6)]


def run(*args):
    return CliRunner().invoke(app, [str(a) for a in args], env={"EVALTOOL_LANG": "nb"})


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Six departments of which four have started; answers one point better after, where they have."""
    home = tmp_path_factory.mktemp("own")
    for name in ("register", "raw", "instruments"):
        (home / name).mkdir()
    (home / "study.toml").write_text(STUDY, encoding="utf8")
    (home / "instruments" / "our_choice.yaml").write_text(FORM.replace(" {FACTS}", FACTS), encoding="utf8")
    (home / "register" / "departments.csv").write_text(
        "department,name,service,unit_type\n" + "".join(f"{d},Avdeling {d},Rus,housing\n" for d in PLACES), encoding="utf8")
    (home / "register" / "rollout.csv").write_text(
        "department,planned_start,start\n" + "".join(f"{d},2024-01-01,{'2024-01-01' if i < 4 else ''}\n" for i, d in enumerate(PLACES)), encoding="utf8")
    plain = {1, 3, 8, 12, 20}
    known = ["department;wave;answered_on;role;" + ";".join(f"rki_{n:02d}" for n in range(1, 21))]
    rng, lines = np.random.default_rng(5), ["department;wave;answered_on;our_choice_01;our_choice_02;our_choice_03;"
                                         + ";".join(f"brief_inspire_o_{n:02d}" for n in range(1, 6))]
    for i, place in enumerate(PLACES):
        for wave, day, gain in (("w1", "2023-03-01", 0), ("w2", "2025-03-01", int(i < 4))):
            for _ in range(14):
                good = rng.integers(1, 5, 2) + gain
                lines.append(f"{place};{wave};{day};{good[0]};{good[1]};{6 - int(rng.integers(1, 5)) - gain};"
                             + ";".join(map(str, rng.integers(0, 4, 5) + gain)))
            for _ in range(12):
                level = int(rng.integers(2, 5)) + gain
                known.append(f"{place};{wave};{day};staff;" + ";".join(str(level if n in plain else 6 - level) for n in range(1, 21)))
    (home / "raw" / "choice.csv").write_text("\n".join(lines) + "\n", encoding="utf8")
    (home / "raw" / "knowledge.csv").write_text("\n".join(known) + "\n", encoding="utf8")
    done = run("import", home)
    assert done.exit_code == 0, done.output
    return home


def test_the_form_is_told_in_plain_words_and_imported(folder):
    told = run("instruments", "our_choice", "--study", folder)
    assert told.exit_code == 0 and "Valgskjemaet" in told.output and "valg av hjelper" in told.output
    rows = ev.load(study=ev.open_study(folder=folder)).tables["user_survey"]
    assert len(rows) == 6 * 2 * 14 and rows["our_choice_03"].between(1, 5).all()


def test_its_scales_are_compared_and_judged_like_any_other(folder):
    said = json.loads(run("compare", folder, "--json").output)
    rows = {(r["measure"], r["department"]): r for r in said["estimates"] if r["estimand"] == "mean_difference" and r["method"] == "welch"}
    answers = ev.load(study=ev.open_study(folder=folder)).tables["user_survey"].query("department == 'd0'")
    points = answers.assign(x=6 - answers["our_choice_03"])[["our_choice_01", "our_choice_02", "x"]].mean(axis=1)
    by_wave = points.groupby(answers["wave"]).mean()
    assert rows["our_choice.total", "d0"]["estimate"] == pytest.approx(by_wave["w2"] - by_wave["w1"])
    assert rows["our_choice.pressure", "d0"]["estimate"] < 0
    lines = [one.text for one in findings(release=ev.study_release(folder=folder), lang="nb")]
    assert any("«Valgfrihet»" in line for line in lines) and any("«Press»" in line for line in lines)


def test_shipped_forms_of_the_register_go_the_same_way(folder):
    """Brief INSPIRE-O (sum x 5) with its limit of 8 between groups, and RKI, of which fifteen items turn."""
    dataset, released = ev.load(study=ev.open_study(folder=folder)), ev.study_release(folder=folder)
    rows = released.estimates[(released.estimates["department"] == "d1") & (released.estimates["method"] == "welch")].set_index("measure")
    users, staff = (dataset.tables[name].query("department == 'd1'") for name in ("user_survey", "staff_survey"))
    own = users[[f"brief_inspire_o_{n:02d}" for n in range(1, 6)]].sum(axis=1).mul(5).groupby(users["wave"]).mean()
    assert rows.loc["brief_inspire_o_total", "estimate"] == pytest.approx(own["w2"] - own["w1"])
    level = staff["rki_01"].groupby(staff["wave"]).mean()                       # everybody answers at one level, as meant
    assert rows.loc["rki_total", "estimate"] == pytest.approx(level["w2"] - level["w1"])
    assert measure("brief_inspire_o_total").important == 8 and measure("rki_total").important is None
    lines = " ".join(one.text for one in findings(release=released, lang="nb"))
    assert "opplever mer bedring enn før" in lines and "kunnskap om recovery" in lines


def test_it_stands_in_the_report_and_among_the_scales(folder):
    done = run("report", folder, "--format", "html")
    assert done.exit_code == 0, done.output
    page = next((folder / "reports").glob("*.html")).read_text(encoding="utf8")
    assert all(word in page for word in ("Valgfrihet", "Press", "Egen bedring", "Kunnskap om recovery"))
    listed = run("scales", folder)
    assert listed.exit_code == 0 and "valg av hjelper" in listed.output and "alfa" in listed.output


def test_its_measure_says_which_way_is_better_and_that_no_limit_is_published():
    one = measure("our_choice.pressure")                      # known once the study is open
    assert (one.side, one.direction, one.important, one.scale) == ("user", -1, None, (1.0, 5.0))
    assert "Lavere er bedre." in one.text("definition", "nb") and "no published limit" in one.text("important_source", "en")


def test_a_scale_that_is_not_there_is_refused_with_those_that_are(folder, tmp_path):
    text = STUDY.replace('use = ["our_choice.total"', 'use = ["our_choice.totl"')
    (tmp_path / "study.toml").write_text(text, encoding="utf8")
    (tmp_path / "instruments").symlink_to(folder / "instruments")
    with pytest.raises(StudyError) as caught:
        ev.open_study(folder=tmp_path)
    assert "our_choice.total" in caught.value.message("nb") and "our_choice.totl" in caught.value.message("en")
