"""The store and other processes: killed imports, a reader without the right to write."""

import multiprocessing
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from small_store import empty_study, files, now, put, same_rows, stays

from evaltool.errors import StoreError
from evaltool.store import history
from evaltool.study import open_study

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["evaltool.store", "evaltool.study", "pyarrow.parquet", __name__])


@pytest.fixture
def study(tmp_path):
    return empty_study(tmp_path)


def _as_one_who_may_only_read(folder, other, answers):
    """In another process, because the superuser may write everywhere; once elsewhere first, to load all modules."""
    now(open_study(folder=other))
    history(study=open_study(folder=other))
    if os.geteuid() == 0:
        os.setgid(65534)
        os.setuid(65534)
    study = open_study(folder=folder)
    answers.put(len(now(study)))
    answers.put(len(history(study=study)))
    try:
        put(study, stays((1,)), name="b.csv")
    except StoreError as error:
        answers.put(error.code)


def test_a_read_only_store_can_be_read_and_says_that_it_cannot_be_written(study):
    put(study, stays())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        put(empty_study(folder), stays())
        everything = [folder, *folder.rglob("*")]
        for path in everything:
            path.chmod(0o555 if path.is_dir() else 0o444)
        answers = PROCESSES.Queue()
        child = PROCESSES.Process(target=_as_one_who_may_only_read, args=(folder, study.folder, answers))
        child.start()
        got = [answers.get(timeout=10) for _ in range(3)]
        child.join()
        for path in everything:
            path.chmod(0o755)
    assert got == [6, 1, "store_not_writable"]


TOUCH_THE_DISK = ("connect", "execute", "executemany", "mkdir", "open", "write", "flush", "fsync", "replace", "unlink")


def _import_until_killed(folder, at_step):
    """In another process: imports one after the other, killed for good at its ``at_step``-th step (0: by the parent)."""
    study = open_study(folder=folder)
    step = 0

    def count(_, event, function):
        nonlocal step
        if event in ("c_call", "c_return") and function.__name__ in TOUCH_THE_DISK:
            step += 1
            if step == at_step:
                os.kill(os.getpid(), signal.SIGKILL)

    if at_step:
        sys.setprofile(count)
    for size in range(2, 2000):
        put(study, stays(range(size)), name=f"{size}.csv")
        if at_step:
            break


def _killed(folder, at_step=0, after=None):
    child = PROCESSES.Process(target=_import_until_killed, args=(folder, at_step))
    child.start()
    if after is not None:
        time.sleep(after)
        os.kill(child.pid, signal.SIGKILL)
    child.join()
    return child.exitcode


def _sound(study):
    """The store is one of the states that a whole import leaves."""
    done = history(study=study)
    size = int(done["snapshot_rows"].iloc[-1])
    same_rows(now(study), stays(range(size)) if done["file"].iloc[-1] != "a.csv" else stays())


@pytest.mark.slow
def test_killed_at_any_step_the_earlier_snapshot_stays_and_the_next_import_works(study):
    put(study, stays())
    outcomes = set()
    step = 1
    while True:
        exitcode = _killed(study.folder, at_step=step)
        outcomes.add(exitcode)
        _sound(study)
        if exitcode == 0:
            break
        step += 3
    assert outcomes == {0, -signal.SIGKILL}
    assert step > 40
    put(study, stays((1, 2, 3)), name="after.csv")
    same_rows(now(study), stays((1, 2, 3)))
    assert not [name for name in files(study) if not name.endswith(".parquet")]


@pytest.mark.slow
def test_killed_at_any_moment_the_store_is_sound(study):
    put(study, stays())
    chance = random.Random(2026)
    for _ in range(12):
        assert _killed(study.folder, after=0.1 + chance.random() * 0.2) == -signal.SIGKILL
        _sound(study)
    put(study, stays((1, 2, 3)), name="after.csv")
    same_rows(now(study), stays((1, 2, 3)))
    assert not [name for name in files(study) if not name.endswith(".parquet")]


@pytest.mark.slow
def test_a_first_import_that_is_killed_leaves_an_empty_store(study):
    for step in range(1, 60, 6):
        _killed(study.folder, at_step=step)
        assert len(history(study=study)) <= 1
    put(study, stays())
    same_rows(now(study), stays())


@pytest.fixture
def small_disk(tmp_path):
    """A disk of one megabyte."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if shutil.which("mount") is None or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_wherever_the_disk_fills_up_the_store_is_as_it_was_and_space_mends_it(small_disk):
    study = empty_study(small_disk)
    put(study, stays())
    filler, outcomes = small_disk / "filler", []
    for pages in range(0, 60, 3):
        filler.unlink(missing_ok=True)
        before = now(study)
        free = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_bsize
        filler.write_bytes(bytes(max(0, free - pages * 4096)))
        try:
            put(study, stays(range(10 + pages)), name=f"{pages}.csv")
            outcomes.append("done")
        except StoreError as error:
            assert error.code == "store_disk"
            outcomes.append("full")
            filler.unlink()
            same_rows(now(study), before)
    assert {"done", "full"} == set(outcomes)
    filler.unlink(missing_ok=True)
    put(study, stays((1, 2)), name="after.csv")
    same_rows(now(study), stays((1, 2)))


def _import_with_small_files(folder, answers):
    """In another process, where no file may grow beyond what the ledger has now: as on a full disk, on any machine."""
    study = open_study(folder=folder)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))
    try:
        put(study, stays(range(500)), name="b.csv")
        answers.put("done")
    except StoreError as error:
        answers.put(error.code)


def test_a_file_that_may_not_grow_is_a_full_disk(study):
    put(study, stays())
    answers = PROCESSES.Queue()
    child = PROCESSES.Process(target=_import_with_small_files, args=(study.folder, answers))
    child.start()
    assert answers.get(timeout=30) == "store_disk"
    child.join()
    same_rows(now(study), stays())
    put(study, stays((1, 2)), name="after.csv")
    same_rows(now(study), stays((1, 2)))


def _import_many(folder, name, sizes, answers):
    study = open_study(folder=folder)
    done = 0
    for size in sizes:
        try:
            put(study, stays(range(size)), name=f"{name}{size}.csv")
            done += 1
        except StoreError as error:
            assert error.code == "store_locked"
    answers.put(done)


def test_two_importers_at_once_take_turns_and_neither_loses_a_row(study):
    answers = PROCESSES.Queue()
    both = [PROCESSES.Process(target=_import_many, args=(study.folder, name, sizes, answers))
            for name, sizes in (("even", range(2, 30, 2)), ("odd", range(3, 31, 2)))]
    for one in both:
        one.start()
    done = sum(answers.get(timeout=60) for _ in both)
    for one in both:
        one.join()
    past = history(study=study)
    assert len(past) == done > 14 and {name[0] for name in past["file"]} == {"e", "o"}
    grown = past["snapshot_rows"].diff().fillna(past["snapshot_rows"]).astype(int)
    assert (grown == past["rows_new"] - past["rows_gone"]).all()
    same_rows(now(study), stays(range(int(past["snapshot_rows"].iloc[-1]))))
