"""What an import does to the store, what the ledger tells, and how faults of the store are told."""

import dataclasses
import errno
import os
import shutil
import sqlite3
import time

import numpy as np
import pandas as pd
import pytest
from small_store import empty_study, files, forms, now, put, same_rows, stays

from evaltool.contracts import contract
from evaltool.errors import StoreError, StudyError
from evaltool.store import history, ledger, quality, snapshots
from evaltool.store.ledger import reading, writing
from evaltool.store.merge import SCOPE, difference, merge
from evaltool.store.records import current
from evaltool.store.registers import read_registers
from evaltool.study import open_study


@pytest.fixture
def study(tmp_path):
    return empty_study(tmp_path)


def test_what_is_imported_comes_back_with_its_types(study):
    receipt = put(study, stays())
    assert (receipt.rows, receipt.rows_kept, receipt.recognised, receipt.recorded) == (6, 6, False, True)
    assert dataclasses.astuple(receipt.difference) == (6, 0, 0, 0)
    same_rows(now(study), stays())
    assert now(study).dtypes.equals(stays().dtypes)


def test_the_frame_handed_in_is_not_changed(study):
    frame = stays()
    put(study, frame)
    pd.testing.assert_frame_equal(frame, stays())


def test_a_full_extract_replaces_and_says_what_changed(study):
    put(study, stays())
    later = stays((2, 3, 4, 5, 6, 7, 8))
    later.loc[0, "department"] = "b"
    receipt = put(study, later, name="b.csv")
    assert dataclasses.asdict(receipt.difference) == {"new": 2, "gone": 1, "changed": 1, "unchanged": 4}
    same_rows(now(study), later)


def test_a_survey_file_replaces_its_department_and_wave_and_keeps_the_rest(study):
    put(study, forms(("p1", "a", "w1", 1), ("p2", "a", "w1", 2), ("p3", "b", "w1", 3)), table="user_survey")
    receipt = put(study, forms(("p1", "a", "w1", 1), ("p1", "a", "w2", 4)), table="user_survey", name="b.csv")
    assert dataclasses.asdict(receipt.difference) == {"new": 1, "gone": 1, "changed": 0, "unchanged": 2}
    same_rows(now(study, "user_survey"), forms(("p1", "a", "w1", 1), ("p1", "a", "w2", 4), ("p3", "b", "w1", 3)))


def test_columns_that_only_one_file_has_are_missing_for_the_other(study):
    put(study, forms(("p1", "a", "w1", 1)), table="user_survey")
    extra = forms(("p1", "a", "w2", 1)).assign(consent=pd.array([True], dtype="boolean"))
    put(study, extra, table="user_survey", name="b.csv")
    got = now(study, "user_survey").sort_values("wave")
    assert got["consent"].dtype == "boolean"
    assert got["consent"].isna().tolist() == [True, False]


def test_anonymous_rows_are_compared_by_all_their_values():
    old = forms((None, "a", "w1", 1), (None, "a", "w1", 1), (None, "a", "w1", 2), ("p1", "a", "w1", 2))
    new = forms((None, "a", "w1", 1), (None, "a", "w1", 3), (None, "a", "w1", 3), ("p1", "a", "w1", 9))
    got = difference(old=old, new=new, key=("person", "wave"))
    assert dataclasses.asdict(got) == {"new": 2, "gone": 2, "changed": 1, "unchanged": 1}


def test_equal_rows_and_empty_tables_are_counted_too():
    old = forms((None, "a", "w1", 1), (None, "a", "w1", 2), (None, "a", "w1", 2))
    new = forms((None, "a", "w1", 2), (None, "a", "w1", 1))
    assert dataclasses.asdict(difference(old=old, new=new, key=("person", "wave"))) == {
        "new": 0, "gone": 1, "changed": 0, "unchanged": 2}
    nothing = old.iloc[:0]
    assert difference(old=old, new=nothing, key=("person", "wave")).gone == 3
    assert difference(old=nothing, new=old, key=("person", "wave")).new == 3


def test_every_scope_is_made_of_columns_of_its_table():
    for table, scope in SCOPE.items():
        assert set(scope) <= set(contract(table).columns)


def test_a_first_import_needs_nothing_old():
    same_rows(merge(old=None, new=stays(), table="stays"), stays())


def test_the_same_file_twice_is_recognised_and_changes_nothing(study):
    first = put(study, stays())
    again = put(study, stays())
    assert (again.recognised, again.recorded) == (True, False)
    assert again.snapshot == first.snapshot
    assert dataclasses.asdict(again.difference) == {"new": 0, "gone": 0, "changed": 0, "unchanged": 6}
    assert len(history(study=study)) == 1


def test_going_back_to_an_earlier_file_is_recognised_and_done(study):
    put(study, stays())
    put(study, stays((1, 2)), name="b.csv")
    back = put(study, stays())
    assert (back.recognised, back.recorded) == (True, True)
    same_rows(now(study), stays())
    assert len(files(study)) == 2


def test_another_mapping_is_another_import(study):
    put(study, stays())
    assert not put(study, stays(), map_sha256="m2").recognised


def test_the_same_rows_in_another_order_are_the_same_snapshot(study):
    first = put(study, stays())
    other = put(study, stays((6, 4, 2, 1, 3, 5)), name="b.csv")
    assert other.snapshot == first.snapshot
    assert len(files(study)) == 1


def named(frame):
    return snapshots.content(frame).id


def test_the_name_of_the_content_sees_every_kind_of_change_and_is_pinned():
    base = named(stays())
    assert base == PINNED
    assert base == named(stays()[list(reversed(stays().columns))].sample(frac=1, random_state=1))
    assert base == named(stays().assign(empty=np.nan))
    changed = [
        stays((1, 2, 3, 4, 5)), stays().rename(columns={"person": "who"}), stays(department="b"),
        stays().assign(died=pd.array([True] + [pd.NA] * 5, dtype="boolean")),
        stays().assign(admitted=stays()["admitted"] + pd.Timedelta(1, "s")), pd.concat([stays(), stays()]),
    ]
    assert len({base, *(named(frame) for frame in changed)}) == len(changed) + 1


PINNED = "4d6b3d940f2318e68228197534eb13b6974d75ecf71c8dd3e970dd663e680f9c"


def test_history_tells_who_when_what(study):
    put(study, stays(), rows_in=9, rows_refused=3)
    row = history(study=study).iloc[0]
    assert (row["table"], row["who"], row["at"], row["file"]) == ("stays", "kari", "2026-07-01T12:00:00+00:00", "a.csv")
    assert (row["rows_in"], row["rows_kept"], row["rows_refused"], row["rows_new"]) == (9, 6, 3, 6)
    assert row["contract_version"] == contract("stays").version


def test_quality_counts_the_last_import_of_each_table(study):
    put(study, stays(), problems={("S01", "error", "stay_id"): 4})
    put(study, stays((1, 2)), name="b.csv", problems={("S07", "error", "discharged"): 2, ("S03", "note", "x"): 1})
    put(study, forms(("p1", "a", "w1", 1)), table="user_survey", problems={("C04", "error", "qpr15_01"): 1})
    got = quality(study=study)
    assert list(got.itertuples(index=False, name=None)) == [
        ("stays", "S03", "note", "x", 1), ("stays", "S07", "error", "discharged", 2),
        ("user_survey", "C04", "error", "qpr15_01", 1),
    ]


def test_before_the_first_import_there_is_no_history(study):
    assert history(study=study).empty and quality(study=study).empty
    assert not study.store.exists()


@pytest.mark.parametrize("statement", ["UPDATE imports SET who = 'x'", "DELETE FROM imports", "DELETE FROM problems"])
def test_the_ledger_is_append_only(study, statement):
    put(study, stays(), problems={("S01", "error", "stay_id"): 4})
    with sqlite3.connect(study.store / ledger.FILE) as db, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.execute(statement)


def refused(call, code):
    with pytest.raises(StoreError) as caught:
        call()
    assert caught.value.code == code
    assert "\n" not in caught.value.message("nb") and "\n" not in caught.value.message("en")


def test_a_missing_and_a_changed_snapshot_file(study):
    put(study, stays())
    path = study.store / "snapshots" / files(study)[0]
    content = path.read_bytes()
    path.write_bytes(content[:-1] + b"x")
    refused(lambda: now(study), "snapshot_changed")
    path.unlink()
    refused(lambda: now(study), "snapshot_missing")


def test_a_corrupt_ledger(study):
    put(study, stays())
    path = study.store / ledger.FILE
    path.write_bytes(b"this is no database" * 200)
    refused(lambda: history(study=study), "store_corrupt")
    refused(lambda: put(study, stays()), "store_corrupt")


def test_a_damaged_page_is_noticed(study):
    put(study, stays())
    path = study.store / ledger.FILE
    content = bytearray(path.read_bytes())
    content[4096:8192] = os.urandom(4096)
    path.write_bytes(content)
    refused(lambda: history(study=study), "store_corrupt")


def test_a_store_from_the_future(study):
    put(study, stays())
    with sqlite3.connect(study.store / ledger.FILE) as db:
        db.execute(f"PRAGMA user_version = {ledger.VERSION + 1}")
    refused(lambda: history(study=study), "store_newer")


def test_a_store_that_cannot_be_a_folder(study):
    study.store.write_text("a file")
    refused(lambda: put(study, stays()), "store_not_writable")


def test_a_full_disk_leaves_the_store_as_it_was(study, monkeypatch):
    put(study, stays())

    def full(_):
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        refused(lambda: put(study, stays((1, 2)), name="b.csv"), "store_disk")
    same_rows(now(study), stays())
    put(study, stays((1, 2)), name="b.csv")
    assert all(name.endswith(".parquet") for name in files(study))


def test_an_error_inside_an_import_commits_nothing(study):
    put(study, stays())
    with pytest.raises(RuntimeError), writing(study.store) as db:
        db.execute("DROP TABLE problems")
        raise RuntimeError
    assert quality(study=study).empty and len(history(study=study)) == 1


def test_a_second_writer_is_refused_and_readers_are_not(study, monkeypatch):
    put(study, stays())
    monkeypatch.setattr(ledger, "WAIT_SECONDS", 0.1)
    with writing(study.store):
        began = time.monotonic()
        refused(lambda: put(study, stays((1,)), name="b.csv"), "store_locked")
        assert time.monotonic() - began < 3
        same_rows(now(study), stays())
        assert len(history(study=study)) == 1
    assert put(study, stays((1,)), name="b.csv").recorded


def test_a_reader_that_stays_open_does_not_block_an_import(study):
    put(study, stays())
    with reading(study.store) as db:
        before = current(db)
        put(study, stays((1,)), name="b.csv")
        assert current(db) == before
    assert len(history(study=study)) == 2


def test_a_department_named_for_process_charts_must_be_in_the_register(fjordvik, tmp_path):
    folder = shutil.copytree(fjordvik.folder, tmp_path / "study")
    said = '\n[[process.annotations]]\ndate = 2024-01-01\ntext = "x"\ndepartment = "havnen"\n'
    (folder / "study.toml").write_text((folder / "study.toml").read_text(encoding="utf8") + said, encoding="utf8")
    with pytest.raises(StudyError, match="havnen") as caught:
        read_registers(study=open_study(folder=folder))
    assert caught.value.code == "study_unknown_name"
