"""Process charts that were made before are read from the store, equal in every cell; of another release or other rules they are
made anew."""

from __future__ import annotations

import dataclasses
import shutil

import pandas as pd
import pytest

from evaltool.errors import UsageError
from evaltool.process import study_charts as module
from evaltool.process.charts import process_charts
from evaltool.process.study_charts import study_charts
from evaltool.study import open_study

PARTS = ("points", "summary", "notes")


def test_what_is_read_is_what_was_made_and_nothing_is_made_twice(fjordvik, fjordvik_release, tmp_path, monkeypatch):
    made = []
    monkeypatch.setattr(module, "process_charts", lambda **asked: made.append(1) or process_charts(**asked))
    study = open_study(folder=shutil.copytree(fjordvik.folder, tmp_path / "study", ignore=shutil.ignore_patterns("charts-*")))
    first, again = (study_charts(study=study, release=fjordvik_release) for _ in range(2))
    assert len(made) == 1 and len(first.points) > 500
    for part in PARTS:
        pd.testing.assert_frame_equal(getattr(first, part), getattr(again, part))
    assert (first.rule_set, first.plan) == (again.rule_set, again.plan)

    with (study.folder / "study.toml").open("a", encoding="utf8") as file:
        file.write('\n[process]\nrules = "nelson_1"\n')
    other = study_charts(study=open_study(folder=study.folder), release=fjordvik_release)
    assert len(made) == 2 and other.rule_set == "nelson_1"
    fewer = dataclasses.replace(fjordvik_release, series=fjordvik_release.series[fjordvik_release.series["department"] != "havna"])
    assert "havna" not in set(study_charts(study=study, release=fewer).points["department"]) and len(made) == 3


def test_only_a_release_has_charts(fjordvik):
    with pytest.raises(UsageError):
        study_charts(study=fjordvik, release=fjordvik)
