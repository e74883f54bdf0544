"""Session scales are read by case: first and last form, and expected use."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evaltool.stats.case_change import first_and_last, uptake

PERSON = np.array(["b", "a", "a", "a", "c", "b"], dtype=object)
DATE = pd.to_datetime(["2025-02-01", "2025-03-01", "2025-01-01", "2025-02-01", "2025-01-05", "2025-02-15"]).to_numpy()


def test_first_and_last_form_per_person():
    got = first_and_last(person=PERSON, date=DATE, value=np.array([20.0, 30, 18, 25, 22, 24])).set_index("person")
    assert got.loc["a", ["forms", "first", "last", "change", "days"]].tolist() == [3, 18, 30, 12, 59]
    assert got.loc["b", "change"] == 4
    assert got.loc["c", "forms"] == 1 and np.isnan(got.loc["c", "change"])


def test_a_gap_is_no_form():
    got = first_and_last(person=PERSON, date=DATE, value=np.array([20.0, np.nan, 18, 25, np.nan, 24])).set_index("person")
    assert got.loc["a", "last"] == 25 and "c" not in got.index


def test_uptake_counts_users_and_matched_session_forms():
    got = uptake(users=np.array(["a", "b", "c", "d"], dtype=object), outcome_person=PERSON,
                 session_person=np.array(["a", "a", "a", "a", "b", "e"], dtype=object))
    assert (got.users, got.with_any, got.with_two, got.share_with_two) == (4, 3, 2, 0.5)
    assert (got.sessions, got.session_forms) == (6, 4)          # a: 3 of 4, b: 1, e is not a user


def test_nobody_has_no_share():
    got = uptake(users=np.array([], dtype=object), outcome_person=np.array([], dtype=object), session_person=np.array([], dtype=object))
    assert np.isnan(got.share_with_two) and np.isnan(got.share_session_forms)
