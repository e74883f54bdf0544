"""What a reader has seen is written once, whichever release showed it, and read from stores of any age."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pandas as pd
import pytest
from small_store import WHEN, empty_study

from evaltool.errors import StoreError
from evaltool.store import definition, ledger, record_release, released_cells


@pytest.fixture
def study(tmp_path):
    return empty_study(tmp_path)


def cells(*rows) -> pd.DataFrame:
    return pd.DataFrame([{"measure": measure, "department": "a", "subgroup": subgroup, "kind": "phase", "phase": "before", "grain": "",
                          "period": "", "n": n, "amount": n, "persons": n} for measure, subgroup, n in rows])


def shown(study, frame, sha, role="reader"):
    facts = {"policy": "default", "snapshot": "s", "definition": definition(study=study), "version": "1", "shown": 1, "hidden": 0, "sha256": sha}
    record_release(study=study, cells=lambda: frame, facts=facts, who="kari", when=WHEN, role=role, purpose="report")


def stored(study) -> int:
    with closing(sqlite3.connect(study.store / "ledger.sqlite")) as db:
        return db.execute("SELECT count(*) FROM released_cells").fetchone()[0]


def test_what_two_releases_show_alike_is_written_once_and_each_reader_sees_all_of_theirs(study):
    series, groups = [("qpr", "", 10.0), ("rsa", "", 20.0)], [("qpr", "role=leader", 6.0)]
    shown(study, cells(*series), "one")
    shown(study, cells(*reversed(series), *groups), "two")
    shown(study, cells(*groups), "three", role="internal")
    assert stored(study) == 3
    assert sorted(released_cells(study=study, role="reader")["n"]) == [6.0, 10.0, 20.0]
    assert released_cells(study=study, role="internal")["n"].tolist() == [6.0]
    shown(study, cells(("qpr", "", 11.0), ("rsa", "", 20.0)), "four")
    assert stored(study) == 4 and sorted(released_cells(study=study, role="reader")["n"]) == [6.0, 10.0, 11.0, 20.0]


def test_cells_are_not_asked_for_where_the_ledger_has_them(study):
    shown(study, cells(("qpr", "", 10.0)), "one")
    shown(study, None, "one", role="internal")
    assert released_cells(study=study, role="internal")["n"].tolist() == [10.0]


def test_an_older_store_is_read_and_added_to(study):
    shown(study, cells(("qpr", "", 10.0)), "old")
    with closing(sqlite3.connect(study.store / "ledger.sqlite")) as db:
        db.executescript("DROP TRIGGER released_cells_update; UPDATE released_cells SET sha256 = 'old'; DROP TABLE released_parts;")
    assert released_cells(study=study, role="reader")["n"].tolist() == [10.0]
    shown(study, cells(("rsa", "", 20.0)), "new")
    assert sorted(released_cells(study=study, role="reader")["n"]) == [10.0, 20.0]


def test_a_large_ledger_is_checked_again_when_somebody_changed_it(study, monkeypatch):
    monkeypatch.setattr(ledger, "ALWAYS_CHECKED", 0)
    path = study.store / "ledger.sqlite"
    shown(study, cells(*((f"m{i}", "", float(i)) for i in range(400))), "one")
    checks = []
    real = sqlite3.connect

    def listening(*args, **more):
        db = real(*args, **more)
        db.set_trace_callback(lambda said: checks.append(said) if "quick_check" in said else None)
        return db

    monkeypatch.setattr(ledger.sqlite3, "connect", listening)
    assert len(released_cells(study=study, role="reader")) == 400 and not checks
    whole = path.read_bytes()
    path.write_bytes(whole[:9000] + b"\xff" * 4000 + whole[13000:] + b"\x00" * 4096)
    with pytest.raises(StoreError) as error:
        released_cells(study=study, role="reader")
    assert error.value.code == "store_corrupt" and checks
