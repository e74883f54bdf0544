"""One answer, four ways out: Python, CSV, PDF and HTML say the same numbers (the pages: tests/dashboards)."""

import re

import pandas as pd
import pytest
from scraper import read

from evaltool.disclosure import select
from evaltool.export.export_csv import export_csv
from evaltool.findings import findings
from evaltool.report.write_report import write_report
from evaltool.tables import matrix


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ").replace("\u202f", " ").replace("\u00ad", ""))


@pytest.fixture(scope="module", params=["nb", "en"])
def written(request, fjordvik_release, tmp_path_factory):
    from pypdf import PdfReader

    out = tmp_path_factory.mktemp(f"same_{request.param}")
    # Paper has no room for the seventh measure of the sample; what the two pages leave out they count.
    paths = write_report(release=fjordvik_release, quality=None, out=out, lang=request.param, formats=("pdf", "html"))
    pages = PdfReader(paths[0]).pages
    pdf = squeezed(" ".join(page.extract_text() for page in pages))
    html = squeezed(re.sub(r"<[^>]+>", "", paths[1].read_text(encoding="utf8")))
    return request.param, len(pages), pdf, html, paths


def printed(release):
    """The measures that the report has room for: all but the last service measure."""
    return select(release=release, measures=tuple(name for name in release.spec.measures if name != "bed_days"))


def test_the_report_has_two_pages(written):
    assert written[1] == 2


def test_findings_stand_in_pdf_and_html(written, fjordvik_release):
    lang, _, pdf, html, _ = written
    for one in findings(release=printed(fjordvik_release), lang=lang):
        for text in (one.text, one.detail):
            assert squeezed(text) in html
            assert squeezed(text) in pdf


def test_the_matrix_stands_in_pdf_and_html(written, fjordvik_release):
    lang, _, pdf, html, _ = written
    cells = matrix(release=printed(fjordvik_release), lang=lang)
    for name, row in cells.groupby("name", sort=False):
        line = [text for text in row["text"] if text]
        for page in (pdf, html):
            assert all(text in page[page.index(name):] for text in line), (name, line)


def test_the_csv_is_the_frame_that_python_gives(fjordvik_release, tmp_path):
    export_csv(release=fjordvik_release, folder=tmp_path, lang="nb")
    for name, frame in (("estimates", fjordvik_release.estimates), ("series", fjordvik_release.series)):
        back = pd.read_csv(tmp_path / f"{name}.csv")
        for column in frame.columns:
            if pd.api.types.is_numeric_dtype(frame[column]):
                pd.testing.assert_series_equal(back[column].astype("float64"), frame[column], check_exact=True)
            else:
                assert back[column].astype("str").tolist() == frame[column].astype("str").tolist(), column


def test_no_p_value_on_a_leaders_page(written):
    assert not re.search(r"\bp\s*[=<]\s*0", written[2] + written[3])


def test_no_hidden_number_stands_in_the_report(written, hidden_truth):
    """Texts, text alternatives, pictures and what the files carry beside them."""
    for path in written[4]:
        records = read(path.name, path.read_bytes())
        assert len(records) > 100 and hidden_truth.leaks(records) == []
