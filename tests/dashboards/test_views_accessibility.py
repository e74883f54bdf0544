"""axe-core finds nothing serious on any page, in light and dark, and the keyboard reaches what a mouse does."""

from __future__ import annotations

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from dashboard_pages import stand_still

from evaltool.ui.addresses import ADDRESSES

pytestmark = pytest.mark.browser

PATHS = {one.key: one.path for one in ADDRESSES} | {"department": "avdeling?department=havna"}
RUN = """async () => (await axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})).violations
  .filter(v => ["serious", "critical"].includes(v.impact)).map(v => `${v.id}: ` + v.nodes.slice(0, 3).map(
    n => n.target + " " + n.any.map(a => a.message).join("; ")).join(" | "))"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_any_page(browser, served, scheme):
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme=scheme, locale="nb-NO")
    page = context.new_page()
    page.set_default_timeout(90_000)
    found = {}
    for key, path in PATHS.items():
        page.goto(f"{served}/{path}")
        stand_still(page)
        page.evaluate(AXE_SCRIPT)
        if faults := page.evaluate(RUN):
            found[key] = faults
    context.close()
    assert found == {}


def test_the_keyboard_reaches_menu_language_filters_tabs_and_downloads(visit, served):
    page = visit(served, "brukere")
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.innerText || document.activeElement.getAttribute('aria-label') || ''").strip())
    seen = " | ".join(reached)
    for wanted in ("Oversikt", "Mer", "en", "Utvalg", "Før og etter", "Slik leser du figuren"):
        assert wanted in seen, (wanted, seen)
