"""A process chart: points, centre line and usual variation of each phase, signals by shape, the rollout marked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..disclosure import demand_release
from ..errors import UsageError
from ..measures import Measure
from ..measures import measure as measure_of
from ..process.declared import annotations
from ..process.words import facts, remarks, rules_told, sentence, series_place
from ..result import ALL
from ..text import t
from ..text.formats import date, number, period, quantity
from .absent import LOOK, absent_keys
from .axes import time_axis
from .chart import Area, Axis, Box, Chart, Key, Line, Mark, Panel, Points, Rule
from .events import event_footnotes, event_marks, few_events, with_declared
from .measure_axis import measure_axis
from .period_span import days_of, end_of, middles
from .rollout_marks import pause_boxes, start_marks

if TYPE_CHECKING:
    from ..process.charts import ProcessCharts
    from ..result import Release

READINGS = {"better": ("triangle-up", "after"), "worse": ("triangle-down", "signal"),
            "change": ("diamond-open", "second"), "both": ("square-open", "second")}
TOLD = ("period", "grain", "value", "n", "status", "limits", "low", "high", "rules")
"""What is said of a point beside its place."""


def process_chart(*, charts: ProcessCharts, release: Release, measure: str, department: str, lang: str) -> Chart:
    """The chart of one measure in one department (``"*"``: all) out of ``charts``.

    Shapes say what a point signals; colour only repeats it. Raises UsageError on anything but a Release and when
    ``charts`` has no such series.
    """
    demand_release(release)
    data, row = part_of(charts, measure, department)
    m = measure_of(measure)
    place = series_place(release=release, department=department, lang=lang)
    title = sentence(row=row, place=place, lang=lang)
    if not data["value"].notna().any():
        return Chart(kind="process", lang=lang, title=title, subtitle="", note=t(
            "figure.data_until", lang, date=date(release.provenance.as_of, lang)), alt=title, data=data, message=t(
            "figure.why_hidden" if row["variation"] == "hidden" else "figure.why_empty", lang))
    events = with_declared(events=few_events(release=release, department=department), declared=annotations(
        plan=charts.plan, measure=measure, department=department, lang=lang))
    x = time_axis(first=data["period"].iloc[0].date(), last=end_of(data), lang=lang)
    y = value_axis(data, m, row["target"], lang, room=len(events) > 0 or department == ALL)
    marks = (
        *pause_boxes(release=release, department=department, last=end_of(data)), *limit_marks(data),
        *_target(row, m, lang), *point_marks(data, y, m, lang, small=False),
        *start_marks(release=release, department=department, x=x, y=y, lang=lang), *event_marks(events=events, x=x, y=y),
    )
    subtitle, note = facts(row=row, lang=lang), _note(data, m, charts, release, lang)
    return Chart(
        kind="process", lang=lang, title=title, subtitle=subtitle, note=note, data=data,
        alt=t("process.alt", lang, title=f"{title}.", subtitle=subtitle, note=note), panels=(Panel(x=x, y=y, marks=marks),),
        legend=legend(data, release, department, lang), footnotes=(*remarks(
            charts=charts, measure=measure, department=department, lang=lang), *event_footnotes(events=events, lang=lang)),
    )


def part_of(charts: ProcessCharts, measure: str, department: str) -> tuple[pd.DataFrame, dict]:
    """Points and summary row of one series; UsageError where there is none."""
    here = (charts.points["measure"] == measure) & (charts.points["department"] == department)
    if not here.any():
        known = charts.points.loc[charts.points["measure"] == measure, "department"].drop_duplicates()
        raise UsageError("no_process_chart", measure=measure, got=department, expected=", ".join(known))
    rows = charts.summary
    row = rows[(rows["measure"] == measure) & (rows["department"] == department)].iloc[0].to_dict()
    return charts.points[here].reset_index(drop=True), row


def value_axis(data: pd.DataFrame, m: Measure, target: float, lang: str, *, room: bool) -> Axis:
    """Holds points, limits and target; from zero where zero means none."""
    drawn = data[["value", "low", "high", "centre"]].to_numpy(dtype="float64")
    low, high = float(np.nanmin(drawn)), float(np.nanmax(drawn))
    if not np.isnan(target):
        low, high = min(low, target), max(high, target)
    axis = measure_axis(measure=m, low=low if m.scale else 0.0, high=high, lang=lang)
    title = t("figure.run_series", lang, measure=axis.title, grain=t(f"figure.{data['grain'].iloc[0]}", lang))
    return replace(axis, high=axis.high + (axis.high - axis.low) * (0.16 if room else 0.04), title=title)


def limit_marks(data: pd.DataFrame) -> list[Mark]:
    """Per phase: the band of usual variation (only its dashed edges while on trial), the centre, the carried-on centre."""
    x, segment, limits = middles(data), data["segment"].to_numpy(), data["limits"].to_numpy(dtype=object)
    numbers = {name: data[name].to_numpy(dtype="float64") for name in ("low", "high", "centre", "baseline")}
    marks: list[Mark] = []
    for code in np.unique(segment):
        rows = np.flatnonzero(segment == code)
        wide, states = _widened(x, rows), set(limits[rows])
        low, high, centre = (np.interp(wide, x[rows], numbers[name][rows]) for name in ("low", "high", "centre"))
        if "firm" in states:
            marks.append(Area(tuple(wide), tuple(low), tuple(high), "quiet"))
        if states - {"none"}:
            dash = "dash" if "trial" in states else "solid"
            marks += [Line(tuple(wide), tuple(edge), "trace", dash=dash, width=1.0) for edge in (low, high)]
        after = code % 2 == 1
        if after:
            marks.append(Line(tuple(wide), tuple(np.full(len(wide), numbers["baseline"][rows[0]])), "before", dash="dot", width=1.4))
        marks.append(Line(tuple(wide), tuple(centre), "after" if after else "before", width=2.0))
    return marks


def _widened(x: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """The places of a phase with half a period more at each end, so that one point alone has a line too."""
    half = np.median(np.diff(x)) / 2 if len(x) > 1 else 15.0
    return np.concatenate([[x[rows[0]] - half], x[rows], [x[rows[-1]] + half]])


def point_marks(data: pd.DataFrame, y: Axis, m: Measure, lang: str, *, small: bool) -> list[Mark]:
    """The line through the points and the points by what they signal."""
    x = middles(data)
    marks: list[Mark] = [Line(tuple(x), tuple(data["value"]), "trace", width=1.1)]
    size = 0.5 if small else 0.62
    hover = np.array([_hover(row, m, lang) for row in data[list(TOLD)].itertuples(index=False)])
    values, status, reading = (data[name].to_numpy() for name in ("value", "status", "reading"))
    shown, left_out = ~np.isnan(values), status == "excluded"
    for at, shape, role, big in (
        (shown & (reading == "none") & ~left_out, "circle", "before", 1.0), (shown & left_out, "cross", "before", 1.3),
        *((shown & (reading == code) & ~left_out, *look, 1.55) for code, look in READINGS.items()),
    ):
        if at.any():
            marks.append(Points(tuple(x[at]), tuple(values[at].tolist()), shape, role, tuple(hover[at]), size * big))
    first = days_of(data["period"])
    last = np.append(first[1:], end_of(data).toordinal())
    marks += [Box(first[i], last[i], "hidden", hatch=True) for i in np.flatnonzero(status == "suppressed")]
    floor = y.low + (y.high - y.low) * 0.025
    for code in ("no_data", "not_identified"):
        at = status == code
        if at.any():
            marks.append(Points(tuple(x[at]), (floor,) * int(at.sum()), *LOOK[code], tuple(hover[at]), size))
    return marks


def _hover(row, m: Measure, lang: str) -> str:
    when = period(row.period, row.grain, lang)
    if pd.isna(row.value):
        return t("figure.hover_absent", lang, period=when, why=t(f"status.{row.status}", lang))
    value, n = quantity(row.value, m.unit, lang, m.decimals), number(row.n, lang)
    if row.limits == "none":
        text = t("process.hover", lang, period=when, value=value, n=n)
    else:
        low, high = (quantity(end, m.unit, lang, m.decimals) for end in (row.low, row.high))
        text = t("process.hover_limits", lang, period=when, value=value, low=low, high=high, n=n)
    return t("process.hover_signal", lang, point=text, rules=rules_told(rules=row.rules, lang=lang)) if row.rules else text


def _target(row: dict, m: Measure, lang: str) -> list[Mark]:
    return [] if np.isnan(row["target"]) else [Rule(row["target"], "third", dash="dash", vertical=False)]


def legend(data: pd.DataFrame, release: Release, department: str, lang: str) -> tuple[Key, ...]:
    """Only what the plot holds."""
    demand_release(release)
    shown = data[data["value"].notna()]
    keys = [Key(t("process.centre", lang), "line", "before")]
    if data["limits"].eq("firm").any():
        keys.append(Key(t("process.usual", lang), "box", "quiet"))
    if data["limits"].eq("trial").any():
        keys.append(Key(t("process.trial_limits", lang), "dash", "trace"))
    if (data["segment"] % 2 == 1).any():
        keys.append(Key(t("process.baseline", lang), "dot", "before"))
    keys += [Key(t(f"process.point_{reading}", lang), *look) for reading, look in READINGS.items()
             if shown["reading"].eq(reading).any()]
    if shown["status"].eq("excluded").any():
        keys.append(Key(t("process.left_out", lang), "cross", "before"))
    keys += absent_keys(statuses=data["status"], lang=lang)
    if department == ALL and release.register["start"].notna().any():
        keys.append(Key(t("figure.start_each", lang), "triangle-down", "signal"))
    return tuple(keys)


def _note(data: pd.DataFrame, m: Measure, charts: ProcessCharts, release: Release, lang: str) -> str:
    shown = data[data["value"].notna()]
    grain = shown["grain"].iloc[0]
    kind = data["kind"].iloc[0] if data["limits"].ne("none").any() else "run"
    return t(
        "process.note", lang, kind=t(f"chart_kind.{kind}", lang), rules=t(f"rule_set.{charts.rule_set}", lang),
        points=number(len(shown), lang), n=number(shown["n"].sum(), lang), what=m.text("denominator", lang), first=period(shown["period"].iloc[0], grain, lang),
        last=period(shown["period"].iloc[-1], grain, lang), date=date(release.provenance.as_of, lang),
    )
