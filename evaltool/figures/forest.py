"""Each department's own change, their mean, and where the change of a new department would lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..measures import Measure
from ..result import ALL
from ..studied import studied
from ..text import t
from ..text.formats import change, change_unit, date, interval, number
from . import released
from .absent import absent_keys, absent_marks
from .axes import number_axis
from .chart import Box, Chart, Key, Line, Panel, Points, Row, Rule

if TYPE_CHECKING:
    from ..result import Release

PREDICTION, POOLED = "prediction_interval", "pooled"
COLUMNS = ("department", "kind", "name", "status", "estimate", "conf_low", "conf_high", "n_before", "n_after", "departments")
LOOK = {"own": ("diamond", "after"), "pooled": ("square", "ink"), "new": ("square-open", "second")}


def forest(*, release: Release, measure: str, lang: str, order: tuple[str, ...] | None = None) -> Chart:
    """One row per started department in register order or ``order`` with its change and interval, then the departments
    together (random effects) and the interval for a new department, beside a line at no change. Hidden rows say so.

    Raises UsageError on anything but a Release, an unknown measure or department.
    """
    m = studied(release=release, name=measure)
    data = _table(release, measure, order, lang)
    shown = data[data["status"] == "shown"]
    texts = _texts(data, m, release, lang)
    if shown.empty:
        why = "figure.why_hidden" if data["status"].eq("suppressed").any() else "figure.why_empty"
        return Chart(kind="forest", lang=lang, data=data, message=t(why, lang), **texts)
    low, high = min(0.0, float(shown["conf_low"].min())), max(0.0, float(shown["conf_high"].max()))
    axis = number_axis(low=low * _scale(m), high=high * _scale(m), unit="points", lang=lang, title=t(
        "figure.axis_change", lang, label=_small(m.text("short", lang)), unit=change_unit(m.unit, lang)))
    panel = Panel(x=axis, y=None, marks=_marks(data, m, axis.low, lang), rows=tuple(_row(r, m, lang) for r in data.itertuples()))
    return Chart(kind="forest", lang=lang, data=data, panels=(panel,), legend=_legend(data, m, lang), **texts)


def _small(name: str) -> str:
    """A name as it stands inside a sentence."""
    return name[0].lower() + name[1:]


def _scale(m: Measure) -> float:
    """A share is drawn in percentage points."""
    return 100.0 if m.unit == "share" else 1.0


def _table(release: Release, measure: str, order: tuple[str, ...] | None, lang: str) -> pd.DataFrame:
    register = released.departments(release=release, order=order)
    own = released.answers(release=release, measure=measure)
    rows = [_entry(own.loc[name], "own", entry["name"]) for name, entry in register.iterrows() if name in own.index]
    found = release.estimates
    found = found[found["measure"].eq(measure) & found["department"].eq(ALL) & found["subgroup"].isna()]
    for kind, method in (("pooled", POOLED), ("new", PREDICTION)):
        rows += [_entry(row, kind, t(f"figure.forest_{kind}", lang))
                 for _, row in found[found["method"].fillna("").str.startswith(method)].iterrows()]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _entry(row: pd.Series, kind: str, name: str) -> dict:
    return {"kind": kind, "name": name} | {column: row[column] for column in COLUMNS if column not in ("kind", "name")}


def _marks(data: pd.DataFrame, m: Measure, left: float, lang: str) -> tuple:
    at, scale = np.arange(len(data), dtype="float64"), _scale(m)
    marks: list = [Rule(0.0, "text", t("figure.no_change", lang))]
    if m.important is not None:
        marks.append(Box(-m.important * scale, m.important * scale, "band", -0.5, len(data) - 0.5))
    marks += absent_marks(statuses=data["status"].tolist(), left=left, lang=lang)
    for kind, (shape, role) in LOOK.items():
        keep = (data["kind"].eq(kind) & data["status"].eq("shown")).to_numpy()
        mine = data[keep]
        ends = np.column_stack([mine["conf_low"] * scale, mine["conf_high"] * scale, np.full(len(mine), np.nan)]).ravel()
        marks.append(Line(tuple(ends), tuple(np.repeat(at[keep], 3)), role, width=2.4, dash="dash" if kind == "new" else "solid"))
        if kind != "new" and len(mine):
            hover = tuple(f"{r.name}: {_said(r, m, lang)}" for r in mine.itertuples(index=False))
            marks.append(Points(tuple(mine["estimate"] * scale), tuple(at[keep]), shape, role, hover))
    return tuple(marks)


def _said(r, m: Measure, lang: str) -> str:
    return t("figure.change", lang, change=change(r.estimate, m.unit, lang, m.decimals),
             interval=interval(r.conf_low, r.conf_high, m.unit, lang, m.decimals, difference=True))


def _row(r, m: Measure, lang: str) -> Row:
    """The change with its interval, or why there is none; n of a department, number of departments of a sum."""
    if r.status != "shown":
        return Row(r.name, t(f"status.{r.status}", lang))
    if r.kind == "new":
        return Row(r.name, interval(r.conf_low, r.conf_high, m.unit, lang, m.decimals, difference=True))
    if r.kind == "pooled":
        return Row(r.name, _said(r, m, lang), t("figure.forest_departments", lang, count=number(r.departments, lang)))
    return Row(r.name, _said(r, m, lang), t("figure.n_sides", lang, before=number(r.n_before, lang), after=number(r.n_after, lang)))


def _legend(data: pd.DataFrame, m: Measure, lang: str) -> tuple[Key, ...]:
    shown = data[data["status"] == "shown"]
    keys = [Key(t(f"figure.forest_key_{kind}", lang), "dash" if kind == "new" else shape, role)
            for kind, (shape, role) in LOOK.items() if shown["kind"].eq(kind).any()]
    if m.important is not None:
        keys.append(Key(t("figure.forest_band", lang), "box", "band"))
    return (*keys, *absent_keys(statuses=data["status"], lang=lang))


def _texts(data: pd.DataFrame, m: Measure, release: Release, lang: str) -> dict[str, str]:
    own = data[data["kind"] == "own"]
    shown, hidden = own[own["status"] == "shown"], int(own["status"].eq("suppressed").sum())
    title = _title(data, m, lang)
    whole = data["kind"].ne("own").any()
    subtitle = t("figure.forest_subtitle" if whole else "figure.forest_subtitle_alone", lang, unit=change_unit(m.unit, lang))
    if hidden:
        subtitle += " " + t("figure.some_hidden" if hidden > 1 else "figure.one_hidden", lang, count=number(hidden, lang))
    note = t("figure.forest_note", lang, count=number(len(shown), lang), what=m.text("denominator", lang),
             date=date(release.provenance.as_of, lang))
    rows = "; ".join(f"{r.label}: {r.value}" for r in (_row(x, m, lang) for x in data.itertuples()))
    return {"title": title, "subtitle": subtitle, "note": note, "alt": t("figure.dumbbell_alt", lang, title=title.rstrip("."), rows=rows)}


def _title(data: pd.DataFrame, m: Measure, lang: str) -> str:
    """What a new department could expect, where that can be told; else what is drawn."""
    shown = data[data["status"] == "shown"].set_index("kind")
    name = m.text("short", lang)
    if "new" in shown.index and (shown.loc["new", "conf_low"] > 0 or shown.loc["new", "conf_high"] < 0):
        return t("figure.forest_title_same", lang, measure=name)
    if "new" in shown.index:
        return t("figure.forest_title_either", lang, measure=name)
    key = "figure.forest_title_alone" if len(shown) else "figure.nothing_shown"
    return t(key, lang, measure=name)

