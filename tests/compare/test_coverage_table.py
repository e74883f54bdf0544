"""The table of METHODS.md, section 12, and the warnings of the comparison say the same: what was measured too low is warned about."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from evaltool.compare.assemble import result
from evaltool.compare.before_after import before_after
from evaltool.compare.mixed import mixed
from evaltool.result import ALL
from evaltool.stats.low_coverage import RULES, low_coverage
from evaltool.text import catalogue

from .frames import PROVENANCE, SCORE, call, codes, design

METHODS = Path(__file__).resolve().parents[2] / "METHODS.md"
TOO_LOW = 0.92
COMPARATORS = ("crude",)
"""Stands beside the answer to show what ignoring departments and time does: never shown first, never above ``described``."""

pytestmark = pytest.mark.checkout


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    found = re.search(r"<!-- coverage -->\n(.*?)\n<!-- end coverage -->", METHODS.read_text(encoding="utf8"), re.DOTALL)
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in found.group(1).splitlines() if line.startswith("|")]
    frame = pd.DataFrame(lines[2:], columns=["setting", "departments", "persons", "method", "answered", "coverage", "alarms", "bias", "width"])
    gone = frame["setting"].str.extract(r"(\d+) % stop")[0].astype(float) / 100
    return frame.assign(
        method=frame["method"].str.strip("`").str.partition(",")[0], marked=frame["coverage"].str.contains("low"), left_out=gone.fillna(0.0),
        coverage=frame["coverage"].str.extract(r"([\d.]+)")[0].astype(float), **{c: frame[c].astype(float) for c in ("departments", "persons", "answered")})


def warned(row) -> float | None:
    return low_coverage(method=row.method, departments=row.departments, persons=row.persons, left_out=row.left_out)


def test_the_table_is_whole(table):
    """Every family of estimators, every number of departments, and every row judged."""
    assert {4, 6, 10, 20} <= set(table["departments"]) and len(table) > 150
    assert {"mixed_department", "fixed_effects_cr2", "welch", "paired_t", "person_random_intercept", "cluster_robust", "newcombe", "ar1_reml",
            "gee_binomial_bias_reduced", "fixed_effects_poisson", "risk_ratio_clustered", "pooled_reml_hartung_knapp", "shrunken", "prediction_interval",
            "imputed_rubin", "proportional_odds", "hedges_g", "mcnemar_exact"} <= set(table["method"])
    assert (table["marked"] == (table["coverage"] < TOO_LOW)).all() and table["coverage"].between(0, 1).all()


def test_whatever_was_measured_too_low_is_warned_about(table):
    low = table[table["marked"] & ~table["method"].isin(COMPARATORS)]
    assert len(low) and [row.setting for row in low.itertuples() if warned(row) is None] == []


def test_every_warning_rests_on_a_row(table):
    for rule in RULES:
        size = table["left_out" if rule.by == "left_out" else rule.by]
        rows = table[(table["method"] == rule.method) & size.between(rule.least, rule.most)]
        assert rule.coverage < TOO_LOW and rows["coverage"].min() == pytest.approx(rule.coverage, abs=0.0051)
        beside = table[(table["method"] == rule.method) & ~size.between(rule.least, rule.most)]
        assert (beside["coverage"] >= TOO_LOW).all(), "the rule is as wide as what was measured"


def test_a_comparison_of_many_departments_says_so():
    rng = np.random.default_rng(4)
    starts = {f"d{i:02}": f"2024-{1 + i % 9:02}-01" for i in range(16)}
    rows = [(d, f"{d}p{i}", day, 30 + 3 * int(d[1:]) % 11 + 4 * (day >= starts[d]) + rng.normal(0, 4), day)
            for d in starts for i in range(4) for day in ("2023-05-01", "2023-11-01", "2025-02-01")]
    found = call(mixed, rows, design(starts), SCORE, "partly_linked")
    assert found.estimates["method"].iloc[0].startswith("mixed_department") and "coverage_low" in codes(found, ALL)
    few = [row for row in rows if row[0] < "d10"]
    assert "coverage_low" not in codes(call(mixed, few, design({d: s for d, s in starts.items() if d < "d10"}), SCORE, "partly_linked"), ALL)
    assert catalogue("nb")["note.coverage_low"] and catalogue("en")["note.coverage_low"]


@pytest.mark.parametrize(("gone", "says"), [(6, True), (1, False)])
def test_pairs_say_so_where_many_did_not_answer_again(gone, says):
    rng = np.random.default_rng(5)
    rows = [("a", f"p{i}", day, 30 + rng.normal(0, 5), day) for i in range(14) for day in ("2023-05-01", "2024-05-01") if day < "2024" or i >= gone]
    found = call(before_after, rows, design({"a": "2024-01-01"}), SCORE, "same_people")
    assert found.estimates["method"].iloc[0] == "paired_t" and ("coverage_low" in codes(found, "a")) == says


def test_a_warning_is_given_once():
    rows = [{"measure": "m", "department": ALL, "estimand": "mean_difference", "method": "mixed_department_slope", "conf_low": 0.0, "conf_high": 1.0,
             "departments": 20.0, "persons_before": 50.0, "persons_after": 50.0}] * 2
    made = result(estimates=rows, notes=[], design=design({"a": "2024-01-01"}), measures=("m",), provenance=PROVENANCE, conf_level=0.95)
    again = result(estimates=rows, notes=made.notes.to_dict("records"), design=design({"a": "2024-01-01"}), measures=("m",), provenance=PROVENANCE, conf_level=0.95)
    assert list(made.notes["code"]) == list(again.notes["code"]) == ["coverage_low"]
