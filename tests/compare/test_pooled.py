import numpy as np
import pytest

from evaltool.compare.before_after import before_after
from evaltool.compare.pooled import pooled
from evaltool.result import ALL
from evaltool.stats.pooled_intervals import pooled_intervals
from evaltool.stats.pooling import pool

from .frames import SCORE, call, codes, design

STARTS = {f"d{i}": "2025-01-01" for i in range(5)}


def rows(seed=4):
    rng = np.random.default_rng(seed)
    return [
        (d, None, day, 30 + gain * (day > "2025") + rng.normal(0, 4), None)
        for d, gain, n in zip(STARTS, (1, 2, 4, 6, 9), (6, 10, 14, 20, 30), strict=True) for day in ("2024-06-01", "2025-06-01")
        for _ in range(n)
    ]


def test_rows_are_those_of_the_kernel_on_before_after():
    made = rows()
    own = call(before_after, made, design(STARTS), SCORE).estimates.query("department != '*'")
    want = pool(estimates=own["estimate"].to_numpy(), std_errors=own["std_error"].to_numpy())
    result = call(pooled, made, design(STARTS), SCORE)
    by_method = result.estimates.set_index(["method", "department"])
    mean = by_method.loc[("pooled_reml_hartung_knapp", ALL)]
    assert (mean["estimate"], mean["conf_low"]) == pytest.approx((want.mean.estimate, want.mean.conf_low))
    ends = pooled_intervals(estimates=own["estimate"].to_numpy(), std_errors=own["std_error"].to_numpy())
    assert by_method.loc[("prediction_interval", ALL), "conf_low"] == pytest.approx(ends.predict_low)
    assert by_method.loc["shrunken"]["conf_high"].to_numpy() == pytest.approx(ends.high)
    assert by_method.loc[("prediction_interval", ALL), "conf_low"] < mean["conf_low"]
    assert by_method.loc["shrunken"]["estimate"].to_numpy() == pytest.approx(want.shrunken)
    assert codes(result, ALL) == {"heterogeneity", "heterogeneity_low", "heterogeneity_high"}


def test_small_departments_are_drawn_in_more_than_large_ones():
    made = rows()
    own = call(before_after, made, design(STARTS), SCORE).estimates.set_index("department")
    result = call(pooled, made, design(STARTS), SCORE).estimates
    shrunken = result[result["method"] == "shrunken"].set_index("department")["estimate"]
    mean = result.iloc[0]["estimate"]
    pull = {d: (shrunken[d] - own.loc[d, "estimate"]) / (mean - own.loc[d, "estimate"]) for d in STARTS}
    assert pull["d0"] > pull["d4"] > 0


def test_one_department_is_not_pooled():
    only = [r for r in rows() if r[0] == "d0"]
    assert call(pooled, only, design(STARTS), SCORE).estimates.empty
