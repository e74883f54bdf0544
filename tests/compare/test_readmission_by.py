"""Readmission under a chosen definition: counted again from the stays, through the gate, in words."""

import pandas as pd
import pytest

from evaltool.compare.readmission_by import readmission_by
from evaltool.errors import UsageError
from evaltool.indicators.definitions import presets
from evaltool.indicators.stays import CLASSES
from evaltool.result import ALL
from evaltool.stay_tables import definitions_table, flow_table, lengths_table, rates_table, return_line, return_table
from evaltool.store import load
from evaltool.study_readmission import study_readmission


@pytest.fixture(scope="module")
def released(fjordvik):
    return {name: study_readmission(folder=fjordvik.folder, definition=name) for name in ("study", "all_30")}


def steps(release):
    rows = release.series[release.series["measure"] == "readmission.flow"]
    return rows.set_index("phase")["value"]


@pytest.mark.parametrize("name", ["study", "all_30"])
def test_every_chained_stay_is_in_exactly_one_class_of_the_flow(released, name):
    seen = steps(released[name])
    out = seen.drop(["all_stays", "after_as_of", "merged", "episodes", "index", "readmitted", "not_readmitted", "crosses_start",
                     "died_in_window", "kind_unknown", "back_planned", "back_user_controlled", "back_respite"])
    assert seen["all_stays"] - seen["after_as_of"] - seen["merged"] == seen["episodes"] == out.sum() + seen["index"]
    assert seen["readmitted"] + seen["not_readmitted"] == seen["index"]


def test_the_studys_own_definition_gives_the_numbers_of_the_study(released, fjordvik_release):
    keys = ["department", "phase"]
    both = [r.series[(r.series["measure"] == "readmission_30d_unplanned") & (r.series["kind"] == "phase")].set_index(keys)[
        ["value", "n", "status"]].sort_index() for r in (released["study"], fjordvik_release)]
    pd.testing.assert_frame_equal(*both)


def test_what_is_a_readmission_follows_the_definition(released):
    assert steps(released["all_30"])["readmitted"] > steps(released["study"])["readmitted"]
    assert steps(released["all_30"])["kind_not_followed"] == 0 < steps(released["study"])["kind_not_followed"]


def test_classes_of_length_add_up_to_all(released):
    rows = released["study"].series
    rows = rows[rows["measure"].str.startswith("length_of_stay.class_") & rows["department"].eq(ALL)]
    assert rows.groupby("phase")["value"].sum().round(12).tolist() == [1.0, 1.0]
    assert 2 < rows["measure"].nunique() <= len(CLASSES)


def test_no_department_has_a_hazard_and_small_classes_are_not_told_apart(released):
    out = released["study"]
    assert set(out.estimates.loc[out.estimates["measure"] == "readmission.hazard", "department"]) == {ALL}
    shown = out.series[out.series["status"] == "shown"]
    assert (shown["persons"].dropna().loc[lambda p: p > 0] >= out.policy["min_persons"]).all()


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_every_table_has_rows_in_both_languages(released, lang):
    for make in (definitions_table, flow_table, lengths_table, rates_table, return_table):
        assert len(make(release=released["study"], lang=lang)), make.__name__
    assert len(definitions_table(release=released["study"], lang=lang)) == 4 + len(presets())
    assert "0" in return_line(release=released["study"], lang=lang)


def test_an_unknown_definition_names_the_known_ones(fjordvik):
    with pytest.raises(UsageError) as told:
        readmission_by(dataset=load(study=fjordvik), study=fjordvik, definition="national")
    assert told.value.code == "unknown_definition" and "fhi_like" in told.value.fields["expected"]


def test_a_look_at_a_definition_is_logged_and_follows_the_thresholds_of_the_study(fjordvik, tmp_path):
    import shutil

    from evaltool.store import release_history, released_cells
    from evaltool.study import open_study

    folder = shutil.copytree(fjordvik.folder, tmp_path / "study")
    toml = folder / "study.toml"
    toml.write_text(toml.read_text(encoding="utf8").replace("[privacy]", "[privacy]\nmin_df = 34", 1), encoding="utf8")
    out = study_readmission(folder=folder, definition="all_30")
    log = release_history(study=open_study(folder=folder))
    assert out.policy["min_df"] == 34 and log["purpose"].eq("readmission").any()
    seen = released_cells(study=open_study(folder=folder), role="reader")
    assert seen["definition"].str.endswith("/readmission all_30").any(), "the next definition is held against this one"
