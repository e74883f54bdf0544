"""The reference pages say what the program does: they are made from it, and the committed ones are up to date."""

from pathlib import Path

import pytest

from evaltool.reference import FILES, reference

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.checkout
@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_committed_page_is_what_the_program_says(lang):
    page = (ROOT / "docs" / FILES[lang]).read_text(encoding="utf8")
    assert page == reference(lang=lang), "run: python -m evaltool.reference docs"


@pytest.mark.checkout
def test_the_guides_name_only_commands_that_exist():
    import re

    from evaltool.cli import app

    known = {c.name or c.callback.__name__ for c in app.registered_commands}
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("for-*.md"), ROOT / "docs" / "les-meg.md"]
    said = {name for page in pages for name in re.findall(r"evaltool (?!demo`)([a-z]+)(?= [A-Zm]|`)", page.read_text(encoding="utf8"))}
    assert said and said <= known | {"demo"}
