"""forget: no byte of the person is left in the store, nothing else is touched, and a killed call can be finished."""

import json
import os
import shutil
import signal
import sys

import pandas as pd
import pyarrow.parquet as pq
import pytest
from small_store import WHEN, empty_study, forms, now, put, stays
from test_store_killed import PROCESSES, TOUCH_THE_DISK
from typer.testing import CliRunner

from evaltool.cli import app
from evaltool.errors import StoreError
from evaltool.store import events, forget, history, keep, kept, quality, removals
from evaltool.study import open_study

WHO = "zq7kx9secret"


@pytest.fixture
def study(tmp_path):
    study = empty_study(tmp_path)
    mine = stays()
    mine["person"] = mine["person"].replace("p1", WHO)
    put(study, mine)
    put(study, mine.iloc[:4], name="b.csv")
    put(study, forms((WHO, "a", "1", 3.0), ("p2", "a", "1", 2.0)), table="user_survey", problems={("S07", "error", "admitted"): 2})
    return study


def holds(study):
    """Files of the store with the person in their bytes, or in the values behind the bytes of a snapshot."""
    found = [p.name for p in study.store.rglob("*") if p.is_file() and WHO.encode() in p.read_bytes()]
    for path in study.store.rglob("*.parquet"):
        if any(WHO in str(value) for column in pq.read_table(path).to_pydict().values() for value in column):
            found.append(path.name)
    return found


def test_no_byte_of_the_person_is_left_and_the_others_stay(study):
    keep(store=study.store, name="n", frames={"x": pd.DataFrame({"a": [1]})}, facts={})
    assert holds(study)
    done = forget(study=study, ids=(WHO,), who="kari", when=WHEN)
    assert not holds(study)
    assert done.rows == {"stays": 2, "user_survey": 1} and kept(store=study.store, name="n") is None
    assert set(now(study)["person"]) == {"p0", "p2"} and len(now(study, "user_survey")) == 1
    assert list(quality(study=study)["rows"]) == [2]


def test_the_ledger_says_that_it_happened_and_not_who(study):
    forget(study=study, ids=(WHO,), who="kari", when=WHEN)
    said = removals(study=study)
    assert list(said["kind"]) == ["forget"] * 2 and list(said["rows"]) == [2, 1] and set(said["who"]) == {"kari"}
    assert list(events(study=study)["event"]).count("forget") == 2 and list(events(study=study)["event"]).count("import") == 3


def test_a_dry_run_and_an_unknown_person_change_nothing(study):
    before = {p: p.read_bytes() for p in (study.store / "snapshots").iterdir()}
    assert forget(study=study, ids=(WHO,), who="kari", when=WHEN, dry_run=True).rows == {"stays": 2, "user_survey": 1}
    with pytest.raises(StoreError) as error:
        forget(study=study, ids=("nobody",), who="kari", when=WHEN)
    assert error.value.code == "person_unknown" and "nobody" not in str(error.value)
    assert before == {p: p.read_bytes() for p in (study.store / "snapshots").iterdir()} and len(history(study=study)) == 3


def _forget_until_killed(folder, at_step):
    study = open_study(folder=folder)
    step = 0

    def count(_, event, function):
        nonlocal step
        if event in ("c_call", "c_return") and function.__name__ in TOUCH_THE_DISK:
            step += 1
            if step == at_step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)
    forget(study=study, ids=(WHO,), who="kari", when=WHEN)


@pytest.mark.slow
def test_killed_at_any_step_it_has_not_happened_or_the_person_is_out_and_the_next_call_finishes(study, tmp_path):
    outcomes, seen = set(), set()
    for step in range(1, 400, 9):
        folder = tmp_path / f"copy{step}"
        folder.mkdir()
        shutil.copy(study.folder / "study.toml", folder)
        shutil.copytree(study.store, folder / "store")
        child = PROCESSES.Process(target=_forget_until_killed, args=(folder, step))
        child.start()
        child.join()
        copy = open_study(folder=folder)
        outcomes.add(child.exitcode)
        here = WHO in set(now(copy)["person"])
        assert here == (WHO in set(now(copy, "user_survey")["person"]))
        seen.add((here, bool(holds(copy))))
        if holds(copy):
            forget(study=copy, ids=(WHO,), who="kari", when=WHEN)
        assert not holds(copy) and set(now(copy)["person"]) == {"p0", "p2"}
        if child.exitcode == 0:
            break
    assert outcomes == {0, -signal.SIGKILL} and {(True, True), (False, True), (False, False)} <= seen


def test_a_later_import_brings_the_person_back(study):
    forget(study=study, ids=(WHO,), who="kari", when=WHEN)
    mine = stays()
    mine["person"] = mine["person"].replace("p1", WHO)
    put(study, mine)
    assert WHO in set(now(study)["person"])


def run(*args):
    return CliRunner().invoke(app, [*(str(a) for a in args), "--lang", "en"])


def test_the_command_asks_lists_the_users_own_files_and_never_repeats_the_id(study):
    (study.folder / "raw").mkdir()
    (study.folder / "raw" / "a.csv").write_text(f"person;x\n{WHO};1\n")
    (study.folder / "raw" / "b.csv").write_text(f"person;x\n{WHO}2;1\n")
    pd.DataFrame({"a": [WHO]}).to_excel(study.folder / "raw" / "c.xlsx")
    refused = run("forget", study.folder, WHO)
    assert refused.exit_code == 2 and "--yes" in refused.output and holds(study)
    told = json.loads(run("forget", study.folder, WHO, "--dry-run", "--json").output)
    assert told["left"] == ["raw/a.csv", "raw/c.xlsx"] and holds(study)
    done = run("forget", study.folder, WHO, "--yes")
    assert done.exit_code == 0 and "raw/a.csv" in done.output and "brings the person back" in done.output
    assert WHO not in done.output and not holds(study)
    again = run("forget", study.folder, WHO, "--yes")
    assert again.exit_code == 2 and WHO not in again.output


def test_the_id_of_the_source_finds_the_pseudonym(tmp_path):
    import pyarrow

    from evaltool.intake.pseudonyms import pseudonyms

    key = tmp_path / "key"
    key.write_text("k" * 64)
    key.chmod(0o600)
    (tmp_path / "s").mkdir()
    study = empty_study(tmp_path / "s")
    (study.folder / "study.toml").write_text((study.folder / "study.toml").read_text() + '[privacy]\npseudonym_key_file = "../key"\n')
    name = pseudonyms(texts=pyarrow.array([WHO], type=pyarrow.large_string()), key=b"k" * 64)[0].as_py()
    frame = stays()
    frame["person"] = frame["person"].replace("p1", name)
    put(study, frame)
    assert run("forget", study.folder, WHO, "--yes").exit_code == 0
    assert name not in set(now(study)["person"])
