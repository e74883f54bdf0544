"""Hidden, zero, no data and not to be computed are four things wherever numbers are shown: each has its sign, its word and a
legend, in both languages. On the pages: tests/dashboards/test_pages.py."""

import io

import numpy as np
import pandas as pd
import pytest
from small_result import small_result

from evaltool.disclosure import policy, release
from evaltool.export.export_csv import export_csv
from evaltool.export.export_xlsx import workbook
from evaltool.figures import matplotlib as print_figure
from evaltool.figures.chart import Box, Points
from evaltool.figures.dumbbell import dumbbell
from evaltool.figures.forest import forest
from evaltool.figures.key_svg import key_svg
from evaltool.figures.plotly import render
from evaltool.report.content import content
from evaltool.tables import estimates, marks_line
from evaltool.text import t
from evaltool.ui import workbook as page_workbook

PLACES = {"suppressed": "a", "shown": "c", "no_data": "d", "not_identified": "e"}
"""Which department is what; the number that is shown is a zero."""
ABSENT = ("suppressed", "no_data", "not_identified")
LANGS = pytest.mark.parametrize("lang", ["nb", "en"])


@pytest.fixture(scope="module")
def four():
    result = small_result(persons={"a": (4, 30), "b": (20, 20), "c": (30, 30), "d": (0, 30), "e": (30, 30), "f": (30, 30)})
    gone = result.estimates["department"].isin(["d", "e"])
    result.estimates.loc[gone, ["estimate", "conf_low", "conf_high"]] = np.nan
    result.estimates.loc[result.estimates["department"].eq("c"), "estimate"] = 0.0
    for column in ("value", "conf_low", "conf_high"):
        result.series.loc[result.series["department"].eq("e"), column] = np.nan
    made = release(result=result, policy=policy())
    status = made.estimates.set_index("department")["status"]
    assert {status[place]: place for place in PLACES.values()} == PLACES
    return made


def four_texts(column: pd.Series, lang: str) -> None:
    """The texts of the four departments: a sign and a word each, and a zero."""
    for code in ABSENT:
        assert column[PLACES[code]] == f"{t(f'symbol.{code}', lang)} {t(f'status.{code}', lang)}"
    assert float(str(column[PLACES["shown"]]).replace(",", ".")) == 0 and len(set(map(str, column[list(PLACES.values())]))) == 4


@LANGS
def test_in_tables_of_page_and_terminal(four, lang):
    table = estimates(release=four, lang=lang)
    four_texts(table.set_index(four.estimates["department"])[t("column.change", lang)], lang)
    assert all(t(f"status.{code}", lang) in marks_line(lang=lang) and t(f"symbol.{code}", lang) in marks_line(lang=lang) for code in ABSENT)
    assert f"0 {t('page.zero', lang)}" in marks_line(lang=lang)


@LANGS
def test_in_the_workbook_of_the_export(four, lang):
    sheets = pd.read_excel(io.BytesIO(workbook(release=four, lang=lang)), sheet_name=None, engine="calamine")
    four_texts(sheets[t("export_sheet.estimates", lang)].set_index("department")["estimate"], lang)
    legend_has_all(sheets[t("export_sheet.marks", lang)], lang)


@LANGS
def test_in_the_workbook_of_a_page(four, lang, monkeypatch):
    monkeypatch.setattr(page_workbook, "lang", lambda: lang)
    table = estimates(release=four, lang=lang).assign(place=four.estimates["department"])
    sheets = pd.read_excel(io.BytesIO(page_workbook.workbook(frame=table, sheet="x")), sheet_name=None, engine="calamine")
    four_texts(sheets["x"].set_index("place")[t("column.change", lang)], lang)
    legend_has_all(sheets[t("export_sheet.marks", lang)], lang)


def legend_has_all(sheet: pd.DataFrame, lang: str) -> None:
    signs = sheet.iloc[:, 0].astype("str").tolist()
    assert signs == ["0", *(f"{t(f'symbol.{code}', lang)} {t(f'status.{code}', lang)}" for code in ABSENT)]
    assert sheet.iloc[:, 1].nunique() == 4


@LANGS
def test_in_csv_as_codes_with_a_codebook(four, lang, tmp_path):
    export_csv(release=four, folder=tmp_path, lang=lang)
    rows = pd.read_csv(tmp_path / "estimates.csv").set_index("department")
    for code, place in PLACES.items():
        assert rows.loc[place, "status"] == code and (rows.loc[place, "estimate"] == 0) == (code == "shown")
    book = pd.read_csv(tmp_path / "codebook.csv").set_index("name")["text"]["status"].iloc[0]
    assert all(code in book for code in (*ABSENT, "0"))


@LANGS
@pytest.mark.parametrize("draw", [dumbbell, forest])
def test_in_figures(four, lang, draw):
    chart = draw(release=four, measure="qpr15_total", lang=lang)
    legend = {key.text: key.kind for key in chart.legend}
    assert [legend[t(f"status.{code}", lang)] for code in ABSENT] == ["hatch", "empty", "cross"]
    assert len({key_svg(key=key) for key in chart.legend}) == len(chart.legend)
    rows = {row.label: row.value for row in chart.panels[0].rows}
    for code in ABSENT:
        word = t(f"status.{code}", lang)
        assert rows[f"Avdeling {PLACES[code]}"] == word and f"Avdeling {PLACES[code]}: {word}" in chart.alt
        drawn = [m for m in chart.panels[0].marks if (isinstance(m, Box) and m.hover == word) or (isinstance(m, Points) and word in m.hover)]
        assert drawn, code
    assert rows[f"Avdeling {PLACES['shown']}"].startswith("0") and any(isinstance(m, Points) and m.shape == "diamond" for m in chart.panels[0].marks)
    shapes = {trace.marker.symbol for trace in render(chart=chart).data if trace.mode == "markers"}
    assert {"circle", "line-ne", "x-thin"} <= shapes and print_figure.svg(chart=chart, width_mm=170, heading=True)


@LANGS
def test_in_the_report(four, lang):
    made = content(release=four, quality=None, lang=lang, department=None, name=None)["matrix"]
    cells = {cell["code"]: cell for row in made["rows"] for cell in row["cells"]}
    assert set(ABSENT) <= set(cells) and all(cells[code]["word"] == t(f"verdict.{code}", lang) for code in ABSENT)
    assert {one["code"] for one in made["legend"]} >= set(ABSENT)
    assert f"0 {t('page.zero', lang)}" in made["note"]
