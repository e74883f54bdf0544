"""Every kind of file becomes the same text table, with the row numbers of the user's own spreadsheet."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import zipfile

import pandas as pd
import pytest
from old_books import write_ods, write_xls

from evaltool.errors import IntakeError
from evaltool.intake import parse_mapping, read_source
from evaltool.intake.words import is_broken

HEAD = ["Id", "Dato", "Tall"]
ROWS = [["a1", "01.02.2024", "1 234,5"], ["å2", "28.02.2024", "0"], ["003", "15.03.2024", "-7"]]


def text_file(path, encoding="cp1252", delimiter=";", end="\r\n", before=()):
    lines = [*before, *(delimiter.join(row) for row in [HEAD, *ROWS])]
    path.write_bytes(end.join([*lines, ""]).encode(encoding))
    return path


def cells(source) -> list[list]:
    return [[None if v != v else v for v in row] for row in source.frame().to_numpy(dtype=object)]


def code(path, **more) -> str:
    with pytest.raises(IntakeError) as caught:
        read_source(path=path, **more)
    assert "\n" not in caught.value.message("nb")
    return caught.value.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_dialects_give_the_same_table(tmp_path, encoding, delimiter):
    source = read_source(path=text_file(tmp_path / "a.csv", encoding, delimiter))
    assert list(source.columns) == HEAD and cells(source) == ROWS
    assert source.row_numbers.tolist() == [2, 3, 4]
    assert source.decisions["encoding"] == encoding and source.decisions["delimiter"] == delimiter


def test_fingerprint_is_of_the_bytes(tmp_path):
    path = text_file(tmp_path / "a.csv")
    assert read_source(path=path).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(tmp_path, end):
    assert cells(read_source(path=text_file(tmp_path / "a.csv", end=end))) == ROWS


def test_title_rows_and_sep_line_keep_row_numbers(tmp_path):
    source = read_source(path=text_file(tmp_path / "a.csv", before=["sep=;", "Uttrekk fra journalen;;", ";;"]))
    assert list(source.columns) == HEAD
    assert source.row_numbers.tolist() == [4, 5, 6] and source.decisions["header_row"] == 3


def test_declared_header_row_is_obeyed(tmp_path):
    mapping = parse_mapping(name="m", raw={"version": 1, "table": "stays", "file": {"header_row": 2}})
    assert list(read_source(path=text_file(tmp_path / "a.csv"), mapping=mapping).headings) == ROWS[0]


def test_quotes_line_breaks_and_blank_lines(tmp_path):
    (tmp_path / "a.csv").write_text('"Id";"Lang\nheading";Tall\n1;"to\nlinjer; og ""sitat""";2\n;;\n\n3;x;4\n', encoding="utf8")
    source = read_source(path=tmp_path / "a.csv")
    assert list(source.columns) == ["Id", "Lang heading", "Tall"]
    assert cells(source) == [["1", 'to\nlinjer; og "sitat"', "2"], ["3", "x", "4"]]
    assert source.row_numbers.tolist() == [2, 5] and source.decisions["blank_rows"] == 2


def test_short_and_long_rows_are_told(tmp_path):
    (tmp_path / "a.csv").write_text("a;b;c\n1;2;3\n1;2\n1;2;3;4\n1;2;3;\n", encoding="utf8")
    assert read_source(path=tmp_path / "a.csv").ragged == (1, 2)


def test_repeated_and_empty_headings_get_names(tmp_path):
    (tmp_path / "a.csv").write_text("Dato;;Dato;Id;;\n1;2;3;4;;\n", encoding="utf8")
    assert list(read_source(path=tmp_path / "a.csv").headings) == ["Dato", "#2", "Dato (2)", "Id"]


def test_closing_total_row_is_left_out_and_told(tmp_path):
    (tmp_path / "a.csv").write_text("Avd;Antall\nA;3\nTotalt A;4\nTotalt;7\n", encoding="utf8")
    source = read_source(path=tmp_path / "a.csv")
    assert cells(source) == [["A", "3"], ["Totalt A", "4"]] and source.decisions["total_rows"] == 1


def test_single_column(tmp_path):
    (tmp_path / "a.txt").write_text("person\np1\np2\n", encoding="utf8")
    assert cells(read_source(path=tmp_path / "a.txt")) == [["p1"], ["p2"]]


def workbook(path, *, before=0, sheets=("Svar",)):
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        for name in sheets:
            sheet = book.add_worksheet(name)
            if before:
                sheet.write(0, 0, "Uttrekk")
            sheet.write_row(before, 0, ["Id", "Dato", "Tall", "Ja"])
            sheet.write(before + 1, 0, "007")
            sheet.write_datetime(before + 1, 1, dt.datetime(2024, 1, 31), day)
            sheet.write_number(before + 1, 2, 1.5)
            sheet.write_boolean(before + 1, 3, True)
            sheet.write_row(before + 3, 0, ["8", "", 2])
    return path


def test_workbook_cells_become_text(tmp_path):
    source = read_source(path=workbook(tmp_path / "a.xlsx", before=2))
    assert cells(source) == [["007", "2024-01-31", "1.5", "TRUE"], ["8", None, "2", None]]
    assert source.row_numbers.tolist() == [4, 6]
    assert source.decisions["sheet"] == "Svar" and source.decisions["header_row"] == 3


def test_sheets_are_chosen_not_guessed(tmp_path):
    path = workbook(tmp_path / "a.xlsx", sheets=("En", "To"))
    assert code(path) == "which_sheet"
    assert code(path, sheet="Tre") == "no_such_sheet"
    assert read_source(path=path, sheet="to").decisions["sheet"] == "To"


def test_sav_keeps_codes_labels_and_missing_ranges(tmp_path):
    import pyreadstat

    frame = pd.DataFrame({"q1": [1.0, 2.0, 99.0, None], "who": ["a", "b", "", "d"], "day": [dt.date(2024, 1, 31)] * 4})
    pyreadstat.write_sav(
        frame, tmp_path / "a.sav", variable_value_labels={"q1": {1: "Helt uenig", 2: "Uenig", 99: "Vet ikke"}},
        missing_ranges={"q1": [99]},
    )
    source = read_source(path=tmp_path / "a.sav")
    assert cells(source)[2] == ["99", None, "2024-01-31"]
    assert source.labels["q1"]["2"] == "Uenig" and source.user_missing["q1"] == ((99.0, 99.0),)
    assert source.row_numbers.tolist() == [1, 2, 3, 4]


def test_stata_and_parquet(tmp_path):
    import pyreadstat

    frame = pd.DataFrame({"q1": [1.0, 2.5], "who": ["a", "b"]})
    pyreadstat.write_dta(frame, tmp_path / "a.dta", variable_value_labels={"q1": {1: "Ja"}})
    frame.assign(day=pd.Timestamp("2024-01-31")).to_parquet(tmp_path / "a.parquet")
    assert cells(read_source(path=tmp_path / "a.dta")) == [["1", "a"], ["2.5", "b"]]
    assert cells(read_source(path=tmp_path / "a.parquet"))[1] == ["2.5", "b", "2024-01-31 00:00:00"]


@pytest.mark.parametrize("name, content, expected", [
    ("a.csv", b"", "empty_file"),
    ("a.csv", b"  \n\n ", "empty_file"),
    ("a.csv", b"a;b;c\n", "no_rows"),
    ("a.csv", b"a;b\n1;\x00\n", "not_text"),
    ("a.csv", b"PK\x03\x04zip", "not_what_it_says"),
    ("a.csv", b"%PDF-1.7", "not_what_it_says"),
    ("a.xlsx", b"a;b\n1;2\n", "not_what_it_says"),
    ("a.xlsx", b"PK\x03\x04cut short", "unreadable_file"),
    ("a.xls", b"\xd0\xcf\x11\xe0cut short", "unreadable_file"),
    ("a.sav", b"$FL2 cut short", "unreadable_file"),
    ("a.dta", b"s", "unreadable_file"),
    ("a.parquet", b"PAR1 cut short", "unreadable_file"),
    ("a.docx", b"PK", "unsupported_file"),
])
def test_bad_files_are_one_clear_line(tmp_path, name, content, expected):
    (tmp_path / name).write_bytes(content)
    assert code(tmp_path / name) == expected


def test_missing_file_and_folder(tmp_path):
    assert code(tmp_path / "no.csv") == "no_file"
    assert code(tmp_path) == "no_file"


def test_zip_bomb_is_not_opened(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    assert code(tmp_path / "a.xlsx") == "too_large_unpacked"


def test_ten_thousand_columns_are_refused(tmp_path):
    (tmp_path / "a.csv").write_text(";".join(f"c{i}" for i in range(10_000)) + "\n" + ";".join("1" * 10_000) + "\n")
    assert code(tmp_path / "a.csv") == "too_many_columns"


def test_a_line_of_megabytes_is_refused_by_its_row(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"a;b\n1;2\n" + b";" * 12_000_000 + b"\n1;2\n")
    with pytest.raises(IntakeError) as caught:
        read_source(path=tmp_path / "a.csv")
    assert caught.value.code == "broken_text" and caught.value.fields["row"] == 3


@pytest.mark.parametrize("rule, kept", [
    ({"keep": ["session"]}, ["2"]), ({"drop": ["session"]}, ["1", "3"]), ({"keep": ["", "Session"]}, ["1", "2"]),
])
def test_filter_chooses_rows_and_keeps_their_numbers(tmp_path, rule, kept):
    (tmp_path / "a.csv").write_text("Id;Skjema\n1;\n2;session\n3;plan\n", encoding="utf8")
    mapping = parse_mapping(name="m", raw={"version": 1, "table": "stays", "filter": {"skjema": rule}})
    source = read_source(path=tmp_path / "a.csv", mapping=mapping)
    assert source.frame()["Id"].tolist() == kept
    assert source.row_numbers.tolist() == [int(k) + 1 for k in kept]
    assert source.decisions["filtered_rows"] == 3 - len(kept)


def test_filter_that_keeps_nothing_is_said(tmp_path):
    mapping = parse_mapping(name="m", raw={"version": 1, "table": "stays", "filter": {"Id": {"keep": ["x"]}}})
    assert code(text_file(tmp_path / "a.csv"), mapping=mapping) == "filtered_to_nothing"


def test_truncated_workbook_at_any_place(tmp_path):
    whole = workbook(tmp_path / "a.xlsx").read_bytes()
    for cut in range(4, len(whole), len(whole) // 12):
        (tmp_path / "b.xlsx").write_bytes(whole[:cut])
        assert code(tmp_path / "b.xlsx") == "unreadable_file"


@pytest.mark.parametrize("write, suffix", [(write_xls, ".xls"), (write_ods, ".ods")])
def test_old_excel_and_open_document(tmp_path, write, suffix):
    rows = [["Uttrekk for året"], ["Id", "Når\nkom de", "Tall"], ["å1", "31.01.2024", 1.5], ["", "", ""], ["002", "=1+1", 45322.0], ["Totalt", "", 3.0]]
    source = read_source(path=write(tmp_path / f"a{suffix}", rows))
    assert list(source.columns) == ["Id", "Når kom de", "Tall"]
    assert cells(source) == [["å1", "31.01.2024", "1.5"], ["002", "=1+1", "45322"]]
    assert source.row_numbers.tolist() == [3, 5]
    assert (source.decisions["header_row"], source.decisions["total_rows"], source.decisions["blank_rows"]) == (2, 1, 1)


def test_merged_headings_get_the_name_of_their_place(tmp_path):
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        book.add_worksheet("Tomt")
        sheet = book.add_worksheet("Liste")
        sheet.merge_range(0, 0, 0, 3, "Opphold ved avdelingen")
        sheet.write(1, 0, "Id")
        sheet.merge_range(1, 1, 1, 2, "Periode")
        sheet.write(1, 3, "Avdeling")
        sheet.write_row(2, 0, ["1", "01.02.2024", "03.02.2024", "hav"])
    source = read_source(path=tmp_path / "a.xlsx")
    assert source.decisions["sheet"] == "Liste" and cells(source) == [["1", "01.02.2024", "03.02.2024", "hav"]]
    assert list(source.columns) == ["Id", "Periode", "#3", "Avdeling"]


def test_a_workbook_of_nothing_but_empty_sheets(tmp_path):
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        book.add_worksheet("En")
        book.add_worksheet("To")
    assert code(tmp_path / "a.xlsx") == "empty_file"


def test_two_encodings_in_one_file_are_read_and_the_broken_letters_said(tmp_path):
    (tmp_path / "a.csv").write_bytes("Id;Navn\n1;Bjørk\n".encode() + "2;Ås\n".encode("cp1252"))
    source = read_source(path=tmp_path / "a.csv")
    assert source.decisions["encoding"] == "cp1252" and cells(source)[1] == ["2", "Ås"]
    assert is_broken(cells(source)[0][1])


def test_a_large_file_is_the_same_table_as_a_small_one(tmp_path, monkeypatch):
    """Large files are read by the different texts of a column: quoted throughout or not, with gaps, a total and blank rows."""
    monkeypatch.setattr("evaltool.intake.delimited._LARGE", 1000)
    monkeypatch.setattr("evaltool.intake.delimited._PREVIEW", 9000)
    head = ["Id", "Sted", "Dato", "Rest"]
    rows = [[f"s{i}", ("nord", "sør", "")[i % 3], f"{i % 28 + 1:02d}.01.2024", "" if i % 7 else " "] for i in range(3000)]
    plain = "\r\n".join(";".join(row) for row in [head, *rows, ["Totalt", "her", "", ""], ["", "", "", ""], [" ", "", "", ""]])
    (tmp_path / "a.csv").write_bytes((plain + "\r\n" * 3).encode("cp1252"))
    (tmp_path / "b.csv").write_bytes("\n".join(";".join(f'"{cell}"' for cell in row) for row in [head, *rows]).encode())
    expected = pd.DataFrame([[c.strip() or None for c in row] for row in rows], columns=head, dtype="str")
    for name in ("a.csv", "b.csv"):
        source = read_source(path=tmp_path / name)
        pd.testing.assert_frame_equal(source.frame(), expected)
        assert source.row_numbers[-1] == 3001
        assert set(source.columns["Sted"].python()) == {"nord", "sør"}


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "mac-roman", "cp865"])
@pytest.mark.parametrize("large", [False, True])
def test_letters_of_one_byte_are_the_same_texts_as_in_utf8(tmp_path, monkeypatch, encoding, large):
    """Read as bytes and decoded by different texts: few of them, many, with quotes inside, and a heading with letters."""
    if large:
        monkeypatch.setattr("evaltool.intake.delimited._LARGE", 1000)
        monkeypatch.setattr("evaltool.intake.delimited._PREVIEW", 9000)
    rows = [[f"å{i}", ("sør", "", "æé")[i % 3], f"{i}", 'Ø "x"; ö' if i == 5 and not large else "ñ"] for i in range(900)]
    for name, used in (("a.csv", encoding), ("b.csv", "utf-8")):
        with (tmp_path / name).open("w", encoding=used, newline="") as file:
            csv.writer(file, delimiter=";").writerows([["Nö", "Stéd", "Tall", "Rest"], *rows])
    mapping = parse_mapping(name="m", raw={"version": 1, "table": "stays", "file": {"encoding": encoding}})
    one, other = read_source(path=tmp_path / "a.csv", mapping=mapping), read_source(path=tmp_path / "b.csv")
    assert one.decisions["encoding"] == encoding
    pd.testing.assert_frame_equal(one.frame(), other.frame())
