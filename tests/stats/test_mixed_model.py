import numpy as np
import pytest

from evaltool.stats.estimate import NotEstimable
from evaltool.stats.mixed_model import mixed_model

from .reference import agrees, data, numbers


def arrays(frame):
    x = np.column_stack([np.ones(len(frame)), frame["after"], frame["years"]]).astype(float)
    return {"y": frame["y"].to_numpy(float), "x": x, "group": frame["department"].to_numpy()}


@pytest.mark.parametrize("case", ["mixed_department", "mixed_department_person", "mixed_slope_person"])
def test_agrees_with_lme4_and_lmertest(case):
    frame = data("scores")
    inputs = arrays(frame)
    if "person" in case:
        inputs["unit"] = frame["person"].to_numpy()
    if "slope" in case:
        inputs["slope"] = frame["after"].to_numpy(float)
    fit = mixed_model(**inputs)
    got = fit.estimate(position=1, conf_level=0.95, method="m")
    agrees(got, case, rel=2e-5, df_rel=2e-3)
    assert fit.llf == pytest.approx(numbers(case)["extra"], abs=1e-6)


@pytest.mark.parametrize("role", ["group", "unit"])
def test_persons_alone_agree_with_lme4(role):
    frame = data("scores").query("department == 'd0'")
    x = np.column_stack([np.ones(len(frame)), frame["after"]]).astype(float)
    fit = mixed_model(y=frame["y"].to_numpy(float), x=x, **{role: frame["person"].to_numpy()})
    agrees(fit.estimate(position=1, conf_level=0.95, method="m"), "mixed_person_only", rel=2e-5, df_rel=2e-3)


def test_scale_of_y_changes_nothing_but_the_scale():
    frame = data("scores")
    inputs = arrays(frame)
    one = mixed_model(**inputs)
    inputs["y"] = inputs["y"] * 1e6
    big = mixed_model(**inputs)
    assert big.coef == pytest.approx(one.coef * 1e6, rel=1e-6)
    assert big.df == pytest.approx(one.df, rel=1e-4)


def test_no_group_variance_is_reported_as_boundary_not_as_converged():
    rng = np.random.default_rng(1)
    group = np.repeat(np.arange(6), 10)
    y = rng.normal(size=60)
    for g in range(6):
        y[group == g] -= y[group == g].mean()
    fit = mixed_model(y=y, x=np.ones((60, 1)), group=group)
    assert fit.boundary == ("group",)
    assert fit.variances["group"] == 0


@pytest.mark.parametrize(
    ("y", "x", "group", "reason"),
    [
        (np.arange(4.0), np.ones((4, 1)), np.zeros(4), "too_few"),
        (np.ones(6), np.ones((6, 1)), np.repeat([0, 1], 3), "zero_variance"),
        (np.arange(6.0), np.ones((6, 2)), np.repeat([0, 1], 3), "not_identified"),
        (np.repeat([1.0, 2.0, 5.0], 3), np.ones((9, 1)), np.repeat([0, 1, 2], 3), "not_converged"),
    ],
)
def test_no_number_where_there_is_none(y, x, group, reason):
    with pytest.raises(NotEstimable) as caught:
        mixed_model(y=y, x=x, group=group)
    assert caught.value.reason == reason
