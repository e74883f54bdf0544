"""ORS and SRS by case, by hand, and what the gate lets out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import evaltool as ev
from evaltool.compare.case_outcomes import case_outcomes
from evaltool.errors import StudyError

from .small_study import dataset, study

GAP = np.nan
CASES = {"p1": [(10, 36), (17, GAP)], "p2": [(20, 32), (GAP, 40), (22, 36)], "p3": [(24, 38), (16, 36)], "p4": [(12, GAP)], "p5": [(GAP, GAP)]}


def sessions(cases: dict[str, list[tuple]], place: str = "a") -> pd.DataFrame:
    rows = [(person, place, n, pd.Timestamp("2024-03-01") + pd.Timedelta(weeks=n), *([ors / 4] * 4), *([srs / 4] * 4))
            for person, own in cases.items() for n, (ors, srs) in enumerate(own, start=1)]
    names = [f"{form}_{n:02d}" for form in ("ors", "srs") for n in range(1, 5)]
    frame = pd.DataFrame(rows, columns=["person", "department", "session", "answered_on", *names])
    return frame.assign(answered_on=frame["answered_on"].astype("datetime64[us]"), session=frame["session"].astype("float64"))


@pytest.fixture
def made(tmp_path):
    return case_outcomes(dataset=dataset(sessions=sessions(CASES)), study=study(tmp_path))


def one(made, measure: str, kind: str = "whole", place: str = "*") -> pd.Series:
    rows = made.series.query("measure == @measure and kind == @kind and department == @place")
    assert len(rows) == 1
    return rows.iloc[0]


def test_a_case_is_followed_from_its_first_to_its_last_ors(made):
    got = one(made, "fit.ors_change")
    assert got["value"] == pytest.approx((7 + 2 - 8) / 3) and got["n"] == 3      # p4 and p5 have no change to see
    assert (one(made, "fit.ors_first")["value"], one(made, "fit.ors_last")["value"]) == (pytest.approx(18), pytest.approx(55 / 3))


def test_use_against_what_the_method_expects(made):
    two = one(made, "fit.two_ors", place="a")
    assert (two["numerator"], two["denominator"], two["persons"]) == (3, 5, 5)
    filled = one(made, "fit.srs_filled")
    assert (filled["numerator"], filled["denominator"]) == (5, 7)                # an SRS without an ORS counts nowhere
    assert filled["persons_top_share"] == pytest.approx(2 / 7)


def test_classes_by_the_published_reliable_change_in_all_only(made):
    shares = {kind: one(made, "fit.ors_class", f"class_{kind}")["numerator"] for kind in ("improved", "unchanged", "deteriorated")}
    assert shares == {"improved": 1, "unchanged": 1, "deteriorated": 1}
    assert set(made.series.loc[made.series["measure"] == "fit.ors_class", "department"]) == {"*"}


def test_few_cases_are_hidden_and_the_classes_together(tmp_path):
    cases = {f"p{i}": [(15, 36), (22 if i else 9, 36)] for i in range(12)}
    made = case_outcomes(dataset=dataset(sessions=sessions(cases)), study=study(tmp_path))
    shown = ev.release(result=made, policy=ev.policy(min_persons=5)).series
    assert set(shown.loc[shown["measure"] == "fit.ors_class", "status"]) == {"suppressed"}
    assert set(shown.loc[shown["measure"] == "fit.ors_change", "status"]) == {"shown"}


def test_without_sessions_there_is_nothing_to_follow(tmp_path):
    with pytest.raises(StudyError, match="sessions"):
        case_outcomes(dataset=dataset(), study=study(tmp_path))
