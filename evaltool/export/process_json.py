"""Process charts as plain JSON values: the facts and the sentence of every chart, every point, every remark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..disclosure import demand_release
from ..process.words import facts, sentence, series_place

if TYPE_CHECKING:
    from ..process.charts import ProcessCharts
    from ..result import Release


def process_json(*, charts: ProcessCharts, release: Release, lang: str) -> dict:
    """``rule_set, snapshot, as_of, policy, charts, points, notes``; numbers in full precision, missing is None.

    Each of ``charts`` is a row of ``ProcessCharts.summary`` with its ``sentence`` and ``facts`` in ``lang``. Raises
    UsageError on anything but a Release.
    """
    demand_release(release)
    rows = charts.summary.to_dict("records")
    told = [row | {"sentence": _sentence(row, release, lang), "facts": facts(row=row, lang=lang)} for row in rows]
    return {
        "rule_set": charts.rule_set, "snapshot": release.provenance.snapshot, "as_of": release.provenance.as_of.isoformat(),
        "policy": release.policy["name"], "charts": [_plain(row) for row in told],
        "points": [_plain(row) for row in charts.points.to_dict("records")],
        "notes": [_plain(row) for row in charts.notes.to_dict("records")],
    }


def _sentence(row: dict, release: Release, lang: str) -> str:
    return sentence(row=row, place=series_place(release=release, department=row["department"], lang=lang), lang=lang)


def _plain(row: dict) -> dict:
    return {name: None if pd.isna(value) else value.isoformat()[:10] if isinstance(value, pd.Timestamp) else value
            for name, value in row.items()}
