"""How a test run is narrowed: ``--quick`` for a first answer, ``--installed`` for the wheel away from the checkout."""

from __future__ import annotations

import shutil

import pytest

LEFT_OUT = {"--quick": {"browser", "slow"}, "--installed": {"checkout", "slow"}}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="leave out tests marked browser or slow")
    parser.addoption("--installed", action="store_true", help="evaltool is the installed wheel: leave out tests that "
                     "are about the checkout, and those marked slow, which build whole wheels and studies")
    parser.addoption("--registers", type=int, default=2, help="random registers that are held against the slow versions")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    gone = set().union(*(marks for option, marks in LEFT_OUT.items() if config.getoption(option)))
    left = [item for item in items if any(mark.name in gone for mark in item.iter_markers())]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser for Playwright's ``executable_path``; a machine without one fails the browser tests."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    pytest.fail("no chromium on this machine: make test says how to get it")


@pytest.fixture(scope="session")
def fjordvik(tmp_path_factory: pytest.TempPathFactory):
    """The sample study with everything imported, made once for the whole run; tests that write take a copy."""
    import datetime as dt

    from evaltool.demo import copy_sample
    from evaltool.import_source import import_source
    from evaltool.receipts import listed

    study = copy_sample(folder=tmp_path_factory.mktemp("sample") / "fjordvik")
    for one in listed(study=study):
        import_source(study=study, path=one.path, table=one.table, mapping_path=one.mapping_path, sheet=one.sheet,
                      who="test", when=dt.datetime(2026, 7, 1, tzinfo=dt.UTC), dry_run=False)
    return study


@pytest.fixture(scope="session")
def fjordvik_pair(fjordvik):
    """(what is true of the sample study, what may be shown of it under the default policy), computed once."""
    from evaltool.study_data import study_answer
    from evaltool.study_release import study_release

    return study_answer(study=fjordvik), study_release(folder=fjordvik.folder)


@pytest.fixture(scope="session")
def fjordvik_release(fjordvik_pair):
    """What may be shown of the sample study under the default policy."""
    return fjordvik_pair[1]


@pytest.fixture(scope="session")
def hidden_truth(fjordvik_pair):
    """Every number that is hidden in the sample study, its department of four staff included, and all that are shown."""
    from hidden_truth import truth

    return truth(pairs=[fjordvik_pair])
