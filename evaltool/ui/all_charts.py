"""Every process chart of what a visitor may see, made once and kept in memory for all pages, and those somebody chose."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from ..process.charts import ProcessCharts, only, process_charts
from .filters import NARROWED
from .session import FRAMES, released, remembered, study

if TYPE_CHECKING:
    from ..result import Release
    from .filters import Chosen


def all_charts(*, release: Release, rules: str | None = None) -> ProcessCharts:
    """The charts of ``release`` (all of it, nothing narrowed) by ``rules``, else by the study's own rule set."""
    wanted = rules or study().process.rules
    return remembered("process", wanted, memory=FRAMES, make=lambda: process_charts(release=release, plan=study().process, rule_set=wanted))


def chosen_charts(*, chosen: Chosen, rules: str | None = None) -> ProcessCharts:
    """Those of ``all_charts`` that were chosen, with the periods that were: limits and signals stay as they are."""
    whole = all_charts(release=released(), rules=rules)
    if not chosen.about:
        return whole
    since, until = chosen.years
    return remembered("chosen_charts", chosen.about, whole.rule_set, memory=NARROWED, make=lambda: only(
        charts=whole, departments=set(chosen.release.series["department"]), first=dt.date(since, 1, 1) if since else None,
        last=dt.date(until, 12, 31) if until else None))
