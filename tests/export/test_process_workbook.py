import datetime as dt
import io

import pandas as pd
import pytest
from process_sample import monthly

from evaltool.errors import UsageError
from evaltool.export.process_workbook import SIGNS, process_workbook
from evaltool.figures.process_icons import VARIATION_ROLES
from evaltool.process.charts import process_charts
from evaltool.process.overview import overview
from evaltool.settings import Exclusion, Process

VALUES = [10.0, 12, 11, 13] * 5 + [9.0] * 8


def sheets(release, lang="nb"):
    charts = process_charts(release=release)
    book = pd.read_excel(io.BytesIO(process_workbook(charts=charts, release=release, lang=lang)), sheet_name=None, engine="calamine")
    return charts, book


def test_numbers_limits_words_and_notes():
    release = monthly(VALUES, start=None)
    charts, book = sheets(release)
    assert list(book) == ["Oversikt", "Punkter", "Merknader", "Tegn"]
    assert book["Punkter"]["Øvre grense"].tolist() == pytest.approx(charts.points["high"].tolist())
    assert book["Punkter"]["Tegn"].iloc[-1] == "sju eller flere på rad på samme side av midtlinjen (nedover)"
    table = overview(charts=charts, release=release, lang="nb")
    assert book["Oversikt"]["Variasjon"].tolist() == table["variation_word"].tolist()
    assert book["Oversikt"]["Ikon"].tolist() == ["◇"]
    assert set(SIGNS) == set(VARIATION_ROLES)
    assert book["Oversikt"]["Siden"].iloc[0] == "september 2023"


def test_headings_follow_the_language_and_text_stays_text():
    release = monthly(VALUES[:9], start=None)
    release.register.loc[0, "name"] = "=1+1"
    _, book = sheets(release, "en")
    assert book["Overview"]["Department"].iloc[0] == "=1+1"
    assert book["Notes"]["Note"].iloc[0] == "under 13 points, so only a median"


def test_points_left_out_are_told_with_their_reason():
    release = monthly(VALUES, start=None)
    said = Exclusion(measure="bed_days", department="a", date=dt.date(2022, 3, 1), reason={"nb": "brann", "en": "fire"})
    charts = process_charts(release=release, plan=Process(exclusions=(said,)))
    book = pd.read_excel(io.BytesIO(process_workbook(charts=charts, release=release, lang="nb")), sheet_name="Merknader", engine="calamine")
    assert book["Merknad"].tolist() == ["punktet for 01.03.2022 er holdt utenfor grensene (brann)"]


def test_refuses_what_is_no_release():
    release = monthly(VALUES, start=None)
    with pytest.raises(UsageError):
        process_workbook(charts=process_charts(release=release), release=release.series, lang="nb")
