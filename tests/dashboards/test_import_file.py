"""A file goes from the advisor's disk into the study on the page alone; no cell of it is ever on the page."""

from __future__ import annotations

import pytest
from dashboard_pages import dashboard, fits, stand_still

from evaltool.store import current_table
from evaltool.study import open_study
from tests.test_import_source import STUDY

pytestmark = pytest.mark.browser

HEAD = "OppholdsID;Pasientkode;Enhet;Fra dato;Til dato;Innmåte;Fødselsnummer"
ROWS = [f"Q{i:03d};Zeta{i:02d};{('Alfa', 'Bravo')[i % 2]};{i:02d}.01.2025;{i:02d}.02.2025;Etter avtale;hemmelig" for i in range(1, 29)]


def small_study(folder):
    (folder / "register").mkdir(parents=True)
    (folder / "study.toml").write_text(STUDY, encoding="utf8")
    (folder / "register" / "departments.csv").write_text("department,name\na,Alfa\nb,Bravo\n", encoding="utf8")
    (folder / "register" / "rollout.csv").write_text("department;start\na;2025-03-01\n", encoding="utf8")
    return folder


def test_from_upload_to_what_changed(visit, tmp_path):
    study = small_study(tmp_path / "study")
    path = tmp_path / "liste.csv"
    path.write_bytes("\n".join(["Uttrekk", HEAD, *ROWS, "Q999;Zeta99;Alfa;31.02.2025;;Etter avtale;x"]).encode("cp1252"))
    seen = []
    with dashboard(study) as url:
        page = visit(url, "import?lang=nb")
        page.set_input_files("input[type=file]", path)
        page.get_by_text("Overskrifter i rad 2").wait_for()
        stand_still(page)
        seen.append(page.content())
        fits(page)
        assert "cp1252" in page.inner_text("[data-testid=stMain]")
        box = page.get_by_label("Hva betyr «Etter avtale»")
        box.press_sequentially("Planl")
        page.get_by_role("option", name="Planlagt").wait_for()
        box.press("Enter")
        stand_still(page)
        page.get_by_role("button", name="Kontroller filen").click()
        page.get_by_text("29 rader lest, 1 må holdes utenfor").wait_for()
        seen.append(page.content())
        fits(page)
        page.get_by_role("button", name="liste_fixit.xlsx").wait_for()
        page.get_by_role("button", name="Les inn", exact=True).click()
        page.get_by_role("heading", name="Hva endret seg?").wait_for()
        stand_still(page)
        seen.append(page.content())
        fits(page)
        assert page.watch.faults == []
    assert not any(word in text for text in seen for word in ("Q001", "Zeta", "hemmelig", "31.02.2025"))
    stored = current_table(study=open_study(folder=study), table="stays")
    assert len(stored) == 28 and set(stored["admission_type"]) == {"planned"}
    assert "Fødselsnummer" not in (study / "maps" / "liste.toml").read_text(encoding="utf8")


MANY, WRONG = 20_000, 300
STUCK = """() => { window.stuck = 0; let last = performance.now();
  setInterval(() => { const now = performance.now(); window.stuck = Math.max(window.stuck, now - last); last = now; }, 50); }"""


def test_twenty_thousand_rows_are_checked_and_the_page_never_stands_still(visit, tmp_path):
    """To the check and its list; a file that would be refused is not offered for import."""
    study, path = small_study(tmp_path / "study"), tmp_path / "stor.csv"
    rows = [f"Q{i};Zeta{i};{('Alfa', 'Bravo')[i % 2]};{i % 28 + 1:02d}.0{i % 6 + 1}.2025;{'31.02' if i < WRONG else '01.07'}.2025;Planlagt;x" for i in range(MANY)]
    path.write_bytes("\r\n".join([HEAD, *rows]).encode("cp1252"))
    with dashboard(study) as url:
        page = visit(url, "import?lang=nb")
        page.evaluate(STUCK)
        page.set_input_files("input[type=file]", path)
        page.get_by_text("20 000 rader").wait_for()
        page.get_by_role("button", name="Kontroller filen").click()
        page.get_by_text("20 000 rader lest, 300 må holdes utenfor").wait_for()
        page.get_by_role("button", name="Les inn", exact=True).wait_for()
        assert page.evaluate("window.stuck") < 5000 and page.watch.faults == []
        path.write_bytes("\r\n".join([HEAD, *(row.replace("Bravo", "Gamma") for row in rows[-200:])]).encode("cp1252"))
        page.goto(f"{url}/import?lang=nb")
        stand_still(page)
        page.set_input_files("input[type=file]", path)
        page.get_by_text("Filen har 200 rader").wait_for()
        stand_still(page)
        page.get_by_role("button", name="Kontroller filen").click()
        page.get_by_text("Filen kan ikke leses inn slik den er").wait_for()
        assert page.get_by_role("button", name="Les inn", exact=True).count() == 0
    assert not (study / "store").exists() or current_table(study=open_study(folder=study), table="stays") is None
