"""How a test run is narrowed (``--quick`` for a first answer, ``--installed`` for the wheel away from the checkout), which
files go first, and what is made once for all of them."""

from __future__ import annotations

import fcntl
import os
import pickle
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

MAIN = sys.modules["__main__"]
LEFT_OUT = {"--quick": {"browser", "slow"}, "--installed": {"checkout", "slow"}}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="leave out tests marked browser or slow")
    parser.addoption("--installed", action="store_true", help="evaltool is the installed wheel: leave out tests that "
                     "are about the checkout, and those marked slow, which build whole wheels and studies")
    parser.addoption("--registers", type=int, default=0, help="at least so many random registers are held against the slow versions, in everything")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    gone = set().union(*(marks for option, marks in LEFT_OUT.items() if config.getoption(option)))
    left = [item for item in items if any(mark.name in gone for mark in item.iter_markers())]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]
    longest = {item.path: 0 for item in items if item.get_closest_marker("slow")}
    longest |= {item.path: -1 for item in items if item.get_closest_marker("browser")}
    items.sort(key=lambda item: longest.get(item.path, 1))


@pytest.fixture(autouse=True)
def own_main() -> Iterator[None]:
    """A page that Streamlit's AppTest runs takes the place of the main module; a process started later would run it too."""
    yield
    sys.modules["__main__"] = MAIN


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser for Playwright's ``executable_path``; a machine without one fails the browser tests."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    pytest.fail("no chromium on this machine: make test says how to get it")


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Callable:
    """``once(name, make)``: what ``make(folder)`` gives, made by the first of the workers that asks; others wait and read it."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "once"
    shared.mkdir(exist_ok=True)

    def made(name: str, make: Callable[[Path], object]) -> object:
        kept = shared / f"{name}.pickle"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not kept.exists():
                kept.write_bytes(pickle.dumps(make(shared)))
        return pickle.loads(kept.read_bytes())

    return made


@pytest.fixture(scope="session")
def fjordvik(once, tmp_path_factory):
    """The sample study with everything imported, a copy for each worker; tests that write take one of their own."""
    from whole_sample import imported

    from evaltool.study import open_study

    return open_study(folder=shutil.copytree(once("imported", imported), tmp_path_factory.mktemp("sample") / "fjordvik"))


@pytest.fixture(scope="session")
def fjordvik_pair(fjordvik, once):
    """(what is true of the sample study, what may be shown of it under the default policy), computed once."""
    from whole_sample import answered

    from evaltool.study_release import study_release

    folder, truth = once("answered", answered)
    shutil.copytree(folder / "store" / "released", fjordvik.store / "released", dirs_exist_ok=True)
    return truth, study_release(folder=fjordvik.folder)


@pytest.fixture(scope="session")
def fjordvik_opened(fjordvik, fjordvik_release, once) -> Path:
    """The folder of the sample study, with all in its store that pages open with: no dashboard of it or of a copy computes
    that again."""
    from whole_sample import opened

    shutil.copytree(once("opened", opened) / "store" / "released", fjordvik.store / "released", dirs_exist_ok=True)
    return fjordvik.folder


@pytest.fixture(scope="session")
def fjordvik_release(fjordvik_pair):
    """What may be shown of the sample study under the default policy."""
    return fjordvik_pair[1]


@pytest.fixture(scope="session")
def hidden_truth(fjordvik_opened, fjordvik_pair):
    """Every number that is hidden in the sample study, its department of four staff included, and all that are shown."""
    from hidden_truth import truth

    from evaltool.study_stays import study_stays

    return truth(pairs=[fjordvik_pair], more=[study_stays(folder=fjordvik_opened)])
