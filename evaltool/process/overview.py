"""The overview table of all process charts: the same rows as the charts, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..measures import measure as measure_of
from ..text import t
from ..text.formats import period, quantity
from .words import series_place

if TYPE_CHECKING:
    from ..result import Release
    from .charts import ProcessCharts

QUIET = ("common", "too_few", "hidden", "no_data")


def overview(*, charts: ProcessCharts, release: Release, lang: str, signals_only: bool = False) -> pd.DataFrame:
    """One row per department and measure: codes for the icons and texts for the cells.

    ``department, name, measure, label, variation, variation_word, assurance, assurance_word, latest, mean, limits,
    since``; in the order of register and measures. ``signals_only``: only charts whose latest point signals.
    """
    order = {name: i for i, name in enumerate(["*", *release.register["department"]])}
    facts = charts.summary
    if signals_only:
        facts = facts[~facts["variation"].isin(QUIET)]
    rows = [_row(row, release, lang) for row in facts.to_dict("records")]
    columns = ["department", "name", "measure", "label", "variation", "variation_word", "assurance", "assurance_word",
               "latest", "mean", "limits", "since"]
    frame = pd.DataFrame(rows, columns=columns)
    by = frame["department"].map(order)
    return frame.assign(_by=by).sort_values("_by", kind="stable").drop(columns="_by").reset_index(drop=True)


def _row(row: dict, release: Release, lang: str) -> dict:
    m = measure_of(row["measure"])

    def level(value: float) -> str:
        return quantity(value, m.unit, lang, m.decimals)

    limits = f"{level(row['low'])} {t('format.to', lang)} {level(row['high'])}" if row["limits"] in ("trial", "firm") else "–"
    return {
        "department": row["department"], "name": series_place(release=release, department=row["department"], lang=lang),
        "measure": row["measure"], "label": m.text("short", lang), "variation": row["variation"],
        "variation_word": t(f"variation.{row['variation']}", lang), "assurance": row["assurance"],
        "assurance_word": t(f"assurance.{row['assurance']}", lang), "latest": level(row["latest"]),
        "mean": level(row["centre"]), "limits": limits,
        "since": period(row["since"], row["grain"], lang) if row["variation"] not in QUIET and pd.notna(row["since"]) else "–",
    }
