import datetime as dt
import re

import pandas as pd
import pytest

from evaltool.errors import CheckError, EvaltoolError, IntakeError, StudyError
from evaltool.fix_it import fix_it
from evaltool.import_source import check_source, import_source
from evaltool.receipts import Request
from evaltool.settings import LANGUAGES
from evaltool.store import history, load, quality
from evaltool.study import open_study
from tests.test_cli import run

WHEN = dt.datetime(2026, 7, 1, 12, 0, tzinfo=dt.UTC)
STUDY = """
[study]
id = "x"
name = { nb = "X", en = "X" }
as_of = 2026-06-30
[surveys.user]
table = "user_survey"
instrument = "qpr15"
link = "partly_linked"
waves = [ { id = "w1", opens = 2025-01-01, closes = 2025-03-31 } ]
"""
HEAD = "stay_id,person,department,admitted,discharged\n"
STAYS = [f"s{i},p{i},{'ab'[i % 2]},2025-01-{i:02d},2025-02-{i:02d}" for i in range(1, 22)]


@pytest.fixture
def study(tmp_path):
    (tmp_path / "study.toml").write_text(STUDY)
    (tmp_path / "register").mkdir()
    (tmp_path / "register" / "departments.csv").write_text("department,name\na,Alfa\nb,Bravo\n")
    (tmp_path / "register" / "rollout.csv").write_text("department;start\na;2025-03-01\n")
    return open_study(folder=tmp_path)


def write(study, rows, name="stays.csv", head=HEAD):
    path = study.folder / name
    path.write_text(head + "\n".join(rows) + "\n", encoding="utf8")
    return path


def put(study, path, table="stays", **more):
    return import_source(study=study, path=path, table=table, who="kari", when=WHEN, **more)


def refused(call, kind, code):
    with pytest.raises(kind) as caught:
        call()
    assert caught.value.code == code
    for lang in LANGUAGES:
        assert "\n" not in caught.value.message(lang)
    return caught.value


def test_a_good_file_comes_in_and_out_again(study):
    outcome = put(study, write(study, STAYS))
    assert outcome.receipt.rows_kept == 21
    dataset = load(study=study)
    assert len(dataset.tables["stays"]) == 21
    assert dataset.registers["departments"]["name"].tolist() == ["Alfa", "Bravo"]
    assert dataset.registers["rollout"]["start"].tolist() == [pd.Timestamp("2025-03-01")]
    assert (len(dataset.registers["components"]), "event_date" in dataset.registers["components"]) == (0, True)
    assert dataset.provenance.contracts == {"stays": 1}
    assert dataset.provenance.as_of == dt.date(2026, 6, 30)


def test_a_dry_run_writes_nothing(study):
    outcome = put(study, write(study, STAYS), dry_run=True)
    assert outcome.receipt is None
    assert len(outcome.checked.valid) == 21
    assert not study.store.exists()


def test_few_bad_rows_stay_out_and_are_counted(study):
    put(study, write(study, [*STAYS, "s99,p99,zzz,2025-01-01,"]))
    assert len(load(study=study).tables["stays"]) == 21
    assert quality(study=study)[["rule", "column", "rows"]].values.tolist() == [["S03", "department", 1]]
    assert history(study=study)[["rows_in", "rows_kept", "rows_refused"]].values.tolist() == [[22, 21, 1]]


def test_more_than_one_in_twenty_bad_rows_refuse_the_file_and_leave_the_store(study):
    put(study, write(study, STAYS))
    before = load(study=study).provenance.snapshot
    bad = write(study, [*STAYS[:18], "s98,p1,zzz,2025-01-01,"], name="bad.csv")
    error = refused(lambda: put(study, bad), CheckError, "import_refused")
    assert error.exit_code == 1
    assert "1 of 19 rows" in error.message("en") and "S03" in error.message("en")
    assert "zzz" not in error.message("en")
    refused(lambda: put(study, bad, dry_run=True), CheckError, "import_refused")
    assert load(study=study).provenance.snapshot == before
    assert len(history(study=study)) == 1


def test_rows_without_consent_are_no_fault(study):
    rows = [f"p{i},a,w1,2025-02-01,{'no' if i > 5 else 'yes'},2" for i in range(1, 11)]
    path = write(study, rows, head="person,department,wave,answered_on,consent,qpr15_01\n")
    outcome = put(study, path, table="user_survey")
    assert (outcome.receipt.rows_kept, outcome.receipt.rows_refused) == (5, 5)


def test_a_file_without_a_valid_row_is_refused(study):
    path = write(study, ["p1,a,w1,2025-02-01,no,2"], head="person,department,wave,answered_on,consent,qpr15_01\n")
    refused(lambda: put(study, path, table="user_survey"), CheckError, "import_no_rows")


def test_a_fault_of_the_whole_file_stops_it(study):
    rows = [row.replace("2025-01", "2028-01") for row in STAYS]
    refused(lambda: put(study, write(study, rows)), CheckError, "import_stopped")


def test_answers_are_held_against_the_declared_instrument_and_waves(study):
    path = write(study, ["p1,a,w1,2025-02-01,9", "p2,a,w7,2025-02-01,2"],
                 head="person,department,wave,answered_on,qpr15_01\n")
    assert {"C07", "U03"} <= set(check_source(study=study, path=path, table="user_survey").problems["rule"])


def test_persons_that_are_in_the_store_are_part_of_the_check(study):
    put(study, write(study, ["p1,2024-12-01", "p2,"], name="persons.csv", head="person,died_on\n"), table="persons")
    found = check_source(study=study, path=write(study, STAYS), table="stays").problems
    assert {"S10", "S12"} <= set(found["rule"])


def test_missing_file_empty_file_wrong_type_and_missing_column(study):
    refused(lambda: put(study, study.folder / "none.csv"), IntakeError, "no_file")
    (study.folder / "empty.csv").write_text("")
    refused(lambda: put(study, study.folder / "empty.csv"), IntakeError, "empty_file")
    (study.folder / "wrong.xlsx").write_text("a,b\n1,2\n")
    refused(lambda: put(study, study.folder / "wrong.xlsx"), IntakeError, "not_what_it_says")
    path = write(study, ["s1,p1,a"], head="stay_id,person,department\n")
    refused(lambda: put(study, path), IntakeError, "missing_columns")
    assert not study.store.exists()


@pytest.mark.parametrize(
    ("file", "content", "kind", "code"),
    [
        ("departments.csv", None, StudyError, "no_register"),
        ("rollout.csv", None, StudyError, "no_register"),
        ("departments.csv", "department,name\n", IntakeError, "no_rows"),
        ("departments.csv", "department\na\n", IntakeError, "missing_columns"),
        ("departments.csv", "department,name\na,Alfa\na,Beta\n", CheckError, "register_problems"),
        ("rollout.csv", "department,start\nzzz,2025-01-01\n", CheckError, "register_problems"),
        ("rollout.csv", "department,start,wash_in_end\na,2025-01-01,2024-01-01\n", CheckError, "register_problems"),
        ("rollout.xlsx", "", StudyError, "two_registers"),
    ],
)
def test_registers_that_cannot_be(study, file, content, kind, code):
    path = study.register / file
    path.unlink(missing_ok=True)
    if content is not None:
        path.write_text(content)
    refused(lambda: load(study=study), kind, code)


def test_a_rollout_without_rows_yet(study):
    (study.register / "rollout.csv").write_text("department,start\n")
    assert load(study=study).registers["rollout"].empty


def test_a_register_may_be_a_workbook(study):
    (study.register / "departments.csv").unlink()
    pd.DataFrame({"department": ["a"], "name": ["Alfa"]}).to_excel(study.register / "departments.xlsx", index=False)
    assert load(study=study).registers["departments"]["department"].tolist() == ["a"]


def named(study):
    return load(study=open_study(folder=study.folder)).provenance.snapshot


def test_the_snapshot_is_named_by_what_changes_numbers_and_by_nothing_else(study):
    put(study, write(study, STAYS))
    name = named(study)
    assert (len(name), named(study)) == (12, name)
    put(study, write(study, reversed(STAYS), name="other_order.csv"))
    (study.register / "rollout.csv").write_text("department,start\na,2025-03-01\n")
    (study.folder / "study.toml").write_text(STUDY.replace('nb = "X"', 'nb = "Y"') + "[readmission]\nwindow_days = 30\n")
    assert named(study) == name
    (study.folder / "study.toml").write_text(STUDY + "[readmission]\nwindow_days = 31\n")
    assert named(study) != name
    (study.folder / "study.toml").write_text(STUDY)
    (study.register / "rollout.csv").write_text("department,start\na,2025-03-02\n")
    assert named(study) != name
    (study.register / "rollout.csv").write_text("department,start\na,2025-03-01\n")
    assert named(study) == name
    put(study, write(study, STAYS[:-1], name="shorter.csv"))
    assert named(study) != name


def test_an_empty_store_has_registers_and_no_tables(study):
    dataset = load(study=study)
    assert dict(dataset.tables) == {}
    assert len(dataset.registers["departments"]) == 2


def test_the_same_file_with_an_edited_comment_in_its_mapping_is_recognised(study):
    mapping = study.folder / "map.toml"
    text = 'version = 1\ntable = "stays"\n' + "".join(
        f'[columns.{name}]\nfrom = "{name}"\n' for name in ("stay_id", "person", "department"))
    text += '[columns.admitted]\nfrom = "admitted"\n[columns.discharged]\nfrom = "discharged"\n'
    mapping.write_text(text)
    path = write(study, STAYS)
    assert not put(study, path, mapping_path=mapping).receipt.recognised
    mapping.write_text("# checked by Kari\n" + text)
    assert put(study, path, mapping_path=mapping).receipt.recognised
    assert not put(study, path).receipt.recognised


def test_every_refusal_is_an_error_of_ours(study):
    (study.folder / "binary.csv").write_bytes(bytes(range(256)) * 10)
    with pytest.raises(EvaltoolError):
        put(study, study.folder / "binary.csv")


def test_an_example_row_is_refused_until_it_is_removed_and_nothing_else_is_said_of_it(study):
    path = write(study, ["Eksempel,x1,nowhere,2025-01-01,2024-01-01", *STAYS])
    checked = check_source(study=study, path=path, table="stays")
    assert checked.problems[["rule", "row"]].to_numpy().tolist() == [["C15", 2]] and len(checked.valid) == len(STAYS)
    departments = study.register / "departments.csv"
    departments.write_text("department,name\neksempel,x1\n" + departments.read_text().split("\n", 1)[1])
    refused(lambda: put(study, path), CheckError, "register_example")


def with_limits(study, text):
    (study.folder / "study.toml").write_text(STUDY + text)
    return open_study(folder=study.folder)


BAD = ["b1,q1,nowhere,2025-01-01,2025-02-01", "b2,q2,nowhere,2025-01-01,2025-02-01"]


def test_a_wrong_year_is_noted_in_its_row_and_nowhere_else(study):
    path = write(study, [*STAYS[:10], "s99,p99,b,1925-01-04,1925-01-09", *STAYS[10:]])
    problems = check_source(study=study, path=path, table="stays").problems
    assert problems[["rule", "severity", "column", "row"]].values.tolist() == [["C16", "note", "admitted", 12]]
    assert put(study, path).receipt.rows_kept == 22


def test_a_limit_in_study_toml_lets_rows_be_wrong_up_to_it_and_stops_beyond(study):
    path = write(study, [*STAYS, *BAD])
    refused(lambda: put(study, path), CheckError, "import_refused")
    for text in ("[rules.S03]\nmost = 2\n", "[rules.S03]\nmost_share = 0.1\n"):
        assert put(with_limits(study, text), path, dry_run=True).checked.n_allowed == 2
    for text in ("[rules.S03]\nmost = 1\n", "[rules.S03]\nmost_share = 0.05\n", "[rules.S03]\nmost = 9\nmost_share = 0.05\n"):
        assert "S03" in refused(lambda text=text: put(with_limits(study, text), path), CheckError, "import_stopped").message("nb")
    wrong = write(study, [*STAYS, *BAD, "b3,q3,a,2025-03-01,2025-02-01", "b4,q4,a,2025-03-01,2025-02-01"])
    refused(lambda: put(with_limits(study, "[rules.S03]\nmost = 2\n"), wrong), CheckError, "import_refused")


def test_a_limit_makes_a_note_stop_and_names_the_nearest_rule(study):
    path = write(study, [*STAYS, "o1,p1,a,2025-01-02,2025-01-03"])
    assert put(study, path, dry_run=True).checked.n_refused == 0
    refused(lambda: put(with_limits(study, "[rules.S08]\nmost = 0\n"), path), CheckError, "import_stopped")
    assert "S08" in refused(lambda: with_limits(study, "[rules.S088]\nmost = 0\n"), StudyError, "study_unknown_name").message("nb")


def test_the_fix_it_list_says_what_the_extract_would_change(study, tmp_path):
    put(study, write(study, STAYS))
    path = write(study, [*STAYS[2:], STAYS[0].replace(",b,", ",a,"), "n1,p1,a,2025-04-02,2025-04-03", *BAD[:1]])
    facts = fix_it(study=study, request=Request(path=path, table="stays", mapping_path=None, sheet=None), out=tmp_path / "o", lang="nb")
    page = (tmp_path / "o" / "stays_fixit.html").read_text(encoding="utf8")
    rows = re.findall(r'<th scope="row">(Nye rader|Endrede rader|Rader som er borte|Uendrede rader)</th><td class="c">(\d+)', page)
    assert rows == [("Nye rader", "1"), ("Endrede rader", "1"), ("Rader som er borte", "1"), ("Uendrede rader", "19")]
    assert facts["refused"] == 1 and len(history(study=study)) == 1


UNSEEN = {
    "eksport.txt": ("utf-16", """
        [file]
        delimiter = "\t"
        [columns]
        discharged = { from = "Avsluttet dato", format = "%d/%m-%y" }
        admitted = { from = "Oppstart dato", format = "%d/%m-%y" }
        person = { from = "Klient" }
        department = { from = "Org. enhet", codes = { "1001 Alfa bolig" = "a", "1002 Bravo" = "b" } }
        stay_id = { from = "#1" }
        admission_type = { from = "Årsak", codes = { "Selv bestilt" = "user_controlled", "Hast" = "unplanned" }, missing = ["?"] }
        """),
    "extract.xlsx": (None, """
        [file]
        header_row = 3
        [filter."Row type"]
        keep = ["stay"]
        [columns]
        department = { constant = "a" }
        person = { from = "Client no." }
        admitted = { from = "In", format = "excel" }
        discharged = { from = "Out", format = "%m/%d/%Y", missing = ["still here"] }
        stay_id = { from = "Key" }
        admission_type = { from = "How", codes = { "2" = "planned", "1" = "unplanned" } }
        """),
}


def unseen(study, name):
    """Two exports that nobody here made the reader for: other headings, other order, other dialect, a title, a total."""
    import xlsxwriter

    path, encoding = study.folder / name, UNSEEN[name][0]
    if encoding:
        rows = [["", "Avsluttet dato", "Årsak", "Klient", "Oppstart dato", "Fagansvarlig", "Org. enhet"],
                ["51", "03/02-25", "Hast", "k-1", "01/02-25", "Æ", "1001 Alfa bolig"], ["52", "", "?", "k-2", "02/02-25", "Ø", "1002 Bravo"],
                ["", "", "", "", "", "", ""], ["53", "28/02-25", "Selv bestilt", "k-1", "12/02-25", "Å", "1001 Alfa bolig"], ["Sum", "3", "", "", "", "", ""]]
        path.write_bytes("\r\n".join("\t".join(row) for row in rows).encode(encoding))
    else:
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet("Export")
            sheet.write(0, 0, "Housing system, extract of 1 July 2026")
            for i, row in enumerate([["Row type", "Key", "How", "Out", "In", "Client no."], ["stay", "x1", 2, "02/13/2025", 45689, 7],
                                     ["service", "x2", 2, "02/14/2025", 45690, 8], ["stay", "x3", 1, "still here", 45690, 9]], start=2):
                sheet.write_row(i, 0, row)
    return path


@pytest.mark.parametrize("name, expected", [
    ("eksport.txt", [["51", "k-1", "a", "2025-02-01", "2025-02-03", "unplanned"], ["52", "k-2", "b", "2025-02-02", "", ""],
                     ["53", "k-1", "a", "2025-02-12", "2025-02-28", "user_controlled"]]),
    ("extract.xlsx", [["x1", "7", "a", "2025-02-01", "2025-02-13", "planned"], ["x3", "9", "a", "2025-02-02", "", "unplanned"]]),
])
def test_an_export_that_nobody_has_seen_comes_in_after_editing_only_the_mapping(study, name, expected):
    path = unseen(study, name)
    mapping = study.folder / "map.toml"
    mapping.write_text('version = 1\ntable = "stays"\n' + UNSEEN[name][1].replace("\n        ", "\n"), encoding="utf8")
    outcome = put(study, path, mapping_path=mapping)
    assert (outcome.checked.n_refused, outcome.checked.problems["rule"].tolist()) == (0, [])
    stored = load(study=study).tables["stays"].sort_values("stay_id")
    for column in ("admitted", "discharged"):
        stored[column] = stored[column].dt.strftime("%Y-%m-%d")
    columns = ["stay_id", "person", "department", "admitted", "discharged", "admission_type"]
    assert stored[columns].astype(object).fillna("").to_numpy().tolist() == expected


MARK = "Zyx"


def test_no_value_of_any_person_is_told_anywhere_but_in_the_fix_it_file(study, caplog):
    """Every column of faulty rows holds a word of its own; check, import, status, log and proposals run on them."""
    names = ("stay_id", "person", "department", "admitted", "discharged", "admission_type", "legal_basis", "died")
    marked = [",".join(f"{MARK}{column}{i}" for column in names) for i in range(30)]
    head = ",".join(names) + "\n"
    bad, few = write(study, marked, "bad.csv", head), write(study, [*(f"{MARK}s{i},{MARK}p{i},a,2025-01-{i:02d},2025-02-{i:02d},planned,," for i in range(1, 25)), marked[0]], "few.csv", head)
    other = write(study, [row for row in marked], "liste.csv", "Nr,Pasient,Enhet,Inn,Ut,Måte,Hjemmel,Død\n")
    said = []
    for args in (("check", bad), ("check", few), ("import", bad), ("import", few), ("import", other), ("status",), ("log",), ("check", few, "--json"), ("import", few, "--json", "--debug")):
        table = () if args[0] in ("status", "log") or args[-1] == other else ("--table", "stays")
        out = run(args[0], study.folder, *args[1:], *table)
        said.append(out.output + repr(out.exception))
    assert len(load(study=study).tables["stays"]) == 24 and (study.maps / "liste.toml").is_file()
    fix_it_files = {p for p in study.reports.iterdir() if "_fixit" in p.name}
    assert fix_it_files and any(MARK.encode() in p.read_bytes() for p in fix_it_files)
    apart = {bad, few, other, *fix_it_files, *(study.store / "snapshots").iterdir()}
    left = [p for p in study.folder.rglob("*") if p.is_file() and p not in apart and MARK.encode() in p.read_bytes()]
    assert (left, [text for text in said if MARK in text], MARK in caplog.text) == ([], [], False)
