from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import sample

from evaltool.errors import UsageError
from evaltool.figures.chart import Box, Line, Points, Rule
from evaltool.figures.run_chart import run_chart


def chart(department="a", lang="nb", release=None):
    return run_chart(release=release or sample.release(), measure="qpr15_total", department=department, lang=lang)


def marks(chart, kind):
    return [m for m in chart.panels[0].marks if isinstance(m, kind)]


def test_medians_rebase_at_the_start_and_the_end_of_wash_in_only():
    data = chart().data
    before = data[data["period"] < "2023-11-01"]
    after = data[data["period"] >= "2024-02-01"]
    assert set(before["phase"]) == {"before"}
    assert set(after["phase"]) == {"after"}
    assert before["median"].iloc[0] == pytest.approx(before["value"].median())
    assert after["median"].iloc[0] == pytest.approx(after["value"].median())
    assert data.loc[data["phase"] == "wash_in", "median"].isna().all()


def test_period_that_crosses_the_start_belongs_to_neither_side():
    release = sample.release()
    register = release.register.assign(start=release.register["start"] - pd.Timedelta(days=10))
    data = chart(release=replace(release, register=register)).data
    assert data.loc[data["period"] == "2023-10-01", "phase"].item() == "wash_in"
    assert data.loc[data["period"] == "2023-09-01", "phase"].item() == "before"


def test_pause_is_not_part_of_the_median():
    data = chart("c").data
    assert set(data.loc[data["period"].between("2025-03-01", "2025-06-01"), "phase"]) == {"paused"}
    assert data.loc[data["period"].between("2025-03-01", "2025-06-01"), "median"].isna().all()


def test_start_wash_in_and_shapes():
    drawn = chart()
    assert [m.text for m in marks(drawn, Rule)] == ["oppstart 01.11.2023"]
    shapes = {m.shape for m in marks(drawn, Points)}
    assert {"circle-open", "diamond", "circle", "empty"} <= shapes
    wait = [m for m in marks(drawn, Box) if m.role == "wait"]
    assert [(wait[0].x0, wait[0].x1)] == [(pd.Timestamp("2023-11-01").toordinal(), pd.Timestamp("2024-02-01").toordinal())]


def test_hidden_periods_are_hatched_empty_ones_marked_and_the_line_breaks():
    drawn = chart()
    assert len([m for m in marks(drawn, Box) if m.hatch]) == 2
    empty = next(m for m in marks(drawn, Points) if m.shape == "empty")
    assert empty.hover == ("mars 2024: ingen data",)
    line = marks(drawn, Line)[0]
    assert np.isnan(line.y).sum() == 3


@pytest.mark.parametrize(("measure", "length"), [("bed_days", 48), ("qpr15_total", 47)])
def test_missing_row_is_a_gap_in_a_register_and_no_wave_in_a_survey(measure, length):
    release = sample.release(measure=measure)
    series = release.series[release.series["period"] != pd.Timestamp("2025-06-01")]
    drawn = run_chart(release=replace(release, series=series), measure=measure, department="a", lang="nb")
    assert len(drawn.data) == length
    assert drawn.data["status"].eq("no_data").sum() == 1 + (length == 48)


def test_components_are_numbered_and_told_below():
    assert chart().footnotes == (
        "1\u00a0opplæring, 01.10.2023 · 2\u00a0refleksjonsgruppe, 21.11.2023 · 3\u00a0erfaringskonsulent, 01.04.2024 · "
        "4\u00a0sammenslåing av enheter (samtidig endring), 01.02.2025",
    )


def test_legend_holds_the_medians_with_their_value():
    texts = [key.text for key in chart().legend]
    data = chart().data
    level = f"{data['median'].iloc[0]:.1f}".replace(".", ",")
    assert f"median {level}" in texts
    assert "skjult (få personer)" in texts


def test_not_started_has_one_median_and_no_start_line():
    drawn = chart("d")
    assert not marks(drawn, Rule)
    assert drawn.data["median"].nunique() == 1
    assert drawn.subtitle.endswith("Avdelingen hadde ikke startet da dataene sluttet.")


def test_all_departments_keep_the_median_from_before_the_first_start():
    release = sample.release()
    rows = release.series[(release.series["department"] == "a") & (release.series["kind"] == "period")]
    total = replace(release, series=pd.concat([release.series, rows.assign(department="*")], ignore_index=True))
    drawn = chart("*", release=total)
    before = drawn.data[drawn.data["period"] < "2023-11-01"]["value"].median()
    assert drawn.data["median"].iloc[-1] == pytest.approx(before)
    assert [m.dash for m in marks(drawn, Line)] == ["solid", "solid", "dash"]


def test_n_and_period_are_stated():
    drawn = chart()
    assert drawn.note.startswith("45 perioder med tall, n = ")
    assert "juli 2022 til juni 2026" in drawn.note
    assert drawn.note.endswith("Data til 30.06.2026.")


def test_nothing_to_show():
    assert chart("b").message == "Tallene er skjult fordi få personer ligger bak."
    assert chart("f").message == "Det er ingen data å vise ennå."
    assert chart("b").panels == ()


def test_refuses_what_is_no_release_and_an_unknown_department():
    with pytest.raises(UsageError):
        run_chart(release=sample.release().series, measure="qpr15_total", department="*", lang="nb")
    with pytest.raises(UsageError, match="zz"):
        chart("zz")
