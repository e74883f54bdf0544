"""Ordinal logistic DIF against R's MASS::polr (tests/reference/psychometrics)."""

from __future__ import annotations

import numpy as np
import pytest

from evaltool.stats.cumulative_logit import cumulative_logit
from evaltool.stats.dif import dif_by_ordinal_logistic
from evaltool.stats.estimate import NotEstimable

from .test_reliability import ANSWERS, NAMES, matrix, want


def found():
    return dif_by_ordinal_logistic(items=matrix("i"), names=NAMES, groups=ANSWERS["wave"].to_numpy()).set_index("item")


def test_likelihood_ratio_tests_agree_with_polr():
    frame = found()
    for name in NAMES:
        assert frame.at[name, "chi2_uniform"] == pytest.approx(want("dif_chi2_uniform", name), abs=2e-4)
        assert frame.at[name, "chi2_nonuniform"] == pytest.approx(want("dif_chi2_nonuniform", name), abs=2e-4)
        assert frame.at[name, "p_total"] == pytest.approx(want("dif_p_total", name), abs=1e-4)
        assert frame.at[name, "r2_change"] == pytest.approx(want("dif_r2_change", name), abs=1e-5)


def test_log_likelihood_agrees_with_polr():
    items = matrix("i")
    rest = items[:, 1:].mean(axis=1)[:, None]
    assert cumulative_logit(answers=items[:, 0], predictors=rest).log_likelihood == pytest.approx(want("dif_log_likelihood", "i1"), abs=1e-5)


def test_the_planted_item_is_found_and_the_others_are_not():
    frame = found()
    assert frame.at["i4", "status"] == "large"
    assert (frame.drop(index="i4")["status"] == "none").all()
    assert frame.at["i4", "p_adjusted"] >= frame.at["i4", "p_total"]


def test_small_groups_say_too_few():
    wave = ANSWERS["wave"].to_numpy(dtype=float)
    wave[: 240 - 80] = np.nan
    frame = dif_by_ordinal_logistic(items=matrix("i"), names=NAMES, groups=wave)
    assert (frame["status"] == "too_few").all() and frame["p_total"].isna().all()


def test_one_answer_code_is_no_model():
    with pytest.raises(NotEstimable):
        cumulative_logit(answers=np.ones(20), predictors=np.arange(20.0)[:, None])
