"""The sample study against what was planted in it: effects found, nulls not called effects, traps seen."""

import datetime as dt
import shutil
import tomllib

import pytest

import evaltool as ev
from evaltool import resources
from evaltool.import_source import import_source
from evaltool.result import ALL, headline
from evaltool.verdict import CLAIMS

pytestmark = pytest.mark.slow

SAMPLE = resources.folder("sample_data") / "fjordvik"
TRUTH = tomllib.loads((SAMPLE / "truth.toml").read_text(encoding="utf8"))
REAL = [name for name, m in TRUTH["measures"].items() if m["kind"] == "real"]


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    folder = tmp_path_factory.mktemp("truth") / "fjordvik"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("*_with_faults*"))
    study = ev.open_study(folder=folder)
    for entry in study.imports:
        import_source(
            study=study, path=folder / entry.file, table=entry.table, mapping_path=study.maps / f"{entry.map}.toml",
            who="test", when=dt.datetime(2026, 7, 1, 12, 0),
        )
    return ev.answer(dataset=ev.load(study=study), study=study)


def shown(result, measure: str):
    rows = headline(result.estimates)
    return rows[rows["measure"] == measure].set_index("department")


def codes(result, measure: str, department: str) -> set[str]:
    notes = result.notes
    return set(notes.loc[(notes["measure"] == measure) & (notes["department"] == department), "code"])


@pytest.mark.parametrize("measure", REAL)
def test_planted_effect_is_found_with_its_size_inside_the_interval(result, measure):
    row = shown(result, measure).loc[ALL]
    assert row["method"].startswith("mixed")
    assert row["conf_low"] < TRUTH["measures"][measure]["effect"] < row["conf_high"]
    assert not row["conf_low"] <= 0 <= row["conf_high"]
    assert (row["verdict"], row["claim"]) == ("better", "consistent_with_effect")


@pytest.mark.parametrize("measure", REAL)
def test_departments_lie_around_what_was_planted_in_each(result, measure):
    rows = shown(result, measure)
    shifted = {TRUTH["respondent_shift"]["department"]}
    planted = {d: v for d, v in TRUTH["measures"][measure]["per_department"].items() if d not in shifted}
    inside = [rows.loc[d, "conf_low"] <= v <= rows.loc[d, "conf_high"] for d, v in planted.items()]
    assert len(inside) >= 6
    assert sum(inside) >= len(inside) - 1, "of six to eight 95% intervals at most one should miss"


def test_planted_null_is_not_called_a_change(result):
    assert TRUTH["measures"]["length_of_stay"]["kind"] == "null"
    rows = shown(result, "length_of_stay")
    assert rows.loc[ALL, "conf_low"] < 0 < rows.loc[ALL, "conf_high"]
    assert set(rows["verdict"]) == {"not_rated"}
    assert set(rows["claim"]) == {"described"}


def test_trend_moves_the_plain_comparison_but_not_the_model_and_a_note_says_so(result):
    assert TRUTH["measures"]["rsa_r_total"]["kind"] == "trend"
    rows = result.estimates[(result.estimates["measure"] == "rsa_r_total") & (result.estimates["department"] == ALL)]
    modelled = rows["method"].str.startswith("mixed")
    assert rows[~modelled].iloc[0]["conf_low"] > 0
    model = rows[modelled].iloc[0]
    assert model["conf_low"] < 0 < model["conf_high"]
    assert model["verdict"] == "cannot_tell"
    assert "trend_explains" in codes(result, "rsa_r_total", ALL)


def test_where_the_trend_explains_the_whole_no_department_says_more_than_that_it_changed(result):
    rows = shown(result, "rsa_r_total").drop(ALL)
    assert set(rows["claim"]) == {"described"}
    assert all("trend_elsewhere" in codes(result, "rsa_r_total", place) for place in rows.index)
    assert not any("trend_elsewhere" in codes(result, "qpr15_total", place) for place in rows.index)


def test_single_departments_are_at_most_associated(result):
    rows = headline(result.estimates)
    rungs = rows.loc[rows["department"] != ALL, "claim"].map(CLAIMS.index)
    assert rungs.max() <= CLAIMS.index("associated")


def test_merger_at_the_same_time_caps_its_department(result):
    place = TRUTH["co_intervention"]["department"]
    rows = shown(result, "qpr15_total")
    assert "co_intervention" in codes(result, "qpr15_total", place)
    assert (rows.loc[place, "verdict"], rows.loc[place, "claim"]) == ("better", "described")


@pytest.mark.parametrize("measure", ["qpr15_total", "rsa_r_total"])
def test_shift_in_who_answers_caps_its_department(result, measure):
    place = TRUTH["respondent_shift"]["department"]
    row = shown(result, measure).loc[place]
    assert "mix_moved" in codes(result, measure, place)
    assert row["claim"] == "described"


def test_with_the_mix_held_still_nothing_is_left_of_the_change_there(result):
    place = TRUTH["respondent_shift"]["department"]
    assert TRUTH["measures"]["qpr15_total"]["per_department"][place] == 0
    notes = result.notes[(result.notes["measure"] == "qpr15_total") & (result.notes["department"] == place)]
    assert abs(notes.set_index("code").loc["reweighted", "value"]) < 1.5


def test_departments_without_beds_have_a_row_that_says_there_is_nothing(result):
    for place in TRUTH["rollout"]["without_beds"]:
        assert "no_values" in codes(result, "readmission_30d_unplanned", place)
        assert shown(result, "readmission_30d_unplanned").loc[place, "verdict"] == "cannot_tell"


def test_not_started_departments_have_no_row_of_their_own(result):
    assert not set(TRUTH["rollout"]["not_started"]) & set(result.estimates["department"])
