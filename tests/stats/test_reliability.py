"""Alpha, omega, item statistics and group ICC against R's psych (tests/reference/psychometrics), to four decimals and better."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from evaltool.stats.estimate import NotEstimable
from evaltool.stats.group_icc import group_icc, needed_persons
from evaltool.stats.item_statistics import item_statistics
from evaltool.stats.reliability import cronbach_alpha, omega_total

FOLDER = Path(__file__).parents[1] / "reference" / "psychometrics"
ANSWERS = pd.read_csv(FOLDER / "answers.csv")
NUMBERS = pd.read_csv(FOLDER / "numbers.csv", keep_default_na=False).set_index(["statistic", "item"])["value"]
NAMES = [f"i{n}" for n in range(1, 7)]


def want(statistic: str, item: str = "") -> float:
    return NUMBERS[(statistic, item)]


def matrix(prefix: str) -> np.ndarray:
    return ANSWERS[[f"{prefix}{n}" for n in range(1, 7)]].to_numpy(dtype=float)


def test_alpha_and_feldt_interval():
    got = cronbach_alpha(items=matrix("i"))
    assert got.alpha == pytest.approx(want("alpha"), abs=1e-10)
    assert got.conf_low == pytest.approx(want("alpha_low"), abs=1e-8)
    assert got.conf_high == pytest.approx(want("alpha_high"), abs=1e-8)
    assert got.mean_inter_item == pytest.approx(want("mean_inter_item"), abs=1e-10)
    assert (got.n, got.items, got.method) == (240, 6, "alpha_feldt_complete")


def test_alpha_with_gaps_pairwise():
    got = cronbach_alpha(items=matrix("g"), gaps="pairwise")
    assert got.alpha == pytest.approx(want("alpha_pairwise"), abs=1e-10)
    assert got.mean_inter_item == pytest.approx(want("mean_inter_item_pairwise"), abs=1e-10)
    assert got.n < 240


def test_alpha_with_gaps_complete_is_alpha_of_the_complete_rows():
    items = matrix("g")
    rows = items[~np.isnan(items).any(axis=1)]
    got = cronbach_alpha(items=items)
    assert got.n == len(rows) < 240
    assert got.alpha == pytest.approx(cronbach_alpha(items=rows).alpha, abs=1e-12)


@pytest.mark.parametrize("factors", [1, 2])
def test_omega_total(factors):
    # two factors leave a flat surface: psych stops a little earlier than we do
    assert omega_total(items=matrix("i"), factors=factors) == pytest.approx(want(f"omega_total_{factors}"), abs=5e-5)


def test_omega_total_pairwise():
    assert omega_total(items=matrix("g"), gaps="pairwise") == pytest.approx(want("omega_total_1_pairwise"), abs=5e-5)


@pytest.mark.parametrize(("prefix", "gaps", "suffix"), [("i", "complete", ""), ("g", "pairwise", "_pairwise")])
def test_item_statistics(prefix, gaps, suffix):
    frame = item_statistics(items=matrix(prefix), names=NAMES, lowest=np.zeros(6), highest=np.full(6, 4), gaps=gaps)
    frame = frame.set_index("item")
    for name in NAMES:
        for column in ("mean", "sd", "item_rest", "alpha_if_dropped"):
            assert frame.at[name, column] == pytest.approx(want(column + suffix, name), abs=1e-9)


def test_floor_ceiling_and_missing_shares():
    items = np.array([[0, 4.0], [0, 3], [2, np.nan], [1, 4]])
    frame = item_statistics(items=items, names=["a", "b"], lowest=np.zeros(2), highest=np.full(2, 4.0))
    assert frame["floor"].tolist() == [0.5, 0] and frame["ceiling"].tolist() == [0, pytest.approx(2 / 3)]
    assert frame["missing"].tolist() == [0, 0.25]
    assert frame["alpha_if_dropped"].isna().all()


def test_a_forgotten_reversal_shows_as_a_negative_item_rest():
    items = matrix("i")
    items[:, 2] = 4 - items[:, 2]
    frame = item_statistics(items=items, names=NAMES, lowest=np.zeros(6), highest=np.full(6, 4)).set_index("item")
    assert frame["item_rest"].idxmin() == "i3" and frame.at["i3", "item_rest"] < 0
    assert frame.at["i3", "alpha_if_dropped"] > cronbach_alpha(items=items).alpha


@pytest.mark.parametrize(
    ("items", "reason"),
    [(np.zeros((5, 1)), "too_few_items"), (np.ones((2, 3)), "too_few"), (np.ones((9, 3)), "zero_variance"),
     (np.full((9, 3), np.nan), "too_few")],
)
def test_no_number_where_there_is_none(items, reason):
    with pytest.raises(NotEstimable) as caught:
        cronbach_alpha(items=items)
    assert caught.value.reason == reason


def test_icc_of_equal_groups():
    score = matrix("i").mean(axis=1)
    got = group_icc(values=score, groups=ANSWERS["department"].to_numpy())
    assert got.icc == pytest.approx(want("icc1"), abs=1e-10)
    assert got.icc == pytest.approx(want("icc_reml"), abs=1e-6)
    assert got.reliability == pytest.approx(want("icc2"), abs=1e-10)
    assert got.design_effect == pytest.approx(1 + 19 * got.icc) and got.effective_n == pytest.approx(240 / got.design_effect)


def test_icc_of_unequal_groups_with_interval():
    position = np.arange(1, 241)
    department = ANSWERS["department"].to_numpy()
    keep = ~((department == 1) & (position > 5)) & ~((department == 2) & (position > 32))
    score = np.where(keep, matrix("i").mean(axis=1), np.nan)
    got = group_icc(values=score, groups=department)
    assert got.group_size == pytest.approx(want("icc_n0"), abs=1e-9)
    assert got.icc == pytest.approx(want("icc1_unequal"), abs=1e-9)
    assert got.conf_low == pytest.approx(want("icc1_unequal_low"), abs=1e-7)
    assert got.conf_high == pytest.approx(want("icc1_unequal_high"), abs=1e-7)


def test_alike_departments_need_more_persons():
    assert needed_persons(unrelated=100, icc=0.1, group_size=11) == pytest.approx(200)
    assert needed_persons(unrelated=100, icc=-0.05, group_size=11) == 100


def test_icc_needs_two_groups_and_a_pair():
    with pytest.raises(NotEstimable):
        group_icc(values=np.array([1.0, 2, 3]), groups=np.array(["a", "a", "a"]))
    with pytest.raises(NotEstimable):
        group_icc(values=np.array([1.0, 2, 3]), groups=np.array(["a", "b", "c"]))
