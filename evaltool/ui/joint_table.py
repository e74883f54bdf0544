"""Themes beside the matching scale: what people said next to what they ticked, and how well the coders agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..export.joint_display import joint_display
from ..export.view_names import view_name
from ..text import t
from ..text.formats import absent, interval, number, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..result import Release

COLUMNS = ("theme", "group", "share", "scale", "before", "after", "kappa")


def joint_table(
    *, themes: Release, views: Release, matches: Mapping[str, str], names: dict[str, str], lang: str,
) -> pd.DataFrame:
    """``export.joint_display`` in words, with the agreement of the coders. ``names``: ``view_names``."""
    agreed = themes.estimates[themes.estimates["status"] == "shown"].set_index("measure")
    rows = []
    for (theme, group), part in joint_display(themes=themes, views=views, matches=matches).groupby(["theme", "group"], sort=False):
        first, measure = part.iloc[0], f"themes.{theme}"
        hidden = first["status"] != "shown"
        share = absent(first["status"], lang) if hidden else f"{percent(first['share'], lang)} ({number(first['excerpts'], lang)}/{number(first['of'], lang)})"
        scale = view_name(names=names, measure=first["scale"]) if isinstance(first["scale"], str) else ""
        kappa = f"{number(agreed.loc[measure, 'estimate'], lang, 2)} ({interval(agreed.loc[measure, 'conf_low'], agreed.loc[measure, 'conf_high'], 'points', lang, 2)})" if measure in agreed.index else ""
        rows.append((view_name(names=names, measure=measure), t(f"speaker.{group}", lang), share, scale,
                     *(_level(part, phase, lang) for phase in ("before", "after")), kappa))
    return pd.DataFrame(rows, columns=[t(f"joint_column.{name}", lang) for name in COLUMNS])


def _level(part: pd.DataFrame, phase: str, lang: str) -> str:
    row = part[part["phase"] == phase]
    if row.empty:
        return ""
    return number(row.iloc[0]["mean"], lang, 2) if row.iloc[0]["scale_status"] == "shown" else absent(row.iloc[0]["scale_status"], lang)
