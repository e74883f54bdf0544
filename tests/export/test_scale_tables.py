"""The tables about scales: what is shown, what is hidden, and where there are too few to say."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from figures.sample import release as sample_release

import evaltool as ev
from evaltool.export.scale_tables import gap_table, group_table, item_table, scale_remarks, scale_table
from evaltool.result import ESTIMATE_COLUMNS, ESTIMATE_TEXT, SERIES_COLUMNS, SERIES_TEXT, canonical


FORM = ev.instrument("qpr15")


def estimate(estimand, value, *, subgroup=None, measure="scale.qpr15.total", n=120.0, status="shown", ends=(np.nan, np.nan)):
    return {"measure": measure, "department": "*", "subgroup": subgroup, "estimand": estimand, "estimate": value, "n_before": n,
            "conf_low": ends[0], "conf_high": ends[1], "status": status}


def share(measure, value, *, department="*", subgroup=None, status="shown"):
    return {"measure": measure, "department": department, "subgroup": subgroup, "kind": "whole", "value": value, "n": 120.0,
            "unit": "share", "status": status}


def released(estimates, series):
    def frame(rows, columns, text):
        return canonical(pd.DataFrame(rows), columns, text).assign(status=[r["status"] for r in rows])
    return dataclasses.replace(sample_release(count=2), estimates=frame(estimates, ESTIMATE_COLUMNS, ESTIMATE_TEXT),
                               series=frame(series, SERIES_COLUMNS, SERIES_TEXT))


@pytest.fixture
def shown():
    estimates = [
        estimate("alpha", 0.9, ends=(0.86, 0.93)), estimate("omega_total", 0.91), estimate("icc", 0.1, ends=(0.02, 0.3)),
        estimate("design_effect", 2.9), estimate("group_size", 20.0), estimate("shift_wave", 0.08),
        estimate("shift_wave", 0.08, measure="item.qpr15_07.total"), estimate("item_rest", 0.55, measure="item.qpr15_01.total"),
        estimate("alpha", np.nan, subgroup="wave=w1", n=12.0, status="not_identified"),
        estimate("alpha", np.nan, subgroup="user_group=both", n=np.nan, status="suppressed"),
    ]
    first, second = sample_release(count=2).register["department"]
    series = [share("floor.qpr15.total", 0.0), share("ceiling.qpr15.total", 0.21), share("gaps.qpr15_01.unanswered", 0.04),
              share("gaps.qpr15_01.unanswered", 0.02, department=first), share("gaps.qpr15_01.unanswered", np.nan, department=second, status="suppressed")]
    return released(estimates, series)


def test_a_scale_in_one_row(shown):
    row = scale_table(release=shown, form=FORM, lang="nb").iloc[0].str.replace("\xa0", " ").tolist()
    assert row[1:] == ["120", "0,90 (0,86 til 0,93)", "0,91", "", "0 %", "21 %", "0,10 (0,02 til 0,30)", "2,9"]


def test_a_group_with_few_says_so_and_a_hidden_one_gives_no_number(shown):
    got = group_table(release=shown, form=FORM, scale="total", lang="en")
    assert got.iloc[:, :3].to_numpy().tolist() == [["w1", "12", "× too few to say"], ["User group: Both", "", "▒ hidden (few persons)"]]


def test_items_and_their_gaps_by_department(shown):
    got = item_table(release=shown, answers=shown, form=FORM, scale="total", lang="en")
    assert got.iloc[0].tolist()[1:] == ["120", "0.55", "", "4%"] and got.iloc[1, 2] == "× too few to say"
    assert gap_table(answers=shown, form=FORM, why="unanswered", lang="en").iloc[0].tolist()[1:] == ["4%", "2%", "▒ hidden (few persons)"]


def test_what_the_numbers_call_for(shown):
    lines = [line.replace("\xa0", " ") for line in scale_remarks(release=shown, form=FORM, lang="nb")]
    assert len(lines) == 3
    assert "20 svar per avdeling" in lines[0] and "290 i stedet for 100" in lines[0]
    assert "21 %" in lines[1] and "bedring" in lines[1]
    assert "7 (vekst gjennom erfaringer)" in lines[2]
