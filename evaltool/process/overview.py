"""The overview table of all process charts: the same rows as the charts, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..disclosure import demand_release
from ..errors import UsageError
from ..measures import measure as measure_of
from ..text import t
from ..text.formats import period, quantity
from .words import series_place

if TYPE_CHECKING:
    from ..result import Release
    from .charts import ProcessCharts

QUIET = ("common", "too_few", "hidden", "no_data")
GROUPS = ("all", "signal", "better", "worse", "change", "target")
"""What the overview can be narrowed to: charts that signal now, those for the better, for the worse, otherwise, and
those whose target is not reached (every time)."""


def overview(*, charts: ProcessCharts, release: Release, lang: str, group: str = "all") -> pd.DataFrame:
    """One row per department and measure: codes for the icons and texts for the cells.

    ``department, name, measure, label, variation, variation_word, assurance, assurance_word, latest, mean, limits,
    since``; in the order of register and measures, never of the numbers. ``group``: one of ``GROUPS``.
    """
    order = {name: i for i, name in enumerate(["*", *demand_release(release).register["department"]])}
    facts = charts.summary
    facts = facts[in_group(facts=facts, group=group)]
    names = {place: series_place(release=release, department=place, lang=lang) for place in facts["department"].unique()}
    rows = [_row(row, names[row["department"]], lang) for row in facts.to_dict("records")]
    columns = ["department", "name", "measure", "label", "variation", "variation_word", "assurance", "assurance_word",
               "latest", "mean", "limits", "since"]
    frame = pd.DataFrame(rows, columns=columns)
    by = frame["department"].map(order)
    return frame.assign(_by=by).sort_values("_by", kind="stable").drop(columns="_by").reset_index(drop=True)


def in_group(*, facts: pd.DataFrame, group: str) -> pd.Series:
    """Which rows of ``ProcessCharts.summary`` belong to one of ``GROUPS``: bool. ``both`` is for the better and the worse."""
    if group not in GROUPS:
        raise UsageError("unknown_signal_group", got=group, expected=", ".join(GROUPS))
    kind = facts["variation"]
    if group == "all":
        return kind.notna()
    if group == "signal":
        return ~kind.isin(QUIET)
    if group == "target":
        return facts["assurance"].isin(("fails", "hit_or_miss"))
    return kind.str.startswith(group) | (kind.eq("both") & (group != "change"))


def _row(row: dict, name: str, lang: str) -> dict:
    m = measure_of(row["measure"])

    def level(value: float) -> str:
        return quantity(value, m.unit, lang, m.decimals)

    limits = f"{level(row['low'])} {t('format.to', lang)} {level(row['high'])}" if row["limits"] in ("trial", "firm") else "–"
    return {
        "department": row["department"], "name": name,
        "measure": row["measure"], "label": m.text("short", lang), "variation": row["variation"],
        "variation_word": t(f"variation.{row['variation']}", lang), "assurance": row["assurance"],
        "assurance_word": t(f"assurance.{row['assurance']}", lang), "latest": level(row["latest"]),
        "mean": level(row["centre"]), "limits": limits,
        "since": period(row["since"], row["grain"], lang) if row["variation"] not in QUIET and pd.notna(row["since"]) else "–",
    }
