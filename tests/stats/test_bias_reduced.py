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


@pytest.mark.filterwarnings("error")
def test_what_one_cluster_alone_knows_has_no_degrees_of_freedom():
    x = np.array([0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0])[:, None]
    fit = fixed_effects_cr2(y=np.array([1.0, 2.0, 4.0, 3.0, 5.0, 5.5, 1.0, 0.0]), x=x, clusters=np.repeat([0, 1], 4))
    with pytest.raises(NotEstimable) as caught:
        fit.estimate(position=0, conf_level=0.95)
    assert caught.value.reason == "too_few"
