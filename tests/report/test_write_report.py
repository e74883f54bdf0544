"""The report as people get it: two pages, the same content in both formats, nothing cut, nothing that tells too much."""

from __future__ import annotations

import html
import io
import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pandas as pd
import pypdf
import pytest
from figures.sample import NAMES
from report.whole_release import SHORT, whole_release

from evaltool import resources
from evaltool.errors import UsageError
from evaltool.findings import findings
from evaltool.measures import measure, register
from evaltool.report.write_report import MOST_MEASURES, write_report
from evaltool.tables import matrix

RESPONSE = pd.DataFrame({"population": ["users", "users", "staff"], "wave": ["1", "2", "1"], "invited": [100, 120, 80],
                         "answered": [60, 85, 44], "rate": [0.6, 0.708, 0.55]})


def write(folder: Path, *, lang: str = "nb", **wanted) -> list[Path]:
    given = {"release": whole_release(), "quality": {"response": RESPONSE}, "name": "Fjordvik kommune", "out": folder}
    return write_report(lang=lang, **{**given, **wanted})


@pytest.fixture(scope="module", params=["nb", "en"])
def written(request, tmp_path_factory) -> tuple[str, pypdf.PdfReader, str]:
    """(language, the PDF, the text of the HTML file)."""
    pdf, page = write(tmp_path_factory.mktemp("report"), lang=request.param)
    return request.param, pypdf.PdfReader(pdf), page.read_text(encoding="utf8")


def words(text: str) -> str:
    return " ".join(text.split())


@lru_cache(maxsize=2)
def pdf_pages(reader: pypdf.PdfReader) -> list[str]:
    """The text of each page: reading it takes as long as making the report."""
    return [page.extract_text() for page in reader.pages]


def pdf_text(reader: pypdf.PdfReader) -> str:
    return words(" ".join(pdf_pages(reader)))


def page_text(page: str) -> str:
    bare = re.sub(r"(?s)<style>.*?</style>|<title>[^<]*</title>|<[^>]+>", " ", page)
    return words(html.unescape(bare))


def test_pdf_is_two_tagged_pages_with_title_and_language(written):
    lang, reader, _ = written
    assert len(reader.pages) == 2
    catalogue = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == lang
    assert reader.metadata.title == {"nb": "Recovery-orientert praksis: hva har endret seg?",
                                     "en": "Recovery-oriented practice: what has changed?"}[lang]
    assert reader.xmp_metadata is not None
    assert "pdfuaid" in reader.trailer["/Root"]["/Metadata"].get_data().decode("utf8")


def test_page_numbers_are_whole_words(written):
    lang, reader, _ = written
    last = {"nb": "Side {} av 2", "en": "Page {} of 2"}[lang]
    assert [last.format(i + 1) in words(page) for i, page in enumerate(pdf_pages(reader))] == [True, True]


@pytest.mark.parametrize("form", ["pdf", "html"])
def test_all_findings_and_cells_are_in_both_formats(written, form):
    lang, reader, page = written
    text = pdf_text(reader) if form == "pdf" else page_text(page)
    release = whole_release()
    for one in findings(release=release, lang=lang):
        assert words(one.text) in text and words(one.detail) in text
        assert all(words(limit) in text for limit in one.limits)
    for name, group in matrix(release=release, lang=lang).groupby("name"):
        row = " ".join([name, *(text or word for text, word in zip(group["text"], group["word"], strict=True))])
        assert words(row) in text, row


def test_numbers_follow_the_language(written):
    lang, reader, page = written
    for text in (pdf_text(reader), page_text(page)):
        assert (re.search(r"[+−]\d+\.\d", text) is not None) == (lang == "en")
        assert (re.search(r"[+−]\d+,\d", text) is not None) == (lang == "nb")
        assert not re.search(r"(?<!\S)-\d", text), "a hyphen for a minus"


def test_coverage_and_hidden_cells_are_told(written):
    lang, reader, page = written
    line = {"nb": "Svarprosent i siste runde: brukere 71 % og ansatte 55 %.",
            "en": "Response rate in the latest round: users 71% and staff 55%."}[lang]
    hidden = {"nb": "5 sammenligninger og ", "en": "5 comparisons and "}[lang]
    for text in (pdf_text(reader), page_text(page)):
        assert line in text and hidden in text and {"nb": "kan vises når", "en": "can be shown when"}[lang] in text


def test_no_p_value_on_a_leaders_page(written):
    _, reader, page = written
    for text in (pdf_text(reader), page_text(page)):
        assert not re.search(r"(?i)\bp\s*[=<>]|p-verdi|p-value|signifi", text)


def test_html_stands_alone_and_runs_nothing(written):
    lang, _, page = written
    assert page.lstrip().lower().startswith("<!doctype html>")
    assert f'<html lang="{lang}">' in page
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in page
    assert "<script" not in page and "<link" not in page and not re.search(r"<[^>]*\son\w+\s*=", page)
    assert re.findall(r'(?:src|srcset|href)="(?!data:)', page) == []
    assert re.findall(r"url\(", page) == []
    assert all(alt.strip() for alt in re.findall(r'<img[^>]* alt="([^"]*)"', page))
    assert page.count("<img") == 5 and page.count("alt=") == 5
    levels = [int(n) for n in re.findall(r"<h(\d)", page)]
    assert levels[0] == 1 and all(b - a <= 1 for a, b in zip(levels, levels[1:], strict=False))


@pytest.mark.parametrize(("count", "names", "lang"), [
    (4, SHORT, "nb"), (10, SHORT, "en"), (8, SHORT, "nb"), (12, SHORT, "en"), (12, NAMES, "nb"),
])
def test_always_two_pages(tmp_path, count, names, lang):
    [pdf] = write(tmp_path, release=whole_release(count=count, names=names), lang=lang, formats=("pdf",))
    reader = pypdf.PdfReader(pdf)
    assert len(reader.pages) == 2
    text = pdf_text(reader)
    assert all(words(name) in text for name in names[:count])
    assert len(reader.pages[0].images) == 0, "pictures are drawings, not pixels"
    if count <= 10 and names is SHORT:
        assert re.search("(Personlig bedring|Personal recovery): ", words(pdf_pages(reader)[0])), "the users' own figure has its place"


def _decided(count, text="Vi øver på felles planer hver uke", department=""):
    return pd.DataFrame([{"kind": "decision", "measure": "", "department": department, "text": f"{text} {i}", "owner": "Avdelingsleder",
                          "due": pd.Timestamp("2026-09-01"), "state": "open"} for i in range(count)])


def test_what_was_decided_stands_in_both_formats_and_the_rest_is_counted(tmp_path):
    pdf, page = write(tmp_path, decisions=_decided(6))
    for text in (pdf_text(pypdf.PdfReader(pdf)), page_text(page.read_text(encoding="utf8"))):
        assert "Hva som er bestemt" in text and "Flere i tavlen: 2." in text
        assert "Vi øver på felles planer hver uke 0 (ansvar: Avdelingsleder, frist 01.09.2026, åpen)" in text
        assert "hver uke 4" not in text


def test_long_decisions_are_cut_between_words_and_leave_two_pages(tmp_path):
    pdf, _ = write(tmp_path, decisions=_decided(4, "En lang beslutning om praksis " * 20))
    reader = pypdf.PdfReader(pdf)
    assert len(reader.pages) == 2 and "praksis …" in pdf_text(reader)


def test_a_department_report_has_no_other_departments_decisions(tmp_path):
    own, other = whole_release().register["department"].iloc[:2]
    pages = write(tmp_path, decisions=pd.concat([_decided(1, "Om oss", own), _decided(1, "Om de andre", other)]), department=own, formats=("html",))
    text = page_text(pages[0].read_text(encoding="utf8"))
    assert "Om oss 0" in text and "Om de andre" not in text


def test_one_department(tmp_path):
    [page] = write(tmp_path, department="a", formats=("html",))
    assert page.name == "report-fjordvik-a-2026-06-30-nb.html"
    text = page.read_text(encoding="utf8")
    assert "<h1>Havna døgnbehandling: hva har endret seg?</h1>" in text
    assert text.count('<tr class="own">') == 1


def test_a_department_shows_the_series_that_can_be_shown(tmp_path):
    """``b`` has every number hidden but one measure's: that one is drawn, not the two that come first."""
    release = whole_release()
    other = release.series["department"].eq("a") & release.series["measure"].eq("length_of_stay")
    series = pd.concat([release.series[~release.series["department"].eq("b")],
                        release.series[other].assign(department="b")], ignore_index=True)
    [page] = write(tmp_path, release=replace(release, series=series), department="b", formats=("html",))
    over_time = page.read_text(encoding="utf8").split("<h2>Over tid</h2>")[1].split("<h2>")[0]
    assert re.findall(r"<h3>(.*?)</h3>", over_time)[0].startswith("Liggetid i Åsen bofellesskap")


def test_over_time_the_users_own_view_stands_before_the_services(tmp_path):
    [page] = write(tmp_path, formats=("html",))
    over_time = page.read_text(encoding="utf8").split("<h2>Over tid</h2>")[1].split("<h2>")[0]
    first, second = re.findall(r"<h3>(.*?)</h3>", over_time)
    assert first.startswith("Brukerne ") and "reinnleggelsene" in second


def test_more_measures_than_paper_holds_are_counted_and_the_users_own_stay(tmp_path):
    release = whole_release()
    service = [name for name, m in register().items() if m.side == "service"]
    release = replace(release, spec=replace(release.spec, measures=(*service, "rsa_r_total", "qpr15_total")))
    [page] = write(tmp_path, release=release, formats=("html",))
    text = page_text(page.read_text(encoding="utf8"))
    assert f"Flere mål i tavlen og i tallfilene: {len(service) + 2 - MOST_MEASURES}." in text
    assert "Personlig bedring" in text and measure(service[-1]).text("short", "nb") not in text


def test_a_wide_interval_is_named_as_the_reason(tmp_path):
    release = whole_release()
    [page] = write(tmp_path, release=replace(release, notes=release.notes.iloc[:0]), formats=("html",))
    text = page_text(page.read_text(encoding="utf8"))
    assert "Ansattes syn på praksis, Reinnleggelse innen 30 dager: Intervallet er for bredt" in text


def test_same_release_same_bytes(tmp_path):
    first, second = (write(tmp_path / name, formats=("pdf", "html")) for name in ("one", "two"))
    assert [a.read_bytes() == b.read_bytes() for a, b in zip(first, second, strict=True)] == [True, True]


def test_text_from_the_register_is_text(tmp_path):
    """A name cannot become markup, neither in typst nor in HTML."""
    release = whole_release(count=4, names=("<b>#panic(1)</b> *x* $y$", *SHORT[1:]))
    pdf, page = write(tmp_path, release=release)
    assert "<b>#panic(1)</b> *x* $y$" in pdf_text(pypdf.PdfReader(pdf))
    assert "&lt;b&gt;#panic(1)&lt;/b&gt;" in page.read_text(encoding="utf8")


def test_without_invitations_and_without_a_study_name(tmp_path):
    [page] = write(tmp_path, quality=None, name=None, formats=("html",))
    text = page_text(page.read_text(encoding="utf8"))
    assert "Svarprosent er ukjent" in text and text.startswith("fjordvik")


def test_nothing_to_compare_is_said(tmp_path):
    release = whole_release(count=4)
    nothing = replace(release, estimates=release.estimates.iloc[:0], notes=release.notes.iloc[:0])
    pdf, page = write(tmp_path, release=nothing)
    assert "Vi har ikke noe å sammenligne ennå." in page_text(page.read_text(encoding="utf8"))
    assert len(pypdf.PdfReader(io.BytesIO(pdf.read_bytes())).pages) == 2


@pytest.mark.parametrize(("wrong", "code"), [
    ({"formats": ("docx",)}, "unknown_format"), ({"department": "zz"}, "unknown_department"),
    ({"release": pd.DataFrame()}, "not_released"),
])
def test_wrong_use_is_one_clear_error(tmp_path, wrong, code):
    with pytest.raises(UsageError) as caught:
        write(tmp_path, **wrong)
    assert caught.value.code == code and caught.value.message("nb")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "taken").write_text("a file, not a folder", encoding="utf8")
    with pytest.raises(UsageError) as caught:
        write(tmp_path / "taken", formats=("html",))
    assert caught.value.code == "report_not_written"


def test_templates_hold_no_words():
    """Text lives in the catalogues: outside tags, expressions and styles a template is silent."""
    page = resources.report_template("report.html").read_text(encoding="utf8")
    bare = re.sub(r"(?s)<style>.*?</style>|{%.*?%}|{{.*?}}|<[^>]*>", "", page)
    assert re.findall(r"[A-Za-zæøåÆØÅ]+", bare) == []
    paper = resources.report_template("report.typ").read_text(encoding="utf8")
    assert re.findall(r"\[[^\]#]*[A-Za-zæøå]{3,}[^\]#]*\]", re.sub(r"//.*", "", paper)) == []


@pytest.mark.browser
def test_html_in_a_browser(tmp_path, chromium):
    """Wide, narrow and dark: one report and one browser for the three."""
    from playwright.sync_api import sync_playwright

    [page] = write(tmp_path, formats=("html",))
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for width, scheme in ((1440, "light"), (400, "light"), (900, "dark")):
            tab = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
            asked, said = [], []
            tab.on("request", lambda request, asked=asked: asked.append(request.url))
            tab.on("console", lambda message, said=said: said.append(message.text))
            tab.goto(page.as_uri())
            assert tab.evaluate("document.documentElement.scrollWidth") == width
            assert tab.evaluate("[...document.images].every(i => i.complete && i.naturalWidth > 0)")
            assert [url for url in asked if not url.startswith("data:")] == [page.as_uri()] and said == []
        browser.close()
