"""The keyboard reaches what a mouse does."""

import pytest

pytestmark = pytest.mark.browser


def test_the_keyboard_reaches_menu_language_filters_tabs_and_downloads(visit, served):
    page = visit(served, "brukere")
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.innerText || document.activeElement.getAttribute('aria-label') || ''").strip())
    seen = " | ".join(reached)
    for wanted in ("Oversikt", "Mer", "en", "Utvalg", "Før og etter", "Slik leser du figuren"):
        assert wanted in seen, (wanted, seen)
