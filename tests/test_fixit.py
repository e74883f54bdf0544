"""The fix-it list: their rows, their headings, both languages, nothing executable."""

from __future__ import annotations

import pandas as pd
import pytest

from evaltool.check import PROBLEM_COLUMNS
from evaltool.errors import StoreError
from evaltool.report import fixit
from evaltool.report.fixit import write_fixit

EVIL = '=cmd|"/c calc"!A1 <script>alert(1)</script>'


def problems() -> pd.DataFrame:
    rows = [
        ("C13", "note", "stays", "", "Navn", None, None),
        ("S08", "note", "stays", "admitted", "Inn", 9, "01.02.2024"),
        ("C07", "error", "stays", "admission_type", "Måte", 7, EVIL),
        ("S07", "stop", "stays", "discharged", "Ut", 4, "01.01.2023"),
        ("C01", "error", "stays", "department", "Enhet", 5, None),
        ("C01", "error", "stays", "department", "Enhet", 6, None),
    ]
    frame = pd.DataFrame(rows, columns=list(PROBLEM_COLUMNS))
    return frame.astype({c: "Int64" if c == "row" else "str" for c in PROBLEM_COLUMNS})


def written(tmp_path, lang, frame=None):
    html, xlsx = write_fixit(
        problems=problems() if frame is None else frame, table="stays", source_name="opphold mai.csv", out=tmp_path / "ut",
        lang=lang, rows_in=12,
    )
    return html, xlsx


@pytest.mark.parametrize("lang, words", [
    ("nb", ["Utskrevet før innskrevet.", "Slik retter du", "Måte", "Øyeblikkelig hjelp", "Leste rader: 12"]),
    ("en", ["Discharged before admitted.", "How to mend it", "Måte", "Unplanned", "Rows read: 12"]),
])
def test_page_says_what_where_and_how(tmp_path, lang, words):
    html = written(tmp_path, lang)[0].read_text(encoding="utf8")
    for word in words:
        assert word in html
    assert f'<html lang="{lang}">' in html


def test_worst_comes_first_and_more_rows_before_fewer(tmp_path):
    html = written(tmp_path, "nb")[0].read_text(encoding="utf8")
    places = [html.index(f">{code}</a>") for code in ("S07", "C01", "C07", "C13", "S08")]
    assert places == sorted(places)


def test_cells_cannot_run(tmp_path):
    from openpyxl import load_workbook

    html, xlsx = written(tmp_path, "nb")
    assert "<script>" not in html.read_text(encoding="utf8")
    sheet = load_workbook(xlsx).worksheets[1]
    cell = next(c for row in sheet.iter_rows() for c in row if c.value == EVIL)
    assert cell.data_type == "s" and cell.hyperlink is None


def test_sheet_lists_every_row_with_its_number(tmp_path):
    from openpyxl import load_workbook

    overview, details = load_workbook(written(tmp_path, "en")[1]).worksheets
    assert [r[0].value for r in details.iter_rows(min_row=2)] == [None, "9", "7", "4", "5", "6"]
    assert [r[0].value for r in overview.iter_rows(min_row=6)] == ["S07", "C01", "C07", "C13", "S08"]
    assert next(r for r in overview.iter_rows(min_row=6) if r[0].value == "C01")[3].value == 2


def test_page_caps_the_rows_and_says_so(tmp_path):
    one = problems().iloc[[2]]
    many = pd.concat([one.assign(row=pd.array([i], dtype="Int64")) for i in range(2, 302)], ignore_index=True)
    html = written(tmp_path, "nb", many)[0].read_text(encoding="utf8")
    assert "100 rader til" in html and "<td>202</td>" not in html


def test_a_fault_in_thousands_of_rows_is_listed_so_far_and_the_rest_counted(tmp_path, monkeypatch):
    from openpyxl import load_workbook

    monkeypatch.setattr(fixit, "SHEET_ROWS", 250)
    many = pd.concat([problems().iloc[[2]]] * (257), ignore_index=True).assign(row=pd.array(range(2, 259), dtype="Int64"))
    html, xlsx = written(tmp_path, "nb", pd.concat([many, problems().iloc[[3]]], ignore_index=True))
    assert "57 rader til. Regnearket lister de første 250:" in html.read_text(encoding="utf8")
    details = list(load_workbook(xlsx, read_only=True).worksheets[1].iter_rows(min_row=2, values_only=True))
    assert [r[0] for r in details[:250]] == [str(n) for n in range(2, 252)]
    assert [(r[0], r[2], r[6]) for r in details[250:]] == [("4", "01.01.2023", "S07"), (None, "… og 7 rader til", "C07")]


def test_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "ut").write_text("a file, not a folder")
    with pytest.raises(StoreError) as caught:
        written(tmp_path, "nb")
    assert caught.value.code == "fixit_not_written"
