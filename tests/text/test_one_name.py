"""One thing has one name in each language, wherever it is spoken of."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from evaltool.text import catalogue

DOCS = Path(__file__).resolve().parents[2] / "docs"
OTHER_NAMES = re.compile(r"rettelse|retteliste|feilrapport|feiloversikt", re.I)


def test_the_fix_it_list_is_called_feilliste():
    nb, en = catalogue("nb"), catalogue("en")
    said = {key for key, text in en.items() if "fix-it" in text.lower()}
    assert len(said) >= 5 and {key for key, text in nb.items() if "feilliste" in text.lower()} == said
    assert [key for key, text in nb.items() if OTHER_NAMES.search(text)] == []


@pytest.mark.checkout
def test_and_in_the_guides_too():
    guides = {path.name: path.read_text(encoding="utf8") for path in DOCS.glob("*.md")}
    assert "feilliste" in guides["for-kvalitetsradgivere.md"].lower() and "fix-it list" in guides["for-advisors.md"]
    assert [name for name, text in guides.items() if OTHER_NAMES.search(text)] == []
