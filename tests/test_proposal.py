"""A new file on the command line: proposed, reviewed, imported; columns dropped; real ids replaced by pseudonyms."""

import shutil

import pytest

from evaltool.errors import PrivacyError, UsageError
from evaltool.import_source import import_source
from evaltool.intake import read_source
from evaltool.proposal import proposal, write_proposal
from evaltool.store import current_table, history
from evaltool.study import open_study
from tests.test_cli import one_line, run
from tests.test_import_source import STUDY, WHEN

ROWS = [f"A{i:03d};P{i:02d};{('Alfa', 'Bravo')[i % 2]};{i:02d}.01.2025;{i:02d}.02.2025;Akutt;Ola {chr(65 + i)}" for i in range(1, 21)]
HEAD = "OppholdsID;Pasientkode;Enhet;Fra dato;Til dato;Innmåte;Kommentar"


@pytest.fixture
def study(tmp_path):
    folder = tmp_path / "study"
    (folder / "register").mkdir(parents=True)
    (folder / "study.toml").write_text(STUDY, encoding="utf8")
    (folder / "register" / "departments.csv").write_text("department,name\na,Alfa\nb,Bravo\n", encoding="utf8")
    (folder / "register" / "rollout.csv").write_text("department;start\na;2025-03-01\n", encoding="utf8")
    (folder / "liste.csv").write_text("\n".join([HEAD, *ROWS]), encoding="cp1252")
    return open_study(folder=folder)


def test_a_proposal_is_written_and_never_applied_unseen(study):
    out = run("import", study.folder, study.folder / "liste.csv")
    target = study.maps / "liste.toml"
    assert out.exit_code == 1 and str(target) in out.output and not study.store.exists()
    assert "P01" not in target.read_text(encoding="utf8") and "Ola" not in target.read_text(encoding="utf8")
    line = one_line(run("import", study.folder, study.folder / "liste.csv", "--map", target), 2)
    assert "reviewed = true" in line and not study.store.exists()
    text = target.read_text(encoding="utf8")
    target.write_text(text.replace("reviewed = false", "reviewed = true"), encoding="utf8")
    out = run("import", study.folder, study.folder / "liste.csv", "--map", target)
    assert out.exit_code == 0, out.output
    stored = current_table(study=study, table="stays")
    assert set(stored["department"]) == {"a", "b"} and set(stored["admission_type"]) == {"unplanned"} and len(stored) == 20


def test_words_on_few_rows_are_not_named_in_the_written_proposal(study):
    """Five rows may be named, four may not; neither a word that nothing is known of nor a near spelling."""
    types = ["Rart A"] * 5 + ["Hemmelig B"] * 4 + ["Planlaght"] * 2 + ["Akut"] * 9
    rows = [row.replace("Akutt", word) for row, word in zip(ROWS, types, strict=True)]
    path = study.folder / "liste.csv"
    path.write_text("\n".join([HEAD, *rows]), encoding="utf8")
    write_proposal(study=study, path=path, table="stays", sheet=None, lang="nb")
    text = (study.maps / "liste.toml").read_text(encoding="utf8")
    assert "Rart A" in text and '"Akut" = "unplanned"' in text
    assert "Hemmelig" not in text and "Planlaght" not in text and "2 ord står på så få rader" in text
    shown = proposal(study=study, source=read_source(path=path), table="stays")
    assert "Hemmelig" not in repr(shown) and "Planlaght" not in repr(shown)


def test_a_reviewed_mapping_is_not_overwritten_and_our_own_headings_need_none(study):
    path = study.folder / "liste.csv"
    assert write_proposal(study=study, path=path, table=None, sheet=None, lang="nb")["table"] == "stays"
    with pytest.raises(UsageError) as caught:
        write_proposal(study=study, path=path, table=None, sheet=None, lang="nb")
    assert caught.value.code == "mapping_there"
    own = study.folder / "stays.csv"
    own.write_text("stay_id,person,department,admitted\ns1,p1,a,2025-01-01\n", encoding="utf8")
    assert write_proposal(study=study, path=own, table="stays", sheet=None, lang="nb") is None
    assert "discharged" in one_line(run("import", study.folder, own, "--table", "stays"), 1)


def put(study, text, mapping, **more):
    path, target = study.folder / "list.csv", study.folder / "list.toml"
    path.write_text(text, encoding="utf8")
    target.write_text('version = 1\ntable = "stays"\n' + mapping, encoding="utf8")
    return import_source(study=study, path=path, table="stays", mapping_path=target, who="kari", when=WHEN, **more)


COLUMNS = "".join(f'[columns.{c}]\nfrom = "{c}"\n' for c in ("stay_id", "department", "admitted", "discharged"))
PERSON = '[columns.person]\nfrom = "person"\n'
TYPE = '[columns.admission_type]\nfrom = "note"\n'


def plain(person="p{i}", note="planned"):
    rows = [f"s{i},{person.format(i=i)},a,2025-01-{i:02d},2025-02-{i:02d},{note}" for i in range(1, 8)]
    return "\n".join(["stay_id,person,department,admitted,discharged,note", *rows])


def test_a_personal_column_stops_with_its_name_and_dropping_it_is_the_remedy(study, tmp_path):
    path = study.folder / "stays.csv"
    path.write_text(plain(note="ring 98 76 54 32").replace(",note", ",admission_type", 1), encoding="utf8")
    line = one_line(run("import", study.folder, path, "--table", "stays"), 3)
    assert '--drop-column "admission_type"' in line and "98 76" not in line
    assert run("import", study.folder, path, "--table", "stays", "--drop-column", "admission_type").exit_code == 0
    assert current_table(study=study, table="stays")["admission_type"].isna().all()
    assert "admision" in one_line(run("import", study.folder, path, "--table", "stays", "--drop-column", "admision"), 2)


def test_a_dropped_column_is_dropped_from_the_mapping_too(study):
    with pytest.raises(PrivacyError):
        put(study, plain(note="ring 98 76 54 32"), COLUMNS + PERSON + TYPE)
    put(study, plain(note="ring 98 76 54 32"), COLUMNS + PERSON + TYPE, drop=["note"])
    assert len(history(study=study)) == 1


def test_real_ids_become_the_same_pseudonyms_in_every_file_and_are_nowhere_in_the_study(study, tmp_path):
    key = tmp_path / "evaltool.key"
    key.write_text("0123456789abcdef" * 4)
    key.chmod(0o600)
    text = STUDY + '[privacy]\npseudonym_key_file = "../evaltool.key"\n'
    (study.folder / "study.toml").write_text(text, encoding="utf8")
    study = open_study(folder=study.folder)
    mapping = COLUMNS + PERSON + "pseudonymise = true\n"
    put(study, plain("REAL-{i}"), mapping)
    first = current_table(study=study, table="stays").set_index("stay_id")["person"]
    put(study, plain("real {i}").replace("s1,", "t1,", 1), mapping)
    second = current_table(study=study, table="stays").set_index("stay_id")["person"]
    assert first["s2"] == second["s2"] and second["t1"] == first["s1"] and first.str.fullmatch("p[0-9a-f]{20}").all()
    assert not any(b"REAL-" in p.read_bytes() for p in study.store.rglob("*") if p.is_file())
    shutil.copy(key, study.folder / "inside.key")
    (study.folder / "study.toml").write_text(text.replace("../evaltool.key", "inside.key"), encoding="utf8")
    with pytest.raises(PrivacyError) as caught:
        put(open_study(folder=study.folder), plain("REAL-{i}"), mapping)
    assert caught.value.code == "key_in_study"


def test_one_file_feeds_several_tables(study):
    path = study.folder / "both.csv"
    path.write_text(plain(), encoding="utf8")
    for name, columns in (("stays", COLUMNS + PERSON), ("persons", PERSON)):
        (study.folder / f"{name}.toml").write_text(f'version = 1\ntable = "{name}"\n' + columns, encoding="utf8")
    out = run("import", study.folder, path, "--map", study.folder / "persons.toml", "--map", study.folder / "stays.toml")
    assert out.exit_code == 0, out.output
    assert len(current_table(study=study, table="persons")) == 7 == len(current_table(study=study, table="stays"))


def test_a_single_file_is_checked_without_a_study(study, tmp_path):
    path = tmp_path / "skjema.csv"
    path.write_text("person,department,wave,answered_on,qpr15_01\np1,a,w1,2025-02-01,9\np2,a,w1,31.02.2025,2\n", encoding="utf8")
    out = run("check", path, "--table", "user_survey", "--out", tmp_path / "out")
    assert out.exit_code == 1 and "C07" in out.output and "C06" in out.output
    assert {p.suffix for p in (tmp_path / "out").iterdir()} == {".html", ".xlsx"}
    assert "skjema.csv" in one_line(run("check", path, path, "--table", "user_survey"), 2)
