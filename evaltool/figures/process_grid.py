"""Small multiples: the process charts of one measure, department by department, on the same axes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from ..disclosure import demand_release
from ..measures import measure as measure_of
from ..process.overview import QUIET
from ..process.words import sentence, series_place
from ..text import t
from ..text.formats import date, number, period
from .axes import time_axis
from .chart import Axis, Chart, Key, Panel
from .period_span import end_of
from .process_chart import legend, limit_marks, point_marks, value_axis
from .rollout_marks import pause_boxes, start_marks

if TYPE_CHECKING:
    from ..measures import Measure
    from ..process.charts import ProcessCharts
    from ..result import Release


def process_grid(
    *, charts: ProcessCharts, release: Release, measure: str, lang: str, order: tuple[str, ...] | None = None,
    columns: int = 4,
) -> Chart:
    """One small chart per department that can be shown, in register order or in ``order``, ``columns`` wide at most.

    All have the same axes; where sums of months stand beside sums of quarters, those of equally long periods have. The departments that cannot be shown are named under the chart. Raises UsageError on anything but a Release.
    """
    demand_release(release)
    m = measure_of(measure)
    names = list(order or release.register["department"])
    charts = replace(charts, **{part: getattr(charts, part)[lambda rows: rows["measure"] == measure] for part in ("points", "summary")})
    here = charts.points[charts.points["department"].isin(names)]
    drawable = set(here.loc[here["value"].notna(), "department"])
    shown = [d for d in names if d in drawable]
    absent = [d for d in names if d not in shown]
    texts = _texts(charts, release, measure, here, lang)
    if not shown:
        return Chart(kind="process_grid", lang=lang, data=here, message=t("figure.why_hidden" if here["status"].eq(
            "suppressed").any() else "figure.why_empty", lang), **texts)
    drawn = here[here["department"].isin(shown)].reset_index(drop=True)
    x = time_axis(first=drawn["period"].min().date(), last=max(end_of(part) for _, part in drawn.groupby("department")), lang=lang)
    axes = _axes(drawn, m, lang)
    parts = {name: part.reset_index(drop=True) for name, part in drawn.groupby("department", sort=False)}
    panels = [_panel(parts[name], release, name, m, x, axes, lang) for name in shown]
    footnotes = (t("process.grid_absent", lang, names=", ".join(_place(release, d, lang) for d in absent)),) if absent else ()
    wait = Key(", ".join(t(f"phase.{p}", lang) for p in ("wash_in", "paused")), "box", "wait")
    keys = (*legend(drawn, release, "", lang), Key(t("figure.start_short", lang), "dash", "signal"), wait)
    return Chart(kind="process_grid", lang=lang, data=drawn, panels=tuple(panels), columns=columns, footnotes=footnotes,
                 legend=keys, **texts)


def _axes(drawn: pd.DataFrame, m: Measure, lang: str) -> dict[str, Axis]:
    """The value axis by grain: one for all, but a sum over a quarter is three times a month's and gets its own."""
    parts = {grain: part.reset_index(drop=True) if m.kind == "count" else drawn for grain, part in drawn.groupby("grain", sort=False)}
    words = {grain: t("process.grid_grain", lang, grain=t(f"figure.{grain}", lang)) if len(parts) > 1 else "" for grain in parts}
    return {grain: replace(value_axis(part, m, float("nan"), lang, room=False), title=words[grain]) for grain, part in parts.items()}


def _panel(data, release, name, m, x, axes, lang) -> Panel:
    y = axes[data["grain"].iloc[0]]
    starts = [replace(rule, text="") for rule in start_marks(release=release, department=name, x=x, y=y, lang=lang)]
    marks = (*pause_boxes(release=release, department=name, last=end_of(data)), *limit_marks(data), *starts,
             *point_marks(data, y, m, lang, small=True))
    return Panel(x=x, y=y, marks=marks, title=_place(release, name, lang))


def _place(release: Release, department: str, lang: str) -> str:
    return series_place(release=release, department=department, lang=lang)


def _texts(charts: ProcessCharts, release: Release, measure: str, here: pd.DataFrame, lang: str) -> dict[str, str]:
    rows = charts.summary[(charts.summary["measure"] == measure) & charts.summary["department"].isin(here.loc[here["value"].notna(), "department"])]
    own = measure_of(measure).kind == "count" and rows["grain"].nunique() > 1
    count = int((~rows["variation"].isin(QUIET)).sum())
    short = measure_of(measure).text("short", lang)
    title = t("process.grid_title", lang, measure=short, count=number(count, lang), total=number(len(rows), lang))
    told = "; ".join(sentence(row=row, place=_place(release, row["department"], lang), lang=lang) for row in rows.to_dict("records"))
    return {
        "title": title if len(rows) else t("figure.nothing_shown", lang, measure=short),
        "subtitle": t(f"process.grid_{'own_axes' if own else 'subtitle'}", lang), "alt": t("process.grid_alt", lang, title=title, rows=told),
        "note": _note(here, measure, release, lang),
    }


def _note(here: pd.DataFrame, measure: str, release: Release, lang: str) -> str:
    """How many lie behind the points that are shown, in which periods, and the last day of the data."""
    until, drawn = date(pd.Timestamp(release.provenance.as_of), lang), here[here["value"].notna()]
    if drawn.empty:
        return t("figure.data_until", lang, date=until)
    ends = drawn.sort_values("period").iloc[[0, -1]]
    first, last = (period(row.period, row.grain, lang) for row in ends.itertuples())
    return t("process.grid_note", lang, n=number(drawn["n"].sum(), lang), what=measure_of(measure).text("denominator", lang),
             first=first, last=last, date=until)

