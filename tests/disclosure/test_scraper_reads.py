"""The scraper can fail: a number planted in each place where an output could hide one is found, in every form it may take."""

from __future__ import annotations

import io
import json
import zipfile
import zlib

import pandas as pd
import pytest
from hidden_truth import Secret, Truth
from scraper import of_any, of_frame, of_html, of_value, read

from evaltool.figures.chart import Axis, Chart, Panel, Points

LEAK = "3.4567"
TRUTH = Truth(
    secrets=[Secret("lia", "mean", 3.4567), Secret("lia", "n", 3.0), Secret("lia", "share", 2 / 3), Secret("lia", "share in per cent", 200 / 3),
             Secret("vika", "nights", 1234.5)],
    shown=[("vika", 12.5), ("*", 20.0), ("lia", 0.66)], names={"lia": ("lia", "Lia bofellesskap"), "vika": ("vika", "Vika"), "*": ()})
CORE = '<cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:description>{leak}</dc:description></cp:coreProperties>'


def zipped(**parts: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as pack:
        for name, text in parts.items():
            pack.writestr(name.replace("__", "/"), text)
    return out.getvalue()


def workbook(*, cell: object = "", hidden: object = "", comment: str = "", name: str = "", note: str = "", text: bool = True) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        first, second = book.add_worksheet("a"), book.add_worksheet("b")
        second.hide()
        first.write(0, 0, "Lia bofellesskap")
        first.write(0, 1, cell)
        second.write(0, 0, hidden)
        if comment:
            first.write_comment(0, 0, comment)
        if name:
            book.define_name("secret", f"={name}")
        if note:
            book.set_properties({"comments": note})
    return out.getvalue()


def document(*, body: str = "x", header: str = "x", core: str = "x") -> bytes:
    text = '<w:document xmlns:w="w"><w:p><w:r><w:t>{}</w:t></w:r><w:r><w:t>{}</w:t></w:r></w:p></w:document>'
    return zipped(**{"word__document.xml": text.format(body[:3], body[3:]), "word__header1.xml": text.format("", header), "docProps__core.xml": CORE.format(leak=core)})


def picture() -> bytes:
    chunk = b"tEXtDescription\0" + LEAK.encode()
    return b"\x89PNG\r\n\x1a\n" + (len(chunk) - 4).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big")


def paper(*, text: str = "x", alt: str = "x", title: str = "x", attached: str = "") -> bytes:
    import typst
    from pypdf import PdfReader, PdfWriter

    made = typst.compile(f'#set document(title: "{title}")\n{text}\n#figure(alt: "{alt}", rect())'.encode(), pdf_standards=["ua-1"])
    if not attached:
        return made
    book, out = PdfWriter(clone_from=PdfReader(io.BytesIO(made))), io.BytesIO()
    book.add_attachment("numbers.txt", attached.encode())
    book.write(out)
    return out.getvalue()


def statistics(kind: str, **labels) -> bytes:
    import tempfile
    from pathlib import Path

    import pyreadstat

    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / f"x.{kind}"
        frame = pd.DataFrame({"mean": [1.0 if labels else float(LEAK)]})
        {"sav": pyreadstat.write_sav, "dta": pyreadstat.write_dta}[kind](frame, path, **labels)
        return path.read_bytes()


def parquet() -> bytes:
    out = io.BytesIO()
    pd.DataFrame({"mean": [float(LEAK)]}).to_parquet(out)
    return out.getvalue()


PLANTED = {
    "csv": lambda: b"department,mean\nlia,3.4567000001\n", "txt": lambda: b"x 3,4567 y", "r": lambda: b"x <- c(3.4567)",
    "json": lambda: json.dumps({"a": [{"department": "lia", "mean": 3.46}]}).encode(),
    "html text": lambda: f"<p>{LEAK}</p>".encode(), "html aria": lambda: f'<div aria-label="{LEAK}"></div>'.encode(),
    "html title": lambda: f'<i title="{LEAK}"></i>'.encode(), "html alt": lambda: f'<img alt="{LEAK}">'.encode(),
    "html comment": lambda: f"<!-- {LEAK} -->".encode(), "html script": lambda: f"<script>var x = {LEAK}</script>".encode(),
    "html row": lambda: b"<tr><th>Lia bofellesskap</th><td>3,5</td></tr>", "html meta": lambda: f'<meta content="{LEAK}">'.encode(),
    "xlsx cell": lambda: workbook(cell=3.456700000001), "xlsx rounded": lambda: workbook(cell=3.46), "xlsx text": lambda: workbook(cell="3,5"),
    "xlsx hidden sheet": lambda: workbook(hidden=3.4567), "xlsx comment": lambda: workbook(comment=f"mean {LEAK}"),
    "xlsx defined name": lambda: workbook(name=LEAK), "xlsx properties": lambda: workbook(note=LEAK),
    "docx text": lambda: document(body=LEAK), "docx header": lambda: document(header=LEAK), "docx properties": lambda: document(core=LEAK),
    "pdf text": lambda: paper(text=LEAK), "pdf alternative text": lambda: paper(alt=LEAK), "pdf metadata": lambda: paper(title=LEAK),
    "pdf attachment": lambda: paper(attached=LEAK), "png text": picture,
    "svg description": lambda: f'<svg xmlns="http://www.w3.org/2000/svg"><desc>{LEAK}</desc></svg>'.encode(),
    "svg text": lambda: f'<svg xmlns="http://www.w3.org/2000/svg"><text>3.<tspan>4567</tspan></text></svg>'.encode(),
    "svg aria": lambda: f'<svg xmlns="http://www.w3.org/2000/svg"><g aria-label="{LEAK}"/></svg>'.encode(),
    "svg comment": lambda: f'<svg xmlns="http://www.w3.org/2000/svg"><!-- {LEAK} --></svg>'.encode(),
    "zip within": lambda: zipped(**{"a.csv": "x", "b.zip": zipped(**{"c.txt": LEAK})}), "parquet": parquet,
    "sav value": lambda: statistics("sav"), "sav label": lambda: statistics("sav", column_labels=[f"mean {LEAK}"]),
    "dta value": lambda: statistics("dta"), "dta note": lambda: statistics("dta", file_label=LEAK),
}


@pytest.mark.parametrize("channel", PLANTED)
def test_a_number_planted_in_a_file_is_found(channel):
    content = PLANTED[channel]()
    records = read(f"x.{channel.split()[0]}", content)
    assert TRUTH.leaks(records), records


def test_clean_files_are_clean():
    for name, content in (("x.xlsx", workbook(cell=0.66)), ("x.docx", document()), ("x.pdf", paper()), ("x.csv", b"lia,,suppressed\nvika,12.5,shown\n")):
        assert TRUTH.leaks(read(name, content)) == []


def test_a_new_kind_of_file_needs_a_reader():
    with pytest.raises(KeyError, match="pptx"):
        read("x.pptx", b"")


@pytest.mark.parametrize("text", [
    "3,4567", "−3.4567 og 3.45670", "Lia bofellesskap: 3,46 (n = 12)", "Lia bofellesskap: 3,5", "lia n 3", "Lia bofellesskap, n = 3", "lia | 66,7\u00a0%",
    "lia: 67 %", "Vika: 1\u00a0234,5", "Vika 1,234.5", "Vika: 1235 netter", "1234.5",
])
def test_every_form_of_a_number_is_known(text):
    assert TRUTH.leaks([("", text)]), text


@pytest.mark.parametrize("text", [
    "Lia bofellesskap startet 03.03.2023", "Lia bofellesskap started 3 March 2023", "Lia bofellesskap fra 3. mars 2023", "Lia bofellesskap: skjult; Vika: 12,5", "n = 3", "Vika: 3,5", "0,6667", "Vika: n = 3", "3,46",
    "Lia bofellesskap: færre enn 3 personer", "Bofellesskap: 3,46", "lia 2024-03-03", "lia: 0,66",
])
def test_what_belongs_to_nobody_is_no_leak(text):
    assert TRUTH.leaks([("", text)]) == [], text


def test_a_page_about_one_place_needs_no_name():
    assert TRUTH.leaks([("", "0,6667")], about="lia") and not TRUTH.leaks([("", "0,6667")], about="vika")


def test_a_figure_is_read_mark_by_mark_with_hover_texts_and_data():
    def drawn(**more):
        data = pd.DataFrame({"department": ["lia", "vika"], "value": [more.get("value"), 12.5]})
        marks = (Points((more.get("x", 1.0),), (0.0,), "circle", "text", (more.get("hover", ""),)),)
        return Chart(kind="x", lang="nb", title="t", subtitle="", note="", alt=more.get("alt", ""), data=data, panels=(Panel(x=Axis(0, 1, ()), y=None, marks=marks),))

    assert TRUTH.leaks(of_any(drawn())) == []
    for more in ({"x": 3.4567}, {"hover": "Lia bofellesskap: 3,5"}, {"alt": "3,4567"}, {"value": 3.4567}):
        assert TRUTH.leaks(of_any(drawn(**more))), more


def test_lists_objects_and_rows_are_read_whole():
    assert TRUTH.leaks(of_value([{"a": {"place": "lia", "n": 3}}])) and TRUTH.leaks(of_frame(pd.DataFrame({"d": ["lia"], "v": [3.46]})))
    assert TRUTH.leaks(of_html('<div role="img" aria-description="Lia bofellesskap 3,5"></div>'))
