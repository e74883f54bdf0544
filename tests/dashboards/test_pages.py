"""The pages in a real browser: every page, both languages, wide and narrow, light and dark, and axe-core finds nothing serious."""

import re
import time

import pandas as pd
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from dashboard_pages import PATIENCE, drawers_lacking, figures_lacking, fits, main_text, stand_still
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from scraped_page import scraped
from scraper import read

from evaltool.findings import department_by_department, findings
from evaltool.result import STATUSES, headline
from evaltool.tables import matrix
from evaltool.text import catalogue
from evaltool.ui.addresses import ADDRESSES
from evaltool.ui.finding_list import most_important

pytestmark = pytest.mark.browser

PATHS = {one.key: one.path for one in ADDRESSES} | {"department": "avdeling?department=havna"}
UNREACHABLE = """() => [...document.querySelectorAll('[data-testid=stApp] :is(a[href], button, summary, input, textarea)')].filter(
  e => e.getClientRects().length && !e.disabled && e.tabIndex < 0 && !e.closest('[aria-hidden=true], [role=tablist], [role=radiogroup]')
  && !e.closest('[data-testid=stTextInput], [data-testid=stNumberInput], [data-testid=stFileUploader], [data-testid=stSelectbox], [data-testid=stMultiSelect]')
).map(e => e.outerHTML.slice(0, 160))"""
AXE = """async () => (await axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})).violations
  .filter(v => ["serious", "critical"].includes(v.impact)).map(v => `${v.id}: ` + v.nodes.slice(0, 3).map(
    n => n.target + " " + n.any.map(a => a.message).join("; ")).join(" | "))"""
DARK = """() => getComputedStyle(document.documentElement).getPropertyValue('--ink') === '#E8EDF2'
  && getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor === 'rgb(17, 24, 31)'
  && [...document.querySelectorAll('.main-svg .xtick text, .main-svg .annotation-text')].every(t => t.style.fill !== 'rgb(27, 39, 51)')"""
"""The page has followed the browser's colours, its stylesheet and every figure with it; nobody loaded it again."""
LEVELS = "[...document.querySelectorAll('h1, h2, h3, h4')].map(h => Number(h.tagName[1]))"


@pytest.mark.parametrize("key", PATHS)
def test_a_page_stands_in_both_languages_at_every_width_light_and_dark(visit, served, key, hidden_truth):
    """Every other page begins in English, and the width it is dark at goes round, so that all of them are looked into."""
    path, turn = PATHS[key], list(PATHS).index(key)
    langs = ("nb", "en") if turn % 2 else ("en", "nb")
    page = visit(served, path + ("&" if "?" in path else "?") + f"lang={langs[0]}")
    assert _axe_faults(page) == []
    if key not in ("users", "staff", "services"):
        _behind_a_figure(page, langs[0])
    for lang in langs:
        if lang != langs[0]:
            page.get_by_text(lang, exact=True).first.click()
            page.wait_for_function(f"document.documentElement.lang === '{lang}'", timeout=PATIENCE)
            stand_still(page)
        assert page.evaluate("document.documentElement.lang") == lang
        _no_strangers(page, lang)
        foot = page.locator(".ev-legend").last.inner_text()
        assert all(catalogue(lang)[f"status.{code}"] in foot for code in STATUSES[1:]) and f"0 {catalogue(lang)['page.zero']}" in foot
        assert hidden_truth.leaks(scraped(page), about="havna" if key == "department" else "") == []
        _headings_in_order(page)
        assert figures_lacking(page, lang) == []
        assert page.evaluate(UNREACHABLE) == [], "the keyboard gets there too"
        fits(page)
    page.set_viewport_size({"width": (1440, 768, 400)[turn % 3], "height": 900})
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(DARK, timeout=PATIENCE)
    stand_still(page)
    assert _axe_faults(page) == []
    fits(page)
    assert page.locator("[data-testid=stException]").count() == 0
    assert page.watch.faults == []


def _behind_a_figure(page, lang):
    """The first figure's drawer; on the pages left out those of all tabs are opened below."""
    drawer = page.locator("[class*='st-key-card_'] details").first
    if drawer.count():
        drawer.locator("summary").click()
        drawer.locator("table.ev").wait_for(timeout=PATIENCE)
        stand_still(page)
        assert drawers_lacking(page, lang) == []


TABLES, SAME = ("view.heading_scales", "view.heading_themes"), ("page.view_forest", "page.view_over_time", "page.view_each")


@pytest.mark.parametrize(("path", "skip"), [("brukere", TABLES), ("ansatte", (*TABLES, *SAME)), ("tjenester", ())])
def test_every_figure_on_every_tab_says_what_it_found_on_how_many_and_until_when(visit, served, path, skip):
    """And in its drawer. ``skip``: tabs that hold tables alone, and on the second page those drawn as on the first."""
    page = visit(served, path)
    seen = 0
    for tab in page.get_by_role("tab").all():
        if tab.inner_text().strip() in {catalogue("nb")[one] for one in skip}:
            continue
        tab.click()
        stand_still(page)
        closed = page.locator("[class*='st-key-card_'] details:not([open]) > summary")
        for i in reversed(range(closed.count())):
            closed.nth(i).click()
        stand_still(page)
        assert figures_lacking(page, "nb") + drawers_lacking(page, "nb") == [], tab.inner_text()
        assert closed.count() == 0
        seen += page.locator("[class*='st-key-card_']").count()
    assert seen > 5 and page.watch.faults == []


def _axe_faults(page):
    page.evaluate(AXE_SCRIPT)
    return page.evaluate(AXE)


def _headings_in_order(page):
    levels = page.evaluate(LEVELS)
    assert levels.count(1) == 1 and levels[0] == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False)), levels


def _no_strangers(page, lang):
    """No sentence of the other language, and no decimal point in bokmål."""
    text = main_text(page)
    other = {"nb": "en", "en": "nb"}[lang]
    own = set(catalogue(lang).values())
    strangers = [s for s in catalogue(other).values() if "{" not in s and " " in s and s not in own]
    assert [s for s in strangers if s in text] == []
    if lang == "nb":
        numbers = re.sub(r"\d\d\.\d\d\.\d{4}|\d+\.\d+\.\d+|10\.\d+/\S+|\d\.\d+ ?[A-Z]\w*", "", text)
        assert re.findall(r"\b\d+\.\d+\b", numbers) == []


def test_the_overview_says_the_same_as_python_users_first_and_draws_its_symbols(visit, served, fjordvik_release):
    page = visit(served)
    text = main_text(page)
    for one in most_important(findings=findings(release=fjordvik_release, lang="nb"), count=5):
        assert one.text in text and one.detail in text
        assert department_by_department(release=fjordvik_release, measure_id=one.measure, lang="nb") in text
    cells = matrix(release=fjordvik_release, lang="nb")
    assert all(change in text for change in cells.loc[cells["department"] == "havna", "text"])
    heads = page.locator("table.ev thead tr.side th").all_inner_texts()
    assert heads == ["Brukerne: personlig", "Brukerne: sosialt", "De ansatte", "Tjenestene"]
    drawn = page.evaluate("[...document.querySelectorAll('.ev-s')].map(e => [getComputedStyle(e).backgroundImage, e.clientWidth])")
    assert drawn and all(image.startswith("url(") and width > 8 for image, width in drawn), "the stylesheet is on the page"


def test_a_new_user_finds_who_reports_more_hope_whether_beyond_the_trend_and_takes_the_table(visit, served, fjordvik_release, hidden_truth):
    """From the overview, without a manual: one click to the file where the answer stands, two to the figure and its own table;
    under two minutes even here."""
    page, begun = visit(served), time.monotonic()
    first = page.locator(".ev-findings li").first.inner_text()
    assert "mer håp og personlig bedring" in first and "mer enn den generelle utviklingen" in first
    assert re.search(r"n = [\d\u00a0 ]+ før og [\d\u00a0 ]+ etter", first) and re.search(r"Av \d avdelinger: bedre i \d", first)
    names = fjordvik_release.register.set_index("department")["name"]
    better = headline(fjordvik_release.estimates).query("measure == 'qpr15_total' and verdict == 'better' and department != '*'")["department"].map(names)
    taken = pd.read_excel(_downloaded(page, page, catalogue("nb")["page.download_xlsx"]), engine="calamine").query("Mål == 'Personlig bedring'")
    assert set(taken.loc[taken["Vurdering"].eq("bedre"), "Avdeling"]) - {"avdelingene som har startet"} == set(better) and taken["n etter"].notna().any()
    page.get_by_role("link", name=catalogue("nb")["page.more_users"]).click()
    page.wait_for_selector(f"h1:has-text('{catalogue('nb')['page.users_title']}')", timeout=PATIENCE)
    stand_still(page)
    drawn = page.locator("[data-testid=stPlotlyChart]").first.inner_text()
    assert all(place in drawn for place in better) and "før" in drawn
    page.locator(".js-plotly-plot .scatterlayer .trace path.point").first.click(force=True)
    page.locator(".ev-chosen").wait_for(timeout=PATIENCE)
    assert catalogue("nb")["page.open_department"] in page.locator(".ev-chosen").inner_text(), "a chosen mark is told in words"
    drawer = page.locator("[class*='st-key-card_'] details").first
    drawer.locator("summary").click()
    stand_still(page)
    took = time.monotonic() - begun
    path = _downloaded(page, drawer, catalogue("nb")["page.download_xlsx"])
    rows = pd.read_excel(path, engine="calamine")
    assert hidden_truth.leaks(read("x.xlsx", path.read_bytes())) == []
    assert set(better) <= set(rows["Avdeling"]) and rows["n"].notna().any()
    for kind, start in (("csv", b"department"), ("svg", b"<?xml"), ("png", b"\x89PNG")):
        content = _downloaded(page, drawer, catalogue("nb")[f"page.download_{kind}"]).read_bytes()
        assert content.startswith(start) and hidden_truth.leaks(read(f"x.{kind}", content)) == [], kind
    assert took < 120


def test_from_the_matrix_to_a_department_and_back_in_english(visit, served):
    page = visit(served)
    page.get_by_role("link", name="Åsen bofellesskap").click()
    page.wait_for_selector("text=Startet 01.12.2023", timeout=PATIENCE)
    stand_still(page)
    page.get_by_text("en", exact=True).first.click()
    page.wait_for_selector("h1:has-text('One department')", timeout=PATIENCE)
    stand_still(page)
    assert "lang=en" in page.url and "department=asen" in page.url
    assert "Started 1 December 2023" in main_text(page)


def _downloaded(page, where, label):
    """The path of what a click on ``label`` inside ``where`` brings. A click that meets a button just being redrawn is lost, as for a person: twice."""
    button = where.get_by_text(label).first
    try:
        with page.expect_download(timeout=40_000) as caught:
            button.click(timeout=PATIENCE)
    except PlaywrightTimeout:
        stand_still(page)
        with page.expect_download(timeout=PATIENCE) as caught:
            button.click(timeout=PATIENCE)
    return caught.value.path()


def test_filters_stand_in_the_address_narrow_refuse_and_can_be_taken_away(visit, served):
    page = visit(served, "ansatte?types=housing&phases=after&since=2024&until=2025")
    drawn = page.locator("[data-testid=stPlotlyChart]", has_text="Åsen bofellesskap").first.inner_text(timeout=PATIENCE)
    assert "Havna" not in drawn and "Elvebredden" not in drawn
    page.goto(f"{served}/variasjon?types=housing&since=2025")
    stand_still(page)
    text = main_text(page)
    assert "Brinken botiltak" in text and "Havna" not in text and catalogue("nb")["page.process_no_group"] in text
    page.goto(f"{served}/ansatte?group=role%3Dleader")
    stand_still(page)
    text = main_text(page)
    assert "Utvalget «Rolle: Leder» vises ikke" in text and "grensen er 5" in text
    assert page.locator("[data-testid=stPlotlyChart]").count() == 0, "nothing of the few is drawn"
    page.goto(f"{served}/brukere?group=user_group%3Dboth")
    stand_still(page)
    assert "(Brukergruppe: " in main_text(page) and "For én gruppe vises bare før og etter" in main_text(page)
    page.get_by_role("button", name=catalogue("nb")["page.filter_reset"]).click()
    page.wait_for_function("!location.search.includes('group')", timeout=PATIENCE)
    stand_still(page)
    page.locator("[data-testid=stPlotlyChart]", has_text="Havna").first.wait_for(timeout=PATIENCE)


def test_a_department_says_when_it_has_not_started_and_what_it_has_no_numbers_of(visit, served):
    page = visit(served, "avdeling?department=elvebredden")
    text = main_text(page)
    assert "Ikke startet per 30.06.2026" in text and "sammenligning for de andre" in text
    page.goto(f"{served}/avdeling?department=torget")
    stand_still(page)
    assert "Ingen tall for avdelingen: Reinnleggelse innen 30 dager, Kontakt innen 7 dager, Liggetid, Liggedøgn" in main_text(page)


PLANT = """text => { const main = document.querySelector('[data-testid=stMain]'), figure = document.querySelector('.js-plotly-plot');
  document.title = text;
  main.insertAdjacentHTML('beforeend', `<b>${text}</b><p>${text}</p><i aria-label="${text}"></i><i title="${text}"></i><i alt="${text}"></i>
    <iframe srcdoc="<p>${text}</p>"></iframe>`);
  figure.layout.annotations.push({text, y: 77});
  figure.data.push({name: 'a', hovertext: [text]}, {name: 'b', customdata: [text]}, {name: text, x: [1]}); }"""
PLANTED = {"title", "p", "i[aria-label]", "i[title]", "i[alt]", "iframe p", "figure 0 texts"}


def test_hidden_numbers_are_not_in_what_the_browser_gets(visit, served, hidden_truth):
    page = visit(served, "avdeling?department=skogly")
    told = main_text(page)
    assert "er skjult fordi færre enn 5 personer ligger bak" in told and "De kan vises når flere har svart, for en lengre periode" in told
    assert hidden_truth.leaks(scraped(page), about="skogly") == []
    secret = next(one for one in hidden_truth.of["skogly"] if "value of rsa_r_total phase after" in one.what)
    page.evaluate(PLANT, f"Skogly {secret.value:.2f}")
    found = {leak.partition(":")[0] for leak in hidden_truth.leaks(scraped(page), about="skogly")}
    assert found >= PLANTED and len({where.split(" point")[0] for where in found if where.startswith("figure 0 trace")}) == 3, found


def test_the_keyboard_reaches_menu_language_filters_tabs_and_downloads(visit, served):
    page = visit(served, "brukere")
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.innerText || document.activeElement.getAttribute('aria-label') || ''").strip())
    seen = " | ".join(reached)
    for wanted in ("Oversikt", "Mer", "en", "Utvalg", "Før og etter", "Forklaring, tabell og nedlasting"):
        assert wanted in seen, (wanted, seen)
