"""The sample municipality on disk: what the generator writes, in the formats of its sources, with faults where told."""

from __future__ import annotations

import re
import tomllib
from functools import cache

import pandas as pd
import pyreadstat
import pytest
from python_calamine import CalamineWorkbook

from evaltool import contracts
from evaltool.check import check, context_of
from evaltool.intake import read_mapping, read_source
from evaltool.resources import folder
from evaltool.study import open_study
from evaltool.synthetic import sample_tables, write_sample

SAMPLE = folder("sample_data") / "fjordvik"
SOURCES = {
    "persons": "raw/personer.csv", "stays": "raw/opphold.csv", "staff_survey": "raw/ansatte.xlsx",
    "user_survey": "raw/brukere.sav", "invitations": "raw/invitasjoner.csv",
    "sessions": "raw/samtaler.csv", "values_exercise": "raw/verdiovelse.csv", "coded_themes": "raw/temaer.csv", "contacts": "raw/kontakter.csv",
}
FAULTY = {
    "stays": "raw/opphold_with_faults.csv", "staff_survey": "raw/ansatte_with_faults.xlsx",
    "user_survey": "raw/brukere_with_faults.csv",
}


@cache
def tables() -> dict[str, pd.DataFrame]:
    return dict(sample_tables())


@cache
def faults() -> list[dict]:
    return tomllib.loads((SAMPLE / "truth.toml").read_text(encoding="utf8"))["fault"]


def test_the_sample_on_disk_is_what_the_generator_writes(tmp_path):
    mine = tmp_path / "raw" / "mine.txt"
    mine.parent.mkdir()
    mine.write_text("keep", encoding="utf8")
    write_sample(folder=tmp_path)
    files = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file() and p != mine}
    assert mine.read_text(encoding="utf8") == "keep"
    kept = {p.relative_to(SAMPLE).as_posix() for p in SAMPLE.rglob("*") if p.is_file()}
    assert files == kept
    for name in sorted(files):
        made, stored = tmp_path / name, SAMPLE / name
        if name.endswith(".xlsx"):
            made, stored = (CalamineWorkbook.from_path(str(p)).get_sheet_by_index(0).to_python() for p in (made, stored))
            assert made == stored, name
        elif name.endswith(".sav"):
            (a, one), (b, other) = (pyreadstat.read_sav(str(p), user_missing=True) for p in (made, stored))
            pd.testing.assert_frame_equal(a, b)
            assert (one.variable_value_labels, one.missing_ranges) == (other.variable_value_labels, other.missing_ranges)
        else:
            assert made.read_bytes() == stored.read_bytes(), name


def test_another_seed_gives_other_people_in_the_same_shape():
    other = sample_tables(seed=1)
    assert list(other) == list(tables())
    for name, frame in tables().items():
        pd.testing.assert_index_equal(frame.columns, other[name].columns)
        pd.testing.assert_series_equal(frame.dtypes, other[name].dtypes)
    assert not other["stays"]["admitted"].head(50).equals(tables()["stays"]["admitted"].head(50))
    pd.testing.assert_frame_equal(other["rollout"], tables()["rollout"])


def test_the_sample_is_small():
    assert sum(p.stat().st_size for p in SAMPLE.rglob("*") if p.is_file()) < 6_000_000


def test_stays_are_written_as_a_norwegian_system_would():
    data = (SAMPLE / SOURCES["stays"]).read_bytes()
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf8")
    head, first, *_ = data.decode("cp1252").split("\r\n")
    assert head.startswith("OppholdsID;Personkode;Avdeling;Innskrevet;Utskrevet;Innleggelsesmåte;")
    assert re.search(r";\d\d\.\d\d\.\d{4} \d\d:\d\d;.*;(Ja|Nei);.*;\d+,\d\d$", first)


def test_staff_answers_stand_below_a_title_in_words():
    rows = CalamineWorkbook.from_path(str(SAMPLE / SOURCES["staff_survey"])).get_sheet_by_name("Svar").to_python()
    assert rows[0][0].startswith("Recovery-undersøkelsen") and set(rows[0][1:]) | set(rows[1]) == {""}
    assert rows[2][:3] == ["Svarnr", "Avdeling", "Bølge"]
    words = {"Helt uenig", "Uenig", "Verken eller", "Enig", "Helt enig", "Ikke aktuelt", "Vet ikke", ""}
    staff, leaders = rows[2].index("P01"), rows[2].index("L01")
    assert {cell for row in rows[3:] for cell in row[staff:leaders]} == words
    by_leaders = {row[4] == "Leder": {cell for r in rows[3:] if (r[4] == "Leder") == (row[4] == "Leder") for cell in r[leaders:]}
                  for row in rows[3:]}
    assert by_leaders[False] == {""} and by_leaders[True] <= words


def test_user_answers_have_labels_and_user_missing_codes():
    raw, meta = pyreadstat.read_sav(str(SAMPLE / SOURCES["user_survey"]), user_missing=True)
    assert meta.variable_value_labels["qpr_1"][99] == "Ønsker ikke å svare"
    assert {r["lo"] for r in meta.missing_ranges["qpr_1"]} == {9, 99}
    assert set(raw["qpr_1"].unique()) == {0, 1, 2, 3, 4, 9, 99}
    assert meta.variable_value_labels["rsa_1"][98] == "Vet ikke" and "rsa_1" not in meta.missing_ranges
    assert set(raw["rsa_1"].dropna().unique()) == {1, 2, 3, 4, 5, 97, 98}


def test_nothing_looks_like_an_identity_number():
    for path in SAMPLE.rglob("*.csv"):
        text = path.read_bytes().decode("cp1252", errors="replace")
        assert not re.search(r"(?<!\d)\d{6}[ .-]?\d{5}(?!\d)", text), path.name
    assert tables()["persons"]["person"].str.fullmatch(r"P\d{4}").all()


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_every_code_is_allowed_by_its_contract(name):
    for column in contracts.contract(name).columns.values():
        if column.allowed and (column.required != "optional" or column.name in tables()[name]):
            assert set(tables()[name][column.name].dropna()) <= set(column.allowed), column.name


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_the_maps_read_the_sources_back_to_the_clean_tables(name):
    mapping = read_mapping(path=SAMPLE / "maps" / f"{name}.toml")
    source = read_source(path=SAMPLE / SOURCES[name], mapping=mapping)
    checked = check(source=source, table=name, mapping=mapping, context=context_of(study=open_study(folder=SAMPLE)))
    assert set(checked.problems["rule"]) <= {"C12"}
    clean = tables()[name]
    pd.testing.assert_frame_equal(checked.valid[clean.columns], clean, check_dtype=True)


def test_the_study_reads_its_own_files():
    study = open_study(folder=SAMPLE)
    assert [one.table for one in study.imports] == list(SOURCES)
    assert all((SAMPLE / one.file).is_file() and (study.maps / f"{one.map}.toml").is_file() for one in study.imports)
    assert len(study.surveys["user"].waves) == 16 and len(study.surveys["staff"].waves) == 5


@pytest.mark.parametrize("name", sorted(FAULTY))
def test_every_planted_fault_is_caught_by_its_rule_and_nothing_else_is(name):
    planted = [f for f in faults() if f["file"] == FAULTY[name]]
    study, mapping = open_study(folder=SAMPLE), read_mapping(path=SAMPLE / "maps" / f"{name}.toml")
    registers = pd.read_csv(SAMPLE / "register/departments.csv", parse_dates=["active_from", "active_to"])
    persons = tables()["persons"].assign(withdrawn_on=pd.NaT)
    context = context_of(study=study, departments=registers, persons=persons)
    checked = check(source=read_source(path=SAMPLE / FAULTY[name], mapping=mapping), table=name, mapping=mapping,
                    context=context)
    problems = checked.problems[checked.problems["row"].notna() & (checked.problems["rule"] != "C12")]
    found = {(int(p.row), p.rule): p.source_column for p in problems.itertuples()}
    expected = {(f["row"], f["rule"]) for f in planted}
    assert expected <= set(found) <= expected | {(f["row"], rule) for f in planted for rule in f["also"]}
    for fault in planted:
        if fault["column"]:
            assert found[fault["row"], fault["rule"]] == fault["column"], fault["what"]
    assert checked.n_refused == sum(not f["kept"] for f in planted)


def test_faults_are_each_in_a_row_of_their_own():
    rows = [(f["file"], f["row"]) for f in faults()]
    assert len(rows) == len(set(rows)) >= 40
    assert len({f["rule"] for f in faults()}) >= 15


def test_a_faulty_copy_differs_from_the_clean_file_only_where_told():
    clean, faulty = (
        (SAMPLE / name).read_bytes().decode("cp1252").split("\r\n") for name in (SOURCES["stays"], FAULTY["stays"])
    )
    moved = {n for n, (a, b) in enumerate(zip(clean, faulty, strict=False), start=1) if a != b}
    told = {f["row"] for f in faults() if f["file"] == FAULTY["stays"]}
    assert moved == told and len(faulty) == len(clean) + 1
