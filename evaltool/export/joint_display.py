"""What people said beside what they ticked: coded themes and the matching scale in one table."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ..disclosure import demand_release
from ..result import ALL, Release

SPEAKERS = {"users": "user", "staff": "staff", "leaders": "leader", "families": "family"}
"""Who spoke in the coded themes -> whose view of the scale stands beside it."""
COLUMNS = ("theme", "group", "excerpts", "of", "share", "status", "scale", "phase", "mean", "conf_low", "conf_high", "scale_status")


def joint_display(*, themes: Release, views: Release, matches: Mapping[str, str] | None = None) -> pd.DataFrame:
    """One row per theme, group that spoke and phase of its scale; numbers and codes, with ``COLUMNS``.

    themes: ``coded_themes`` released; views: ``perspectives`` released. ``matches``: theme -> measure of ``views``
    (``themes.hope``); by default the measure whose scale has the theme's own name. Without a match the scale is missing.
    """
    said, seen = demand_release(themes).series, demand_release(views).series
    said = said[said["kind"] == "whole"].rename(columns={
        "subgroup": "group", "numerator": "excerpts", "denominator": "of", "value": "share"})
    said = said.assign(theme=said["measure"].str.removeprefix("themes."), view=said["group"].map(SPEAKERS))
    levels = seen[seen["department"].eq(ALL) & seen["subgroup"].notna()]
    known = {name.rpartition(".")[2]: name for name in levels["measure"].unique()} | dict(matches or {})
    said["scale"] = said["theme"].map(known)
    beside = levels[["measure", "subgroup", "phase", "value", "conf_low", "conf_high", "status"]].rename(columns={
        "measure": "scale", "subgroup": "view", "value": "mean", "status": "scale_status"})
    said = said[["theme", "group", "excerpts", "of", "share", "status", "scale", "view"]]
    return said.merge(beside, on=["scale", "view"], how="left")[list(COLUMNS)]
