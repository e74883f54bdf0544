import numpy as np
import pandas as pd
import pytest

from evaltool.compare.before_after import before_after
from evaltool.compare.planning import detectable, own_spread, rollout_power
from evaltool.compare.phased import phased
from evaltool.errors import DesignError
from evaltool.stats.power import t_power

from .frames import PROVENANCE, SCORE, SHARE, call, design, observations

STARTS = {f"d{i}": None for i in range(12)} | {"s": "2025-01-01"}


def study(seed=1, level=3.0):
    rng = np.random.default_rng(seed)
    rows = []
    for d in STARTS:
        own = rng.normal(35, level)
        rows += [(d, None, day, own + rng.normal(0, 6)) for day in ("2024-03-01", "2024-06-01", "2025-06-01") for _ in range(30)]
    return rows


def test_spread_and_icc_are_the_planted_ones():
    rows = phased(observations=observations(study(level=3.0)), design=design(STARTS), kind="mean_score")
    sd, icc = own_spread(rows=rows, kind="mean_score")
    assert sd == pytest.approx(np.hypot(3, 6), rel=0.15)
    assert icc == pytest.approx(0.2, abs=0.12)


def test_power_rises_with_departments_and_detectable_falls():
    table = rollout_power(observations=observations(study()), design=design(STARTS), measure=SCORE, persons=(10,))
    assert list(table["effect"].unique()) == [SCORE.important]
    assert table["power"].is_monotonic_increasing
    assert table["detectable"].is_monotonic_decreasing


def test_detectable_is_the_effect_that_has_that_power():
    result = call(before_after, study(), design(STARTS), SCORE)
    table = detectable(result=result, measures={SCORE.id: SCORE})
    row = table.iloc[0]
    assert t_power(effect=row["detectable"], std_error=row["std_error"], df=row["df"]) == pytest.approx(0.8)
    assert row["important"] == 4


def test_a_measure_without_a_limit_needs_an_effect():
    with pytest.raises(DesignError) as caught:
        rollout_power(observations=observations(study()), design=design(STARTS), measure=SHARE)
    assert SHARE.id in caught.value.message("nb")


def test_no_rows_is_an_error_not_a_number():
    empty = observations([]).astype({"value": "float64"})
    empty["date"] = pd.to_datetime(empty["date"]).dt.as_unit("us")
    with pytest.raises(DesignError):
        rollout_power(observations=empty, design=design(STARTS), measure=SCORE)
