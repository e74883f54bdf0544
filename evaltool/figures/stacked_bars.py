"""Shares of one whole side by side: answers around a middle, or who improved, is unchanged and deteriorated."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from ..disclosure import demand_release
from ..result import ALL
from ..text import t
from ..text.formats import date, number, percent
from .absent import absent_keys, absent_marks
from .axes import number_axis
from .chart import Axis, Box, Chart, Key, Panel, Points, Row, Tick

if TYPE_CHECKING:
    from ..result import Release

ROLES = {
    2: ("against", "for"), 3: ("against", "neutral", "for"), 4: ("against", "against_light", "for_light", "for"),
    5: ("against", "against_light", "neutral", "for_light", "for"),
}
GUTTER = 0.06
MIDDLE = 0.55
"""How wide the column of the middle part is at most."""
HALF = 0.3
PHASES = ("before", "after", "not_started")
ABOVE = "above"
"""What is above the middle as a measure of its own."""


@dataclass(frozen=True)
class Parts:
    """``kinds`` of a measure from worst to best with their ``texts``; the middle one of an odd number stands in a column
    of its own, so that nobody counts it to either side. ``low``, ``high``: what those below and above the middle are called."""

    kinds: tuple[str, ...]
    texts: tuple[str, ...]
    low: str
    high: str


def stacked_bars(
    *, release: Release, measures: Mapping[str, str], parts: Parts, lang: str, title: str, subtitle: str,
    phases: Sequence[str] = PHASES, department: str = ALL, found: str = "", alone: Mapping[str, str] | None = None,
) -> Chart:
    """One bar per measure (id -> label) and phase in ``department`` (``"*"``: all together): the parts below the middle to the left of 0, those
    above to the right, the middle one in its own column at the right. A hidden bar is hatched and says so; where the share above
    the middle is a measure of its own that is shown (``alone``: measure -> that one, of three parts), it is drawn, the rest hatched.

    ``found``: key of the text that says after ``title`` what was found, of the bar that moved most from before to after or
    of the only bar.
    """
    series = demand_release(release).series
    rows = series[series["measure"].isin(measures) & (series["department"] == department) & series["kind"].isin(parts.kinds)]
    wanted = [(m, p) for m in measures for p in phases if ((rows["measure"] == m) & (rows["phase"] == p)).any()]
    above = {(alone[m], p): m for m, p in wanted if m in (alone or {})}
    beside = series[series["department"].eq(department) & series["kind"].eq("phase") & series["status"].eq("shown") & series["subgroup"].isna()]
    beside = beside[pd.MultiIndex.from_frame(beside[["measure", "phase"]]).isin(list(above))]
    beside = beside.assign(measure=[above[key] for key in zip(beside["measure"], beside["phase"], strict=True)], kind=ABOVE)
    data = pd.concat([rows, beside])[["measure", "phase", "kind", "value", "n", "status"]].reset_index(drop=True)
    note = t("view.note" if department == ALL else "view.gap_note", lang, date=date(release.provenance.as_of, lang))
    texts = {"title": title, "subtitle": subtitle, "note": note}
    if not wanted or not data["status"].eq("shown").any():
        return Chart(kind="stacked_bars", lang=lang, data=data, message=t("figure.why_hidden" if wanted else "figure.why_empty", lang), alt=title, **texts)
    bars = [_bar(data, m, p, parts) for m, p in wanted]
    if found and any(not isinstance(bar, str) for bar in bars):
        texts["title"] = f"{title}: {_found(found, dict(zip(wanted, bars, strict=True)), measures, parts, lang)}"
    room = max([value for bar in bars if not isinstance(bar, str) for value in _sides(bar) if not math.isnan(value)] + [0.1])
    marks, lines = [], []
    for i, ((m, phase), bar) in enumerate(zip(wanted, bars, strict=True)):
        marks += _boxes(bar, i, parts, room, lang)
        lines.append(_row(measures[m], phase, bar, parts, data, m, lang))
    return Chart(kind="stacked_bars", lang=lang, data=data, legend=_legend(parts, bars, lang), alt=_alt(texts["title"], lines, bars, parts, lang),
                 panels=(Panel(x=_axis(room, parts, lang), y=None, marks=tuple(marks), rows=tuple(lines)),), **texts)


def _bar(data: pd.DataFrame, measure: str, phase: str, parts: Parts) -> list[float] | str:
    """The shares in the order of the parts, or the status where they are not all shown; nothing (nan) for those below the last
    where it alone is shown."""
    own = data[(data["measure"] == measure) & (data["phase"] == phase)].set_index("kind")
    if not own["status"].eq("shown").all():
        if ABOVE in own.index:
            return [math.nan] * (len(parts.kinds) - 1) + [float(own.at[ABOVE, "value"])]
        return "suppressed" if own["status"].eq("suppressed").any() else own.loc[own["status"].ne("shown"), "status"].iloc[0]
    return [float(value) for value in own["value"].reindex(list(parts.kinds)).fillna(0.0)]


def _sides(bar: list[float]) -> tuple[float, float]:
    half = len(bar) // 2
    return sum(bar[:half]), sum(bar[-half:])


def _found(key: str, bars: dict, measures: Mapping[str, str], parts: Parts, lang: str) -> str:
    """The bar with the largest difference above the middle from before to after; without two phases the first that is shown."""
    high = {pair: _sides(bar)[1] for pair, bar in bars.items() if not isinstance(bar, str)}
    moved = {m: high[m, "after"] - high[m, "before"] for m in measures if {(m, "before"), (m, "after")} <= set(high)}
    if not moved:
        (name, _), bar = next((pair, bar) for pair, bar in bars.items() if not isinstance(bar, str))
        return t(key, lang, label=measures[name], low=_share(_sides(bar)[0], lang), high=percent(_sides(bar)[1], lang))
    most = max(moved, key=lambda name: abs(moved[name]))
    return t(key, lang, label=measures[most], before=percent(high[most, "before"], lang), after=percent(high[most, "after"], lang), side=parts.high)


def _boxes(bar: list[float] | str, i: int, parts: Parts, room: float, lang: str) -> list[Box | Points]:
    if isinstance(bar, str):
        return absent_marks(statuses=["shown"] * i + [bar], left=-room, lang=lang, half=HALF)
    half, roles = len(bar) // 2, ROLES[len(bar)]
    if math.isnan(bar[0]):
        gone = {"role": "hidden", "y0": i - HALF, "y1": i + HALF, "hatch": True, "hover": t("status.suppressed", lang)}
        places = ((-room, 0.0), (room + GUTTER, room + GUTTER + MIDDLE))
        return [*(Box(x0, x1, **gone) for x0, x1 in places[:1 + len(bar) % 2]),
                Box(0.0, bar[-1], roles[-1], i - HALF, i + HALF, hover=f"{parts.texts[-1]}: {percent(bar[-1], lang)}")]
    out, at = [], -_sides(bar)[0]
    for k in (*range(half), *range(len(bar) - half, len(bar))):
        if bar[k] > 0:
            out.append(Box(at, at + bar[k], roles[k], i - HALF, i + HALF, hover=f"{parts.texts[k]}: {percent(bar[k], lang)}"))
        at += bar[k]
    if len(bar) % 2:
        start = room + GUTTER
        out.append(Box(start, start + bar[half], roles[half], i - HALF, i + HALF, hover=f"{parts.texts[half]}: {percent(bar[half], lang)}"))
    return out


def _row(label: str, phase: str, bar: list[float] | str, parts: Parts, data: pd.DataFrame, measure: str, lang: str) -> Row:
    name = f"{label}, {t(f'phase.{phase}', lang).lower()}" if phase in PHASES else label
    if isinstance(bar, str):
        return Row(name, t(f"status.{bar}", lang))
    low, high = _sides(bar)
    own = data[data["measure"].eq(measure) & data["phase"].eq(phase) & data["status"].eq("shown")]
    n = own["n"].iloc[0]
    value = t("view.bar", lang, low=_share(low, lang), high=_share(high, lang))
    return Row(name, value, t("view.n", lang, n=number(n, lang)))


def _share(value: float, lang: str) -> str:
    return t("status.suppressed", lang) if math.isnan(value) else percent(value, lang)


def _axis(room: float, parts: Parts, lang: str) -> Axis:
    """Per cent to both sides; the middle column begins at its own 0."""
    plain = number_axis(low=0.0, high=room, unit="share", lang=lang, bounds=(0.0, 1.0), title="")
    steps = [tick.at for tick in plain.ticks if 0 < tick.at <= room]
    ticks = [Tick(-at, percent(at, lang)) for at in steps[::-1]] + [Tick(0.0, percent(0, lang))] + [Tick(at, percent(at, lang)) for at in steps]
    width = 1.0 if len(parts.kinds) % 2 else 0.0
    return Axis(-room - 0.02, room + (GUTTER + min(MIDDLE, width) if width else 0.02), tuple(ticks), title=t("view.axis_share", lang))


def _legend(parts: Parts, bars: list, lang: str) -> tuple[Key, ...]:
    keys = [Key(text, "box", role) for text, role in zip(parts.texts, ROLES[len(parts.texts)], strict=True)]
    gone = [bar if isinstance(bar, str) else "suppressed" for bar in bars if isinstance(bar, str) or math.isnan(bar[0])]
    return (*keys, *absent_keys(statuses=gone, lang=lang))


def _alt(title: str, lines: list[Row], bars: list, parts: Parts, lang: str) -> str:
    """As the rows, with the sides in words instead of arrows."""
    said = []
    for line, bar in zip(lines, bars, strict=True):
        sides = ("",) if isinstance(bar, str) else (f"{name}: {_share(share, lang)}" if math.isnan(share) else f"{percent(share, lang)} {name}" for share, name in zip(_sides(bar), (parts.low, parts.high), strict=True))
        said.append(f"{line.label}: {line.value if isinstance(bar, str) else ', '.join(sides)}")
    return t("view.alt", lang, title=title.rstrip("."), rows="; ".join(said))
