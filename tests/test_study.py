import dataclasses
import datetime as dt

import pytest

from evaltool import resources, settings
from evaltool.errors import StudyError
from evaltool.measures import register
from evaltool.study import open_study

SMALLEST = """
[study]
id = "x"
name = { nb = "X kommune", en = "X municipality" }
as_of = 2026-06-30
"""

FULL = SMALLEST + """
language = "en"
timezone = "Europe/Oslo"
[privacy]
min_persons = 6
[periods]
wash_in_months = 4
[surveys.user]
table = "user_survey"
instrument = "qpr15"
link = "partly_linked"
waves = [ { id = "w2", opens = 2023-01-01, closes = 2023-02-28 }, { id = "w1", opens = 2022-07-01, closes = 2022-12-31 } ]
[measures]
use = ["length_of_stay", "qpr15_total"]
[measures.override.qpr15_total]
important = 5
[readmission]
window_days = 90
attribute_to = "first"
[stays]
count_same_day = 1
[plan]
primary = ["qpr15_total"]
secondary = [["length_of_stay"]]
correction = "none"
[[imports]]
file = "raw/opphold.csv"
table = "stays"
map = "stays"
"""


@pytest.fixture(autouse=True)
def schemas(tmp_path, monkeypatch):
    """Tables and instruments of this test, so that it does not depend on which ones are shipped."""
    for place, names in {"tables": ("stays", "user_survey"), "instruments": ("qpr15", "rsa_r_provider")}.items():
        folder = tmp_path / "schemas" / place
        folder.mkdir(parents=True)
        for name in names:
            (folder / f"{name}.yaml").write_text("")
    register()
    monkeypatch.setattr(resources, "folder", lambda name: tmp_path / name)


def study(tmp_path, text: str):
    (tmp_path / "study.toml").write_text(text, encoding="utf8")
    return open_study(folder=tmp_path)


def refused(tmp_path, text: str, code: str) -> str:
    with pytest.raises(StudyError) as caught:
        study(tmp_path, text)
    assert caught.value.code == code
    assert caught.value.exit_code == 2
    assert "\n" not in caught.value.message("nb") and "\n" not in caught.value.message("en")
    return caught.value.message("en")


def test_the_smallest_study_has_all_defaults(tmp_path):
    got = study(tmp_path, SMALLEST)
    assert (got.id, got.language, got.timezone, got.as_of) == ("x", "nb", "Europe/Oslo", dt.date(2026, 6, 30))
    assert got.name["en"] == "X municipality"
    assert got.privacy.min_persons == 5
    assert got.periods.wash_in_months == 3
    assert dataclasses.asdict(got.readmission) == {
        "window_days": 30, "lower_gap_hours": 0.0, "lower_gap_days": 0, "transfer_gap_hours": 8.0, "attribute_to": "last",
        "where": "any", "look": "any", "unit": "episode", "planned_types": ("planned", "user_controlled", "respite"),
        "not_followed_types": ("user_controlled", "respite"), "transferred_out": ("hospital", "other_department"),
        "leave_out": ("moved_away",), "leave_out_deaths": False, "leave_out_crossing": False,
    }
    assert (got.stays.count_same_day, got.stays.long_stay_months) == (0, 3)
    assert (got.plan.primary, got.plan.secondary, got.plan.correction) == ((), (), "holm")
    assert (got.surveys, got.imports) == ({}, ())
    assert got.store == tmp_path / "store"


def test_everything_said_arrives(tmp_path):
    got = study(tmp_path, FULL)
    assert got.privacy.min_persons == 6
    assert got.surveys["user"].waves[0].closes == dt.date(2023, 2, 28)
    assert got.readmission.window_days == 90
    assert got.plan.secondary == (("length_of_stay",),)
    assert got.imports[0].file == "raw/opphold.csv"
    assert got.imports[0].sheet is None


def test_measures_come_in_the_order_of_the_register_with_overrides(tmp_path):
    got = study(tmp_path, FULL).measures()
    assert [m.id for m in got] == ["qpr15_total", "length_of_stay"]
    assert (got[0].important, got[0].important_certainty) == (5.0, "study")
    assert register()["qpr15_total"].important == 4


def test_measures_left_out_are_those_the_study_can_have(tmp_path):
    assert {m.id for m in study(tmp_path, SMALLEST).measures()} == {
        "readmission_30d_unplanned", "length_of_stay", "bed_days",
    } & set(register()) | {m for m, entry in register().items() if "indicator" in entry.source} - {"readmission_own_window"}
    own = study(tmp_path, SMALLEST + "[readmission]\nwindow_days = 60\n").measures()
    assert "readmission_own_window" in {m.id for m in own}
    without = FULL.replace('use = ["length_of_stay", "qpr15_total"]', "")
    assert "qpr15_total" in {m.id for m in study(tmp_path, without).measures()}


def test_a_study_cannot_be_changed(tmp_path):
    with pytest.raises(dataclasses.FrozenInstanceError):
        study(tmp_path, SMALLEST).id = "y"


@pytest.mark.parametrize(
    ("text", "key", "nearest"),
    [
        (SMALLEST + "languag = 'nb'", "study.languag", "language"),
        (SMALLEST + "[privacy]\nmin_person = 5", "privacy.min_person", "min_persons"),
        (SMALLEST + "[privasy]\nmin_persons = 5", "privasy", "privacy"),
        (FULL.replace("instrument =", "instrumnt ="), "surveys.user.instrumnt", "instrument"),
        (FULL.replace("opens = 2022", "open = 2022"), "surveys.user.waves[2].open", "opens"),
        (FULL.replace("important = 5", "importent = 5"), "measures.override.qpr15_total.importent", "important"),
        (FULL.replace('map = "stays"', 'mapp = "stays"'), "imports[1].mapp", "map"),
    ],
)
def test_an_unknown_key_is_named_with_its_place_and_the_nearest(tmp_path, text, key, nearest):
    message = refused(tmp_path, text, "study_unknown_key")
    assert f"unknown key {key}. Nearest known: {nearest}." in message


@pytest.mark.parametrize("line", ['id = "x"', "name = ", "as_of = "])
def test_a_missing_required_key_is_named(tmp_path, line):
    text = "\n".join(row for row in SMALLEST.splitlines() if not row.startswith(line))
    assert f"study.{line.split()[0]} is missing" in refused(tmp_path, text, "study_missing_key")


def test_an_empty_study_misses_its_id(tmp_path):
    assert "study.id is missing" in refused(tmp_path, "", "study_missing_key")


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("min_persons = 6", 'min_persons = "6"', "privacy.min_persons"),
        ("min_persons = 6", "min_persons = true", "privacy.min_persons"),
        ("min_persons = 6", "min_persons = 1", "privacy.min_persons"),
        ("window_days = 90", "window_days = 30.5", "readmission.window_days"),
        ("important = 5", "important = nan", "measures.override.qpr15_total.important"),
        ("as_of = 2026-06-30", "as_of = 2026-06-30T10:00:00", "study.as_of"),
        ("as_of = 2026-06-30", 'as_of = "2026-06-30"', "study.as_of"),
        ('id = "x"', 'id = " "', "study.id"),
        (', en = "X municipality"', "", "study.name"),
        ('language = "en"', 'language = "nn"', "study.language"),
        ("Europe/Oslo", "Europe/Olso", "study.timezone"),
        ("partly_linked", "linked", "surveys.user.link"),
        ('correction = "none"', 'correction = "bonferoni"', "plan.correction"),
        ('secondary = [["length_of_stay"]]', 'secondary = ["length_of_stay"]', "plan.secondary"),
        ('use = ["length_of_stay", "qpr15_total"]', 'use = "qpr15_total"', "measures.use"),
        ('attribute_to = "first"', 'attribute_to = "both"', "readmission.attribute_to"),
    ],
)
def test_a_wrong_value_names_the_key_and_what_is_expected(tmp_path, old, new, key):
    assert old in FULL
    assert f"study.toml: {key} is" in refused(tmp_path, FULL.replace(old, new), "study_value")


@pytest.mark.parametrize(
    "text", ["surveys = 3\n", 'surveys = ""\n', "imports = {}\n", "privacy = 5\n", "surveys = { user = 1 }\n"]
)
def test_a_table_of_the_wrong_shape(tmp_path, text):
    refused(tmp_path, text + SMALLEST, "study_value")


@pytest.mark.parametrize(
    ("old", "new", "nearest"),
    [
        ('"qpr15_total"]\n[measures', '"qpr15_totl"]\n[measures', "qpr15_total"),
        ("override.qpr15_total", "override.qpr15", "qpr15_total"),
        ('instrument = "qpr15"', 'instrument = "qpr-15"', "qpr15"),
        ('table = "stays"', 'table = "stay"', "stays"),
        ('secondary = [["length_of_stay"]]', 'secondary = [["length_stay"]]', "length_of_stay"),
    ],
)
def test_a_name_that_does_not_exist(tmp_path, old, new, nearest):
    assert old in FULL
    assert f"Nearest: {nearest}." in refused(tmp_path, FULL.replace(old, new), "study_unknown_name")


def test_a_planned_measure_must_be_in_use(tmp_path):
    text = FULL.replace('secondary = [["length_of_stay"]]', 'secondary = [["bed_days"]]')
    assert "bed_days" in refused(tmp_path, text, "plan_measure_not_used")


def test_a_score_needs_its_survey(tmp_path):
    text = FULL.replace('instrument = "qpr15"', 'instrument = "rsa_r_provider"')
    assert "qpr15" in refused(tmp_path, text, "measure_without_survey")


def test_waves(tmp_path):
    assert "w1 and w2 overlap" in refused(tmp_path, FULL.replace("2022-12-31", "2023-01-01"), "waves_overlap")
    assert "wave w1" in refused(tmp_path, FULL.replace("2022-12-31", "2022-06-30"), "wave_backwards")
    assert "w2 twice" in refused(tmp_path, FULL.replace('id = "w1"', 'id = "w2"'), "wave_twice")


def test_missing_folder_missing_file_bad_toml_and_bad_encoding(tmp_path):
    with pytest.raises(StudyError) as caught:
        open_study(folder=tmp_path / "nowhere")
    assert caught.value.code == "no_study_folder"
    with pytest.raises(StudyError) as caught:
        open_study(folder=tmp_path)
    assert caught.value.code == "no_study_file"
    assert "line 3" in refused(tmp_path, "[study]\nid = 'x'\nname =\n", "study_not_toml")
    (tmp_path / "study.toml").write_bytes('[study]\nid = "ø"'.encode("cp1252"))
    with pytest.raises(StudyError) as caught:
        open_study(folder=tmp_path)
    assert caught.value.code == "study_not_utf8"


def test_a_byte_order_mark_is_no_problem(tmp_path):
    (tmp_path / "study.toml").write_text("\ufeff" + SMALLEST, encoding="utf8")
    assert open_study(folder=tmp_path).id == "x"


def test_keys_lists_every_key_once_with_what_may_stand_there():
    listed = settings.keys()
    names = [name for name, _, _ in listed]
    assert len(names) == len(set(names))
    assert {"study.as_of", "surveys.<name>.waves[].opens", "measures.override.<name>.important", "imports[].file"} <= set(names)
    assert dict((n, d) for n, _, d in listed)["readmission.window_days"] == 30


PROCESS = """
[process]
rules = "anhoej_1"
[process.measures.qpr15_total]
target = 40
[[process.breaks]]
date = 2024-01-01
reason = "nytt bygg"
"""


def test_process_charts_are_declared_and_unknown_names_refused(tmp_path):
    (tmp_path / "study.toml").write_text(FULL + PROCESS, encoding="utf8")
    told = open_study(folder=tmp_path).process
    assert (told.rules, told.centre, told.baseline, told.measures["qpr15_total"].target) == ("anhoej_1", "mean", "rebase", 40.0)
    assert told.breaks[0].reason == {"nb": "nytt bygg", "en": "nytt bygg"}
    assert "process.rule." in refused(tmp_path, FULL + PROCESS.replace("rules", "rule"), "study_unknown_key")
    assert "happiness" in refused(tmp_path, FULL + PROCESS.replace("qpr15_total", "happiness"), "study_unknown_name")
    assert "mdc_1" in refused(tmp_path, FULL + PROCESS.replace("anhoej_1", "anhoej_9"), "study_value")
