"""A dashboard as a user starts it, and one browser for the whole module."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from dashboard_pages import Watch, dashboard, stand_still

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-component-update"]


@pytest.fixture(scope="module")
def served(fjordvik_opened) -> Iterator[str]:
    """The sample study, for looking only; what its pages open with is in the store already."""
    with dashboard(fjordvik_opened) as url:
        yield url


@pytest.fixture
def study_copy(fjordvik_opened, tmp_path) -> Path:
    """A study of one's own to write in."""
    return shutil.copytree(fjordvik_opened, tmp_path / "study")


@pytest.fixture(scope="module")
def browser(chromium):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def visit(browser) -> Iterator[Callable]:
    """``visit(url, path)`` opens a page and waits until it stands still; ``page.watch.faults`` says what went wrong."""
    contexts = []

    def go(url: str, path: str = "", *, width: int = 1440, scheme: str = "light", headers: dict | None = None, wait: bool = True):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, locale="nb-NO",
                                      extra_http_headers=headers or {})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(90_000)
        page.watch = Watch(page, url)
        page.goto(f"{url}/{path}")
        if wait:
            stand_still(page)
        return page

    yield go
    for context in contexts:
        context.close()
