"""The smallest detectable change is the one that has the wanted power."""

import pytest

from evaltool.compare.before_after import before_after
from evaltool.compare.planning import detectable
from evaltool.stats.power import t_power

from .frames import SCORE, call, design
from .test_spread import STARTS, study


def test_detectable_is_the_effect_that_has_that_power():
    result = call(before_after, study(), design(STARTS), SCORE)
    row = detectable(result=result, measures={SCORE.id: SCORE}).iloc[0]
    assert t_power(effect=row["detectable"], std_error=row["std_error"], df=row["df"]) == pytest.approx(0.8)
    assert row["important"] == 4
