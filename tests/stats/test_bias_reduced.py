import numpy as np
import pytest

from evaltool.stats.bias_reduced import fixed_effects_cr2
from evaltool.stats.estimate import NotEstimable

from .reference import agrees, data


def test_agrees_with_clubsandwich():
    frame = data("scores")
    fit = fixed_effects_cr2(
        y=frame["y"].to_numpy(float), x=frame[["after", "years"]].to_numpy(float), clusters=frame["department"].to_numpy()
    )
    agrees(fit.estimate(position=0, conf_level=0.95), "cr2_fixed_effects")


def test_a_column_that_never_varies_inside_a_cluster_is_not_identified():
    x = np.repeat([0.0, 1.0, 1.0], 4)[:, None]
    with pytest.raises(NotEstimable) as caught:
        fixed_effects_cr2(y=np.arange(12.0), x=x, clusters=np.repeat([0, 1, 2], 4))
    assert caught.value.reason == "not_identified"
