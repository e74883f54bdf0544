"""Rounded counts from a study's store to files: the same every time, and never beside exact figures about stays."""

import io
import shutil
import sqlite3
from contextlib import closing

import pandas as pd
import pytest
from typer.testing import CliRunner

from evaltool.cli import app
from evaltool.compare.stay_counts import stay_counts
from evaltool.count_tables import count_table
from evaltool.disclosure.exact_or_rounded import of_stays
from evaltool.errors import PrivacyError, StudyError, UsageError
from evaltool.export.export_counts import counts_workbook
from evaltool.store import load, release_history
from evaltool.study import open_study
from evaltool.study_counts import study_counts
from evaltool.study_stays import study_stays
from evaltool.study_view import study_view

ROUND = {"min_persons = 5": 'min_persons = 5\ncounts = "round"', ', "readmission_30d_unplanned", "length_of_stay", "bed_days", "followed_up_7d"]': "]",
         ', ["readmission_30d_unplanned", "length_of_stay", "followed_up_7d"]]': "]"}


@pytest.fixture
def folder(fjordvik, tmp_path):
    """A copy that nobody has been shown anything of, and that gives stays as rounded counts."""
    shutil.copytree(fjordvik.folder, tmp_path / "fjordvik")
    with closing(sqlite3.connect(tmp_path / "fjordvik" / "store" / "ledger.sqlite")) as db:
        db.executescript("DROP TABLE IF EXISTS releases; DROP TABLE IF EXISTS released_cells;")
    return changed(tmp_path / "fjordvik", ROUND)


def changed(folder, words):
    text = (folder / "study.toml").read_text(encoding="utf8")
    for old, new in words.items():
        assert old in text, old
        text = text.replace(old, new, 1)
    (folder / "study.toml").write_text(text, encoding="utf8")
    return folder


def test_rounded_counts_are_given_and_exact_figures_of_stays_are_not(folder):
    first, again = (study_counts(folder=folder, what="readmitted") for _ in range(2))
    assert first.series.equals(again.series) and release_history(study=open_study(folder=folder))["purpose"].tolist() == ["counts"]
    exact = stay_counts(dataset=load(study=open_study(folder=folder)), study=open_study(folder=folder), what="readmitted").series
    off = first.series["value"] - exact["value"]
    assert off.abs().between(1, 4).any() and off.abs().max() < 5 and exact["value"].between(1, 4).any()
    with pytest.raises(PrivacyError, match="rounded counts only"):
        study_stays(folder=folder)
    with pytest.raises(PrivacyError, match="the same stays"):
        study_counts(folder=folder, what="admitted")
    assert study_counts(folder=folder).spec.measures == ("counts.readmitted",)
    with pytest.raises(PrivacyError, match="multiples of 5"):
        study_counts(folder=folder, what="readmitted", policy_name="strict")
    assert not of_stays(measures=study_view(folder=folder, view="components").spec.measures)
    changed(folder, {'counts = "round"': 'counts = "hide"'})
    with pytest.raises(PrivacyError, match="rounded counts only"):
        study_stays(folder=folder)


def test_counts_are_refused_where_exact_figures_were_shown_and_where_nobody_chose_them(folder):
    changed(folder, {'counts = "round"': 'counts = "hide"'})
    with pytest.raises(UsageError, match='counts = "hide"'):
        study_counts(folder=folder)
    exact = study_stays(folder=folder)
    assert all(of_stays(measures=[name]) for name in exact.spec.measures)
    changed(folder, {'counts = "hide"': 'counts = "round"'})
    with pytest.raises(PrivacyError, match="already been shown"):
        study_counts(folder=folder)
    changed(folder, {'primary = ["qpr15_total"]': 'primary = ["bed_days"]'})
    with pytest.raises(StudyError, match=r"plan\.primary names bed_days"):
        open_study(folder=folder)


def test_the_command_writes_the_table_with_every_number_marked(folder, tmp_path):
    asked = ["counts", str(folder), "--table", "readmitted", "--period", "year", "--place", "service", "--lang", "nb"]
    done = CliRunner().invoke(app, [*asked, "--out", str(tmp_path / "out")])
    assert done.exit_code == 0 and "rundet opp eller ned til et tall som kan deles på 5" in done.output, done.output
    rows = pd.read_csv(tmp_path / "out" / "counts-readmitted-year-service.csv")
    assert rows["persons_rounded"].mod(5).eq(0).all() and rows["rounded_to"].eq(5).all()
    release = study_counts(folder=folder, what="readmitted")
    for lang in ("nb", "en"):
        table = count_table(release=release, lang=lang, by="year", place="service")
        numbers = table[table.columns[2:]]
        assert numbers.map(lambda text: text.startswith("≈ ") or text == "–").all(axis=None)
        book = pd.read_excel(io.BytesIO(counts_workbook(release=release, by="year", place="service", lang=lang)), sheet_name=0, header=None, engine="openpyxl")
        assert book.iloc[0, 0].startswith("≈")
    assert CliRunner().invoke(app, [*asked, "--period", "week"]).exit_code == 2
    assert CliRunner().invoke(app, ["counts", str(folder), "--table", "deaths"]).exit_code == 2
