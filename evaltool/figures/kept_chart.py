"""The values exercise: how many kept each value or group of values, before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from ..disclosure import demand_release
from ..result import ALL
from ..text import t
from ..text.formats import change, date, interval, number, percent
from .absent import absent_keys, absent_marks
from .axes import number_axis
from .chart import Chart, Key, Line, Panel, Points, Row

if TYPE_CHECKING:
    import pandas as pd

    from ..result import Release

OFFSET = 0.14
MOST = 10
"""So many single values are drawn; the table has all."""
SIDES = (("before", "circle-open", -OFFSET), ("after", "diamond", OFFSET))


def kept_chart(*, release: Release, measures: Mapping[str, str], lang: str) -> Chart:
    """One row per group and for the ``MOST`` values with the largest change (id -> label), all departments: share who kept it
    before and after, with the change. The others are counted under the chart."""
    shown = demand_release(release)
    series = shown.series[(shown.series["department"] == ALL) & (shown.series["kind"] == "phase") & shown.series["measure"].isin(measures)]
    data = series[["measure", "phase", "value", "conf_low", "conf_high", "n", "status"]].reset_index(drop=True)
    answers = shown.estimates[shown.estimates["department"] == ALL].drop_duplicates("measure").set_index("measure")
    levels = data[(data["status"] == "shown") & data["phase"].isin(["before", "after"])]
    title = _title(answers[answers.index.isin(measures)], measures, lang)
    texts = {"title": title, "subtitle": t("view.values_subtitle", lang), "note": t("view.note", lang, date=date(release.provenance.as_of, lang))}
    if levels.empty:
        return Chart(kind="kept_chart", lang=lang, data=data, message=t("figure.why_hidden", lang), alt=title, **texts)
    drawn = _largest(answers, measures)
    at = {name: float(i) for i, name in enumerate(drawn)}
    levels = levels[levels["measure"].isin(drawn)]
    marks = [mark for side in SIDES for mark in _marks(levels[levels["phase"] == side[0]], side, at, lang)]
    lines = tuple(_row(answers, levels, name, label, lang) for name, label in drawn.items())
    axis = number_axis(low=0.0, high=float(levels["conf_high"].max()), unit="share", lang=lang, bounds=(0.0, 1.0), title=t("view.axis_kept", lang))
    alt = t("view.alt", lang, title=title.rstrip("."), rows="; ".join(f"{line.label}: {line.value}" for line in lines))
    statuses = [_status(answers, name) if not levels["measure"].eq(name).any() else "shown" for name in measures]
    marks += absent_marks(statuses=statuses, left=axis.low, lang=lang)
    legend = (*(Key(t(f"phase.{name}", lang), shape, name) for name, shape, _ in SIDES), *absent_keys(statuses=statuses, lang=lang))
    return Chart(kind="kept_chart", lang=lang, data=data, panels=(Panel(x=axis, y=None, marks=tuple(marks), rows=lines),),
                 legend=legend, alt=alt, footnotes=_left_out(len(measures) - len(drawn), lang), **texts)


def _largest(answers: pd.DataFrame, measures: Mapping[str, str]) -> dict[str, str]:
    """Every group, and the single values that changed most among those that can be shown; in the order of ``measures``."""
    singles = [name for name in measures if name.startswith("values.value.")]
    if len(singles) <= MOST:
        return dict(measures)
    size = answers.loc[answers["status"] == "shown", "estimate"].abs()
    kept = set(size[size.index.isin(singles)].sort_values(ascending=False).index[:MOST])
    return {name: label for name, label in measures.items() if name not in singles or name in kept}


def _left_out(count: int, lang: str) -> tuple[str, ...]:
    return (t("view.values_rest", lang, count=number(count, lang)),) if count else ()


def _marks(own: pd.DataFrame, side: tuple[str, str, float], at: dict[str, float], lang: str) -> tuple[Line, Points]:
    role, shape, shift = side
    y = own["measure"].map(at).to_numpy(dtype=float) + shift
    ends = np.column_stack([own["conf_low"], own["conf_high"], np.full(len(own), np.nan)]).ravel()
    hover = tuple(f"{t(f'phase.{role}', lang)}: {percent(r.value, lang)}\n{t('view.n', lang, n=number(r.n, lang))}" for r in own.itertuples())
    return Line(tuple(ends), tuple(np.repeat(y, 3)), role, width=2.0), Points(tuple(own["value"]), tuple(y), shape, role, hover)


def _status(answers: pd.DataFrame, name: str) -> str:
    return answers.loc[name, "status"] if name in answers.index else "no_data"


def _row(answers: pd.DataFrame, levels: pd.DataFrame, name: str, label: str, lang: str) -> Row:
    if (status := _status(answers, name)) != "shown":
        return Row(label, t(f"status.{status}", lang))
    found = answers.loc[name]
    value = t("figure.change", lang, change=change(found["estimate"], "share", lang, 0),
              interval=interval(found["conf_low"], found["conf_high"], "share", lang, 0, difference=True))
    n = levels[levels["measure"] == name].set_index("phase")["n"]
    counts = t("figure.n_sides", lang, before=number(n.get("before", np.nan), lang), after=number(n.get("after", np.nan), lang))
    return Row(label, value, counts)


def _title(answers: pd.DataFrame, measures: Mapping[str, str], lang: str) -> str:
    shown = answers[answers["status"] == "shown"]
    more, fewer = ([measures[name] for name in shown.index[hit]] for hit in (shown["conf_low"] > 0, shown["conf_high"] < 0))
    parts = [t(f"view.values_{key}", lang, values=", ".join(names)) for key, names in (("more", more), ("fewer", fewer)) if names]
    return "; ".join(parts) if parts else t("view.values_none", lang)
