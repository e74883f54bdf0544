"""One measure in one department over calendar time: a point per period, the median of each phase, the start marked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..design import StudyDesign
from ..findings import finding, place_name
from ..measures import Measure
from ..measures import measure as measure_of
from ..result import ALL
from ..stats.spc import phase_median
from ..text import t
from ..text.formats import date, interval, number, period, quantity
from . import released
from .absent import LOOK, absent_keys
from .axes import time_axis
from .chart import Axis, Box, Chart, Key, Line, Mark, Panel, Points
from .events import event_footnotes, event_marks, few_events
from .measure_axis import measure_axis
from .period_span import OFFSETS, days_of, end_of, middles
from .rollout_marks import pause_boxes, start_marks

if TYPE_CHECKING:
    from ..result import Release

SHAPES = {"before": "circle-open", "not_started": "circle-open", "after": "diamond", "wash_in": "circle", "paused": "circle"}
ROLES = {"after": "after"}
CENTRES = {"before": 0, "not_started": 0, "after": 1}


def run_chart(*, release: Release, measure: str, department: str, lang: str) -> Chart:
    """Run chart of ``measure`` in ``department`` (``"*"``: all). The median changes only where the rollout register says.

    Points stand in the middle of their period. A period that crosses the start or the end of the wash-in belongs to
    neither side. Hidden periods are hatched, empty ones marked; the line is never drawn across them. For all
    departments the median is that of the periods before the first start, carried on as a dashed line.
    Raises UsageError on anything but a Release and on an unknown measure or department.
    """
    m = measure_of(measure)
    if department != ALL:
        released.departments(release=release, order=(department,))
    rows = released.periods(release=release, measure=measure, department=department)
    data = _calendar(rows, release, department, every="instrument" not in m.source)
    if not data["value"].notna().any():
        text = t("figure.run_empty", lang, measure=m.text("short", lang), place=place_name(
            release=release, department=department, lang=lang))
        return Chart(kind="run_chart", lang=lang, title=text, subtitle="", note=_data_until(release, lang), alt=text,
                     data=data, message=t(_why(data), lang))
    events = few_events(release=release, department=department)
    x = time_axis(first=data["period"].iloc[0].date(), last=end_of(data), lang=lang)
    y = _y_axis(data, m, lang, room=len(events) > 0)
    marks = (*_spans(data, release, department), *_lines(data), *_points(data, y, m, lang),
             *start_marks(release=release, department=department, x=x, y=y, lang=lang), *event_marks(events=events, x=x, y=y))
    texts = _texts(data, release, m, department, lang)
    return Chart(
        kind="run_chart", lang=lang, data=data, panels=(Panel(x=x, y=y, marks=marks),), footnotes=event_footnotes(events=events, lang=lang),
        legend=_legend(data, release, department, m, lang), **texts,
    )


def _why(data: pd.DataFrame) -> str:
    return "figure.why_hidden" if data["status"].eq("suppressed").any() else "figure.why_empty"


def _calendar(rows: pd.DataFrame, release: Release, department: str, *, every: bool) -> pd.DataFrame:
    """Periods with their phase and median. ``every``: a period without a row is ``no_data``; else (a survey, which
    has waves) it is no period at all."""
    columns = ["period", "grain", "value", "conf_low", "conf_high", "n", "status"]
    if rows.empty:
        return pd.DataFrame(columns=[*columns, "phase", "median"])
    grain = rows["grain"].iloc[0]
    grid = pd.date_range(rows["period"].min(), rows["period"].max(), freq=OFFSETS[grain]).as_unit("us")
    grid = grid if every else pd.DatetimeIndex(rows["period"])
    data = rows.set_index("period").reindex(grid).rename_axis("period").reset_index()[columns]
    data["grain"], data["status"] = grain, data["status"].fillna("no_data")
    data["phase"] = _phase(data, release, department)
    codes = data["phase"].map(CENTRES).fillna(-1).astype(int).to_numpy()
    data["median"] = phase_median(values=data["value"].to_numpy(dtype="float64")[None], phase=codes[None])[0]
    if department == ALL:
        data["median"] = data["median"].where(data["phase"].eq("before")).ffill()
    return data


def _phase(data: pd.DataFrame, release: Release, department: str) -> np.ndarray:
    """Phase of each period; ``wash_in`` where it is not the same on its first and last day."""
    last = data["period"] + OFFSETS[data["grain"].iloc[0]] - pd.Timedelta(days=1)
    if department == ALL:
        first_start = release.register["start"].min()
        return np.where(last < first_start, "before", "mixed") if pd.notna(first_start) else np.full(len(data), "before")
    design = StudyDesign(register=release.register, as_of=release.provenance.as_of, wash_in=release.spec.wash_in)
    names = pd.Series(department, index=data.index)
    opening, closing = (design.phase(department=names, date=day) for day in (data["period"], last))
    return np.where(opening == closing, opening, "wash_in")


def _y_axis(data: pd.DataFrame, m: Measure, lang: str, *, room: bool) -> Axis:
    """From zero where zero means none; a scale is shown where the points lie. ``room``: a lane on top for components."""
    low = data["value"].min() if m.scale else 0.0
    axis = measure_axis(measure=m, low=low, high=data["value"].max(), lang=lang)
    title = t("figure.run_series", lang, measure=axis.title, grain=t(f"figure.{data['grain'].iloc[0]}", lang))
    return replace(axis, high=axis.high + (axis.high - axis.low) * (0.16 if room else 0.04), title=title)


def _spans(data: pd.DataFrame, release: Release, department: str) -> list[Mark]:
    """Wash-in and pause as light bands, hidden periods hatched."""
    first, ends = days_of(data["period"]), days_of(data["period"] + OFFSETS[data["grain"].iloc[0]])
    hidden = np.flatnonzero(data["status"].eq("suppressed"))
    return [*pause_boxes(release=release, department=department, last=end_of(data)),
            *(Box(first[i], ends[i], "hidden", hatch=True) for i in hidden)]


def _lines(data: pd.DataFrame) -> list[Mark]:
    """The thin line through the points (broken at gaps) and one median line per phase."""
    x = middles(data)
    marks: list[Mark] = [Line(tuple(x), tuple(data["value"]), "trace", width=1.3)]
    for phase in data["phase"].unique():
        level = data["median"].where(data["phase"].eq(phase))
        if level.notna().any():
            dash = "dash" if phase == "mixed" else "solid"
            marks.append(Line(tuple(x), tuple(level), ROLES.get(phase, "before"), width=2.4, dash=dash))
    return marks


def _points(data: pd.DataFrame, y: Axis, m: Measure, lang: str) -> list[Mark]:
    x = middles(data)
    hover = np.array([_hover(row, m, lang) for row in data.itertuples()])
    marks: list[Mark] = []
    for phase in data["phase"].unique():
        keep = (data["phase"].eq(phase) & data["value"].notna()).to_numpy()
        if keep.any():
            shape = SHAPES.get(phase, "circle")
            size = 0.7 if shape == "circle" else 0.85
            marks.append(Points(tuple(x[keep]), tuple(data["value"][keep]), shape, ROLES.get(phase, "before"),
                                tuple(hover[keep]), size))
    empty = (data["value"].isna() & ~data["status"].eq("suppressed")).to_numpy()
    if empty.any():
        floor = y.low + (y.high - y.low) * 0.025
        marks.append(Points(tuple(x[empty]), (floor,) * int(empty.sum()), *LOOK["no_data"], tuple(hover[empty]), 0.6))
    return marks


def _hover(row, m: Measure, lang: str) -> str:
    when = period(row.period, row.grain, lang)
    if pd.isna(row.value):
        return t("figure.hover_absent", lang, period=when, why=t(f"status.{row.status}", lang))
    value, n = quantity(row.value, m.unit, lang, m.decimals), number(row.n, lang)
    if pd.isna(row.conf_low):
        return t("figure.hover_period", lang, period=when, value=value, n=n)
    ends = interval(row.conf_low, row.conf_high, m.unit, lang, m.decimals)
    return t("figure.hover_period_interval", lang, period=when, value=value, interval=ends, n=n)


def _legend(data: pd.DataFrame, release: Release, department: str, m: Measure, lang: str) -> tuple[Key, ...]:
    """Only what the plot holds, the medians with their value."""
    keys = []
    aside = [phase for phase in ("wash_in", "paused") if data["phase"].eq(phase).any()]
    for phase in ("before", "not_started", "mixed", "after"):
        inside = data[data["phase"] == phase]
        if inside["value"].notna().any() and phase != "mixed":
            keys.append(Key(t(f"phase.{phase}", lang), SHAPES[phase], ROLES.get(phase, "before")))
        if inside["median"].notna().any():
            level = quantity(inside["median"].iloc[0], m.unit, lang, m.decimals)
            text = t("figure.median_carried", lang) if phase == "mixed" else t("figure.median_of", lang, value=level)
            keys.append(Key(text, "dash" if phase == "mixed" else "line", ROLES.get(phase, "before")))
    if data.loc[data["phase"].isin(["wash_in", "paused"]), "value"].notna().any():
        keys.append(Key(t("figure.aside", lang), "circle", "before"))
    if data.loc[data["phase"].eq("mixed"), "value"].notna().any():
        keys.append(Key(t("figure.some_started", lang), "circle", "before"))
    if aside:
        keys.append(Key(", ".join(t(f"phase.{phase}", lang) for phase in aside), "box", "wait"))
    if department == ALL and release.register["start"].notna().any():
        keys.append(Key(t("figure.start_each", lang), "triangle-down", "signal"))
    keys += absent_keys(statuses=data["status"], lang=lang)
    return tuple(keys)


def _texts(data: pd.DataFrame, release: Release, m: Measure, department: str, lang: str) -> dict[str, str]:
    answers = released.answers(release=release, measure=m.id)
    grain = t(f"figure.{data['grain'].iloc[0]}", lang)
    if department in answers.index:
        title = finding(release=release, row=answers.loc[department], lang=lang).text
    else:
        title = f"{m.text('short', lang)}, {place_name(release=release, department=department, lang=lang)}"
    subtitle = _subtitle(data, m, department, grain, lang)
    shown = data[data["value"].notna()]
    note = t(
        "figure.run_note", lang, periods=number(len(shown), lang), n=number(shown["n"].sum(), lang),
        what=m.text("denominator", lang), date=date(release.provenance.as_of, lang),
        first=period(shown["period"].iloc[0], shown["grain"].iloc[0], lang),
        last=period(shown["period"].iloc[-1], shown["grain"].iloc[0], lang),
    )
    return {"title": title, "subtitle": subtitle, "note": note,
            "alt": t("figure.run_alt", lang, title=title, subtitle=subtitle, note=note)}


def _subtitle(data: pd.DataFrame, m: Measure, department: str, grain: str, lang: str) -> str:
    def level(*phases: str) -> str | None:
        found = data.loc[data["phase"].isin(phases), "median"].dropna()
        return quantity(found.iloc[0], m.unit, lang, m.decimals) if len(found) else None

    before, after = level("before", "not_started"), level("after")
    if department == ALL:
        key = "run_all" if before else "run_one"
    elif before and after:
        key = "run_both"
    elif before:
        key = "run_idle" if data["phase"].eq("not_started").all() else "run_before"
    else:
        key = "run_after" if after else "run_one"
    return t(f"figure.{key}", lang, before=before, after=after, grain=grain)


def _data_until(release: Release, lang: str) -> str:
    return t("figure.data_until", lang, date=date(release.provenance.as_of, lang))
