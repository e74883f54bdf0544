"""A small source against its contract: what is kept, what is refused, where it says the fault is."""

from __future__ import annotations

import datetime as dt
import tracemalloc

import numpy as np
import pandas as pd
import pyarrow as arrow
import pytest

from evaltool.check import PROBLEM_COLUMNS, check, raise_for, summarise
from evaltool.errors import CheckError, IntakeError, PrivacyError, UsageError
from evaltool.intake import parse_mapping, read_source
from evaltool.rules import Answers, Context, Window

MAP = {
    "version": 1, "table": "stays",
    "columns": {
        "stay_id": {"from": "OppholdsID"}, "person": {"from": "Løpenr"}, "department": {"from": "Enhet"},
        "admitted": {"from": "Inn", "format": "%d.%m.%Y %H:%M"}, "discharged": {"from": "Ut", "format": "%d.%m.%Y %H:%M"},
        "admission_type": {"from": "Måte", "codes": {"Øhjelp": "unplanned", "Planlagt": "planned"}, "missing": ["-"]},
        "died": {"from": "Død", "empty": "nei"},
    },
}
HEAD = "OppholdsID;Løpenr;Enhet;Inn;Ut;Måte;Død;Navn"
CLEAN = ["1;P1;A;01.02.2024 10:00;05.02.2024 11:00;Øhjelp;Nei;x", "2;P2;A;01.03.2024 10:00;;Planlagt;;x"]


def checked(tmp_path, rows, head=HEAD, raw=MAP, context=None, table="stays", **more):
    (tmp_path / "a.csv").write_bytes("\n".join([head, *rows, ""]).encode("cp1252"))
    mapping = parse_mapping(name="m.toml", raw=raw) if raw else None
    source = read_source(path=tmp_path / "a.csv", mapping=mapping)
    return check(source=source, table=table, mapping=mapping, context=context, **more)


def told(result) -> set[tuple]:
    p = result.problems
    return {(r.rule, r.source_column, None if pd.isna(r.row) else int(r.row)) for r in p.itertuples() if r.rule != "C13"}


def test_clean_rows_come_through_with_canonical_types(tmp_path):
    result = checked(tmp_path, CLEAN)
    assert told(result) == set() and (result.n_in, result.n_refused) == (2, 0)
    assert result.valid.dtypes.astype(str).to_dict() == {
        "stay_id": "str", "person": "str", "department": "str", "admitted": "datetime64[us]",
        "discharged": "datetime64[us]", "admission_type": "str", "legal_basis": "str", "discharged_to": "str", "died": "boolean",
    }
    assert result.valid["admitted"][0] == pd.Timestamp("2024-02-01 10:00") and result.valid["died"].tolist() == [False, False]
    assert list(result.problems) == list(PROBLEM_COLUMNS)


@pytest.mark.parametrize("row, rule, column", [
    ("3;P1;A;31.02.2024 10:00;;Planlagt;Nei;", "C06", "Inn"),
    ("3;P1;A;2024/02/01;;Planlagt;Nei;", "C06", "Inn"),
    ("3;P1;;01.02.2023 10:00;02.02.2023 10:00;Planlagt;Nei;", "C01", "Enhet"),
    ("3;P1;A;01.02.2023 10:00;02.02.2023 10:00;Kanskje;Nei;", "C07", "Måte"),
    ("3;P1;A;01.02.2023 10:00;02.02.2023 10:00;Planlagt;Kanskje;", "C08", "Død"),
    ("3;P1;#REF!;01.02.2023 10:00;02.02.2023 10:00;Planlagt;Nei;", "C10", "Enhet"),
    ("3;P1;A;01.02.1023 10:00;02.02.2023 10:00;Planlagt;Nei;", "C09", "Inn"),
    ("3;P1;A;01.02.2023 10:00;01.01.2023 10:00;Planlagt;Nei;", "S07", "Ut"),
    ("1;P1;A;01.02.2023 10:00;02.02.2023 10:00;Planlagt;Nei;", "S01", "OppholdsID"),
    ("3;P1;A;01.02.2023 10:00;02.02.2023 10:00;Planlagt;Nei;;extra", "C14", ""),
])
def test_one_fault_is_found_once_in_its_place_and_its_row_stays_out(tmp_path, row, rule, column):
    result = checked(tmp_path, [*CLEAN, row])
    assert told(result) == {(rule, column, 4)}
    assert result.n_refused == 1 and len(result.valid) == 2


def test_declared_missing_word_is_no_fault(tmp_path):
    result = checked(tmp_path, ["1;P1;A;01.02.2024 10:00;05.02.2024 11:00;-;Nei;x"])
    assert told(result) == set() and result.valid["admission_type"].isna().all()


def test_broken_letters_are_noted_and_kept(tmp_path):
    result = checked(tmp_path, ["1;PÃ¸1;A;01.02.2024 10:00;05.02.2024 11:00;-;Nei;x"])
    assert told(result) == {("C11", "Løpenr", 2)} and result.n_refused == 0


def test_personal_heading_that_nobody_reads_is_noted(tmp_path):
    notes = checked(tmp_path, CLEAN).problems
    assert notes[["rule", "severity", "source_column"]].values.tolist() == [["C13", "note", "Navn"]]
    assert notes["value"].isna().all()


def test_missing_columns_are_all_named_with_what_the_file_has(tmp_path):
    with pytest.raises(IntakeError) as caught:
        checked(tmp_path, ["1;2"], head="OppholdsID;Inn")
    assert caught.value.code == "missing_columns"
    assert {"Løpenr", "Enhet", "Ut", "Måte", "Død"} <= set(caught.value.fields["expected"].split(", "))
    assert "OppholdsID" in caught.value.message("nb")


def test_required_column_that_the_mapping_forgets(tmp_path):
    columns = {k: v for k, v in MAP["columns"].items() if k != "discharged"}
    with pytest.raises(IntakeError) as caught:
        checked(tmp_path, CLEAN, raw=MAP | {"columns": columns})
    assert caught.value.fields["expected"] == "discharged"


def test_mapping_for_another_table(tmp_path):
    with pytest.raises(UsageError):
        checked(tmp_path, CLEAN, table="persons")


def test_headings_are_compared_without_case_and_spaces(tmp_path):
    assert checked(tmp_path, CLEAN, head=" oppholdsid ;LØPENR;Enhet;inn;UT;Måte;Død;Navn").n_refused == 0


def test_identity_number_in_a_read_column_stops_everything(tmp_path):
    from test_privacy import some

    with pytest.raises(PrivacyError) as caught:
        checked(tmp_path, [*CLEAN, f"3;{some()};A;01.02.2024 10:00;;;;"])
    assert "Løpenr" in caught.value.message("nb")


def test_dropped_column_is_not_read(tmp_path):
    result = checked(tmp_path, CLEAN, drop=["navn"])
    assert told(result) == set() and result.problems.empty


REGISTER = "department,name,beds,kontakt,active_frm\nA,Havna,12,ola@eksempel.no,x\nB,Åsen,1 2,,\n"


def test_register_without_mapping(tmp_path):
    (tmp_path / "departments.csv").write_text(REGISTER, encoding="utf8")
    result = check(source=read_source(path=tmp_path / "departments.csv"), table="departments")
    assert told(result) == {("C02", "beds", 3), ("C12", "kontakt", None), ("C12", "active_frm", None)}
    assert result.valid["beds"].tolist() == [12.0]


STAFF = {
    "version": 1, "table": "staff_survey",
    "columns": {"department": {"constant": "A"}, "wave": {"constant": "w"}, "answered_on": {"constant": "2024-01-02"}},
    "items": {"rsa_r_provider": {"from": "P{n:02d}", "count": 2, "codes": {"Helt uenig": 1, "Helt enig": 5}, "missing": {"Vet ikke": 98}}},
}
CONTEXT = Context(
    waves={"staff_survey": (Window("w", dt.date(2024, 1, 1), dt.date(2024, 1, 31)),)}, as_of=dt.date(2024, 12, 31),
    items={f"rsa_r_provider_{n:02d}": Answers((1, 2, 3, 4, 5), (97, 98)) for n in range(1, 33)},
)


def test_item_answers_by_words_with_reasons_kept_apart(tmp_path):
    rows = ["Helt uenig; helt  enig", "Vet ikke;", "Helt enig;Uenig"]
    result = checked(tmp_path, rows, head="P01;P02", raw=STAFF, context=CONTEXT, table="staff_survey")
    assert told(result) == {("C07", "P02", 4)}
    items = result.valid[["rsa_r_provider_01", "rsa_r_provider_02"]].to_numpy()
    np.testing.assert_array_equal(items, [[1, 5], [98, np.nan]])


def test_items_as_numbers_must_be_answers_of_the_instrument(tmp_path):
    raw = STAFF | {"items": {"rsa_r_provider": {"from": "P{n:02d}", "count": 2}}}
    result = checked(tmp_path, ["1;5", "98;2", "6;1", "x;1"], head="P01;P02", raw=raw, context=CONTEXT, table="staff_survey")
    assert told(result) == {("C07", "P01", 4), ("C02", "P01", 5)}


def test_sav_labels_and_user_missing(tmp_path):
    import pyreadstat

    frame = pd.DataFrame({"P01": [1.0, 5.0, 99.0, 98.0], "P02": [5.0, None, 1.0, 1.0]})
    labels = {1: "Helt uenig", 5: "Helt enig", 98: "Vet ikke", 99: "Ikke spurt"}
    pyreadstat.write_sav(frame, tmp_path / "a.sav", variable_value_labels={"P01": labels, "P02": labels},
                         missing_ranges={"P01": [98, 99], "P02": [98, 99]})
    mapping = parse_mapping(name="m", raw=STAFF)
    result = check(source=read_source(path=tmp_path / "a.sav", mapping=mapping), table="staff_survey", mapping=mapping, context=CONTEXT)
    assert told(result) == set()
    np.testing.assert_array_equal(result.valid["rsa_r_provider_01"], [1, 5, np.nan, 98])


POINTS = Context(items={
    "core10_01": Answers((0, 1, 2, 3, 4), prints_reversed=True),
    "core10_02": Answers((0, 1, 2, 3, 4), missing=(9,), reverse=True, prints_reversed=True),
})


def core(already_reversed) -> dict:
    block = {"from": "c{n}", "count": 2} | ({} if already_reversed is None else {"already_reversed": already_reversed})
    return STAFF | {"table": "user_survey", "items": {"core10": block}}


@pytest.mark.parametrize("already_reversed, stored", [(False, [0, 3, 9]), (True, [4, 1, 9])])
def test_points_of_reversed_items_are_turned_back_into_answers(tmp_path, already_reversed, stored):
    result = checked(tmp_path, ["1;0", "1;3", "1;9"], head="c1;c2", raw=core(already_reversed), context=POINTS, table="user_survey")
    assert result.valid["core10_01"].tolist() == [1, 1, 1] and result.valid["core10_02"].tolist() == stored


def test_form_that_prints_points_needs_a_declaration(tmp_path):
    with pytest.raises(UsageError) as caught:
        checked(tmp_path, ["1;0"], head="c1;c2", raw=core(None), context=POINTS, table="user_survey")
    assert caught.value.code == "reversal_in_mapping"


def test_withheld_rows_stay_out_without_being_faults(tmp_path):
    raw = STAFF | {"columns": STAFF["columns"] | {"consent": {"from": "Samtykke"}}}
    result = checked(tmp_path, ["Helt enig;;Ja", "Helt enig;;Nei"], head="P01;P02;Samtykke", raw=raw, context=CONTEXT, table="staff_survey")
    assert told(result) == {("A09", "Samtykke", 3)}
    assert (len(result.valid), result.n_refused, result.n_withheld) == (1, 1, 1)
    raise_for(problems=result.problems, file="a.csv")


def test_a_fault_in_most_rows_stops_the_import(tmp_path):
    rows = [f"{i};P{i};A;02/01/2024;;Planlagt;Nei;" for i in range(30)]
    result = checked(tmp_path, [*CLEAN[:1], *rows])
    with pytest.raises(CheckError) as caught:
        raise_for(problems=result.problems, file="a.csv")
    assert "C06 Inn (30)" in caught.value.message("nb") and "02/01" not in caught.value.message("nb")


def test_summary_counts_worst_first_and_holds_no_values(tmp_path):
    result = checked(tmp_path, [*CLEAN, "1;P1;;31.02.2024 10:00;;Planlagt;Nei;", "4;P1;;01.02.2023 10:00;;Planlagt;Nei;"])
    counts = summarise(result.problems)
    assert list(counts) == ["rule", "severity", "table", "column", "source_column", "count"]
    assert counts.iloc[0][["rule", "count"]].tolist() == ["C01", 2] and counts.iloc[-1]["severity"] == "note"


def test_a_note_on_every_row_is_no_second_table(tmp_path):
    """Bytes a row that a check needs at most above the source, and that its result holds, here of rows that are all refused or noted."""
    n = 200_000
    rows = [f"{d};opplæring;2024-01-{1 + i % 28:02d};{i % 50}" for i in range(n // 4) for d in ("nord", "sør", "øst", "")]
    (tmp_path / "a.csv").write_text("\n".join(["department;component;event_date;dose_value", *rows]), encoding="utf-8")
    source = read_source(path=tmp_path / "a.csv")
    tracemalloc.start()
    before = arrow.total_allocated_bytes()
    result = check(source=source, table="components")
    held, most = ((one + arrow.total_allocated_bytes() - before) / n for one in tracemalloc.get_traced_memory())
    tracemalloc.stop()
    assert (len(result.problems), result.n_refused) == (n - 84, n // 4)
    assert held < 150 and most < 260, (held, most)
