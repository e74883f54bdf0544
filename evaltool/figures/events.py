"""The few components worth a mark on a chart over time, numbered, with their names under the chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..disclosure import demand_release
from ..result import ALL
from ..text import t
from ..text.formats import date
from .chart import Axis, Label, Mark, Points
from .components import component_name, joined

if TYPE_CHECKING:
    import pandas as pd

    from ..result import Release

MOST = 6


def few_events(*, release: Release, department: str) -> pd.DataFrame:
    """At most six: changes at the same time first, then in order of time; none for all departments together."""
    if demand_release(release).events.empty or department == ALL:
        return release.events.iloc[:0]
    mine = release.events[release.events["department"] == department]
    mine = mine.assign(co_intervention=mine["co_intervention"].fillna(False).astype(bool))
    kept = mine.sort_values(["co_intervention", "event_date"], ascending=[False, True], kind="stable").head(MOST)
    return kept.sort_values("event_date", kind="stable").reset_index(drop=True)


def with_declared(*, events: pd.DataFrame, declared: pd.DataFrame) -> pd.DataFrame:
    """``events`` and what study.toml says happened (``event_date, text``), in order of time."""
    import pandas as pd

    if declared.empty:
        return events
    both = pd.concat([events.assign(text=None), declared.assign(co_intervention=False)], ignore_index=True) if len(events) else (
        declared.assign(component=None, co_intervention=False))
    return both.sort_values("event_date", kind="stable").reset_index(drop=True)


def event_marks(*, events: pd.DataFrame, x: Axis, y: Axis) -> list[Mark]:
    """A numbered triangle each, in the lane on top of the plot."""
    inside = events[[x.low <= day.toordinal() <= x.high for day in events["event_date"]]]
    if inside.empty:
        return []
    at = [float(day.toordinal()) for day in inside["event_date"]]
    height = y.high - (y.high - y.low) * 0.095
    marks = [str(i + 1) for i in inside.index]
    labels = [Label(place, height, text, "text", lift=1, halo=True)
              for place, text in joined(at=at, marks=marks, width=x.high - x.low)]
    return [Points(tuple(at), (height,) * len(at), "triangle-down", "second", (), 0.7), *labels]


def event_footnotes(*, events: pd.DataFrame, lang: str) -> tuple[str, ...]:
    """One line: ``1 opplæring, 01.10.2023 · 2 fagdag ...``."""
    texts = [
        t("figure.footnote_event", lang, mark=i + 1, date=date(row.event_date, lang),
          text=getattr(row, "text", None) or component_name(code=row.component, lang=lang, co_intervention=row.co_intervention))
        for i, row in enumerate(events.itertuples())
    ]
    return (" · ".join(texts),) if texts else ()
