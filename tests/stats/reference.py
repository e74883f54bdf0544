"""The committed reference numbers and data sets (tests/reference/stats), and one comparison for all of them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import pytest

FOLDER = Path(__file__).parents[1] / "reference" / "stats"


def data(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / f"{name}.csv")


@cache
def _table() -> pd.DataFrame:
    return pd.concat([pd.read_csv(path) for path in sorted(FOLDER.glob("reference*.csv"))]).set_index("case")


def numbers(case: str) -> pd.Series:
    return _table().loc[case]


def cases() -> list[str]:
    return list(_table().index)


def agrees(got, case: str, *, rel: float = 1e-8, df_rel: float | None = None) -> None:
    """Estimate, standard error, df, p and interval equal the reference within ``rel`` (df within ``df_rel``)."""
    want = numbers(case)
    if not pd.isna(want["estimate"]):
        assert got.estimate == pytest.approx(want["estimate"], rel=rel)
    if not pd.isna(want["se"]):
        assert got.std_error == pytest.approx(want["se"], rel=rel)
    if not pd.isna(want["df"]):
        assert got.df == pytest.approx(want["df"], rel=df_rel or rel)
    if not pd.isna(want["p"]):
        assert got.p_value == pytest.approx(want["p"], rel=df_rel or max(rel, 1e-7))
    # An end near zero has few digits of its own: it is judged by the width.
    for side, name in ((got.conf_low, "low"), (got.conf_high, "high")):
        if not pd.isna(want[name]):
            assert side == pytest.approx(want[name], rel=df_rel or rel, abs=(df_rel or rel) * abs(want["high"] - want["low"]))
