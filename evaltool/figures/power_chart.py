"""Power curves: the chance of seeing a change, by number of departments, one curve per number of answers in each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..measures import measure
from ..text import t
from ..text.formats import change, change_unit, date, number, percent
from .axes import number_axis
from .chart import Chart, Key, Line, Panel, Points, Rule

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

SHAPES = ("circle-open", "diamond", "square-open", "triangle-up")
DASHES = ("dot", "dash", "solid", "solid")


def power_chart(*, planned: pd.DataFrame, design: str, lang: str, as_of: dt.date, wanted: float = 0.8) -> Chart:
    """``planned``: of ``planned_power``, made from released numbers. Up to four numbers of answers are drawn; a measure
    without a change to look for gives a message and the table."""
    rows = planned[planned["design"] == design]
    m = measure(rows["measure"].iloc[0])
    title = _title(rows, design, wanted, lang)
    note = t("power.curve_note", lang, date=date(as_of, lang))
    alt = t("power.curve_alt", lang, title=title)
    made = {"kind": "power", "lang": lang, "title": title, "note": note, "alt": alt, "data": rows.reset_index(drop=True)}
    if rows["power"].isna().all():
        return Chart(**made, subtitle="", message=t("power.no_effect", lang))
    x = number_axis(low=0, high=float(rows["departments"].max()), unit="count", lang=lang, title=t("power.departments", lang))
    y = number_axis(low=0.0, high=1.0, unit="share", lang=lang, bounds=(0.0, 1.02), title=t("power.title", lang))
    marks: list = [Rule(wanted, "ink", t("power.wanted", lang, power=percent(wanted, lang)), vertical=False)]
    for place, (each, part) in enumerate(list(rows.groupby("persons"))[:len(SHAPES)]):
        points = tuple(part["departments"].astype(float)), tuple(part["power"])
        name = t("power.curve_line", lang, count=number(each, lang))
        hover = tuple(f"{name}\n{number(n, lang)}: {percent(p, lang)}" for n, p in zip(*points, strict=True))
        marks += [Line(*points, "after", dash=DASHES[place], width=1.6), Points(*points, SHAPES[place], "after", hover, 0.8)]
    first = rows["effect"].iloc[0]
    subtitle = t("power.curve_subtitle", lang, change=change(first, m.unit, lang, m.decimals), unit=change_unit(m.unit, lang))
    return Chart(**made, subtitle=subtitle, panels=(Panel(x=x, y=y, marks=tuple(marks)),), legend=_legend(rows, lang))


def _legend(rows: pd.DataFrame, lang: str) -> tuple:
    each = sorted(rows["persons"].unique())[:len(SHAPES)]
    return tuple(Key(t("power.curve_line", lang, count=number(n, lang)), SHAPES[i], "after") for i, n in enumerate(each))


def _title(rows: pd.DataFrame, design: str, wanted: float, lang: str) -> str:
    """The fewest departments that are enough with the middle number of answers."""
    sizes = sorted(rows["persons"].unique())
    each = sizes[len(sizes) // 2]
    enough = rows[(rows["persons"] == each) & (rows["power"] >= wanted)]
    values = {"design": t(f"power.{design}", lang), "count": number(each, lang)}
    if enough.empty:
        return t("power.curve_none", lang, design=values["design"], departments=number(rows["departments"].max(), lang))
    return t("power.curve_title", lang, **values, departments=number(enough["departments"].min(), lang))
