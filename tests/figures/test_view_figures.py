"""Bars around a middle, three views and values kept: positions, hidden rows, texts, both renderers."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from sample import release as sample_release

from evaltool.figures import matplotlib, plotly
from evaltool.figures.chart import Box, Points
from evaltool.figures.gap_chart import gap_chart
from evaltool.figures.heat_chart import heat_chart
from evaltool.figures.kept_chart import kept_chart
from evaltool.figures.stacked_bars import Parts, stacked_bars
from evaltool.figures.views_chart import views_chart
from evaltool.result import ESTIMATE_COLUMNS, ESTIMATE_TEXT, SERIES_COLUMNS, SERIES_TEXT, canonical

PARTS = Parts(kinds=tuple(f"answer_{n}" for n in range(5)), texts=tuple("abcde"), low="uenig", high="enig")


def released(series: list[dict], estimates: list[dict] = ()):
    frame = canonical(pd.DataFrame(series), SERIES_COLUMNS, SERIES_TEXT).assign(status=[r["status"] for r in series])
    found = canonical(pd.DataFrame(list(estimates)), ESTIMATE_COLUMNS, ESTIMATE_TEXT).assign(status=[r["status"] for r in estimates])
    return dataclasses.replace(sample_release(count=2), series=frame, estimates=found)


def bar(shares, *, phase="before", status="shown", measure="m"):
    return [{"measure": measure, "department": "*", "kind": f"answer_{n}", "phase": phase, "value": v, "n": 50.0, "status": status, "unit": "share"}
            for n, v in enumerate(shares)]


def drawn(chart, lang="nb"):
    plotly.render(chart=chart)
    assert matplotlib.svg(chart=chart, width_mm=170).startswith("<?xml")
    return chart.panels[0]


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_middle_answer_counts_to_neither_side(lang):
    made = stacked_bars(release=released(bar([0.1, 0.2, 0.3, 0.25, 0.15])), measures={"m": "M"}, parts=PARTS, lang=lang, title="T", subtitle="S")
    boxes = [mark for mark in drawn(made).marks if isinstance(mark, Box)]
    ends = {box.role: (round(box.x0, 6), round(box.x1, 6)) for box in boxes}
    assert ends["against"] == (-0.3, -0.2) and ends["against_light"] == (-0.2, 0.0)
    assert ends["for_light"] == (0.0, 0.25) and ends["for"] == (0.25, 0.4)
    assert ends["neutral"][0] > 0.4 and ends["neutral"][1] - ends["neutral"][0] == pytest.approx(0.3)
    assert "uenig" in made.alt and "←" not in made.alt


def test_the_title_tells_of_the_bar_that_moved_most():
    rows = [*bar([0.1, 0.2, 0.3, 0.25, 0.15]), *bar([0.1, 0.1, 0.2, 0.35, 0.25], phase="after"), *bar([0.2] * 5, measure="k"), *bar([0.2] * 5, measure="k", phase="after")]
    made = stacked_bars(release=released(rows), measures={"k": "K", "m": "M"}, parts=PARTS, lang="nb", title="T", subtitle="S", found="view.answers_found")
    assert made.title.startswith("T: ") and "«M»" in made.title and "40\u00a0%" in made.title and "60\u00a0%" in made.title and made.title in made.alt


def test_a_hidden_bar_is_hatched_and_says_so():
    rows = [*bar([0.2] * 5), *bar([np.nan] * 5, phase="after", status="suppressed")]
    made = stacked_bars(release=released(rows), measures={"m": "M"}, parts=PARTS, lang="nb", title="T", subtitle="S")
    panel = drawn(made)
    assert [row.value for row in panel.rows][1] == "skjult (få personer)"
    assert sum(mark.hatch for mark in panel.marks) == 1
    gone = stacked_bars(release=released(bar([np.nan] * 5, status="suppressed")), measures={"m": "M"}, parts=PARTS, lang="nb", title="T", subtitle="S")
    assert gone.message and not gone.panels


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_part_above_the_middle_is_drawn_alone_where_only_it_is_shown(lang):
    parts = Parts(kinds=("answer_0", "answer_1", "answer_2"), texts=("w", "u", "b"), low="worse", high="better")
    hidden = [*bar([np.nan] * 3, status="suppressed"), *bar([np.nan] * 3, phase="after", status="suppressed")]
    own = {"measure": "m.b", "department": "*", "kind": "phase", "phase": "before", "value": 0.15, "n": 200.0, "unit": "share", "status": "shown"}
    rows = [*hidden, own, {**own, "phase": "after", "value": np.nan, "status": "suppressed"}]
    made = stacked_bars(release=released(rows), measures={"m": "M"}, parts=parts, lang=lang, title="T", subtitle="S", alone={"m": "m.b"})
    panel = drawn(made)
    marks = [mark for mark in panel.marks if mark.y0 < 0.5]
    assert [(mark.x0, mark.x1) for mark in marks if not mark.hatch] == [(0.0, 0.15)] and sum(mark.hatch for mark in marks) == 2
    assert "15" in panel.rows[0].value and "200" in panel.rows[0].note and "nan" not in made.alt
    assert not any(char.isdigit() for char in panel.rows[1].value)


def view(subgroup, value, phase, status="shown"):
    return {"measure": "rsa_r.total", "department": "*", "subgroup": subgroup, "kind": "phase", "phase": phase, "value": value,
            "conf_low": value - 0.1, "conf_high": value + 0.1, "n": 40.0, "unit": "points", "status": status}


def test_three_views_with_the_gap_as_the_finding():
    rows = [view(v, x, p) for p, values in (("before", (3.9, 3.5, 3.0, 0.5)), ("after", (3.8, 3.7, 3.4, 0.3)))
            for v, x in zip(("leader", "staff", "user", "staff-user"), values, strict=True)]
    made = views_chart(release=released(rows), measures={"rsa_r.total": "Samlet"}, lang="nb")
    panel = drawn(made)
    assert "0,50" in made.title and "0,30" in made.title
    assert [row.value for row in panel.rows] == ["+0,50 (+0,40 til +0,60)", "+0,30 (+0,20 til +0,40)"]
    assert {mark.shape for mark in panel.marks if isinstance(mark, Points)} == {"diamond", "circle", "circle-open"}
    hidden = views_chart(release=released([view("leader", np.nan, "before", "suppressed")]), measures={"rsa_r.total": "Samlet"}, lang="nb")
    assert hidden.message and not hidden.panels


def test_values_that_surely_moved_are_the_title():
    rows = [{"measure": m, "department": "*", "kind": "phase", "phase": p, "value": v, "conf_low": v - 0.05, "conf_high": v + 0.05, "n": 80.0,
             "unit": "share", "status": "shown"} for m, own in (("values.value.håp", (0.2, 0.4)), ("values.value.mot", (0.3, 0.3)))
            for p, v in zip(("before", "after"), own, strict=True)]
    moved = [{"measure": "values.value.håp", "department": "*", "estimate": 0.2, "conf_low": 0.1, "conf_high": 0.3, "status": "shown"},
             {"measure": "values.value.mot", "department": "*", "estimate": np.nan, "conf_low": np.nan, "conf_high": np.nan, "status": "suppressed"}]
    made = kept_chart(release=released(rows, moved), measures={"values.value.håp": "håp", "values.value.mot": "mot"}, lang="nb")
    panel = drawn(made)
    assert made.title == "Flere beholder håp" and panel.rows[1].value == "skjult (få personer)"


def test_of_many_values_those_that_changed_most_are_drawn_and_the_others_counted():
    names = {f"values.value.{i}": f"verdi {i}" for i in range(14)} | {"values.group.hope": "Håp"}
    rows = [{"measure": m, "department": "*", "kind": "phase", "phase": p, "value": 0.4, "conf_low": 0.3, "conf_high": 0.5, "n": 80.0, "unit": "share",
             "status": "shown"} for m in names for p in ("before", "after")]
    moved = [{"measure": m, "department": "*", "estimate": i / 100, "conf_low": -0.1, "conf_high": 0.3, "status": "shown"} for i, m in enumerate(names)]
    made = kept_chart(release=released(rows, moved), measures=names, lang="nb")
    assert [row.label for row in drawn(made).rows] == [*(f"verdi {i}" for i in range(4, 14)), "Håp"]
    assert made.footnotes == ("4 verdier med mindre endring, eller skjult, står i tabellen.",) and len(made.data) == 30


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_gap_in_one_department_before_and_after(lang):
    def gap(measure, phase, value, status="shown", department="a"):
        return {"measure": f"{measure}.staff-user", "department": department, "kind": "phase", "phase": phase, "value": value,
                "conf_low": value - 0.1, "conf_high": value + 0.1, "n": 40.0, "unit": "points", "status": status}

    rows = [gap("rsa_r.total", "before", 0.5), gap("rsa_r.total", "after", 0.2), gap("rsa_r.choice", "before", np.nan, "suppressed"),
            gap("rsa_r.choice", "after", -0.1), gap("rsa_r.total", "before", 9.0, department="b")]
    names = {"rsa_r.total": "Samlet", "rsa_r.choice": "Valg"}
    made = gap_chart(release=released(rows), department="a", pair="staff-user", measures=names, lang=lang)
    panel = drawn(made)
    said = {"nb": ("+0,50 → +0,20", "skjult → −0,10"), "en": ("+0.50 → +0.20", "hidden → −0.10")}[lang]
    assert tuple(row.value for row in panel.rows) == said and "9" not in made.alt
    marks = {mark.shape: mark.x for mark in panel.marks if isinstance(mark, Points)}
    assert marks == {"circle-open": (0.5,), "diamond": (0.2, -0.1)}
    gone = gap_chart(release=released(rows), department="b", pair="leader-user", measures=names, lang=lang)
    assert gone.message and not gone.panels


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_domains_by_department_hide_draw_and_say_what_they_hold(lang):
    def cell(department, scale, value, status="shown", verdict="better"):
        return {"measure": f"domain.f.{scale}", "department": department, "estimate": value, "conf_low": value - 0.1, "conf_high": value + 0.1,
                "n_before": 20.0, "n_after": 30.0, "status": status, "verdict": verdict if status == "shown" else None}

    found = [cell("a", "x", 0.8), cell("a", "y", -0.2, verdict="worse"), cell("b", "x", np.nan, "suppressed"), cell("b", "y", 0.1, verdict="cannot_tell"),
             cell("*", "x", 0.4), cell("*", "y", 0.1)]
    made = heat_chart(release=released([], found), measures={"domain.f.x": "Det første området", "domain.f.y": "Annet"}, widths={"domain.f.x": 1.0, "domain.f.y": 1.0}, order=("a", "b", "*"), lang=lang, form="F")
    panel = drawn(made)
    assert made.title == {"nb": "F: 1 bedre og 1 verre enn før, av 3 ruter", "en": "F: 1 better and 1 worse than before, of 3 cells"}[lang]
    assert {"nb": "1 rute er skjult", "en": "1 cell is hidden"}[lang] in made.subtitle and "50" in made.note
    boxes = [mark for mark in panel.marks if isinstance(mark, Box)]
    assert [box.role for box in boxes] == ["for_light", "wait", "hidden", "quiet", "for_light", "quiet"]
    hatched = next(box for box in boxes if box.hatch)
    assert (round(hatched.x0), round((hatched.y0 + hatched.y1) / 2)) == (0, 1)
    assert [tick.text for tick in panel.x.ticks][0] == "Det første\nområdet"
    gone = heat_chart(release=released([], [cell("a", "x", np.nan, "suppressed")]), measures={"domain.f.x": "X"}, widths={"domain.f.x": 1.0}, order=("a",), lang=lang, form="F")
    assert gone.message and not gone.panels


def test_the_sentence_over_three_views_promises_no_number_that_is_hidden():
    rows = [view("staff", 3.5, "before"), view("user", 3.0, "before"), view("leader", np.nan, "before", "suppressed"),
            view("staff-user", np.nan, "before", "suppressed")]
    made = views_chart(release=released(rows), measures={"rsa_r.total": "Samlet"}, lang="nb")
    assert "minus" not in made.subtitle and made.subtitle.endswith("få personer ligger bak: ledere.")
    assert made.panels[0].rows[0].value == ""
