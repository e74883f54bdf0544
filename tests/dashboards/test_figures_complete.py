"""Every figure on every page has all that a reader needs: the finding as title, one sentence, n and period, how to read it,
what it means, the table behind it and a text alternative. Read from the calls, and from the figures of the sample."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from evaltool.figures.dumbbell import dumbbell
from evaltool.figures.forest import forest
from evaltool.figures.funnel_chart import KINDS as FUNNEL_KINDS
from evaltool.figures.funnel_chart import funnel_chart
from evaltool.figures.process_chart import process_chart
from evaltool.figures.process_grid import process_grid
from evaltool.figures.staircase import staircase
from evaltool.measures import measure
from evaltool.process.charts import process_charts
from evaltool.result import ALL
from evaltool.settings import Process

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("rsa_r_total", "readmission_30d_unplanned", "bed_days", "qpr15_total")


def _calls():
    for path in [*(ROOT / "dashboards").rglob("*.py"), *(ROOT / "evaltool/ui").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "chart_card":
                yield path.name, node.lineno, {key.arg for key in node.keywords}


@pytest.mark.checkout
def test_every_card_has_a_table_and_says_how_it_is_read():
    calls = list(_calls())
    assert len(calls) >= 10
    lacking = [(name, line) for name, line, given in calls if not {"chart", "table", "name"} <= given or not given & {"reading", "measure"}]
    assert lacking == []


@pytest.mark.checkout
def test_no_figure_stands_outside_a_card():
    """Streamlit's own chart calls stand in the card alone."""
    drawn = [path.name for path in [*(ROOT / "dashboards").rglob("*.py"), *(ROOT / "evaltool/ui").glob("*.py")]
             if re.search(r"\.(plotly_chart|pyplot|altair_chart|line_chart|bar_chart|image)\(", path.read_text(encoding="utf8"))]
    assert sorted(drawn) == ["chart_card.py"]


def _figures(release, lang):
    yield staircase(release=release, lang=lang)
    for name in NAMES:
        charts = process_charts(release=release, plan=Process(), measures=(name,))
        yield dumbbell(release=release, measure=name, lang=lang)
        yield dumbbell(release=release, measure=name, lang=lang, order=("havna",))
        yield forest(release=release, measure=name, lang=lang)
        yield process_grid(charts=charts, release=release, measure=name, lang=lang)
        yield process_chart(charts=charts, release=release, measure=name, department=ALL, lang=lang)
        if measure(name).kind in FUNNEL_KINDS:
            yield funnel_chart(release=release, measure=name, lang=lang)


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_every_figure_of_the_sample_says_what_it_found_on_how_many_and_until_when(fjordvik_release, lang):
    day = {"nb": "30.06.2026", "en": "30 June 2026"}[lang]
    for chart in _figures(fjordvik_release, lang):
        assert chart.title and not chart.title.endswith(":"), chart.kind
        assert chart.subtitle.rstrip().endswith(".") or chart.message, (chart.kind, chart.subtitle)
        assert day in chart.note, (chart.kind, chart.note)
        assert re.search(r"\d", chart.title + chart.subtitle + chart.note.replace(day, "")) or chart.message, chart.kind
        assert len(chart.alt) > 40 and chart.title.rstrip(".") in chart.alt, (chart.kind, chart.alt)
        assert len(chart.data) or chart.message
        assert "{" not in "".join((chart.title, chart.subtitle, chart.note, chart.alt))
