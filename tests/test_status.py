"""The status frames in words: numbers only where there are enough forms, signs as sentences."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evaltool.status import worded

SCALES = pd.DataFrame({
    "form": "qpr15", "scale": "total", "label_nb": "Sum", "label_en": "Total", "wave": ["*", "w1", "w2"], "n": [np.nan, np.nan, 120.0],
    "items": 15.0, "alpha": [np.nan, np.nan, 0.9012], "conf_low": [np.nan, np.nan, 0.88], "conf_high": [np.nan, np.nan, 0.92],
    "omega_total": [np.nan, np.nan, 0.91], "status": ["zero_variance", "too_few", "ok"]})


def test_scales_say_why_there_is_no_number():
    got = worded(frame=SCALES, lang="en")
    assert got["Alpha"].tolist() == ["all answers are equal", "too few to say", "0.90"]
    assert got["Wave"].tolist() == ["all waves", "w1", "w2"] and got["n"].tolist() == ["", "", "120"]
    assert got["Uncertainty (95%)"].tolist() == ["", "", "0.88 to 0.92"] and got["Scale"].tolist() == ["Total"] * 3
    assert worded(frame=SCALES, lang="nb")["Alfa"].tolist()[2] == "0,90"


def test_signs_are_sentences():
    signs = pd.DataFrame({"form": "rki", "scale": ["total"], "item": [4.0], "other_item": [np.nan], "group": [None], "code": ["item_against_scale"]})
    got = worded(frame=signs, lang="nb")
    assert list(got.columns) == ["Skjema", "Hva det gjelder"] and got.iloc[0, 1].startswith("Spørsmål 4 går motsatt vei")
    assert worded(frame=signs.iloc[:0], lang="nb").empty
