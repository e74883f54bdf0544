"""Themes beside scales, from two small Releases; a hidden number stays hidden."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from evaltool.compare.coded_themes import coded_themes
from evaltool.disclosure import policy, release
from evaltool.errors import UsageError
from evaltool.export.joint_display import COLUMNS, joint_display
from evaltool.result import SERIES_COLUMNS, SERIES_TEXT, Result, Spec, canonical

from .small_study import dataset, study
from .test_coded_themes import FIRST, codes

RULES = policy(min_persons=3)
OPEN = policy(name="unrestricted", reason="test", who="test")


@pytest.fixture
def themes(tmp_path):
    return coded_themes(dataset=dataset(coded_themes=codes(FIRST)), study=study(tmp_path))


def views(like: Result) -> Result:
    rows = pd.DataFrame({
        "measure": "themes.hope", "department": "*", "subgroup": ["staff", "user"], "kind": "phase", "phase": "before",
        "value": [3.0, 2.0], "n": [40.0, 2], "denominator": [40.0, 2], "persons": [40.0, 2], "conf_low": [2.5, 1], "conf_high": [3.5, 3]})
    return Result(
        estimates=like.estimates.iloc[:0], series=canonical(rows, SERIES_COLUMNS, SERIES_TEXT), notes=like.notes,
        register=like.register, events=like.events, spec=Spec(("themes.hope",), (), ()), provenance=like.provenance)


def test_a_theme_stands_beside_the_scale_of_its_name(themes):
    got = joint_display(themes=release(result=themes, policy=OPEN), views=release(result=views(themes), policy=RULES))
    assert tuple(got.columns) == COLUMNS
    row = got[(got["theme"] == "hope") & (got["group"] == "staff")].iloc[0]
    assert (row["excerpts"], row["of"], row["mean"], row["conf_low"]) == (FIRST[1::2].count("hope"), 6, 3.0, 2.5)
    few = got[(got["theme"] == "hope") & (got["group"] == "users")].iloc[0]
    assert few["scale_status"] == "suppressed" and np.isnan(few["mean"])
    assert got.loc[got["theme"] == "pace", "scale"].isna().all()


def test_a_match_can_be_given(themes):
    got = joint_display(themes=release(result=themes, policy=RULES), views=release(result=views(themes), policy=RULES),
                        matches={"pace": "themes.hope"})
    assert got.loc[(got["theme"] == "pace") & (got["group"] == "staff"), "mean"].tolist() == [3.0]


def test_only_a_release_is_taken(themes):
    with pytest.raises(UsageError):
        joint_display(themes=themes, views=themes)
    assert themes.provenance.as_of == dt.date(2025, 12, 31)
