import numpy as np
import pytest

from evaltool.compare.imputed import imputed
from evaltool.result import ALL

from .frames import PROVENANCE, SCORE, codes, design, observations

ONE = design({"a": "2025-01-01", "b": "2025-01-01"})


def run(rows):
    return imputed(observations=observations(rows), design=ONE, measure=SCORE, provenance=PROVENANCE)


def test_leavers_who_were_worse_off_are_counted_in():
    rng = np.random.default_rng(6)
    rows = []
    for p in range(150):
        before = rng.normal(30, 6)
        rows.append(("a", f"p{p}", "2024-06-01", before, "w1"))
        if rng.random() < 1 / (1 + np.exp(-(before - 30) / 3)):
            rows.append(("a", f"p{p}", "2025-06-01", before + 3 - 0.5 * (before - 30) + rng.normal(0, 3), "w2"))
    result = run(rows)
    got = result.estimates.set_index("department").loc["a"]
    assert got["conf_low"] < 3 < got["conf_high"]
    assert got["method"] == "imputed_rubin"
    share = result.notes.set_index(["department", "code"])["value"]
    assert share[("a", "imputed_share")] == pytest.approx(0.25, abs=0.08)
    assert codes(result, "b") == {"too_few"}


def test_nothing_missing_is_the_paired_answer_and_runs_repeat():
    rows = [("a", f"p{i}", day, float(v), day) for i, (x, y) in enumerate([(1, 3), (2, 2), (4, 7), (3, 5), (6, 6), (2, 4)])
            for day, v in (("2024-06-01", x), ("2025-06-01", y))]
    first, again = run(rows).estimates, run(rows).estimates
    got = first.set_index("department").loc["a"]
    change = np.array([2, 0, 3, 2, 0, 2.0])
    assert (got["estimate"], got["std_error"]) == pytest.approx((change.mean(), change.std(ddof=1) / np.sqrt(6)))
    assert first.equals(again)
    assert first.set_index("department").loc[ALL, "estimate"] == got["estimate"]
