"""The pages in a real browser: every page, both languages, wide and narrow, light and dark."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from evaltool.findings import findings
from evaltool.tables import estimates
from evaltool.text import catalogue

pytestmark = pytest.mark.browser

PAGES = {"overview": "", "department": "avdeling?department=havna", "quality": "datakvalitet"}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-component-update"]
READY = "document.querySelector('[data-testid=stApp]')?.getAttribute('data-test-script-state') === 'notRunning'"


@pytest.fixture(scope="module")
def served(fjordvik):
    """The dashboard of the sample study on a free port, as a user starts it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-c", "from evaltool.cli import main; main()", "dashboard", str(fjordvik.folder), "--port", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ})
    url = f"http://127.0.0.1:{port}"
    for _ in range(120):
        try:
            urllib.request.urlopen(f"{url}/_stcore/health", timeout=1)
            break
        except OSError:
            time.sleep(0.5)
    yield url
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture(scope="module")
def browser(chromium):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def visit(browser, served):
    """Open a page and wait until it stands still; remembers requests to anywhere else and uncaught errors."""
    contexts = []

    def go(path, *, lang="nb", width=1440, scheme="light"):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, locale="nb-NO")
        contexts.append(context)
        page = context.new_page()
        page.outside, page.broken = [], []
        own = (served, served.replace("http", "ws"), "data:", "blob:")
        page.on("request", lambda r: None if r.url.startswith(own) else page.outside.append(r.url))
        page.on("pageerror", lambda error: page.broken.append(str(error)))
        page.goto(f"{served}/{path}{'&' if '?' in path else '?'}lang={lang}")
        page.wait_for_selector("h1", timeout=90_000)
        page.wait_for_function(READY, timeout=90_000)
        return page

    yield go
    for context in contexts:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 400])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_stands_without_errors_or_strangers(visit, name, width, scheme):
    page = visit(PAGES[name], width=width, scheme=scheme)
    assert page.locator("[data-testid=stException]").count() == 0
    assert page.outside == [] and page.broken == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.evaluate("document.documentElement.lang") == "nb"
    assert page.locator("h1").count() == 1


@pytest.mark.parametrize("name", PAGES)
def test_no_foreign_word_on_a_page(visit, name):
    other = {"nb": "en", "en": "nb"}
    for lang in ("nb", "en"):
        text = visit(PAGES[name], lang=lang).locator("[data-testid=stMain]").inner_text()
        own = set(catalogue(lang).values())
        strangers = [s for s in catalogue(other[lang]).values() if "{" not in s and " " in s and s not in own]
        assert [s for s in strangers if s in text] == []
        if lang == "nb":
            assert re.findall(r"\d\.\d+(?! ?\w*\.)", re.sub(r"\d\d\.\d\d\.\d{4}|\d+\.\d+\.\d+|10\.\d+/\S+", "", text)) == []


def test_the_page_says_the_same_as_python(visit, fjordvik_release):
    text = visit("").locator("[data-testid=stMain]").inner_text()
    for one in findings(release=fjordvik_release, lang="nb"):
        assert one.text in text and one.detail in text
    table = estimates(release=fjordvik_release, lang="nb")
    havna = table[(table["Avdeling"] == "Havna døgnbehandling")]["Endring"]
    assert all(change in text for change in havna)


def test_users_come_first(visit):
    text = visit("").locator("[data-testid=stMain]").inner_text()
    at = [text.index(f"\n{word}\n") for word in ("Brukerne", "De ansatte", "Tjenestene")]
    assert at == sorted(at)


def test_from_the_matrix_to_a_department_and_back_in_english(visit):
    page = visit("")
    page.get_by_role("link", name="Åsen bofellesskap").click()
    page.wait_for_function(READY)
    page.wait_for_selector("text=Startet 01.12.2023")
    page.get_by_text("en", exact=True).click()
    page.wait_for_selector("h1:has-text('One department')")
    assert "lang=en" in page.url and "department=asen" in page.url
    assert "Started 1 December 2023" in page.locator("[data-testid=stMain]").inner_text()


def test_the_table_behind_a_figure_can_be_downloaded(visit):
    page = visit("avdeling?department=havna")
    page.get_by_text(catalogue("nb")["page.behind"]).first.click()
    with page.expect_download() as caught:
        page.get_by_text(catalogue("nb")["page.download_csv"]).first.click()
    content = open(caught.value.path(), encoding="utf8").read()
    assert "havna" in content and "4,2" not in content.splitlines()[0]


def test_a_department_that_has_not_started_says_so(visit):
    text = visit("avdeling?department=elvebredden").locator("[data-testid=stMain]").inner_text()
    assert "Ikke startet per 30.06.2026" in text and "sammenligning for de andre" in text


def test_hidden_numbers_are_not_in_what_the_browser_gets(visit, fjordvik_release):
    page = visit("avdeling?department=skogly")
    hidden = fjordvik_release.series.query("department == 'skogly' and status == 'suppressed'")
    assert len(hidden) and hidden["value"].isna().all()
    assert "skjult" in page.locator("[data-testid=stMain]").inner_text()
