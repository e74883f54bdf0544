"""axe-core, from an installed package, finds nothing serious on any page; the keyboard reaches what a mouse does."""

from importlib.resources import files

import pytest

from evaltool.ui.addresses import ADDRESSES

pytestmark = pytest.mark.browser

PATHS = {one.key: one.path for one in ADDRESSES}
SERIOUS = ("serious", "critical")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
STREAMLITS_OWN = {"aria-allowed-attr", "aria-valid-attr-value"}
"""Rules that Streamlit's own widgets break; nothing that this project writes may add to them."""


def faults(page) -> dict[str, list[str]]:
    """Rule -> what breaks it, serious ones only."""
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES)
    return {one["id"]: [node["html"][:160] for node in one["nodes"]] for one in found["violations"] if one["impact"] in SERIOUS}


@pytest.mark.parametrize("key", PATHS)
def test_nothing_serious(visit, served, key):
    for scheme in ("light", "dark"):
        found = faults(visit(served, PATHS[key], scheme=scheme))
        assert {rule: nodes for rule, nodes in found.items() if rule not in STREAMLITS_OWN} == {}, scheme


def test_the_keyboard_reaches_menu_language_filters_tabs_and_downloads(visit, served):
    page = visit(served, "brukere")
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.innerText || document.activeElement.getAttribute('aria-label') || ''").strip())
    seen = " | ".join(reached)
    for wanted in ("Oversikt", "Mer", "en", "Utvalg", "Før og etter", "Slik leser du figuren"):
        assert wanted in seen, (wanted, seen)
