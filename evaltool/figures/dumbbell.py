"""Before and after per department: open circle, filled diamond, their intervals and the band of no important change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..findings import cell_code
from ..measures import Measure
from ..studied import studied
from ..text import t
from ..text.formats import change, date, interval, number, quantity
from . import released
from .absent import absent_keys, absent_marks
from .chart import Box, Chart, Key, Line, Panel, Points, Row
from .measure_axis import measure_axis

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..result import Release

OFFSET, HALF = 0.14, 0.08
"""Where in its row each side stands, and half the height of a side that is hidden beside one that is shown."""
COLUMNS = (
    "department", "name", "state", "before", "before_low", "before_high", "after", "after_low", "after_high", "change",
    "change_low", "change_high", "n_before", "n_after", "verdict",
)
SIDE = ("department", "phase", "status", "value", "conf_low", "conf_high", "n")
ANSWER = ("department", "status", "estimate", "conf_low", "conf_high", "n_before", "n_after", "verdict")
"""The released columns that a row is made of."""


def dumbbell(*, release: Release, measure: str, lang: str, order: tuple[str, ...] | None = None) -> Chart:
    """Before and after with intervals, one row per department, in register order or in ``order``; never by value.

    Hidden, empty and not started departments keep their row and say which of the three they are. The grey band is the
    smallest important change around the before value, only where the measure has a sourced one.
    Raises UsageError on anything but a Release, an unknown measure or department.
    """
    m = studied(release=release, name=measure)
    data = _table(release, measure, order)
    rows = tuple(data.itertuples())
    said = tuple(_row(row, m, release, lang) for row in rows)
    texts = _texts(data, said, m, release, lang)
    if not data[["before", "after"]].notna().any(axis=None):
        return Chart(kind="dumbbell", lang=lang, data=data, message=t(_why(data), lang), **texts)
    low, high = _extent(data, m)
    axis = measure_axis(measure=m, low=low, high=high, lang=lang)
    # Of a single department the subtitle has the name: in a narrow card it would run into the number.
    drawn = said if len(said) > 1 else (replace(said[0], label=""),)
    panel = Panel(x=axis, y=None, marks=_marks(data, rows, m, axis.low, lang), rows=drawn)
    return Chart(kind="dumbbell", lang=lang, data=data, panels=(panel,), legend=_legend(data, m, lang), **texts)


def _why(data: pd.DataFrame) -> str:
    return "figure.why_hidden" if data["state"].eq("suppressed").any() else "figure.why_empty"


def _table(release: Release, measure: str, order: tuple[str, ...] | None) -> pd.DataFrame:
    """The frame behind the figure: one row per department, NaN where nothing may or can be shown."""
    register = released.departments(release=release, order=order)
    sides = {(row.department, row.phase): row for row in released.phases(release=release, measure=measure)[list(SIDE)].itertuples()}
    answers = {row["department"]: row for row in released.answers(release=release, measure=measure)[list(ANSWER)].to_dict("records")}
    rows = []
    for name, called, start in zip(register.index, register["name"], register["start"], strict=True):
        going = released.has_started(start, release.provenance.as_of)
        row = {"department": name, "name": called, "state": "shown" if going else "not_started"}
        row |= _side(sides, name, ("before",) if going else ("not_started", "before"), "before")
        row |= _side(sides, name, ("after",), "after")
        if going and name in answers:
            row |= _answer(answers[name])
        elif going:
            row["state"] = "no_data"
        rows.append(row)
    return pd.DataFrame(rows).reindex(columns=list(COLUMNS))


def _side(sides: Mapping, name: str, phases: tuple[str, ...], side: str) -> dict:
    row = next((sides[name, phase] for phase in phases if (name, phase) in sides), None)
    if row is None or row.status != "shown":
        return {}
    return {side: row.value, f"{side}_low": row.conf_low, f"{side}_high": row.conf_high, f"n_{side}": row.n}


def _answer(row: Mapping) -> dict:
    if row["status"] != "shown":
        return {"state": row["status"]}
    return {
        "change": row["estimate"], "change_low": row["conf_low"], "change_high": row["conf_high"],
        "n_before": row["n_before"], "n_after": row["n_after"], "verdict": cell_code(row),
    }


def _marks(data: pd.DataFrame, rows: tuple, m: Measure, left: float, lang: str) -> tuple:
    at = np.arange(len(data), dtype="float64")
    bare = data["before"].isna() & data["after"].isna()
    marks = absent_marks(statuses=data["state"].where(bare | data["state"].ne("suppressed"), "shown").tolist(), left=left, lang=lang)
    for i, row in enumerate(rows):
        if m.important is not None and row.state == "shown" and not np.isnan(row.before):
            low, high = row.before - m.important, row.before + m.important
            marks.append(Box(low, high, "band", i - 0.36, i + 0.36, hover=_band_text(m, lang)))
    for side, shift in (("before", -OFFSET), ("after", OFFSET)):
        closed = at[(data["state"].eq("suppressed") & ~bare & data[side].isna()).to_numpy()] + shift
        marks += [Box(-np.inf, np.inf, "hidden", y - HALF, y + HALF, hatch=True, hover=t("status.suppressed", lang)) for y in closed]
    for side, role, shift in (("before", "before", -OFFSET), ("after", "after", OFFSET)):
        ends = np.column_stack([data[f"{side}_low"], data[f"{side}_high"], np.full(len(data), np.nan)]).ravel()
        marks.append(Line(tuple(ends), tuple(np.repeat(at + shift, 3)), role, width=2.0))
    for side, shape, shift in (("before", "circle-open", -OFFSET), ("after", "diamond", OFFSET)):
        keep = data[side].notna().to_numpy()
        hover = tuple(_hover(row, side, m, lang) for row, kept in zip(rows, keep, strict=True) if kept)
        marks.append(Points(tuple(data.loc[keep, side]), tuple(at[keep] + shift), shape, side, hover))
    return tuple(marks)


def _row(row, m: Measure, release: Release, lang: str) -> Row:
    """Name, change with interval (or why there is none) and n on both sides."""
    counts = t("figure.n_sides", lang, before=number(row.n_before, lang), after=number(row.n_after, lang))
    if row.state == "not_started":
        planned = release.register.loc[release.register["department"] == row.department, "planned_start"].iloc[0]
        note = t("figure.planned_on", lang, date=date(planned, lang)) if pd.notna(planned) else ""
        return Row(row.name, _why_none(row.state, lang), note)
    if row.state != "shown":
        return Row(row.name, _why_none(row.state, lang), _half_hidden(row, lang))
    value = t(
        "figure.change", lang, change=change(row.change, m.unit, lang, m.decimals),
        interval=interval(row.change_low, row.change_high, m.unit, lang, m.decimals, difference=True),
    )
    return Row(row.name, value, counts)


def _half_hidden(row, lang: str) -> str:
    """Which side is hidden, where the other one is shown."""
    gone = [side for side in ("before", "after") if np.isnan(getattr(row, side))]
    if row.state != "suppressed" or len(gone) != 1:
        return ""
    return t("figure.side_hidden", lang, side=t(f"phase.{gone[0]}", lang))


def _hover(row, side: str, m: Measure, lang: str) -> str:
    low, high = getattr(row, f"{side}_low"), getattr(row, f"{side}_high")
    return t(
        "figure.hover_level", lang, place=row.name, side=t(f"phase.{side}", lang),
        value=quantity(getattr(row, side), m.unit, lang, m.decimals), interval=interval(low, high, m.unit, lang, m.decimals),
        n=number(getattr(row, f"n_{side}"), lang),
    )


def _extent(data: pd.DataFrame, m: Measure) -> tuple[float, float]:
    """Everything that is drawn: points, intervals and the band around the before value."""
    levels = data[["before", "after", "before_low", "before_high", "after_low", "after_high"]]
    reach = (m.important or 0.0) * data["state"].eq("shown")
    drawn = np.column_stack([levels.to_numpy(dtype="float64"), data["before"] - reach, data["before"] + reach])
    return float(np.nanmin(drawn)), float(np.nanmax(drawn))


def _band_text(m: Measure, lang: str) -> str:
    return t("figure.band", lang, change=number(m.important * (100 if m.unit == "share" else 1), lang, m.decimals if
             m.important % 1 else 0), unit=t(f"unit.change_{m.unit}", lang))


def _legend(data: pd.DataFrame, m: Measure, lang: str) -> tuple[Key, ...]:
    keys = [Key(t("phase.before", lang), "circle-open", "before"), Key(t("phase.after", lang), "diamond", "after")]
    if m.important is not None and data["before"].notna().any():
        keys.append(Key(_band_text(m, lang), "box", "band"))
    return (*keys, *absent_keys(statuses=data["state"], lang=lang))


def _texts(data: pd.DataFrame, said: tuple[Row, ...], m: Measure, release: Release, lang: str) -> dict[str, str]:
    """Title (the finding), subtitle, note and text alternative."""
    going = data[data["state"] != "not_started"]
    title = _title(data, m, release, lang)
    hidden = int(going["state"].eq("suppressed").sum())
    subtitle = _alone(data, m, lang) if len(data) == 1 else t("figure.dumbbell_subtitle", lang, unit=t(f"unit.change_{m.unit}", lang))
    if hidden and len(data) > 1:
        subtitle += " " + t("figure.some_hidden" if hidden > 1 else "figure.one_hidden", lang, count=number(hidden, lang))
    note = t("figure.note", lang, what=m.text("denominator", lang), date=date(release.provenance.as_of, lang))
    rows = "; ".join(f"{row.label}: {row.value}" for row in said)
    alt = t("figure.dumbbell_alt", lang, title=title.rstrip("."), rows=rows)
    return {"title": title, "subtitle": subtitle, "note": note, "alt": alt}


def _alone(data: pd.DataFrame, m: Measure, lang: str) -> str:
    """Which department it is, and both levels in words, the one that is shown, or why there is none."""
    row = next(data.itertuples())
    levels = {side: getattr(row, side) for side in ("before", "after")}
    texts = {side: quantity(level, m.unit, lang, m.decimals) for side, level in levels.items()}
    if not any(map(np.isnan, levels.values())):
        return t("figure.dumbbell_subtitle_alone", lang, place=row.name, **texts)
    shown = [t("figure.level_alone", lang, value=texts[side], side=t(f"phase.{side}", lang).lower()) for side, level in levels.items() if not np.isnan(level)]
    return f"{row.name}: {'; '.join([*shown, _half_hidden(row, lang) or _why_none(row.state, lang)])}."


def _why_none(state: str, lang: str) -> str:
    return t("verdict.not_started" if state == "not_started" else f"status.{state}", lang)


def _title_alone(row: pd.Series, m: Measure, lang: str) -> str:
    """``Personlig bedring: bedre, +5,2 poeng``. The whole sentence stands in the list of findings."""
    way = row["verdict"] if m.direction else "lower" if row["change_high"] < 0 else "higher" if row["change_low"] > 0 else "cannot_tell"
    return t("figure.dumbbell_title_alone", lang, measure=m.text("short", lang), verdict=t(f"moved.{way}", lang),
             change=change(row["change"], m.unit, lang, m.decimals), unit=t(f"unit.change_{m.unit}", lang))


def _title(data: pd.DataFrame, m: Measure, release: Release, lang: str) -> str:
    """How many departments moved which way; a measure without direction says higher and lower, not good and bad.
    Of a single department the verdict and the change."""
    rated = data[data["state"] == "shown"]
    if rated.empty and len(data) == 1:
        return t("figure.dumbbell_title_alone_none", lang, measure=m.text("short", lang), why=_why_none(data["state"].iloc[0], lang))
    if rated.empty:
        return t("figure.nothing_shown", lang, measure=m.text("short", lang))
    if len(data) == 1:
        return _title_alone(rated.iloc[0], m, lang)
    words = ("better", "worse") if m.direction else ("lower", "higher")
    if m.direction:
        first, second = (int(rated["verdict"].eq(word).sum()) for word in words)
    else:
        first, second = int(rated["change_high"].lt(0).sum()), int(rated["change_low"].gt(0).sum())
    key = "none" if not first + second else "both" if first and second else "one"
    if key == "one" and second:
        words, first = words[::-1], second
    return t(
        f"figure.dumbbell_title_{key}", lang, measure=m.text("short", lang), count=number(len(rated), lang),
        first=number(first, lang), second=number(second, lang), first_word=t(f"figure.{words[0]}", lang),
        second_word=t(f"figure.{words[1]}", lang),
    )
