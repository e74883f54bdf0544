"""Every process chart of what a visitor may see, made once and kept in memory for all pages, and those somebody chose."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from ..process.charts import ProcessCharts, only, process_charts
from ..process.study_charts import study_charts
from .filters import NARROWED
from .session import FRAMES, released, remembered, seen_by, study

if TYPE_CHECKING:
    from ..result import Release
    from .filters import Chosen


def all_charts(*, release: Release, rules: str | None = None) -> ProcessCharts:
    """The charts of ``release`` (all of it, nothing narrowed) by ``rules``, else by the study's own rule set."""
    plan = study().process
    wanted = rules or plan.rules

    def make() -> ProcessCharts:
        if wanted == plan.rules and not seen_by().departments:
            return study_charts(study=study(), release=release)
        return process_charts(release=release, plan=plan, rule_set=wanted)

    return remembered("process", wanted, memory=FRAMES, make=make)


def chosen_charts(*, chosen: Chosen, rules: str | None = None) -> ProcessCharts:
    """Those of ``all_charts`` that were chosen, with the periods that were: limits and signals stay as they are."""
    whole = all_charts(release=released(), rules=rules)
    if not chosen.about:
        return whole
    since, until = chosen.years
    return remembered("chosen_charts", chosen.about, whole.rule_set, memory=NARROWED, make=lambda: only(
        charts=whole, departments=set(chosen.release.series["department"]), first=dt.date(since, 1, 1) if since else None,
        last=dt.date(until, 12, 31) if until else None))
