"""Every process chart of what a visitor may see, made once and kept in memory for all pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..process.charts import ProcessCharts, process_charts
from .session import FRAMES, remembered, study

if TYPE_CHECKING:
    from ..result import Release


def all_charts(*, release: Release, rules: str | None = None) -> ProcessCharts:
    """The charts of ``release`` (all of it, nothing narrowed) by ``rules``, else by the study's own rule set."""
    wanted = rules or study().process.rules
    return remembered("process", wanted, memory=FRAMES, make=lambda: process_charts(release=release, plan=study().process, rule_set=wanted))
