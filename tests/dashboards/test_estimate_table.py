"""The Python lines on the statistics page give the very rows of its table."""

import pandas as pd
import pytest

import evaltool as ev
from evaltool.ui.estimate_table import fits, repeated

WANTED = [
    ("standard", {"measure": (), "department": (), "subgroup": ()}),
    ("standard", {"measure": ("qpr15_total",), "department": ("havna", "*"), "subgroup": ()}),
    ("by_group", {"measure": ("qpr15_total",), "department": (), "subgroup": ("age_band=45-59",)}),
]


@pytest.mark.parametrize(("method", "wanted"), WANTED)
def test_the_lines_give_the_rows_of_the_table(fjordvik, fjordvik_release, monkeypatch, method, wanted):
    monkeypatch.chdir(fjordvik.folder.parent)
    made = {}
    exec(repeated(folder=fjordvik.folder.name, method=method, wanted=wanted, policy="default"), made)
    frame = ev.study_comparison(folder=fjordvik.folder, method=method).estimates
    shown = frame[fits(frame=frame, wanted=wanted)]
    assert len(shown)
    pd.testing.assert_frame_equal(made["rows"], shown)
