"""Coded themes: counts by hand, agreement against the kernels, and few places hidden."""

from __future__ import annotations

import pandas as pd
import pytest

import evaltool as ev
from evaltool.compare.coded_themes import coded_themes
from evaltool.stats.agreement import cohen_kappa

from .small_study import dataset, study

FIRST = ["hope", "hope", "hope", "pace", "pace", "hope", "hope", "pace", "pace", "pace", "hope", "pace"]
SECOND = ["hope", "hope", "pace", "pace", "pace", "hope", "hope", "pace", "hope", "pace", "hope", "pace"]


def codes(*coders: list[str], places=("a", "b", "c")) -> pd.DataFrame:
    rows = [(f"e{i}", places[i % len(places)], "w1" if i < 6 else "w2", "staff" if i % 2 else "users", theme, None, f"k{c}")
            for c, themes in enumerate(coders) for i, theme in enumerate(themes)]
    return pd.DataFrame(rows, columns=["excerpt", "department", "wave", "source_group", "theme", "subtheme", "coder"])


def made(tmp_path, *coders, **more):
    return coded_themes(dataset=dataset(coded_themes=codes(*coders, **more)), study=study(tmp_path))


def test_theme_by_group(tmp_path):
    series = made(tmp_path, FIRST).series
    whole = series[series["kind"] == "whole"].set_index(["measure", "subgroup"])
    for group, at in (("users", 0), ("staff", 1)):
        own = FIRST[at::2]
        assert whole.loc[("themes.hope", group), ["numerator", "denominator"]].tolist() == [own.count("hope"), 6]
    before = series[(series["phase"] == "before") & (series["measure"] == "themes.hope")].set_index("subgroup")
    assert before.loc["users", ["numerator", "denominator"]].tolist() == [1, 2]      # e0 and e4 of a and b; e2 is of c


def test_half_of_the_coders_is_enough(tmp_path):
    series = made(tmp_path, FIRST, SECOND).series
    whole = series[series["kind"] == "whole"].set_index(["measure", "subgroup"])
    either = sum("hope" in pair for i, pair in enumerate(zip(FIRST, SECOND, strict=True)) if i % 2 == 0)
    assert whole.loc[("themes.hope", "users"), "numerator"] == either


def test_agreement_is_kappa_for_two_and_alpha_for_three(tmp_path):
    row = made(tmp_path, FIRST, SECOND).estimates.set_index("measure").loc["themes.hope"]
    want = cohen_kappa(first=pd.Series(FIRST).eq("hope").to_numpy(float), second=pd.Series(SECOND).eq("hope").to_numpy(float))
    assert row["estimate"] == pytest.approx(want.estimate) and row["conf_low"] == pytest.approx(want.conf_low)
    assert (row["method"], row["estimand"], row["n_before"]) == ("cohen_kappa_none", "agreement", 12)
    three = made(tmp_path, FIRST, SECOND, FIRST).estimates
    assert set(three["method"]) == {"krippendorff_alpha_nominal"}


def test_one_coder_has_no_agreement(tmp_path):
    assert made(tmp_path, FIRST).estimates.empty


def test_persons_are_never_counted_too_high(tmp_path):
    found = made(tmp_path, FIRST, SECOND)
    assert found.series["persons"].max() == 3
    out = ev.release(result=found, policy=ev.policy(min_persons=5))
    assert out.series["status"].eq("suppressed").all() and out.series["value"].isna().all()
    assert out.estimates["status"].eq("shown").all()
