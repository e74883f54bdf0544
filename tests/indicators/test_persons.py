"""How many people: never counted too high."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evaltool.indicators.persons import count_persons


def test_known_once_anonymous_by_largest_wave_and_empty_months_not_at_all():
    rows = pd.DataFrame({
        "row": [0, 1, 2, 3, 4, 5, -1], "department": pd.Series(["x", "x", "x", "x", "x", "y", "y"], dtype="str"),
        "person": pd.Series(["a", "a", np.nan, np.nan, np.nan, np.nan, np.nan], dtype="str"),
        "wave": pd.Series(["1", "2", "1", "1", "2", np.nan, np.nan], dtype="str"),
    })
    assert count_persons(observations=rows, by=["department"]).to_dict() == {"x": 3, "y": 1}


def test_a_group_of_empty_months_only_has_no_row():
    rows = pd.DataFrame({
        "row": [-1], "department": pd.Series(["y"], dtype="str"), "person": pd.Series([np.nan], dtype="str"),
        "wave": pd.Series([np.nan], dtype="str"),
    })
    assert count_persons(observations=rows, by=["department"]).empty
