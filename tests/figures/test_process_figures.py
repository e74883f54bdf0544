from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import sample

from evaltool.errors import UsageError
from evaltool.figures.chart import Area, Box, Line, Points, Rule
from evaltool.figures.funnel_chart import funnel_chart
from evaltool.figures.matplotlib import svg
from evaltool.figures.plotly import render
from evaltool.figures.process_chart import process_chart
from evaltool.figures.process_grid import process_grid
from evaltool.figures.process_icons import ASSURANCE_ROLES, VARIATION_ROLES, assurance_icon, variation_icon
from evaltool.process.charts import process_charts
from evaltool.settings import Annotation, Exclusion, MeasureChart, Process
from evaltool.stats.funnel import funnel as overdispersion
from evaltool.stats.funnel import funnel_limits


def chart(department="c", **options):
    release = sample.release()
    charts = process_charts(release=release, **options)
    return process_chart(charts=charts, release=release, measure="qpr15_total", department=department, lang="nb"), charts


def marks(chart, kind, panel=0):
    return [m for m in chart.panels[panel].marks if isinstance(m, kind)]


def test_chart_is_the_object_behind_the_table():
    drawn, charts = chart()
    rows = charts.points[charts.points["department"] == "c"].reset_index(drop=True)
    assert drawn.data.equals(rows)
    placed = {(x, y) for m in marks(drawn, Points) if m.hover and m.shape != "empty" for x, y in zip(m.x, m.y, strict=True)}
    assert len(placed) == rows["value"].notna().sum()


def test_signals_have_their_own_shapes():
    drawn, charts = chart()
    rows = charts.points[charts.points["department"] == "c"]
    for reading, shape in (("better", "triangle-up"), ("worse", "triangle-down")):
        want = (rows["reading"] == reading).sum()
        got = sum(len(m.x) for m in marks(drawn, Points) if m.shape == shape and m.hover)
        assert got == want


def test_limits_start_and_baseline_are_drawn():
    drawn, charts = chart()
    assert [m.text for m in marks(drawn, Rule)] == ["oppstart 01.03.2024"]
    centres = [m for m in marks(drawn, Line) if m.width == 2.0]
    assert [round(m.y[0], 6) for m in centres] == [round(x, 6) for x in drawn.data.groupby("segment")["centre"].first()]
    dotted = [m for m in marks(drawn, Line) if m.dash == "dot"]
    assert dotted[0].y[0] == pytest.approx(drawn.data["centre"].iloc[0])
    firm = drawn.data.groupby("segment")["limits"].first().eq("firm").sum()
    assert len(marks(drawn, Area)) == firm


def test_hidden_department_has_no_numbers():
    drawn, _ = chart("b")
    assert drawn.panels == ()
    assert drawn.message == "Tallene er skjult fordi få personer ligger bak."


def test_target_is_a_line_and_a_word():
    drawn, _ = chart(plan=Process(measures={"qpr15_total": MeasureChart(target=50.0)}))
    assert [m.at for m in marks(drawn, Rule) if not m.vertical] == [50.0]
    assert "Måltallet 50,0: nås ikke." in drawn.subtitle
    assert drawn.panels[0].y.high >= 50


def test_what_the_study_declares_is_marked_and_told():
    why = {"nb": "flyttet", "en": "moved"}
    day = chart()[0].data["period"].iloc[3].date()
    drawn, _ = chart(plan=Process(
        annotations=(Annotation(date=day, text=why),),
        exclusions=(Exclusion(measure="qpr15_total", department="c", date=day, reason=why),)))
    assert "flyttet" in drawn.footnotes[-1]
    assert any("holdt utenfor grensene (flyttet)" in line for line in drawn.footnotes)
    crosses = [m for m in marks(drawn, Points) if m.shape == "cross"]
    assert len(crosses[0].x) == 1


def test_unknown_series_is_named():
    with pytest.raises(UsageError, match="zz"):
        chart("zz")


def test_grid_has_one_panel_each_on_the_same_axes_and_names_the_absent():
    release = sample.release(count=12)
    grid = process_grid(charts=process_charts(release=release), release=release, measure="qpr15_total", lang="nb")
    assert len(grid.panels) == 10
    assert len({(p.x.low, p.x.high, p.y.low, p.y.high) for p in grid.panels}) == 1
    assert [p.title for p in grid.panels][:2] == [sample.NAMES[0], sample.NAMES[2]]
    assert sample.NAMES[1] in grid.footnotes[0]
    assert render(chart=grid).layout.height > 300
    assert svg(chart=grid, width_mm=170).count("<svg") == 1


def test_every_process_figure_renders_in_both_themes():
    drawn, _ = chart()
    for theme in ("light", "dark"):
        assert render(chart=drawn, theme=theme).data
    assert "Personlig bedring" in svg(chart=drawn, width_mm=85)


def shares(count=12):
    release = sample.release(count=count, measure="readmission_30d_unplanned", unit="share")
    series = release.series.copy()
    sides = (series["kind"] == "phase") & series["value"].notna()
    cases = np.linspace(80, 800, sides.sum()).round()
    series.loc[sides, "denominator"] = cases
    series.loc[sides, "numerator"] = (series.loc[sides, "value"] * cases).round()
    series.loc[sides, "value"] = series.loc[sides, "numerator"] / cases
    return replace(release, series=series)


def funnel(release, **options):
    return funnel_chart(release=release, measure="readmission_30d_unplanned", lang="nb", **options)


def test_funnel_shows_departments_by_size_and_names_only_those_outside():
    release = shares()
    planted = (release.series["department"] == "g") & (release.series["phase"] == "after")
    release.series.loc[planted, "numerator"] = release.series.loc[planted, "denominator"] * 0.6
    release.series.loc[planted, "value"] = 0.6
    drawn = funnel(release)
    assert set(drawn.data["department"]) == set("aceghijkl") - {"b", "d", "f"} | {"a"}
    assert drawn.data.set_index("department").loc["g", "position"] == "above"
    named = [m.text for m in drawn.panels[0].marks if type(m).__name__ == "Label"]
    assert sample.NAMES[6] in named
    assert len(named) == drawn.data["position"].ne("inside").sum()
    assert "rangering" in drawn.subtitle


def test_funnel_leaves_out_hidden_departments_and_needs_four():
    assert "b" not in set(funnel(shares()).data["department"])
    few = funnel(shares(count=4))
    assert few.panels == ()
    assert "for få avdelinger" in few.message


def test_funnel_tells_the_spread_before_and_after():
    assert "var " in funnel(shares()).subtitle.split("standardavvik")[1]


def test_funnel_is_for_shares_and_rates():
    with pytest.raises(UsageError, match="qpr15_total"):
        funnel_chart(release=sample.release(), measure="qpr15_total", lang="nb")


def test_every_code_has_an_icon_of_its_own_shape_with_its_word():
    drawn = {variation_icon(code=code, word="x") for code in VARIATION_ROLES}
    assert len(drawn) == len(VARIATION_ROLES)
    drawn = {assurance_icon(code=code, word="x") for code in ASSURANCE_ROLES}
    assert len(drawn) == len(ASSURANCE_ROLES)
    assert "<title>bedre</title>" in variation_icon(code="better_high", word="bedre")


def test_wash_in_box_comes_from_the_register():
    drawn, _ = chart()
    assert [m.role for m in marks(drawn, Box) if m.role == "wait"] == ["wait", "wait"]


def test_the_adjusted_funnel_is_observed_over_expected_with_poisson_limits():
    release = shares()
    with pytest.raises(UsageError, match="readmission_30d_unplanned"):
        funnel(release, adjusted=True)
    levels = release.series[release.series["kind"] == "phase"]
    due = levels.assign(kind="expected", value=(levels["denominator"] * 0.2).round(1))
    drawn = funnel(replace(release, series=pd.concat([release.series, due], ignore_index=True)), adjusted=True)
    assert drawn.data["value"].to_numpy() == pytest.approx((drawn.data["events"] / drawn.data["cases"]).to_numpy())
    assert drawn.data["cases"].to_numpy() == pytest.approx(
        due.query("phase == 'after' and status == 'shown'").set_index("department").loc[drawn.data["department"], "value"].to_numpy())
    found = overdispersion(kind="ratio", events=drawn.data["events"].to_numpy(), sizes=drawn.data["cases"].to_numpy())
    line = next(m for m in marks(drawn, Line) if m.dash == "dash")
    low, _ = funnel_limits(kind="ratio", sizes=np.array(line.x), centre=found.centre, tau2=found.tau2)
    assert line.y == pytest.approx(tuple(low), nan_ok=True)
    assert "rangering" in drawn.subtitle and "som forventet" in drawn.subtitle


def test_departments_that_have_not_started_stand_beside_the_others_before():
    assert "d" in set(funnel(shares(), phase="before").data["department"])
