"""Cut-offs with a side, and the published inputs of person change."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from evaltool.instruments import instrument
from evaltool.scoring import score
from evaltool.scoring.change_inputs import change_inputs
from evaltool.scoring.cutoff import beyond_cutoff


def test_the_side_of_exactly_25_on_the_ors_is_a_choice():
    answers = pd.DataFrame([[6.2, 5.5, 7.1, 6.2], [6.2, 5.5, 7.1, 6.3], [6.1, 5.5, 7.1, 6.2], [6.1, 5.5, 7.1, np.nan]],
                           columns=instrument("ors").columns)
    scores = score(answers=answers, instrument=instrument("ors"))["score"].to_numpy()
    default = instrument("ors").evidence_for("cutoff", "total")[0]
    assert (default.value, default.side) == (25, "at_or_below")
    assert beyond_cutoff(scores=scores, value=25, side=default.side).tolist()[:3] == [1, 0, 1]
    assert beyond_cutoff(scores=scores, value=25, side="below").tolist()[:3] == [0, 0, 1]
    assert beyond_cutoff(scores=scores, value=25, side="at_or_above").tolist()[:3] == [1, 1, 0]
    assert np.isnan(beyond_cutoff(scores=scores, value=25, side="above")[3])


def test_an_unknown_side_is_refused():
    with pytest.raises(ValueError, match="under"):
        beyond_cutoff(scores=np.array([1.0]), value=1, side="under")


def test_change_inputs_prefer_retest_and_never_invent():
    qpr = change_inputs(instrument=instrument("qpr15"), scale="total")
    assert (qpr.reliability.value, qpr.reliability.method) == (0.74, "test_retest")
    assert (qpr.important_person.value, qpr.important_group.value) == (5, 4)
    assert (qpr.sd.low, qpr.sd.high, qpr.sd.fact.certainty) == (9.3, 10.0, "inferred")
    rsa = change_inputs(instrument=instrument("rsa_r_provider"), scale="total")
    assert rsa.reliability is None and rsa.important_person is None and rsa.important_group is None
    assert change_inputs(instrument=instrument("qpr22"), scale="total").reliability.method == "alpha"
    with pytest.raises(KeyError):
        change_inputs(instrument=instrument("qpr15"), scale="sum")
