"""The rollout as a staircase: planned and actual start, wash-in, pauses and components, department by department."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd

from ..text import t
from ..text.formats import date, number
from . import released
from .axes import time_axis
from .chart import Axis, Box, Chart, Key, Label, Line, Mark, Panel, Points, Row, Rule
from .components import component_name, joined, letters

if TYPE_CHECKING:
    from ..result import Release

HALF = 0.16
BAR, LETTERS = -0.2, 0.22
"""Where in its row a bar stands, and the letters under it: clear of the line to the next row."""


def staircase(*, release: Release, lang: str, order: tuple[str, ...] | None = None) -> Chart:
    """Who started when, against the plan; departments by start (not started last), or in ``order``.

    Raises UsageError on anything but a Release and on an unknown department.
    """
    register = released.departments(release=release, order=order)
    data = _table(register, release.provenance.as_of, by_start=order is None)
    texts = _texts(data, release, lang)
    if data[["planned_start", "start"]].isna().all(axis=None):
        return Chart(kind="staircase", lang=lang, data=data, message=t("figure.why_empty", lang), **texts)
    events = release.events[release.events["department"].isin(data["department"])]
    x = _axis(data, events, release.provenance.as_of, lang)
    marks: list[Mark] = []
    for i, row in enumerate(data.itertuples()):
        marks += _row_marks(i, row, x, release.provenance.as_of, lang)
    marks += _event_marks(events, data, x, lang)
    marks.append(Rule(release.provenance.as_of.toordinal(), "text", t(
        "figure.data_end", lang, date=date(release.provenance.as_of, lang)), dash="dot"))
    panel = Panel(x=x, y=None, marks=tuple(marks), rows=tuple(_row(r, lang) for r in data.itertuples()))
    return Chart(kind="staircase", lang=lang, data=data, panels=(panel,), legend=_legend(data, lang),
                 footnotes=_footnote(events, lang), **texts)


def _table(register: pd.DataFrame, as_of: dt.date, *, by_start: bool) -> pd.DataFrame:
    days = ["planned_start", "start", "wash_in_end", "paused_from", "paused_to"]
    data = register[["name", *days]].rename_axis("department").reset_index()
    for day in days:
        data[day] = pd.to_datetime(data[day])
    data["started"] = [released.has_started(day, as_of) for day in data["start"]]
    if by_start:
        data = data.assign(_at=data["start"].where(data["started"]), _then=data["planned_start"].fillna(data["start"]))
        data = data.sort_values(["_at", "_then"], kind="stable", na_position="last").drop(columns=["_at", "_then"])
    return data.reset_index(drop=True)


def _axis(data: pd.DataFrame, events: pd.DataFrame, as_of: dt.date, lang: str) -> Axis:
    days = pd.concat([data["planned_start"], data["start"], events["event_date"]]).dropna()
    first = (min(days.min(), pd.Timestamp(as_of)) - pd.DateOffset(months=2)).date().replace(day=1)
    last = max(days.max() + pd.DateOffset(months=1), pd.Timestamp(as_of) + pd.DateOffset(days=15)).date()
    axis = time_axis(first=first, last=last, lang=lang)
    return Axis(low=axis.low, high=axis.high, ticks=axis.ticks, minor=axis.minor, grid=True)


def _row_marks(i: int, row, x: Axis, as_of: dt.date, lang: str) -> list[Mark]:
    marks: list[Mark] = []
    end = row.start.toordinal() if row.started else as_of.toordinal()
    marks.append(Line((x.low, end), (i + BAR, i + BAR), "before", dash="dot", width=1.2))
    if row.started:
        marks += _bars(i, row, as_of, lang)
        marks.append(Line((end, end), (i + BAR - 0.24, i + BAR + 0.24), "signal", width=2.6))
    if pd.notna(row.planned_start):
        hover = t("figure.hover_day", lang, place=row.name, what=t("figure.planned_start", lang),
                  date=date(row.planned_start, lang))
        marks.append(Points((row.planned_start.toordinal(),), (i + BAR,), "circle-open", "text", (hover,), 0.9))
    return marks


def _bars(i: int, row, as_of: dt.date, lang: str) -> list[Mark]:
    """Wash-in light, after it dark, a pause as a hatched gap; nothing beyond the last day of the data."""
    last = pd.Timestamp(as_of) + pd.Timedelta(days=1)
    ready = min(row.wash_in_end if pd.notna(row.wash_in_end) else row.start, last)
    pause = (last, last)
    if pd.notna(row.paused_from):
        pause = (min(row.paused_from, last), min(row.paused_to if pd.notna(row.paused_to) else last, last))
    pieces = [
        ("wash_in", row.start, min(ready, pause[0])), ("after_phase", ready, pause[0]), ("paused", *pause),
        ("wash_in", pause[1], ready), ("after_phase", max(pause[1], ready), last),
    ]
    look = {"wash_in": ("wash", False), "after_phase": ("after", False), "paused": ("after", True)}
    return [
        Box(opens.toordinal(), closes.toordinal(), look[what][0], i + BAR - HALF, i + BAR + HALF, hatch=look[what][1], hover=t(
            "figure.hover_span", lang, place=row.name, what=t(f"figure.{what}", lang), first=date(opens, lang),
            last=date(closes - pd.Timedelta(days=1), lang)))
        for what, opens, closes in pieces if closes > opens
    ]


def _event_marks(events: pd.DataFrame, data: pd.DataFrame, x: Axis, lang: str) -> list[Mark]:
    names = letters(events)
    marks: list[Mark] = []
    by_place = dict(list(events.sort_values("event_date", kind="stable").groupby("department")))
    for i, row in enumerate(data.itertuples()):
        if row.department not in by_place:
            continue
        mine = by_place[row.department]
        at = [float(d.toordinal()) for d in mine["event_date"]]
        signs = [names[kind] for kind in zip(mine["component"], mine["co_intervention"].fillna(False).astype(bool), strict=True)]
        marks += [Label(place, i + LETTERS, text, "ink") for place, text in joined(at=at, marks=signs, width=x.high - x.low)]
    return marks


def _row(row, lang: str) -> Row:
    if row.started:
        return Row(row.name, t("figure.started_on", lang, date=date(row.start, lang)), _against_plan(row, lang))
    planned = row.planned_start if pd.notna(row.planned_start) else row.start
    note = t("figure.planned_on", lang, date=date(planned, lang)) if pd.notna(planned) else t("figure.not_planned", lang)
    return Row(row.name, t("verdict.not_started", lang), note)


def _against_plan(row, lang: str) -> str:
    """Whole months between plan and start, in words; nothing where there was no plan."""
    if pd.isna(row.planned_start):
        return ""
    months = round((row.start - row.planned_start).days / 30.44)
    if months == 0:
        return t("figure.on_plan", lang)
    return t("figure.delayed" if months > 0 else "figure.early", lang, months=number(abs(months), lang))


def _legend(data: pd.DataFrame, lang: str) -> tuple[Key, ...]:
    keys = [Key(t("figure.planned_start", lang), "circle-open", "text"), Key(t("figure.start_short", lang), "bar", "signal")]
    if data["started"].any():
        keys += [Key(t("figure.wash_in", lang), "box", "wash"), Key(t("figure.after_phase", lang), "box", "after")]
    if data.loc[data["started"], "paused_from"].notna().any():
        keys.append(Key(t("figure.paused", lang), "hatch", "after"))
    return tuple(keys)


def _footnote(events: pd.DataFrame, lang: str) -> tuple[str, ...]:
    """One line: ``a opplæring · b fagdag ...``."""
    texts = [f"{letter}\u00a0{component_name(code=code, lang=lang, co_intervention=co)}"
             for (code, co), letter in letters(events).items()]
    return (" · ".join(texts),) if texts else ()


def _texts(data: pd.DataFrame, release: Release, lang: str) -> dict[str, str]:
    started, as_of = int(data["started"].sum()), pd.Timestamp(release.provenance.as_of)
    washing = int((data["started"] & (data["wash_in_end"] > as_of)).sum())
    if data[["planned_start", "start"]].isna().all(axis=None):
        title = t("figure.staircase_empty", lang)
    else:
        key = "figure.staircase_title_all" if started == len(data) else "figure.staircase_title"
        title = t(key, lang, started=number(started, lang), count=number(len(data), lang))
    size = "none" if washing == 0 else "one" if washing == 1 else "some"
    rows = "; ".join(f"{r.label}: {r.value}" for r in (_row(x, lang) for x in data.itertuples()))
    return {
        "title": title, "subtitle": t(f"figure.staircase_subtitle_{size}", lang, count=number(washing, lang)),
        "note": t("figure.data_until", lang, date=date(as_of, lang)),
        "alt": t("figure.staircase_alt", lang, title=title, rows=rows),
    }
