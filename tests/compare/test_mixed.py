import warnings

import numpy as np
import pandas as pd
import pytest

from evaltool.compare.answer import compared
from evaltool.compare.before_after import before_after
from evaltool.compare.mixed import mixed
from evaltool.result import ALL, headline

from .frames import BED_DAYS, PROVENANCE, SCORE, SHARE, call, codes, design, observations, small

STARTS = {f"d{i}": f"2024-{m:02d}-01" for i, m in enumerate((1, 3, 5, 7, 9, 11))} | {"d6": None, "d7": None}
WAVES = pd.date_range("2023-03-01", periods=10, freq="QS")


def study(effect: float, trend: float, seed: int, *, spread=6.0, persons=12):
    rng = np.random.default_rng(seed)
    rows = []
    for d, start in STARTS.items():
        level = rng.normal(35, spread)
        own = rng.normal(0, 4, persons)
        for w, day in enumerate(WAVES):
            after = start is not None and day >= pd.Timestamp(start)
            for p in range(persons):
                rows.append((d, f"{d}p{p}", day, level + own[p] + effect * after + trend * w / 4 + rng.normal(0, 4), f"w{w}"))
    return rows


def only(result):
    assert set(result.estimates["department"]) == {ALL}
    assert list(result.estimates["method"])[1:] in ([], ["fixed_effects_cr2"])
    return result.estimates.iloc[0]


def test_planted_effect_is_found_beyond_the_trend():
    got = only(call(mixed, study(3, 1, 1), design(STARTS), SCORE, "partly_linked"))
    assert got["method"].startswith("mixed_department")
    assert got["conf_low"] < 3 < got["conf_high"] and got["conf_low"] > 0
    assert got["departments"] == 8


def test_trend_without_effect_fools_the_crude_row_but_not_the_model():
    rows = study(0, 3, 2)
    crude = call(before_after, rows, design(STARTS), SCORE, "partly_linked").estimates.set_index("department").loc[ALL]
    model = only(call(mixed, rows, design(STARTS), SCORE, "partly_linked"))
    assert crude["conf_low"] > 0
    assert model["conf_low"] < 0 < model["conf_high"]


def test_headline_picks_the_model():
    rows = study(3, 0, 3)
    both = pd.concat([call(f, rows, design(STARTS), SCORE).estimates for f in (before_after, mixed)], ignore_index=True)
    chosen = headline(both).set_index("department")
    assert chosen.loc[ALL, "method"].startswith("mixed")


def test_wash_in_rows_are_left_out():
    rows = study(3, 0, 4)
    plain, washed = (call(mixed, rows, design(STARTS, months=m), SCORE) for m in (0, 6))
    assert only(washed)["n_after"] < only(plain)["n_after"]
    assert only(washed)["n_before"] == only(plain)["n_before"]


def test_no_variance_between_departments_falls_back_and_says_so():
    rows = [(d, None, day, float(v), None) for d in ("d0", "d1", "d6") for day in WAVES for v in (1, 2, 4)]
    result = call(mixed, rows, design(STARTS), SCORE)
    assert only(result)["method"] == "mixed_fallback_fixed_effects"
    assert "variance_at_boundary" in codes(result, ALL)


def test_few_departments_and_no_comparison_are_noted():
    starts = {"a": "2024-06-01", "b": "2024-06-01"}
    rng = np.random.default_rng(5)
    rows = [(d, None, day, rng.normal(3 * (d == "a"), 1), None) for d in starts for day in WAVES for _ in range(5)]
    result = call(mixed, rows, design(starts), SCORE)
    assert {"few_departments", "no_comparison_in_time"} <= codes(result, ALL)


def test_one_department_has_no_model_row_but_a_note():
    result = call(mixed, [("a", None, d, float(i), None) for i, d in enumerate(WAVES)], design({"a": "2024-06-01"}), SCORE)
    assert result.estimates.empty
    assert codes(result, ALL) == {"one_department"}


def test_share_is_linear_probability():
    rng = np.random.default_rng(6)
    rows = [
        (d, f"{d}p{rng.integers(15)}", day, float(rng.random() < 0.3)) for d in STARTS for day in WAVES for _ in range(8)
    ]
    result = call(mixed, rows, design(STARTS), SHARE)
    assert only(result)["estimand"] == "risk_difference"
    assert "linear_probability" in codes(result, ALL)


def test_counts_are_department_months():
    months = pd.date_range("2023-01-01", "2025-12-01", freq="MS")
    rng = np.random.default_rng(7)
    rows = [
        (d, f"{d}p{p}", m, rng.poisson(10 + i)) for i, d in enumerate(STARTS) for m in months for p in range(2)
    ]
    got = only(call(mixed, rows, design(STARTS), BED_DAYS))
    assert got["n_before"] + got["n_after"] == 6 * 36
    assert got["method"] == "mixed_fallback_fixed_effects"
    assert got["persons_before"] == 12


@pytest.mark.parametrize("value", [np.nan, 1.0])
def test_nothing_to_estimate_is_never_a_crash(value):
    rows = [(d, None, day, value, None) for d in STARTS for day in WAVES]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = call(mixed, rows, design(STARTS), small(SCORE))
    assert result.estimates["estimate"].isna().all()
    assert codes(result, ALL) & {"one_department", "zero_variance"}


@pytest.mark.parametrize(("effect", "disagree"), [(1.2, True), (2.2, False)])
def test_the_careful_answer_stands_beside_and_disagreement_is_noted(effect, disagree):
    result = call(mixed, study(effect, 1, 14), design(STARTS), SCORE, "partly_linked")
    assert list(result.estimates["method"])[1] == "fixed_effects_cr2"
    assert list(result.estimates["conf_low"] > 0) == [True, not disagree]
    assert ("methods_disagree" in codes(result, ALL)) == disagree


def growing(starts: dict, slope: float, trend: float):
    """From a start on the score grows by ``slope`` a quarter, everywhere by ``trend`` a quarter."""
    rng = np.random.default_rng(1)
    rows = []
    for name, start in starts.items():
        level = rng.normal(35, 3)
        for w, day in enumerate(WAVES):
            since = max((day - pd.Timestamp(start)).days / 91, 0.0) if start else 0.0
            rows += [(name, None, day, value, f"w{w}") for value in level + slope * since + trend * w + rng.normal(0, 4, 12)]
    return rows


def whole(starts: dict, slope: float, trend: float):
    made = {name: design(starts, wash_in=name) for name in ("planned", "none", "double")}
    estimates, _, notes = compared(
        seen=observations(growing(starts, slope, trend)), measure=SCORE, link="repeated_cross_section", designs=made,
        events=pd.DataFrame(columns=["department", "event_date", "co_intervention"]), covariates=None, provenance=PROVENANCE,
        conf_level=0.95)
    return headline(estimates).set_index("department"), set(notes.loc[notes["department"] == ALL, "code"])


def test_trap_14_an_effect_that_grows_turns_the_sign_and_is_not_told():
    """All start within a year, each improves more and more: the model takes the growth for a trend and says worse."""
    starts = {f"d{i}": f"{2023 + (m - 1) // 12}-{(m - 1) % 12 + 1:02d}-01" for i, m in enumerate((4, 5, 7, 8, 10, 11, 13, 14))}
    told, codes_of_all = whole(starts, slope=2, trend=0)
    assert told.loc[ALL, "conf_high"] < 0 and (told.drop(index=ALL)["verdict"] == "better").sum() > 4
    assert "sign_turned" in codes_of_all and tuple(told.loc[ALL, ["verdict", "claim"]]) == ("cannot_tell", "described")


def test_a_change_against_the_trend_is_told_where_some_have_not_started():
    told, codes_of_all = whole({f"d{i}": "2024-01-01" for i in range(5)} | {f"n{i}": None for i in range(4)}, slope=0.6, trend=-1.5)
    assert told.loc[ALL, "conf_low"] > 0 and "sign_turned" not in codes_of_all
    assert (told.loc[told.index.str.startswith("d"), "verdict"] == "worse").sum() > 1
