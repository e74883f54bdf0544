"""Funnel plot: departments of different size against what chance alone would give. A comparison, never a ranking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..disclosure import demand_release
from ..errors import UsageError
from ..measures import measure as measure_of
from ..stats.funnel import PROBABILITIES, Funnel, funnel, funnel_limits
from ..text import t
from ..text.formats import change, change_unit, date, number, percent, quantity
from . import released
from .axes import number_axis
from .chart import Chart, Key, Label, Line, Panel, Points, Rule
from .measure_axis import measure_axis

if TYPE_CHECKING:
    from ..measures import Measure
    from ..result import Release
    from .chart import Axis

LEAST = 4
KINDS = {"share": "share", "rate": "ratio"}
EXPECTED = "expected"
"""Kind of the rows that hold the expected number (``indicators.expected``)."""
WITHOUT = {"before": ("before", "not_started"), "after": ("after",)}
"""Departments that have not started stand where the others stood before."""
DASHES = {0.95: "dash", 0.998: "solid"}
OUTSIDE = ("triangle-up", "triangle-down")


@dataclass(frozen=True)
class _Told:
    """What is drawn: ``kind`` of limits, the unit and decimals of the values, the horizontal axis in words."""

    kind: str
    unit: str
    decimals: int
    across: str
    words: str


def funnel_chart(*, release: Release, measure: str, lang: str, phase: str | None = None, adjusted: bool = False) -> Chart:
    """Share or rate of each department in ``phase`` by its number of cases, with 95 and 99.8 % limits.

    ``phase``: ``before`` (with the departments that have not started), ``after``, or None for ``after`` where enough
    departments can be shown, else ``before``. ``adjusted``: observed over expected events by the expected number
    (``has_expected``), instead of the share. The limits are exact; when the departments differ more than chance explains
    they are widened by the variance between them (over-dispersion), and the subtitle says so. Departments outside the
    outer limits carry their name. Under four showable departments there is no funnel. Raises UsageError on anything but
    a Release, for a measure that is neither a share nor a rate, and where nothing is expected.
    """
    m = measure_of(measure)
    demand_release(release)
    if m.kind not in KINDS:
        raise UsageError("funnel_kind", got=measure, expected=", ".join(KINDS))
    if adjusted and not has_expected(release=release, measure=measure):
        raise UsageError("funnel_expected", got=measure)
    make = _ratios if adjusted else _table
    phase = phase or next((one for one in ("after", "before") if len(make(release, measure, one)) >= LEAST), "after")
    data, told = make(release, measure, phase), _told(m, adjusted, lang)
    note = t(
        f"process.funnel_{'ratio_' if adjusted else ''}note", lang, what=told.across, shown=number(len(data), lang),
        total=number(len(release.register), lang), date=date(release.provenance.as_of, lang),
    )
    if len(data) < LEAST:
        title = t("process.funnel_few", lang, measure=m.text("short", lang))
        return Chart(kind="funnel", lang=lang, title=title, subtitle="", note=note, alt=title, data=data,
                     message=t("process.funnel_few", lang, measure=m.text("short", lang)))
    found = funnel(kind=told.kind, events=data["events"].to_numpy(), sizes=data["cases"].to_numpy())
    data = data.assign(position=_position(data, found))
    return _drawn(data, found, told, m, release, phase, note, lang)


def has_expected(*, release: Release, measure: str) -> bool:
    """Does ``release`` hold expected numbers of ``measure``?"""
    rows = demand_release(release).series
    return bool((rows["measure"].eq(measure) & rows["kind"].eq(EXPECTED)).any())


def _told(m: Measure, adjusted: bool, lang: str) -> _Told:
    if adjusted:
        return _Told("ratio", "ratio", 2, t("process.funnel_expected", lang, what=m.text("numerator", lang)), "ratio")
    return _Told(KINDS[m.kind], m.unit, m.decimals, m.text("denominator", lang), "title")


def _table(release: Release, measure: str, phase: str) -> pd.DataFrame:
    rows = released.phases(release=release, measure=measure)
    rows = rows[rows["phase"].isin(WITHOUT[phase]) & (rows["department"] != "*") & (rows["status"] == "shown") & (rows["denominator"] > 0)]
    names = release.register.set_index("department")["name"]
    return pd.DataFrame({
        "department": rows["department"].to_numpy(), "name": rows["department"].map(names).to_numpy(),
        "events": rows["numerator"].to_numpy(), "cases": rows["denominator"].to_numpy(), "value": rows["value"].to_numpy(),
    })


def _ratios(release: Release, measure: str, phase: str) -> pd.DataFrame:
    """As ``_table``, with the expected number as ``cases`` and observed over expected as ``value``."""
    rows = release.series[release.series["measure"].eq(measure) & release.series["kind"].eq(EXPECTED)]
    rows = rows[rows["phase"].isin(WITHOUT[phase]) & rows["status"].eq("shown") & rows["value"].gt(0)]
    known = rows.set_index("department")["value"]
    data = _table(release, measure, phase)
    data = data[data["department"].isin(known.index)].assign(cases=lambda part: part["department"].map(known))
    return data.assign(value=data["events"] / data["cases"]).reset_index(drop=True)


def _position(data: pd.DataFrame, found: Funnel) -> np.ndarray:
    """``above`` or ``below`` the outer limits, else ``inside``."""
    low, high = funnel_limits(kind=found.kind, sizes=data["cases"].to_numpy(), centre=found.centre, tau2=found.tau2,
                              probability=PROBABILITIES[1])
    return np.select([data["value"] > high, data["value"] < low], ["above", "below"], "inside")


def _drawn(data, found, told, m, release, phase, note, lang) -> Chart:
    widest = float(data["cases"].max())
    x = number_axis(low=0.0, high=widest * 1.02, unit="count", lang=lang, title=told.across)
    least = float(data["cases"].min())
    sizes = np.unique(np.append(np.linspace(max(1.0, least * 0.6), x.high, 160).round(0 if told.kind == "share" else 6), least))
    lines, top = [], [float(data["value"].max())]
    for probability in PROBABILITIES:
        ends = funnel_limits(kind=found.kind, sizes=sizes, centre=found.centre, tau2=found.tau2, probability=probability)
        lines += [Line(tuple(sizes), tuple(end), "before", dash=DASHES[probability], width=1.4) for end in ends]
        top.append(float(np.interp(least, sizes, ends[1]) if probability == PROBABILITIES[0] else np.median(ends[1])))
    y = _value_axis(m, told, max(top) * 1.05, lang)
    marks = (*(_clipped(line, y.high) for line in lines), Rule(found.centre, "after", dash="solid", vertical=False),
             *_points(data, told, lang), *_names(data, x.high))
    texts = _texts(data, found, told, m, release, phase, lang)
    return Chart(kind="funnel", lang=lang, data=data, note=note, panels=(Panel(x=x, y=y, marks=marks),),
                 legend=_legend(data, found, told, lang), **texts)


def _value_axis(m: Measure, told: _Told, high: float, lang: str) -> Axis:
    if told.unit == "ratio":
        return number_axis(low=0.0, high=high, unit="ratio", lang=lang, title=t("process.funnel_ratio_axis", lang))
    return measure_axis(measure=m, low=0.0, high=high, lang=lang)


def _clipped(line: Line, top: float) -> Line:
    return Line(line.x, tuple(v if v <= top else float("nan") for v in line.y), line.role, line.dash, line.width)


def _points(data: pd.DataFrame, told: _Told, lang: str) -> list[Points]:
    out = []
    for position, shape, role in (("inside", "circle", "before"), ("above", OUTSIDE[0], "second"), ("below", OUTSIDE[1], "second")):
        part = data[data["position"] == position]
        if len(part):
            hover = tuple(_hover(row, told, lang) for row in part.itertuples(index=False))
            out.append(Points(tuple(part["cases"]), tuple(part["value"]), shape, role, hover, 0.95))
    return out


def _hover(row, told: _Told, lang: str) -> str:
    value = quantity(row.value, told.unit, lang, told.decimals)
    if told.unit == "ratio":
        return t("process.funnel_ratio_hover", lang, place=row.name, value=value, events=number(row.events, lang),
                 expected=number(row.cases, lang, 1))
    return t("process.funnel_hover", lang, place=row.name, value=value, n=number(row.cases, lang))


def _names(data: pd.DataFrame, right: float) -> list[Label]:
    return [Label(row.cases, row.value, row.name, "ink", "right" if row.cases > right / 2 else "left",
                  1 if row.position == "above" else -1, halo=True)
            for row in data.itertuples(index=False) if row.position != "inside"]


def _legend(data: pd.DataFrame, found: Funnel, told: _Told, lang: str) -> tuple[Key, ...]:
    keys = [Key(t("process.overall", lang, value=quantity(found.centre, told.unit, lang, told.decimals)), "line", "after")]
    keys += [Key(t("process.limit", lang, level=percent(p, lang, 1 if p > 0.99 else 0)), "line" if DASHES[p] == "solid" else
                 "dash", "before") for p in PROBABILITIES]
    for position, shape, role in (("inside", "circle", "before"), ("above", OUTSIDE[0], "second"), ("below", OUTSIDE[1], "second")):
        if data["position"].eq(position).any():
            keys.append(Key(t(f"process.funnel_{position}", lang), shape, role))
    return tuple(keys)


def _texts(data, found, told, m, release, phase, lang) -> dict[str, str]:
    count = int(data["position"].ne("inside").sum())
    title = t(f"process.funnel_{told.words}", lang, measure=m.text("short", lang), count=number(count, lang), total=number(len(data), lang))
    when = phase if phase == "after" or data["department"].isin(_started(release, m.id)).all() else "before_or_none"
    said = [t("process.funnel_subtitle", lang, phase=t(f"process.funnel_when_{when}", lang))]
    if told.unit == "ratio":
        said.append(t("process.funnel_adjusted", lang))
    if found.tau2 > 0:
        said.append(t("process.funnel_wide", lang))
    spread = {side: _between(release, m, side) for side in ("before", "after")}
    if told.unit != "ratio" and all(value is not None for value in spread.values()):
        words = {side: f"{change(value, m.unit, lang, m.decimals).lstrip('+')} {change_unit(m.unit, lang)}" for side, value in spread.items()}
        said.append(t("process.funnel_between", lang, **words))
    rows = "; ".join(f"{r.name}: {t(f'process.funnel_{r.position}', lang)}" for r in data.itertuples(index=False))
    return {"title": title, "subtitle": " ".join(said), "alt": f"{title}. {rows}."}


def _between(release: Release, m: Measure, phase: str) -> float | None:
    """Standard deviation between departments in one phase; None when too few can be shown."""
    part = _table(release, m.id, phase)
    part = part[part["department"].isin(_started(release, m.id))]
    if len(part) < LEAST:
        return None
    return funnel(kind=KINDS[m.kind], events=part["events"].to_numpy(), sizes=part["cases"].to_numpy()).between


def _started(release: Release, measure: str) -> set[str]:
    """Departments with a phase before or after a start."""
    rows = released.phases(release=release, measure=measure)
    return set(rows.loc[rows["phase"].isin(["before", "after"]), "department"])
