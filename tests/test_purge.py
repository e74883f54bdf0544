"""purge: nothing before the date; after it no row is left, and the study opens as one without data."""

import datetime as dt
import multiprocessing
import os
import shutil
import signal
import sys

import pytest
from small_store import WHEN, empty_study, forms, now, put, stays
from typer.testing import CliRunner

from evaltool.cli import app
from evaltool.errors import StoreError
from evaltool.store import events, purge
from evaltool.study import open_study

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["evaltool.store", "evaltool.study", "pyarrow.parquet", __name__])


def dated(folder, day):
    study = empty_study(folder)
    (folder / "study.toml").write_text((folder / "study.toml").read_text() + f"[privacy]\nretention_until = {day}\n")
    study = open_study(folder=folder)
    put(study, stays())
    return study


def test_up_to_the_last_day_nothing_is_done(tmp_path):
    study = dated(tmp_path, WHEN.date().isoformat())
    with pytest.raises(StoreError) as error:
        purge(study=study, who="kari", when=WHEN)
    assert error.value.code == "retention_not_over" and len(now(study)) == 6


def test_without_a_date_nothing_is_done(tmp_path):
    study = empty_study(tmp_path)
    with pytest.raises(StoreError) as error:
        purge(study=study, who="kari", when=WHEN)
    assert error.value.code == "retention_unset"


def test_after_the_date_no_row_is_left_and_the_ledger_says_so(tmp_path):
    study = dated(tmp_path, "2026-06-30")
    assert purge(study=study, who="kari", when=WHEN, dry_run=True).rows == {"stays": 6} and len(now(study)) == 6
    assert purge(study=study, who="kari", when=WHEN).rows == {"stays": 6}
    assert now(study) is None and not list(study.store.rglob("*.parquet"))
    assert not [p for p in study.store.rglob("*") if p.is_file() and b"PAR1" in p.read_bytes()]
    assert list(events(study=study)["event"]) == ["import", "purge"]
    with pytest.raises(StoreError) as error:
        purge(study=study, who="kari", when=WHEN + dt.timedelta(days=1))
    assert error.value.code == "nothing_to_purge"
    put(study, stays())
    assert len(now(study)) == 6


def test_the_command_needs_a_yes_and_lists_what_stays(tmp_path):
    study = dated(tmp_path, "2020-01-01")
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.csv").write_text("x")
    run = lambda *more: CliRunner().invoke(app, ["purge", str(tmp_path), *more, "--lang", "en"])  # noqa: E731
    assert run().exit_code == 2 and len(now(study)) == 6
    done = run("--yes")
    assert done.exit_code == 0 and "raw/a.csv" in done.output and now(study) is None

TOUCH_THE_DISK = ("connect", "execute", "executemany", "unlink")


def _purge_until_killed(folder, at_step):
    study, step = open_study(folder=folder), 0

    def count(_, event, function):
        nonlocal step
        if event in ("c_call", "c_return") and function.__name__ in TOUCH_THE_DISK:
            step += 1
            if step == at_step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)
    purge(study=study, who="kari", when=WHEN)


@pytest.mark.slow
def test_killed_at_any_step_all_tables_are_there_or_gone_and_the_next_call_finishes(tmp_path):
    first = dated(tmp_path, "2026-06-30")
    put(first, forms(("p1", "a", "w1", 1.0)), table="user_survey")
    outcomes, seen = set(), set()
    for step in range(1, 400, 13):
        folder = tmp_path / f"copy{step}"
        folder.mkdir()
        shutil.copy(tmp_path / "study.toml", folder)
        shutil.copytree(first.store, folder / "store")
        child = PROCESSES.Process(target=_purge_until_killed, args=(folder, step))
        child.start()
        child.join()
        copy = open_study(folder=folder)
        outcomes.add(child.exitcode)
        there = [now(copy, table) is not None for table in ("stays", "user_survey")]
        assert there[0] == there[1]
        left = bool(list(copy.store.rglob("*.parquet")))
        seen.add((there[0], left))
        if there[0] or left:
            purge(study=copy, who="kari", when=WHEN)
        assert not [p for p in copy.store.rglob("*") if p.is_file() and b"PAR1" in p.read_bytes()]
        if child.exitcode == 0:
            break
    assert outcomes == {0, -signal.SIGKILL} and {(True, True), (False, True), (False, False)} <= seen
