"""How soon people come back after discharge: the share by day, before and after, death competing; Kaplan-Meier dotted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..disclosure import demand_release
from ..text import t
from ..text.formats import date, interval, number, percent
from .axes import number_axis
from .chart import Axis, Chart, Key, Line, Mark, Panel, Points, Tick

if TYPE_CHECKING:
    import pandas as pd

    from ..result import Release

LOOK = {"before": ("circle-open", "before"), "after": ("diamond", "after")}
TICKS = (0, 30, 90, 180, 270, 365)
SAID, BARS = 30, (30, 90, 365)
"""The day of the title, and the days at which the intervals are drawn."""
SHARE, FREE = "readmission.within_", "readmission.km_within_"


def return_chart(*, release: Release, lang: str) -> Chart:
    """All departments together, from ``compare.readmission_by``; a message where nothing may be shown.

    Raises UsageError on anything but a Release.
    """
    rows = demand_release(release).series
    rows = rows[rows["measure"].str.startswith((SHARE, FREE)) & rows["status"].eq("shown")]
    rows = rows.assign(day=rows["measure"].str.rsplit("_", n=1).str[1].astype("int64")).sort_values("day", kind="stable")
    shares, free = (rows[rows["measure"].str.startswith(name)] for name in (SHARE, FREE))
    title = _title(shares, lang)
    made = {"kind": "return", "lang": lang, "title": title, "data": rows.reset_index(drop=True),
            "note": _note(shares, release, lang), "alt": t("return.alt", lang, title=title)}
    if shares.empty:
        return Chart(**made, subtitle="", message=t("figure.why_hidden", lang))
    marks: list[Mark] = []
    for phase, (shape, role) in LOOK.items():
        marks += _curve(shares[shares["phase"] == phase], free[free["phase"] == phase], shape, role, lang)
    x = Axis(low=0, high=372, ticks=tuple(Tick(day, number(day, lang)) for day in TICKS), title=t("return.days", lang))
    top = float(shares[["value", "conf_high"]].max().max())
    y = number_axis(low=0.0, high=top, unit="share", lang=lang, bounds=(0.0, 1.0), title=t("return.share", lang))
    return Chart(**made, subtitle=t("return.subtitle", lang), panels=(Panel(x=x, y=y, marks=tuple(marks)),),
                 legend=_legend(shares, free, lang))


def _curve(rows: pd.DataFrame, free: pd.DataFrame, shape: str, role: str, lang: str) -> list[Mark]:
    if rows.empty:
        return []
    days, shares = tuple(rows["day"].astype(float)), tuple(rows["value"])
    hover = tuple(f"{t('return.hover', lang, day=number(r.day, lang), share=percent(r.value, lang, 1))}\n"
                  f"{interval(r.conf_low, r.conf_high, 'share', lang, 1)}" for r in rows.itertuples())
    ends = rows[rows["day"].isin(BARS)].dropna(subset=["conf_low", "conf_high"])
    bars = [Line((r.day, r.day), (r.conf_low, r.conf_high), role, width=1.2) for r in ends.itertuples()]
    dotted = [Line((0.0, *free["day"].astype(float)), (0.0, *free["value"]), role, dash="dot", width=1.4)] if len(free) else []
    return [*bars, *dotted, Line((0.0, *days), (0.0, *shares), role, width=1.8), Points(days, shares, shape, role, hover, 0.8)]


def _legend(shares: pd.DataFrame, free: pd.DataFrame, lang: str) -> tuple[Key, ...]:
    keys = [Key(t(f"phase.{phase}", lang), *LOOK[phase]) for phase in LOOK if phase in set(shares["phase"])]
    return (*keys, *([Key(t("return.free", lang), "dot", "text")] if len(free) else []))


def _title(shares: pd.DataFrame, lang: str) -> str:
    at = shares[shares["day"] == SAID].drop_duplicates("phase").set_index("phase")["value"]
    if not {"before", "after"} <= set(at.index):
        return t("return.title_none", lang)
    return t("return.title", lang, day=number(SAID, lang), before=percent(at["before"], lang, 1), after=percent(at["after"], lang, 1))


def _note(shares: pd.DataFrame, release: Release, lang: str) -> str:
    sizes = shares.drop_duplicates("phase").set_index("phase")["n"]
    told = [t("return.n", lang, phase=t(f"phase.{phase}", lang), n=number(sizes[phase], lang)) for phase in LOOK if phase in sizes]
    return ", ".join(told) + (". " if told else "") + t("figure.data_until", lang, date=date(release.provenance.as_of, lang))
