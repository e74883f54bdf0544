"""How a test run is narrowed: ``--quick`` for a first answer, ``--installed`` for the wheel away from the checkout."""

from __future__ import annotations

import shutil

import pytest

LEFT_OUT = {"--quick": {"browser", "slow"}, "--installed": {"checkout", "slow"}}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="leave out tests marked browser or slow")
    parser.addoption("--installed", action="store_true", help="evaltool is the installed wheel: leave out tests that "
                     "are about the checkout, and those marked slow, which build whole wheels and studies")


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
