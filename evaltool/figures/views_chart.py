"""Leaders, staff and users on the same scales: how each sees it, and how far apart they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from ..disclosure import demand_release
from ..result import ALL
from ..text import t
from ..text.formats import change, date, interval, number
from .axes import number_axis
from .chart import Chart, Key, Line, Panel, Points, Row

if TYPE_CHECKING:
    import pandas as pd

    from ..result import Release

MARKS = {"leader": ("diamond", "second"), "staff": ("circle", "after"), "user": ("circle-open", "signal"),
         "family": ("square-open", "third"), "clinician": ("square", "before")}
SHIFT = {"leader": -0.2, "staff": 0.0, "user": 0.2, "family": 0.3, "clinician": -0.3}
PAIRS = ("staff-user", "leader-staff", "leader-user")


def views_chart(*, release: Release, measures: Mapping[str, str], lang: str, phases: tuple[str, ...] = ("before", "after")) -> Chart:
    """One row per scale (id -> label) and phase, all departments: a mark and interval for each view, and in numbers
    the gap of the first of ``PAIRS`` that is shown."""
    series = demand_release(release).series
    rows = series[(series["department"] == ALL) & series["measure"].isin(measures) & series["phase"].isin(phases)]
    data = rows[["measure", "phase", "subgroup", "value", "conf_low", "conf_high", "n", "status"]].reset_index(drop=True)
    shown = data[data["status"] == "shown"]
    levels = shown[shown["subgroup"].isin(MARKS)]
    title = _title(shown, measures, lang)
    texts = {"title": title, "subtitle": _subtitle(data, lang), "note": t("view.note", lang, date=date(release.provenance.as_of, lang))}
    if levels.empty:
        return Chart(kind="views_chart", lang=lang, data=data, message=t("figure.why_hidden", lang), alt=title, **texts)
    wanted = [(m, p) for m in measures for p in phases if ((levels["measure"] == m) & (levels["phase"] == p)).any()]
    at = {pair: float(i) for i, pair in enumerate(wanted)}
    marks, legend = [], []
    for view in (v for v in MARKS if levels["subgroup"].eq(v).any()):
        own = levels[levels["subgroup"] == view]
        marks += _marks(own, view, at, lang)
        legend.append(Key(t(f"view_group.{view}", lang), *MARKS[view]))
    lines = tuple(_row(shown, m, p, measures[m], lang) for m, p in wanted)
    low, high = float(levels["conf_low"].min()), float(levels["conf_high"].max())
    axis = number_axis(low=low, high=high, unit="points", lang=lang, bounds=(-np.inf, np.inf), title=t("view.axis_points", lang))
    alt = t("view.alt", lang, title=title.rstrip("."), rows="; ".join(f"{line.label}: {line.value}" for line in lines))
    return Chart(kind="views_chart", lang=lang, data=data, panels=(Panel(x=axis, y=None, marks=tuple(marks), rows=lines),),
                 legend=tuple(legend), alt=alt, **texts)


def _marks(own: pd.DataFrame, view: str, at: dict, lang: str) -> list[Line | Points]:
    shape, role = MARKS[view]
    y = np.array([at[pair] + SHIFT[view] for pair in zip(own["measure"], own["phase"], strict=True)])
    ends = np.column_stack([own["conf_low"], own["conf_high"], np.full(len(own), np.nan)]).ravel()
    hover = tuple(
        f"{t(f'view_group.{view}', lang)}: {number(r.value, lang, 2)} ({interval(r.conf_low, r.conf_high, 'points', lang, 2)})\n{t('view.n', lang, n=number(r.n, lang))}"
        for r in own.itertuples())
    return [Line(tuple(ends), tuple(np.repeat(y, 3)), role, width=2.0), Points(tuple(own["value"]), tuple(y), shape, role, hover)]


def _gaps(shown: pd.DataFrame, measure: str, phase: str) -> pd.DataFrame:
    """The one gap that the row prints, the same pair in every row: the subtitle names it."""
    own = shown[(shown["measure"] == measure) & (shown["phase"] == phase)].set_index("subgroup")
    return own.loc[[pair]] if (pair := _pair(shown)) in own.index else own.iloc[:0]


def _pair(shown: pd.DataFrame) -> str:
    """The gap that is printed; "" where none can be shown."""
    return next((pair for pair in PAIRS if pair in set(shown["subgroup"])), "")


def _row(shown: pd.DataFrame, measure: str, phase: str, label: str, lang: str) -> Row:
    found = [
        t("view.gap", lang, value=change(r.value, "points", lang, 2),
          interval=interval(r.conf_low, r.conf_high, "points", lang, 2, difference=True))
        for _, r in _gaps(shown, measure, phase).iterrows()]
    own = shown[(shown["measure"] == measure) & (shown["phase"] == phase) & shown["subgroup"].isin(MARKS)]
    counts = ", ".join(f"{t(f'view_group.{r.subgroup}', lang).lower()} {number(r.n, lang)}" for r in own.itertuples())
    return Row(f"{label}, {t(f'phase.{phase}', lang).lower()}", " · ".join(found), t("view.counts", lang, counts=counts))


def _subtitle(data: pd.DataFrame, lang: str) -> str:
    """What a mark is, what the number is where there is one, and whose marks are missing because they are hidden."""
    parts, hidden = [t("view.perspectives_marks", lang)], data.loc[data["status"] == "suppressed", "subgroup"]
    if pair := _pair(data[data["status"] == "shown"]):
        first, second = (t(f"view_group.{one}", lang).lower() for one in pair.split("-"))
        parts.append(t("view.perspectives_gap_is", lang, first=first, second=second))
    if gone := ", ".join(t(f"view_group.{view}", lang).lower() for view in MARKS if hidden.eq(view).any()):
        parts.append(t("view.perspectives_hidden", lang, views=gone))
    return " ".join(parts)


def _title(shown: pd.DataFrame, measures: Mapping[str, str], lang: str) -> str:
    """The finding on the first scale: is the gap between staff and users smaller after than before?"""
    first = next(iter(measures), "")
    gaps = shown[(shown["measure"] == first) & (shown["subgroup"] == "staff-user")].set_index("phase")
    if not {"before", "after"} <= set(gaps.index):
        return t("view.perspectives_title", lang)
    before, after = gaps.loc["before", "value"], gaps.loc["after", "value"]
    return t("view.perspectives_gap", lang, before=number(before, lang, 2), after=number(after, lang, 2))
