"""The forest: each department's own change, the departments together and a new one, as released and never ranked."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import sample

from evaltool.errors import UsageError
from evaltool.figures.chart import Line, Points
from evaltool.figures.forest import forest
from evaltool.figures.plotly import render
from evaltool.result import ALL


def with_pool(low=-1.0, high=5.0):
    one = sample.release()
    row = one.estimates[one.estimates["status"] == "shown"].iloc[[0]].assign(department=ALL, departments=3.0)
    rows = [row.assign(method="mixed_department"), row.assign(method="pooled_reml_hartung_knapp", estimate=2.0, conf_low=0.5, conf_high=3.5),
            row.assign(method="prediction_interval", estimate=2.0, conf_low=low, conf_high=high)]
    return replace(one, estimates=pd.concat([one.estimates, *rows], ignore_index=True))


def test_rows_are_the_departments_that_have_an_answer_then_the_sum_and_a_new_one():
    rows = forest(release=with_pool(), measure="qpr15_total", lang="nb").panels[0].rows
    assert [r.label for r in rows][-2:] == ["Avdelingene samlet", "En ny avdeling, trolig"]
    assert rows[0].value == "+4,2 (+1,8 til +6,6)" and rows[0].note == "n = 41 før, 138 etter"
    assert rows[1].value == "skjult (få personer)" and rows[1].note == ""
    assert rows[-2].value == "+2,0 (+0,5 til +3,5)" and rows[-1].value == "−1,0 til +5,0"
    assert "ikke startet" not in " ".join(r.value for r in rows)


def test_the_interval_for_a_new_department_is_a_line_without_a_point():
    chart = forest(release=with_pool(), measure="qpr15_total", lang="nb")
    lines = [m for m in chart.panels[0].marks if isinstance(m, Line)]
    assert lines[-1].dash == "dash" and lines[-1].x[:2] == (-1.0, 5.0) and np.isnan(lines[-1].x[2])
    assert [m.shape for m in chart.panels[0].marks if isinstance(m, Points)] == ["empty", "diamond", "square"]
    assert render(chart=chart).layout.height > 200


@pytest.mark.parametrize(("low", "high", "told"), [(-1.0, 5.0, "begge sider"), (0.5, 5.0, "samme vei")])
def test_the_title_is_what_a_new_department_could_expect(low, high, told):
    assert told in forest(release=with_pool(low, high), measure="qpr15_total", lang="nb").title


def test_a_share_is_in_percentage_points_and_an_unknown_department_is_refused():
    one = sample.release(measure="readmission_30d_unplanned", unit="share")
    panel = forest(release=one, measure="readmission_30d_unplanned", lang="nb").panels[0]
    assert "prosentpoeng" in panel.x.title and panel.x.low < -5
    with pytest.raises(UsageError):
        forest(release=one, measure="readmission_30d_unplanned", lang="nb", order=("nowhere",))


def test_where_the_sum_is_hidden_the_figure_says_so_and_promises_nothing():
    chart = forest(release=sample.release(), measure="qpr15_total", lang="nb")
    assert chart.title == "Personlig bedring: endringen i hver avdeling" and "Avdelingene samlet vises ikke her" in chart.subtitle
    assert "ny avdeling" not in chart.subtitle + chart.title
