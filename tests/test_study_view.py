"""The views of a study: kept, through the gate, worded in both languages, in the terminal and as files."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from evaltool.cli import app
from evaltool.errors import UsageError
from evaltool.export.view_table import view_table
from evaltool.report.gap_sentence import gap_sentence
from evaltool.study_view import study_view

FAST = ("changed", "sessions", "themes", "perspectives")


@pytest.mark.parametrize("view", FAST)
def test_a_view_is_made_once_and_worded(fjordvik, fjordvik_opened, view):
    first, again = (study_view(folder=fjordvik.folder, view=view) for _ in range(2))
    pd.testing.assert_frame_equal(first.series, again.series)
    pd.testing.assert_frame_equal(first.estimates, again.estimates)
    assert "shown" in set(first.series["status"])
    for lang in ("nb", "en"):
        table = view_table(release=first, study=fjordvik, lang=lang)
        assert len(table) and not table.isna().any(axis=None)
        hidden = first.series["status"].eq("suppressed").sum()
        assert table.iloc[:, 4].str.endswith({"nb": "skjult (få personer)", "en": "hidden (few persons)"}[lang]).sum() == hidden


def test_an_unknown_view_names_the_known_ones(fjordvik):
    with pytest.raises(UsageError, match="perspectives"):
        study_view(folder=fjordvik.folder, view="themse")


def test_leaders_who_answered_their_own_form_count_once(fjordvik):
    shown = study_view(folder=fjordvik.folder, view="perspectives").series
    leader = shown[(shown["measure"] == "rsa_r.total") & (shown["subgroup"] == "leader") & (shown["phase"] == "after")].iloc[0]
    assert leader["n"] == 11                                                     # 22 with what they ticked on the staff form
    departments = shown[shown["measure"].eq("rsa_r.total.leader-staff")]
    assert len(departments) and set(departments["status"]) == {"suppressed"}     # one leader in each


def test_the_report_sentence_says_both_gaps(fjordvik):
    views = study_view(folder=fjordvik.folder, view="perspectives")
    assert "0,51" in gap_sentence(views=views, lang="nb") and "0.27" in gap_sentence(views=views, lang="en")
    assert "0,34" in gap_sentence(views=views, lang="nb", place="havna") and gap_sentence(views=views, lang="nb", place="skogly") == ""
    assert gap_sentence(views=None, lang="nb") == ""


def test_the_command_prints_json_and_files(fjordvik, tmp_path):
    run = CliRunner()
    told = run.invoke(app, ["scales", str(fjordvik.folder), "--view", "sessions", "--json"])
    assert told.exit_code == 0 and {row["measure"] for row in json.loads(told.stdout)["sessions"]["series"]} >= {"fit.two_ors", "fit.ors_class"}
    wrote = run.invoke(app, ["scales", str(fjordvik.folder), "--view", "themes", "--csv", str(tmp_path / "out")])
    assert wrote.exit_code == 0 and (tmp_path / "out" / "themes_series.csv").is_file()
    assert run.invoke(app, ["scales", str(fjordvik.folder), "--view", "no"]).exit_code == 2
