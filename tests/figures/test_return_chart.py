"""The curve of returns: drawn from a Release only, deaths told apart only where enough people died."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from evaltool.compare.assemble import result
from evaltool.design import StudyDesign
from evaltool.disclosure import policy, release
from evaltool.errors import EvaltoolError
from evaltool.figures import matplotlib as paper
from evaltool.figures import plotly as screen
from evaltool.figures.chart import Line
from evaltool.figures.return_chart import return_chart
from evaltool.indicators.return_series import incidence_series
from evaltool.report.stay_sentence import stay_sentence
from evaltool.result import Provenance

AS_OF = dt.date(2025, 12, 31)
START = pd.Timestamp("2024-07-01")
ROLLOUT = pd.DataFrame({"department": ["ward"], "planned_start": START, "start": START, "wash_in_end": START, "paused_from": pd.NaT, "paused_to": pd.NaT})
DESIGN = StudyDesign.from_register(
    rollout=ROLLOUT.astype({"paused_from": "datetime64[us]", "paused_to": "datetime64[us]"}), as_of=AS_OF, wash_in_months=0,
    departments=pd.DataFrame({"department": ["ward"], "name": "Ward", "service": "s", "unit_type": "u"}))


def returns(n_back, n_dead, *, n=300, date):
    cause = np.r_[np.ones(n_back), np.full(n_dead, 2), np.zeros(n - n_back - n_dead)].astype(int)
    days = np.r_[np.linspace(1, 360, n_back).round(), np.full(n_dead, 50), np.full(n - n_back - n_dead, 365)]
    return pd.DataFrame({"person": [f"{date}{i}" for i in range(n)], "department": "ward", "date": pd.Timestamp(date), "days": days, "cause": cause})


def released(*sides):
    series = incidence_series(times=pd.concat(sides, ignore_index=True), design=DESIGN)
    made = result(estimates=[], notes=[], design=DESIGN, measures=(), conf_level=0.95, series=series,
                  provenance=Provenance(study="x", snapshot="0" * 12, as_of=AS_OF, version="0"))
    return release(result=made, policy=policy())


def test_both_sides_are_drawn_with_what_the_title_says():
    chart = return_chart(release=released(returns(400, 30, n=600, date="2024-01-10"), returns(300, 0, n=600, date="2024-09-10")), lang="nb")
    at = chart.data[chart.data["measure"].eq("readmission.within_30")].set_index("phase")["value"]
    assert f"{at['before'] * 100:.1f}".replace(".", ",") in chart.title and f"{at['after'] * 100:.1f}".replace(".", ",") in chart.title
    dotted = [mark for mark in chart.panels[0].marks if isinstance(mark, Line) and mark.dash == "dot"]
    assert len(dotted) == 2 and dotted[0].y[-1] > at["before"] and len(chart.legend) == 3
    assert "600 utskrivninger før" in chart.note
    assert len(screen.render(chart=chart, theme="light").data) > 4 and paper.svg(chart=chart, width_mm=170).startswith("<?xml")


def test_few_people_leave_a_message():
    chart = return_chart(release=released(returns(3, 0, n=40, date="2024-01-10"), returns(2, 0, n=40, date="2024-09-10")), lang="en")
    assert not chart.panels and chart.message


def test_only_a_release_is_drawn():
    with pytest.raises(EvaltoolError):
        return_chart(release=pd.DataFrame(), lang="nb")


def test_the_sentence_of_the_report_has_nothing_to_say_without_definitions():
    made = released(returns(400, 30, n=600, date="2024-01-10"), returns(300, 0, n=600, date="2024-09-10"))
    assert stay_sentence(stays=made, lang="nb") == "" == stay_sentence(stays=None, lang="nb")
