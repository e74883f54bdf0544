import warnings

import numpy as np
import pandas as pd
import pytest

from evaltool.compare.counts import counts
from evaltool.compare.ordinal import ordinal
from evaltool.errors import DesignError
from evaltool.result import ALL
from evaltool.stats.two_by_two import risk_ratio

from .frames import BED_DAYS, PROVENANCE, SCORE, SHARE, codes, design, observations

STARTS = {f"d{i}": f"2024-{m:02d}-01" for i, m in enumerate((1, 3, 5, 7, 9, 11))} | {"d6": None, "d7": None}
MONTHS = pd.date_range("2023-01-01", "2025-12-01", freq="MS")


def call(rows, measure, starts=STARTS):
    return counts(observations=observations(rows), design=design(starts), measure=measure, provenance=PROVENANCE)


def test_share_per_department_is_the_kernel_and_overall_a_gee():
    rng = np.random.default_rng(1)
    rows = [
        (d, f"{d}{m}{i}", m, float(rng.random() < (0.15 if s and m >= pd.Timestamp(s) else 0.3)))
        for d, s in STARTS.items() for m in MONTHS for i in range(4)
    ]
    result = call(rows, SHARE)
    by = result.estimates.set_index(["department", "estimand"])
    mine = [r for r in rows if r[0] == "d0"]
    events = {side: [r[3] for r in mine if (r[2] >= pd.Timestamp("2024-01-01")) == side] for side in (False, True)}
    want = risk_ratio(events_before=sum(events[False]), n_before=len(events[False]), events_after=sum(events[True]), n_after=len(events[True]))
    assert by.loc[("d0", "risk_ratio"), "estimate"] == pytest.approx(want.estimate)
    overall = by.loc[(ALL, "odds_ratio")]
    assert overall["method"] == "gee_binomial_bias_reduced"
    assert overall["conf_low"] < (0.15 / 0.85) / (0.3 / 0.7) < overall["conf_high"] < 1
    assert overall["df"] == 8 - 3
    assert set(result.estimates["unit"]) == {"ratio"}


def test_counts_are_per_day_and_spread_is_noticed():
    rng = np.random.default_rng(2)
    rows = [
        (d, f"{d}p", m, rng.poisson(4 * m.days_in_month * (0.8 if s and m >= pd.Timestamp(s) else 1) * rng.gamma(10, 0.1)))
        for d, s in STARTS.items() for m in MONTHS
    ]
    result = call(rows, BED_DAYS)
    by = result.estimates.set_index("department")
    assert by.loc[ALL, "method"] == "fixed_effects_poisson"
    assert by.loc[ALL, "conf_low"] < 0.8 < by.loc[ALL, "conf_high"]
    assert "overdispersed" in codes(result, "d0")


def test_no_events_and_one_side_are_rows_with_a_reason():
    rows = [("a", f"p{i}", m, 0.0 if m < pd.Timestamp("2025-01-01") else float(i % 2)) for i, m in enumerate(MONTHS)]
    rows += [("b", f"q{i}", m, 1.0) for i, m in enumerate(MONTHS[:5])]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = call(rows, SHARE, {"a": "2025-01-01", "b": "2025-01-01"})
    assert "zero_events" in codes(result, "a")
    assert codes(result, "b") == {"no_after"}
    assert result.estimates.set_index(["department", "estimand"]).loc[("a", "risk_ratio"), "conf_low"] != 0


def test_scores_have_no_ratio():
    with pytest.raises(DesignError):
        call([], SCORE)


def ordered(rows, starts):
    return ordinal(observations=observations(rows), design=design(starts), measure=SCORE, item="qpr15_01", provenance=PROVENANCE)


def test_single_item_has_an_odds_ratio_over_one_when_answers_rise():
    rng = np.random.default_rng(3)
    rows = [("a", f"p{i}", day, float(np.clip(rng.integers(0, 4) + up, 0, 4))) for i in range(60)
            for day, up in (("2024-06-01", 0), ("2025-06-01", 1))]
    result = ordered(rows, {"a": "2025-01-01", "b": "2025-01-01"})
    got = result.estimates.set_index("department").loc["a"]
    assert got["conf_low"] > 1
    assert (got["subgroup"], got["method"], got["estimand"]) == ("qpr15_01", "proportional_odds_clustered", "odds_ratio")
    shares = result.notes[result.notes["department"] == "a"].set_index("code")["value"]
    assert shares["pairs_higher"] + shares["pairs_equal"] + shares["pairs_lower"] == pytest.approx(1)
    assert codes(result, "b") == {"no_values"}


def test_separated_answers_have_no_number():
    rows = [("a", None, "2024-06-01", 1.0)] * 4 + [("a", None, "2025-06-01", 3.0)] * 4
    result = ordered(rows, {"a": "2025-01-01"})
    assert result.estimates["estimate"].isna().all()
    assert codes(result, "a") == {"separation"}
