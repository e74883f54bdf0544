from __future__ import annotations

import zipfile

import pytest

from evaltool.errors import IntakeError
from evaltool.intake import read_source
from evaltool.intake.sheet_xml import NOT_CALCULATED, hidden_faults, sheet_xml


@pytest.fixture
def book(tmp_path):
    import xlsxwriter

    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as out:
        out.add_worksheet("Forside")
        sheet = out.add_worksheet("Svar & tall")
        sheet.write_row(0, 0, ["Id", "Tall", "Sum"])
        sheet.write_row(1, 0, ["a", 1])
        sheet.write_formula(1, 2, "=B2/0", value="#DIV/0!")
        sheet.write_row(2, 0, ["b", 2])
        sheet.write_formula(2, 2, "=B3*2", value=4)
        sheet.write_row(3, 0, ["c", 3])
        sheet.write_formula(3, 2, "=B4*2", value="@")
    return path


def emptied(book, tmp_path):
    """The same workbook as a program leaves it that never calculated its formulas."""
    out = tmp_path / "b.xlsx"
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<v>4</v>", b""))
    return out


def test_error_value_is_not_a_blank_cell(book):
    source = read_source(path=book, sheet="Svar & tall")
    assert source.frame()["Sum"].tolist() == ["#DIV/0!", "4", "@"]


def test_formula_without_value_is_told(book, tmp_path):
    path = emptied(book, tmp_path)
    assert hidden_faults(content=sheet_xml(path=path, sheet="Svar & tall")) == [(1, 2, "#DIV/0!"), (2, 2, NOT_CALCULATED)]
    assert read_source(path=path, sheet="Svar & tall").frame()["Sum"].tolist() == ["#DIV/0!", NOT_CALCULATED, "@"]


def test_sheet_without_formulas_has_no_hidden_faults(book):
    assert hidden_faults(content=sheet_xml(path=book, sheet="Forside")) == []
    assert sheet_xml(path=book, sheet="Finnes ikke") == b""


def test_a_stray_cell_in_the_last_corner_is_refused_before_it_takes_all_memory(tmp_path):
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as out:
        sheet = out.add_worksheet("S")
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write(1_048_575, 16_383, "x")
    with pytest.raises(IntakeError) as caught:
        read_source(path=tmp_path / "a.xlsx")
    assert caught.value.code == "stray_cell"
