"""Every answer counted by hand, gaps by department, and persons never counted too high."""

from __future__ import annotations

import numpy as np
import pytest

import evaltool as ev
from evaltool.compare.answers_given import answers_given

from .small_study import answers, dataset, study


@pytest.fixture
def made(tmp_path):
    rows = [("a", "w1", "2023-02-10", v) for v in (1, 2, 2, 5, 5)] + [("b", "w2", "2024-02-10", v) for v in (4, 4, 5)]
    staff = answers("rsa_r_provider", 32, rows, respondent=[None] * 8)
    staff.loc[0, "rsa_r_provider_01"] = 97
    staff.loc[[1, 2], "rsa_r_provider_01"] = [98, np.nan]
    return answers_given(dataset=dataset(staff_survey=staff), study=study(tmp_path))


def shares(made, measure: str, phase: str) -> dict[str, float]:
    rows = made.series[(made.series["measure"] == measure) & (made.series["phase"] == phase)]
    return dict(zip(rows["kind"], rows["numerator"], strict=True))


def test_answers_of_an_item_leave_out_what_is_no_answer(made):
    assert shares(made, "answers.rsa_r_provider_01", "before") == {"answer_1": 0, "answer_2": 0, "answer_3": 0, "answer_4": 0, "answer_5": 2}
    assert shares(made, "answers.rsa_r_provider_02", "before") == {"answer_1": 1, "answer_2": 2, "answer_3": 0, "answer_4": 0, "answer_5": 2}
    assert shares(made, "answers.rsa_r_provider_02", "after") == {"answer_1": 0, "answer_2": 0, "answer_3": 0, "answer_4": 2, "answer_5": 1}


def test_answers_of_a_scale_are_those_of_its_items(made):
    assert shares(made, "answers.rsa_r_provider.inviting", "before")["answer_2"] == 2
    row = made.series.query("measure == 'answers.rsa_r_provider.inviting' and phase == 'before' and kind == 'answer_5'").iloc[0]
    assert (row["denominator"], row["persons"], row["persons_numerator"], row["persons_complement"]) == (7, 5, 2, 3)


def test_gaps_by_department_and_in_all(made):
    gaps = made.series[made.series["measure"].str.startswith("gaps.rsa_r_provider_01.")].set_index(["measure", "department"])["value"]
    assert [gaps[f"gaps.rsa_r_provider_01.{why}", "a"] for why in ("not_applicable", "dont_know", "unanswered")] == [0.2, 0.2, 0.2]
    assert gaps["gaps.rsa_r_provider_01.unanswered", "*"] == 1 / 8


def test_a_few_answers_hide_the_whole_item(made):
    shown = ev.release(result=made, policy=ev.policy(min_persons=5)).series
    assert set(shown.loc[shown["measure"] == "answers.rsa_r_provider_02", "status"]) == {"suppressed"}
