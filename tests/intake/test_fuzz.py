"""Whatever bytes a file holds: a table or one clear refusal. And: a table written in any dialect is read back as it was."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from old_books import write_ods, write_xls

from evaltool.errors import IntakeError
from evaltool.intake import KINDS, parse_mapping, read_source
from evaltool.intake.numbers import number, numbers

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
MAGIC = {"workbook": b"PK\x03\x04", "labelled": b"$FL2", "parquet": b"PAR1", "text": b""}


def read(path):
    try:
        return read_source(path=path)
    except IntakeError as error:
        assert error.message("nb") and "\n" not in error.message("nb")
        return None


@QUICK
@given(content=st.binary(max_size=400), suffix=st.sampled_from(sorted(KINDS)), honest=st.booleans())
def test_any_bytes_are_a_table_or_a_refusal(tmp_path, content, suffix, honest):
    path = tmp_path / f"a{suffix}"
    path.write_bytes((MAGIC[KINDS[suffix]] if honest else b"") + content)
    read(path)


@QUICK
@given(text=st.text(alphabet=";,\t|\"'\n\r abc=1æ\u00a0\u2028\ufeff", max_size=200))
@example(text='a;b\n"1;2\n')
@example(text="a;b\n1;2\n\n\n")
@example(text="sep=;\n")
@example(text='"')
def test_any_text_is_a_table_or_a_refusal(tmp_path, text):
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode("utf8"))
    source = read(path)
    if source is not None:
        assert source.rows == len(source.row_numbers) and len(set(source.headings)) == len(source.headings)
        assert (np.diff(source.row_numbers) > 0).all()


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """One good file of each binary kind."""
    import pyreadstat

    folder = tmp_path_factory.mktemp("whole")
    frame = pd.DataFrame({"id": list("abcdef"), "x": np.arange(6.0)})
    pyreadstat.write_sav(frame, folder / "a.sav")
    pyreadstat.write_sav(frame, folder / "a.zsav", compress=True)
    pyreadstat.write_dta(frame, folder / "a.dta")
    frame.to_parquet(folder / "a.parquet")
    with pd.ExcelWriter(folder / "a.xlsx", engine="xlsxwriter") as book:
        frame.to_excel(book, index=False)
    return folder


@QUICK
@given(data=st.data())
def test_cut_or_spoilt_binary_files_are_a_table_or_a_refusal(tmp_path, whole, data):
    suffix = data.draw(st.sampled_from([".dta", ".parquet", ".sav", ".xlsx", ".zsav"]))
    content = bytearray((whole / f"a{suffix}").read_bytes())
    if data.draw(st.booleans()):
        content = content[:data.draw(st.integers(0, len(content)))]
    for _ in range(data.draw(st.integers(0, 4))):
        if content:
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / f"a{suffix}"
    path.write_bytes(bytes(content))
    read(path)


WORD = st.text(alphabet="abcæøå ,.-=+\"'0123456789", min_size=1, max_size=8).map(str.strip).filter(bool)
HEADING = st.text(alphabet="abcdefgæøå", min_size=3, max_size=8)


@st.composite
def tables(draw):
    head = draw(st.lists(HEADING, min_size=2, max_size=5, unique=True))
    row = st.tuples(st.text(alphabet="abcdexyz", min_size=1, max_size=4), *[st.one_of(WORD, st.just("")) for _ in head[1:]])
    return head, draw(st.lists(row, min_size=1, max_size=6))


@QUICK
@given(table=tables(), delimiter=st.sampled_from(";\t|,"), end=st.sampled_from(["\n", "\r\n", "\r"]),
       encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-32", "mac-roman", "cp865"]), quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
def test_a_table_in_any_dialect_is_read_back(tmp_path, table, delimiter, end, encoding, quoting):
    head, rows = table
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows([head, *rows])
    path = tmp_path / "a.csv"
    path.write_bytes(f"sep={delimiter}{end}{out.getvalue()}".encode(encoding))
    declared = encoding if encoding in ("mac-roman", "cp865") else None
    mapping = parse_mapping(name="m", raw={"version": 1, "table": "stays", "file": {"encoding": declared}}) if declared else None
    source = read_source(path=path, mapping=mapping)
    assert list(source.columns) == head
    assert [["" if v != v else v for v in row] for row in source.frame().to_numpy(dtype=object)] == [list(r) for r in rows]


@settings(QUICK, max_examples=12)
@given(table=tables(), suffix=st.sampled_from([".sav", ".zsav", ".dta", ".parquet", ".ods", ".xls"]))
def test_a_table_in_any_other_kind_of_file_is_read_back(tmp_path, table, suffix):
    import pyreadstat

    head, rows = table
    path, frame = tmp_path / f"a{suffix}", pd.DataFrame(rows, columns=head, dtype=object)
    if suffix in (".ods", ".xls"):
        {".ods": write_ods, ".xls": write_xls}[suffix](path, [head, *map(list, rows)])
    elif suffix == ".parquet":
        frame.to_parquet(path)
    elif suffix == ".dta":
        pyreadstat.write_dta(frame, path)
    else:
        pyreadstat.write_sav(frame, path, compress=suffix == ".zsav")
    source = read_source(path=path)
    assert list(source.columns) == head
    assert [["" if v != v else v for v in row] for row in source.frame().to_numpy(dtype=object)] == [list(r) for r in rows]


@QUICK
@given(table=tables(), title=st.booleans())
def test_a_workbook_is_read_back(tmp_path, table, title):
    import xlsxwriter

    head, rows = table
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet()
        if title:
            sheet.write(0, 0, "Uttrekk 2024")
        for i, row in enumerate([head, *rows], start=2 * title):
            sheet.write_row(i, 0, row)
    source = read_source(path=path)
    assert list(source.columns) == head and source.row_numbers[0] == 2 + 2 * title
    assert [["" if v != v else v for v in row] for row in source.frame().to_numpy(dtype=object)] == [list(r) for r in rows]


@settings(deadline=None)
@given(texts=st.lists(st.one_of(st.text(alphabet="0123456789,.- \u00a0eE+", max_size=9), st.decimals(allow_nan=False).map(str)), max_size=20),
       decimal=st.sampled_from([None, ",", "."]))
def test_many_numbers_at_once_are_the_same_numbers(texts, decimal):
    import pyarrow as arrow

    many = numbers(texts=arrow.array(texts, type=arrow.large_string()), decimal=decimal)
    one = np.array([np.nan if (n := number(t, decimal=decimal)) is None else n for t in texts], dtype="float64")
    np.testing.assert_array_equal(many, one)
