"""Measures answered by the same persons on one form: what is hidden in one of them is hidden in all."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..result import ALL, Release
from .select import demand_release
from .series import emptied

if TYPE_CHECKING:
    import pandas as pd


def hide_together(*, release: Release, form: Mapping[str, str], also: Collection[tuple[str, str]] = ()) -> Release:
    """``release`` with a department hidden in every measure of a form where it is hidden in any of them.

    The domains of a form have nearly the same persons behind them: two departments hidden in turn would give each other
    away. form: measure -> the form it is on. also: (form, department) hidden elsewhere, in the same persons' total.
    """
    gone = set(also)
    for frame in (demand_release(release).estimates, release.series):
        rows = frame[frame["status"].eq("suppressed") & frame["department"].ne(ALL)]
        gone |= set(zip(rows["measure"].map(form), rows["department"], strict=True))

    def cut(frame: pd.DataFrame) -> pd.DataFrame:
        keys = zip(frame["measure"].map(form), frame["department"], strict=True)
        hide = np.array([key in gone for key in keys], dtype=bool) & frame["status"].eq("shown").to_numpy()
        return emptied(frame.assign(status=frame["status"].mask(hide, "suppressed"), reason=frame["reason"].mask(hide, "small_numbers")))

    return replace(release, estimates=cut(release.estimates), series=cut(release.series))
