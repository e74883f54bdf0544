import numpy as np
import pytest

from evaltool.compare.before_after import before_after
from evaltool.compare.effect_sizes import effect_sizes
from evaltool.result import ALL
from evaltool.stats.effect_size import d_z, hedges_g

from .frames import SCORE, call, codes, design, small

ONE = design({"a": "2025-01-01"})


def rows(before, after, names=None):
    named = names or (lambda side, i: None)
    return [
        ("a", named(side, i), day, float(v), side)
        for side, day, values in (("w1", "2024-06-01", before), ("w2", "2025-06-01", after)) for i, v in enumerate(values)
    ]


def test_an_outlier_that_hides_a_shift_is_seen_by_the_ranks():
    calm = rows(np.arange(20), np.arange(20) + 12)
    wild = rows(np.arange(20), [*(np.arange(19) + 12), -400])
    assert "ranks_disagree" not in codes(call(before_after, calm, ONE, small(SCORE)), "a")
    assert "ranks_disagree" in codes(call(before_after, wild, ONE, small(SCORE)), "a")


def test_partly_linked_says_what_pairs_and_singles_say():
    rng = np.random.default_rng(5)
    own = rng.normal(0, 5, 40)
    made = [("a", f"p{i}", "2024-06-01", 30 + own[i] + rng.normal(0, 2), "w1") for i in range(25)]
    made += [("a", f"p{i}", "2025-06-01", 30 + own[i] + 10 + rng.normal(0, 2), "w2") for i in range(15)]
    made += [("a", f"n{i}", "2025-06-01", 30 + own[i] - 10 + rng.normal(0, 2), "w2") for i in range(15)]
    result = call(before_after, made, ONE, small(SCORE), "partly_linked")
    notes = result.notes[result.notes["department"] == "a"].set_index("code")["value"]
    assert notes["paired_only"] == pytest.approx(10, abs=1.5)
    assert notes["unpaired_only"] < -5
    assert "paired_unpaired_differ" in notes


def test_sizes_are_named_by_link_and_equal_the_kernels():
    before, after = np.array([10.0, 12, 20, 14]), np.array([13.0, 14, 25, 15])
    apart = call(effect_sizes, rows(before, after), ONE, SCORE).estimates.set_index(["department", "method"])
    assert set(apart.index) == {(d, m) for d in ("a", ALL) for m in ("hedges_g", "cliffs_delta")}
    assert apart.loc[("a", "hedges_g"), "estimate"] == pytest.approx(hedges_g(before=before, after=after).estimate)
    same = call(effect_sizes, rows(before, after, lambda side, i: f"p{i}"), ONE, SCORE, "same_people").estimates
    assert list(same["method"].unique()) == ["d_z", "d_av", "rank_biserial"]
    assert same.iloc[0]["estimate"] == pytest.approx(d_z(before=before, after=after).estimate)


def test_sizes_of_thin_data_are_rows_with_a_reason():
    result = call(effect_sizes, rows([1], [2]), ONE, SCORE)
    assert result.estimates["estimate"].isna().all()
    assert codes(result, "a") == {"too_few"}
