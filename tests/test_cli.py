"""The command line: exit codes, one clear line for what is wrong, no traceback and no person's value."""

import importlib
import json
import os
import shutil
import socket
import subprocess
import sys

import pytest
from scraper import read
from typer.testing import CliRunner

from evaltool.cli import app
from evaltool.contracts import contract
from evaltool.import_source import check_source

COMMANDS = ("demo", "new", "check", "import", "status", "prepare", "compare", "stays", "registry", "report", "export", "log", "forget", "purge", "dashboard", "instruments", "power", "scales",
            "process", "counts", "showable")


SAID = []
"""What every command in this file has said, errors too."""


def run(*args, lang="nb"):
    done = CliRunner().invoke(app, [str(a) for a in args], env={"EVALTOOL_LANG": lang})
    SAID.append((" ".join(map(str, args)), done.output))
    return done


@pytest.fixture(autouse=True)
def no_hidden_number_is_said(hidden_truth):
    """Whatever a test here makes a command say: no hidden number of the sample study is in it."""
    SAID.clear()
    yield
    for asked, said in SAID:
        kind = "json" if said.startswith(("{", "[")) and said.rstrip().endswith(("}", "]")) else "txt"
        assert hidden_truth.leaks(read(f"{asked}.{kind}", said.encode())) == []


@pytest.fixture
def study(fjordvik, tmp_path):
    return shutil.copytree(fjordvik.folder, tmp_path / "study")


def one_line(result, code):
    assert result.exit_code == code, result.output
    lines = [line for line in result.stderr.splitlines() if line]
    assert len(lines) == 1 and lines[0].startswith("evaltool: "), result.stderr
    assert "Traceback" not in result.output
    return lines[0]


def test_every_command_has_help_with_an_example():
    for name in COMMANDS:
        out = run(name, "--help", lang="en")
        assert out.exit_code == 0 and "Example: evaltool" in out.output.replace("Eksempel", "Example")
    assert set(COMMANDS) == {c.name or c.callback.__name__ for c in app.registered_commands}


def test_version_is_one_line():
    assert run("--version").output == "evaltool 0.1.0\n"


@pytest.mark.parametrize("command", ["check", "import", "status", "compare", "report", "export", "dashboard"])
def test_a_missing_study_folder(command, tmp_path):
    assert "nowhere" in one_line(run(command, tmp_path / "nowhere"), 2)


def test_an_unknown_key_names_the_nearest(study):
    text = (study / "study.toml").read_text(encoding="utf8").replace("min_persons", "min_person")
    (study / "study.toml").write_text(text, encoding="utf8")
    line = one_line(run("compare", study), 2)
    assert "min_person" in line and "min_persons" in line


def test_an_unknown_department_names_the_known(study):
    line = one_line(run("compare", study, "--department", "atlantis"), 2)
    assert "atlantis" in line and "havna" in line


def test_an_unknown_measure_policy_format_and_language(study):
    assert "qpr15_total" in one_line(run("compare", study, "--measure", "happiness"), 2)
    assert "strict" in one_line(run("compare", study, "--policy", "none"), 2)
    assert "pdf, html" in one_line(run("report", study, "--format", "pptx"), 2)
    assert "nb, en" in one_line(run("compare", study, "--lang", "de"), 2)


def test_a_missing_column(study):
    source = study / "raw" / "opphold.csv"
    source.write_bytes(source.read_bytes().replace(b"Innskrevet", b"Innkommet", 1))
    line = one_line(run("import", study, source, "--table", "stays", "--map", study / "maps" / "stays.toml"), 1)
    assert "Innskrevet" in line


@pytest.mark.parametrize(("name", "content"), [("opphold.docx", b"x"), ("opphold.xlsx", b"not a workbook"), ("tom.csv", b"")])
def test_wrong_type_and_empty_file(study, name, content):
    (study / name).write_bytes(content)
    before = sorted((study / "store" / "snapshots").iterdir())
    line = one_line(run("import", study, study / name, "--table", "stays"), 1)
    assert name in line and sorted((study / "store" / "snapshots").iterdir()) == before


def test_a_file_without_its_table(study):
    assert "--table" in one_line(run("check", study, study / "raw" / "opphold.csv"), 2)


def test_same_people_without_person_ids_is_an_error_with_counts(study):
    text = (study / "study.toml").read_text(encoding="utf8")
    (study / "study.toml").write_text(text.replace('link = "partly_linked"', 'link = "same_people"'), encoding="utf8")
    line = one_line(run("compare", study), 1)
    assert any(c.isdigit() for c in line)


def test_a_port_in_use(study):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        assert str(port) in one_line(run("dashboard", study, "--port", port), 2)


def test_an_open_address_is_refused(study):
    assert "127.0.0.1" in one_line(run("dashboard", study, "--address", "0.0.0.0"), 2)


def test_importing_the_same_file_again_changes_nothing(study):
    before = sorted((study / "store" / "snapshots").iterdir())
    out = run("import", study)
    assert out.exit_code == 0 and "ingenting er endret" in out.output
    assert sorted((study / "store" / "snapshots").iterdir()) == before


def test_check_finds_faults_and_writes_a_list(study):
    out = run("check", study, study / "raw" / "opphold_with_faults.csv", "--table", "stays", "--map", study / "maps" / "stays.toml")
    assert out.exit_code == 1
    written = sorted(p.suffix for p in (study / "reports").iterdir())
    assert {".html", ".xlsx"} <= set(written)


def test_json_is_the_frame_that_python_gives(study, fjordvik_release):
    out = run("compare", study, "--json")
    data = json.loads(out.stdout)
    assert (data["policy"]["name"], data["policy"]["min_persons"]) == ("default", 5) and len(data["snapshot"]) == 12
    frame = fjordvik_release.estimates
    assert [one["estimate"] for one in data["estimates"]] == [None if x != x else x for x in frame["estimate"]]
    assert [one["n_before"] for one in data["estimates"]] == [None if x != x else x for x in frame["n_before"]]


def test_new_makes_a_study_that_opens_and_says_what_is_missing(tmp_path):
    assert run("new", tmp_path / "mine").exit_code == 0
    assert (tmp_path / "mine" / "register" / "departments.xlsx").exists()
    assert run("new", tmp_path / "mine").exit_code == 2
    assert "eksempelraden" in one_line(run("status", tmp_path / "mine", "--lang", "nb"), 1)


def test_new_sheets_have_lists_notes_and_one_example_row_that_is_refused(tmp_path):
    from openpyxl import load_workbook

    assert run("new", tmp_path / "mine").exit_code == 0
    for path in sorted((tmp_path / "mine").glob("r*/*.xlsx")):
        checked = check_source(study=None, path=path, table=path.stem)
        assert checked.problems[["rule", "row"]].to_numpy().tolist() == [["C15", 2]], path
        sheet = load_workbook(path).active
        coded = sum(bool(c.allowed) or c.type == "boolean" for c in contract(path.stem).columns.values())
        assert all(cell.comment for cell in sheet[1]) and len(sheet.data_validations.dataValidation) >= coded


def test_demo_refuses_a_folder_that_is_something_else(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    assert one_line(run("demo", tmp_path, "--no-dashboard"), 2)
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.txt"]


def test_an_unforeseen_error_quotes_nothing(monkeypatch, study):
    module = importlib.import_module("evaltool.study_release")

    def broken(**_):
        raise RuntimeError("P0001 answered 3")

    monkeypatch.setattr(module, "study_release", broken)
    line = one_line(run("compare", study), 4)
    assert "P0001" not in line and "RuntimeError" in line and "--debug" in line


@pytest.mark.parametrize("args", [("--help",), ("--version",), ("compare", "--help")])
def test_help_needs_no_pandas(args):
    code = ("import sys, evaltool.cli as c\ntry: c.main()\nexcept SystemExit: pass\n"
            "print(sorted({'pandas','numpy','streamlit'} & set(sys.modules)), file=sys.stderr)")
    out = subprocess.run([sys.executable, "-c", code, *args], capture_output=True, text=True,
                         env={**os.environ, "EVALTOOL_LANG": "en"}, check=False)
    assert out.stderr.strip() == "[]"


def test_instruments_are_listed_and_one_is_told_in_plain_words():
    assert "qpr15" in run("instruments").output
    told = run("instruments", "qpr15").output
    assert "Summen av spørsmål 1–15" in told.replace("\n", " ") or "Summen av spørsmål" in told
    card = json.loads(run("instruments", "qpr15", "--json", lang="en").output)
    assert set(card) == {"title", "about", "gaps", "summary", "scales", "items", "numbers", "facts"}
    assert len(card["items"]) == 15 and {row["certainty"] for row in card["facts"]} >= {"as given in the source"}


def test_an_answer_sheet_is_written_once(tmp_path):
    path = tmp_path / "qpr15.csv"
    assert run("instruments", "qpr15", "--sheet", path).exit_code == 0
    assert path.read_text(encoding="utf8").rstrip().endswith("qpr15_15")
    assert "qpr15.csv" in one_line(run("instruments", "qpr15", "--sheet", path), 2)
    assert ".xlsx" in one_line(run("instruments", "qpr15", "--sheet", tmp_path / "qpr15.pdf"), 2)
    assert "ID" in one_line(run("instruments", "--sheet", tmp_path / "new.csv"), 2)


def test_an_unknown_instrument_names_the_known():
    assert "qpr15" in one_line(run("instruments", "qpr51"), 2)


def test_compare_by_a_method_prints_and_writes_the_same_rows(study, tmp_path):
    out = run("compare", study, "--method", "subgroups", "--subgroup", "age_band", "--csv", tmp_path / "g.csv", "--json")
    rows = json.loads(out.output)["estimates"]
    written = (tmp_path / "g.csv").read_text(encoding="utf8").splitlines()
    assert rows and len(written) == len(rows) + 1 and all(row["subgroup"].startswith("age_band") for row in rows)
    said = run("compare", study, "--subgroup", "age_band").output
    assert "Aldersgruppe: 18–29" in said and "Først prøves" in said


@pytest.mark.parametrize(("options", "names"), [
    (("--method", "magic"), "before_after, mixed"), (("--subgroup", "shoe_size"), "age_band"),
    (("--method", "ancova", "--measure", "bed_days"), "qpr15_total"), (("--csv", "no/such/folder/x.csv"), "x.csv"),
])
def test_compare_names_what_there_is(study, options, names):
    assert names in one_line(run("compare", study, *options), 2)


def test_power_speaks_of_the_study_and_refuses_nonsense(study):
    out = run("power", study, "--departments", "6", "--persons", "10", "--json")
    assert {row["design"] for row in json.loads(out.output)["planned"]} == {"two_periods", "paired", "clustered", "stepped_wedge"}
    assert "80" not in one_line(run("power", study, "--persons", "many"), 2)
    assert "two_periods" in one_line(run("power", study, "--design", "magic"), 2)


def test_process_writes_the_overview_the_workbook_the_drawings_and_the_numbers(fjordvik, tmp_path):
    got = run("process", fjordvik.folder, "--measure", "bed_days", "--rules", "Anhoej", "--format", "table,xlsx,svg,json",
              "--out", tmp_path)
    assert got.exit_code == 0, got.output
    assert "Anhøj, versjon 1" in got.output and "Havna" in got.output
    assert sorted(p.name for p in tmp_path.iterdir()) == ["process-bed_days.svg", "process.json", "process.xlsx"]
    told = json.loads((tmp_path / "process.json").read_text(encoding="utf8"))
    assert told["rule_set"] == "anhoej_1"
    assert {row["department"] for row in told["points"]} == {row["department"] for row in told["charts"]}
    one = run("process", fjordvik.folder, "--measure", "bed_days", "--department", "havna", lang="en")
    assert one.output.startswith("Liggedøgn i Havna døgnbehandling")


def test_process_names_what_it_does_not_know(fjordvik, tmp_path):
    assert "mdc_1" in one_line(run("process", fjordvik.folder, "--rules", "nhs"), 2)
    assert "table, xlsx, svg, json" in one_line(run("process", fjordvik.folder, "--format", "pdf"), 2)
    (tmp_path / "file").write_text("x", encoding="utf8")
    assert "--out" in one_line(run("process", fjordvik.folder, "--format", "json", "--out", tmp_path / "file"), 2)


@pytest.mark.parametrize("command", [("compare",), ("stays",), ("stays", "--json"), ("status",), ("log",)], ids=" ".join)
def test_what_is_shown_of_the_whole_study_has_no_hidden_number(fjordvik, fjordvik_release, command):
    assert len(run(command[0], fjordvik.folder, *command[1:]).output) > 500
