from dataclasses import replace

import numpy as np
import pytest
import sample

from evaltool.errors import UsageError
from evaltool.figures.chart import Box, Points
from evaltool.figures.dumbbell import dumbbell
from evaltool.figures.measure_axis import measure_axis
from evaltool.measures import measure


def chart(**options):
    return dumbbell(release=sample.release(), measure="qpr15_total", lang="nb", **options)


def marks(chart, kind):
    return [m for m in chart.panels[0].marks if isinstance(m, kind)]


def test_each_department_says_what_it_is():
    rows = chart().panels[0].rows
    assert [r.value for r in rows] == [
        "+4,2 (+1,8 til +6,6)", "skjult (få personer)", "−3,5 (−5,9 til −1,1)", "ikke startet", "+0,9 (−1,5 til +3,3)",
        "ingen data",
    ]
    assert rows[0].note == "n = 41 før, 138 etter"
    assert rows[1].note == ""
    assert rows[3].note == "planlagt 01.09.2026"


def test_before_is_an_open_circle_after_a_filled_diamond():
    *_, before, after = marks(chart(), Points)
    assert (before.shape, after.shape) == ("circle-open", "diamond")
    assert before.x == (34.0, 40.0, 43.0, 34.0)
    assert after.x == (38.2, 36.5, 34.9)
    assert before.hover[0] == "Ambulant team Fjordvik sør\nfør: 34,0 (32,1 til 35,9)\nn = 41"


def test_hidden_department_is_hatched_and_has_no_number():
    hatched = [m for m in marks(chart(), Box) if m.hatch]
    assert [(m.y0 + m.y1) / 2 for m in hatched] == [1.0]
    row = chart().data.iloc[1]
    assert row["state"] == "suppressed"
    assert row[["before", "after", "change", "n_before", "n_after"]].isna().all()


def test_band_of_no_important_change_only_where_a_source_gives_one():
    bands = [m for m in marks(chart(), Box) if m.role == "band"]
    assert [(m.x0, m.x1) for m in bands] == [(30.0, 38.0), (36.0, 44.0), (30.0, 38.0)]
    share = dumbbell(release=sample.release(measure="readmission_30d_unplanned", unit="share"),
                     measure="readmission_30d_unplanned", lang="nb")
    assert not [m for m in marks(share, Box) if m.role == "band"]


def test_title_names_only_the_side_there_is():
    assert chart(order=("a", "e")).title == "Personlig bedring: bedre i 1 av 2 avdelinger"
    assert chart(order=("c", "e")).title == "Personlig bedring: verre i 1 av 2 avdelinger"
    assert chart(order=("e", "b")).title == "Personlig bedring: klar endring i 0 av 1 avdelinger"
    assert chart(order=("e",)).title == "Personlig bedring: kan ikke si, +0,9 poeng"
    assert chart(order=("a",)).title == "Personlig bedring: bedre, +4,2 poeng"
    alone = chart(order=("a",))
    assert alone.subtitle == f"{sample.NAMES[0]}: 34,0 før og 38,2 etter oppstart, med 95 % intervall."
    assert alone.panels[0].rows[0].label == "" and sample.NAMES[0] in alone.alt
    assert chart(order=("b",)).title == "Personlig bedring: skjult (få personer)"
    assert chart(order=("b",)).subtitle == f"{sample.NAMES[1]}: skjult (få personer)."


def test_title_is_the_finding_and_says_good_or_bad_by_the_direction_of_the_measure():
    assert chart().title == "Personlig bedring: bedre i 1 og verre i 1 av 3 avdelinger"
    nights = dumbbell(release=sample.release(measure="length_of_stay"), measure="length_of_stay", lang="nb")
    assert nights.title == "Liggetid: lavere i 1 og høyere i 1 av 3 avdelinger"


def test_share_changes_in_percentage_points():
    share = dumbbell(release=sample.release(measure="readmission_30d_unplanned", unit="share"),
                     measure="readmission_30d_unplanned", lang="nb")
    assert share.panels[0].rows[0].value == "−7,0 (−10,0 til −4,0)"
    assert "prosentpoeng" in share.subtitle
    assert share.panels[0].x.ticks[1].text == "15\u00a0%"


def test_order_is_the_register_or_the_given_one_never_the_value():
    assert [r.label for r in chart().panels[0].rows] == list(sample.NAMES[:6])
    assert [r.label for r in chart(order=("c", "a")).panels[0].rows] == [sample.NAMES[2], sample.NAMES[0]]


def test_nothing_to_show_gives_a_chart_that_says_so():
    hidden = chart(order=("b",))
    assert hidden.panels == ()
    assert hidden.message == "Tallene er skjult fordi få personer ligger bak."
    assert chart(order=("f",)).message == "Det er ingen data å vise ennå."


def test_not_a_release_is_refused():
    with pytest.raises(UsageError, match="DataFrame"):
        dumbbell(release=sample.release().series, measure="qpr15_total", lang="nb")
    with pytest.raises(UsageError, match="zz"):
        chart(order=("zz",))


def test_axis_holds_every_interval_and_band():
    axis = chart().panels[0].x
    for box in marks(chart(), Box):
        ends = np.array([box.x0, box.x1])
        ends = ends[np.isfinite(ends)]
        assert ((ends >= axis.low) & (ends <= axis.high)).all()


def test_one_hidden_side_is_named():
    release = sample.release()
    series = release.series.copy()
    seen = (series["department"] == "b") & (series["phase"] == "before")
    series.loc[seen, ["value", "conf_low", "conf_high", "n"]] = [34.0, 32.0, 36.0, 20.0]
    series.loc[seen, "status"] = "shown"
    drawn = dumbbell(release=replace(release, series=series), measure="qpr15_total", lang="nb")
    assert (drawn.panels[0].rows[1].value, drawn.panels[0].rows[1].note) == ("skjult (få personer)", "etter er skjult")


def test_a_scale_is_never_zoomed_in_to_look_dramatic():
    axis = measure_axis(measure=measure("rsa_r_total"), low=3.4, high=3.5, lang="nb")
    assert axis.high - axis.low >= 1
    assert axis.title == "Ansattes syn på praksis (skala 1 til 5)"
    assert measure_axis(measure=measure("bed_days"), low=0, high=400, lang="nb").title == "Liggedøgn"


def test_a_limit_the_study_set_itself_is_the_band_that_is_drawn():
    made = sample.release()
    own = replace(made, spec=replace(made.spec, important={"qpr15_total": 2.0}))
    widths = [{round(mark.x1 - mark.x0, 6) for mark in dumbbell(release=one, measure="qpr15_total", lang="nb").panels[0].marks
               if isinstance(mark, Box) and mark.role == "band"} for one in (made, own)]
    assert widths == [{8.0}, {4.0}]
    assert any("2" in key.text for key in dumbbell(release=own, measure="qpr15_total", lang="nb").legend if key.role == "band")
