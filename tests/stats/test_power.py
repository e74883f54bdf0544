import numpy as np
import pytest

from evaltool.stats.power import (
    design_effect, minimum_detectable, same_people, stepped_wedge, stepped_wedge_error, two_periods, two_rates, two_shares,
)

from .reference import numbers


def value(case):
    return numbers(case)["estimate"]


def test_agrees_with_r():
    assert two_periods(effect=4, sd=8, n_before=30, n_after=30) == pytest.approx(value("power_two"), rel=1e-6)
    assert same_people(effect=4, sd=8, correlation=0.6, n=30) == pytest.approx(value("power_paired"), rel=1e-6)
    assert two_shares(before=0.22, after=0.14, n_before=200, n_after=200) == pytest.approx(value("power_share"), rel=1e-6)
    found = minimum_detectable(std_error=8 * np.sqrt(2 / 30), df=58)
    assert found == pytest.approx(value("power_detectable"), rel=1e-5)


def wedge(departments=8, periods=5):
    return np.array([[float(t + 1 > (i + 2) // 2) for t in range(periods)] for i in range(departments)])


def test_stepped_wedge_is_hussey_and_hughes_formula_with_equal_cells():
    got = stepped_wedge_error(schedule=wedge(), sizes=np.full((8, 5), 12.0), sd=8, icc=0.05)
    assert got == pytest.approx(value("power_wedge_se"), rel=1e-8)


def test_stepped_wedge_power_agrees_with_simulation():
    rng = np.random.default_rng(4)
    schedule, sizes = wedge(), np.full((8, 5), 12.0)
    between, within = np.sqrt(0.05) * 8, np.sqrt(0.95) * 8
    columns = [np.kron(np.ones(8), np.eye(5)[t]) for t in range(5)] + [schedule.ravel()]
    x = np.column_stack(columns)
    cov = np.kron(np.eye(8), np.full((5, 5), between**2) + np.eye(5) * within**2 / 12)
    solver = np.linalg.inv(x.T @ np.linalg.inv(cov) @ x)
    noise = rng.normal(0, between, (4000, 8)).repeat(5, axis=1) + rng.normal(0, within / np.sqrt(12), (4000, 40))
    found = (noise + 4 * schedule.ravel()) @ np.linalg.inv(cov) @ x @ solver[:, -1]
    error = stepped_wedge_error(schedule=schedule, sizes=sizes, sd=8, icc=0.05)
    assert found.std() == pytest.approx(error, rel=0.04)
    assert found.mean() == pytest.approx(4, abs=0.1)
    seen = np.mean(np.abs(found) > 2.446911851 * error)
    assert stepped_wedge(effect=4, schedule=schedule, sizes=sizes, sd=8, icc=0.05) == pytest.approx(seen, abs=0.03)


def test_clustered_power_agrees_with_simulation():
    rng = np.random.default_rng(5)
    icc, size, clusters, effect, sd = 0.1, 10, 10, 5.0, 8.0
    runs = 3000
    means = rng.normal(0, np.sqrt(icc) * sd, (runs, 2, clusters)) + rng.normal(0, np.sqrt((1 - icc) / size) * sd, (runs, 2, clusters))
    means[:, 1] += effect
    gap = means[:, 1].mean(axis=1) - means[:, 0].mean(axis=1)
    pooled = np.sqrt((means.var(axis=2, ddof=1).sum(axis=1)) / clusters)
    seen = np.mean(np.abs(gap / pooled) > 2.100922040)
    got = two_periods(effect=effect, sd=sd, n_before=size * clusters, n_after=size * clusters, icc=icc, cluster_size=size)
    assert got == pytest.approx(seen, abs=0.03)


def test_rates_agree_with_simulation_and_spread_costs_power():
    rng = np.random.default_rng(6)
    before, after = rng.poisson(0.5 * 120, 4000), rng.poisson(0.35 * 120, 4000)
    z = np.log(after / before) / np.sqrt(1 / before + 1 / after)
    plain = two_rates(before=0.5, after=0.35, exposure_before=120, exposure_after=120)
    assert plain == pytest.approx(np.mean(np.abs(z) > 1.96), abs=0.03)
    assert two_rates(before=0.5, after=0.35, exposure_before=120, exposure_after=120, dispersion=2) < plain


def test_power_rises_with_size_and_is_alpha_without_effect():
    got = [two_periods(effect=e, sd=8, n_before=40, n_after=40) for e in (0, 1, 3, 6, 60)]
    assert got[0] == pytest.approx(0.05)
    assert got == sorted(got) and got[-1] == pytest.approx(1)
    assert design_effect(icc=0.05, cluster_size=21) == 2


def test_all_starting_at_once_is_said_to_be_undecidable():
    schedule = np.array([[0.0, 1.0], [0.0, 1.0]])
    with pytest.raises(ValueError, match="start later"):
        stepped_wedge_error(schedule=schedule, sizes=np.full((2, 2), 10.0), sd=8, icc=0.05)


def test_paired_power_agrees_with_simulation():
    rng = np.random.default_rng(7)
    before = rng.normal(0, 8, (6000, 14))
    after = 5 + 0.6 * before + rng.normal(0, 8 * np.sqrt(1 - 0.36), (6000, 14))
    change = after - before
    t = change.mean(axis=1) / (change.std(axis=1, ddof=1) / np.sqrt(14))
    got = same_people(effect=5, sd=8, correlation=0.6, n=14)
    assert got == pytest.approx(np.mean(np.abs(t) > 2.160368656), abs=0.02)


def test_power_of_two_periods_of_unequal_size_agrees_with_simulation():
    rng = np.random.default_rng(8)
    before, after = rng.normal(0, 8, (6000, 12)), rng.normal(6, 8, (6000, 30))
    pooled = np.sqrt((11 * before.var(axis=1, ddof=1) + 29 * after.var(axis=1, ddof=1)) / 40 * (1 / 12 + 1 / 30))
    seen = np.mean(np.abs((after.mean(axis=1) - before.mean(axis=1)) / pooled) > 2.021075390)
    assert two_periods(effect=6, sd=8, n_before=12, n_after=30) == pytest.approx(seen, abs=0.02)


@pytest.mark.parametrize("icc", [0.0, 0.04])
def test_power_for_shares_agrees_with_simulation_in_clusters_too(icc):
    """Thirty groups of ten a side, beta-distributed tendencies; the z test with the design effect in its error."""
    rng = np.random.default_rng(9)
    groups, size, inflation = 30, 10, design_effect(icc=icc, cluster_size=10)
    strength = 1 / icc - 1 if icc else None

    def share(mean):
        chance = rng.beta(mean * strength, (1 - mean) * strength, (4000, groups)) if strength else np.full((4000, groups), mean)
        return rng.binomial(size, chance).sum(axis=1) / (groups * size)

    before, after = share(0.30), share(0.20)
    pooled = (before + after) / 2
    z = (after - before) / np.sqrt(inflation * pooled * (1 - pooled) * 2 / (groups * size))
    got = two_shares(before=0.30, after=0.20, n_before=groups * size, n_after=groups * size, inflation=inflation)
    assert got == pytest.approx(np.mean(np.abs(z) > 1.959963985), abs=0.03)


def test_smallest_change_is_seen_as_often_as_asked():
    rng = np.random.default_rng(10)
    effect = minimum_detectable(std_error=8 * np.sqrt(2 / 20), df=38, power=0.8)
    before, after = rng.normal(0, 8, (6000, 20)), rng.normal(effect, 8, (6000, 20))
    pooled = np.sqrt((before.var(axis=1, ddof=1) + after.var(axis=1, ddof=1)) / 20)
    assert np.mean(np.abs((after.mean(axis=1) - before.mean(axis=1)) / pooled) > 2.024394164) == pytest.approx(0.8, abs=0.02)
