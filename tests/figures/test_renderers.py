"""Both renderers draw every chart, show only what was released, and the same chart gives the same bytes."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
import sample
from plotly.io import to_json

from evaltool.errors import UsageError
from evaltool.figures.dumbbell import dumbbell
from evaltool.figures.matplotlib import png, svg
from evaltool.figures.matplotlib_layout import Sheet
from evaltool.figures.plotly import render
from evaltool.figures.run_chart import run_chart
from evaltool.figures.staircase import staircase
from evaltool.figures.style import LIGHT
from evaltool.figures.unchecked import unchecked

HERE = Path(__file__).parent


def charts(lang="nb"):
    release = sample.release()
    return [
        dumbbell(release=release, measure="qpr15_total", lang=lang), staircase(release=release, lang=lang),
        run_chart(release=release, measure="qpr15_total", department="c", lang=lang),
        run_chart(release=release, measure="qpr15_total", department="b", lang=lang),
    ]


@pytest.mark.parametrize("i", range(4))
def test_every_chart_renders_on_screen_and_paper(i):
    chart = charts()[i]
    for theme in ("light", "dark"):
        figure = render(chart=chart, theme=theme)
        assert figure.layout.title.text is None
        assert figure.layout.paper_bgcolor == "rgba(0,0,0,0)"
    for width in (85, 170):
        assert f'width="{width / 25.4 * 72:.4f}'[:12] in svg(chart=chart, width_mm=width)[:2000]


def test_english_chart_has_no_norwegian_word_and_the_reverse():
    for chart, absent in ((charts("en")[0], "etter"), (charts("nb")[0], "after")):
        words = render(chart=chart).to_plotly_json()
        texts = [a["text"] for a in words["layout"]["annotations"]] + [d.get("name", "") for d in words["data"]]
        assert not [x for x in texts if absent in x.split()]


def test_figure_holds_no_number_of_a_hidden_department():
    figure = render(chart=dumbbell(release=sample.release(), measure="qpr15_total", lang="nb", order=("b", "a")))
    traces = json.loads(figure.to_json())["data"]
    points = [d for d in traces if d.get("mode") == "markers" and d["x"] != [None]]
    assert all(y >= 0.5 for d in points for y in d["y"])


def test_hover_is_escaped_and_broken_into_lines():
    release = sample.release(count=1)
    release.register.loc[0, "name"] = "A & <b>B</b>"
    figure = render(chart=dumbbell(release=release, measure="qpr15_total", lang="nb"))
    texts = [t for d in figure.data if d.mode == "markers" and d.text is not None for t in d.text]
    assert texts[0].startswith("A &amp; &lt;b&gt;B&lt;/b&gt;<br>")


def test_same_chart_same_bytes_also_in_another_process():
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import sample, hashlib; "
        "from evaltool.figures.dumbbell import dumbbell; from evaltool.figures.matplotlib import svg; "
        "c = dumbbell(release=sample.release(), measure='qpr15_total', lang='nb'); "
        "print(hashlib.sha256(svg(chart=c, width_mm=85).encode()).hexdigest())"
    )
    there = subprocess.run([sys.executable, "-c", program, str(HERE)], capture_output=True, text=True, check=True).stdout
    first, second = (hashlib.sha256(svg(chart=charts()[0], width_mm=85).encode()).hexdigest() for _ in range(2))
    assert first == second == there.strip()


def test_svg_names_the_finding_and_carries_no_date():
    text = svg(chart=charts()[0], width_mm=85)
    assert "Personlig bedring: bedre i 1" in text
    assert "<dc:date>" not in text
    assert "<dc:language>nb" in text.replace("\n", "").replace(" ", "")


def test_png_is_a_png_at_its_width():
    picture = png(chart=charts()[0], width_mm=85, dpi=100)
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(picture[16:20], "big") == int(85 / 25.4 * 100)


def test_unknown_theme_is_named():
    with pytest.raises(UsageError, match="sepia"):
        render(chart=charts()[0], theme="sepia")


def _plain(value):
    """Without what is left out, and with numbers as numbers: how the browser reads it."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items() if one is not None and key != "template"}
    return [_plain(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("drawn", charts(), ids=lambda drawn: drawn.kind)
def test_the_page_gets_what_plotly_would_have_let_through(drawn):
    got, checked = (json.loads(to_json(one, validate=False)) for one in (unchecked(chart=drawn).to_dict(), render(chart=drawn).to_dict()))
    assert _plain(got) == _plain(checked)


def test_a_picture_that_stands_alone_carries_title_sentence_and_note():
    drawn = charts()[2]
    bare, headed = Sheet(chart=drawn, width=170, style=LIGHT).draw(), Sheet(chart=drawn, width=170, style=LIGHT, heading=True).draw()
    words = {sheet: " ".join(text.get_text() for text in sheet.texts) for sheet in (bare, headed)}
    assert drawn.title not in words[bare]
    for told in (drawn.title, drawn.subtitle, drawn.note):
        assert told and set(told.split()) <= set(words[headed].split())
    assert headed.get_figheight() > bare.get_figheight()
