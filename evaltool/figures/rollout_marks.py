"""What the rollout register draws on a chart over time: the start, the wash-in and the pause."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..disclosure import demand_release
from ..result import ALL
from ..text import t
from ..text.formats import date
from . import released
from .chart import Axis, Box, Mark, Points, Rule

if TYPE_CHECKING:
    import datetime as dt

    from ..result import Release


def pause_boxes(*, release: Release, department: str, last: dt.date) -> list[Mark]:
    """Wash-in and pause as light bands up to ``last``; nothing for all departments together."""
    demand_release(release)
    if department == ALL:
        return []
    entry = release.register[release.register["department"] == department].iloc[0]
    out: list[Mark] = []
    for opens, closes in (("start", "wash_in_end"), ("paused_from", "paused_to")):
        if released.has_started(entry[opens], release.provenance.as_of):
            close = entry[closes] if pd.notna(entry[closes]) else pd.Timestamp(last)
            out.append(Box(entry[opens].toordinal(), close.toordinal(), "wait"))
    return out


def start_marks(*, release: Release, department: str, x: Axis, y: Axis, lang: str) -> list[Mark]:
    """The start as a line with its date; for all departments together a small mark per start."""
    register = demand_release(release).register
    here = register if department == ALL else register[register["department"] == department]
    days = [(name, start.toordinal(), date(start, lang)) for name, start in zip(here["name"], here["start"], strict=True)
            if released.has_started(start, release.provenance.as_of) and x.low <= start.toordinal() <= x.high]
    if department != ALL:
        return [Rule(at, "signal", t("figure.start", lang, date=text)) for _, at, text in days]
    hover = tuple(f"{name}\n{t('figure.start', lang, date=text)}" for name, _, text in days)
    top = y.high - (y.high - y.low) * 0.02
    return [Points(tuple(at for _, at, _ in days), (top,) * len(days), "triangle-down", "signal", hover, 0.8)] if days else []
