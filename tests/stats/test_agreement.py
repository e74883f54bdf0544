"""Kappa against R's psych and statsmodels; Krippendorff's alpha on his own published example."""

from __future__ import annotations

import numpy as np
import pytest

from evaltool.stats.agreement import cohen_kappa, krippendorff_alpha
from evaltool.stats.estimate import NotEstimable

from .test_reliability import ANSWERS, want

_ = np.nan
# four observers, twelve units: Krippendorff 2011, section C
EXAMPLE = np.array([
    [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
    [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
])


def test_kappa_and_interval_as_in_psych():
    got = cohen_kappa(first=ANSWERS["rater1"].to_numpy(), second=ANSWERS["rater2"].to_numpy())
    assert got.estimate == pytest.approx(want("kappa"), abs=1e-10)
    assert got.conf_low == pytest.approx(want("kappa_low"), abs=1e-4)
    assert got.conf_high == pytest.approx(want("kappa_high"), abs=1e-4)


@pytest.mark.parametrize(("weights", "other"), [("none", None), ("linear", "linear"), ("quadratic", "quadratic")])
def test_weighted_kappa_and_its_standard_error_as_in_statsmodels(weights, other):
    from statsmodels.stats.inter_rater import cohens_kappa

    first, second = ANSWERS["rater1"].to_numpy(), ANSWERS["rater2"].to_numpy()
    table = np.zeros((5, 5))
    np.add.at(table, (first, second), 1)
    theirs = cohens_kappa(table, wt=other)
    got = cohen_kappa(first=first, second=second, weights=weights)
    assert got.estimate == pytest.approx(theirs.kappa, abs=1e-12)
    assert got.std_error == pytest.approx(theirs.std_kappa, abs=1e-12)
    if weights == "quadratic":
        assert got.estimate == pytest.approx(want("kappa_weighted"), abs=1e-10)


@pytest.mark.parametrize(("metric", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)])
def test_krippendorff_published_example(metric, published):
    got = krippendorff_alpha(ratings=EXAMPLE, metric=metric, draws=20)
    assert got.estimate == pytest.approx(published, abs=5e-4)
    assert got.n == 11 and got.raters == 4          # the last unit has one rating only
    assert got.conf_low <= got.estimate <= got.conf_high


def test_text_codes_and_gaps():
    first = np.array(["hope", "hope", "time", None, "time"], dtype=object)
    second = np.array(["hope", "time", "time", "time", "time"], dtype=object)
    got = cohen_kappa(first=first, second=second)
    assert got.n == 4 and got.observed == 0.75 and got.estimate == pytest.approx(0.5)
    assert krippendorff_alpha(ratings=np.array([first, second]), draws=1).n == 4


def test_the_same_seed_gives_the_same_interval():
    one, two = (krippendorff_alpha(ratings=EXAMPLE, draws=50, seed=4) for _ in range(2))
    assert (one.conf_low, one.conf_high) == (two.conf_low, two.conf_high)


def test_no_agreement_without_pairs_or_categories():
    with pytest.raises(NotEstimable):
        cohen_kappa(first=np.array([1.0, 1, 1]), second=np.array([1.0, 1, 1]))
    with pytest.raises(NotEstimable):
        krippendorff_alpha(ratings=np.array([[1, np.nan], [np.nan, 2]]))
    with pytest.raises(NotEstimable):
        krippendorff_alpha(ratings=np.ones((2, 12)))
