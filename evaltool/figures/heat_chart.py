"""The change in each domain of a form by department as a picture: the number, the verdict's sign, and a tint for its size."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..disclosure import demand_release
from ..findings import cell_code, place_name
from ..result import ALL
from ..text import t
from ..text.formats import change, date, number
from .absent import LOOK, absent_keys
from .chart import Axis, Box, Chart, Key, Label, Mark, Panel, Points, Row, Tick

if TYPE_CHECKING:
    import pandas as pd

    from ..result import Release

SIGNS = {"better": ("triangle-up", "after"), "worse": ("triangle-down", "signal"), "no_important_change": ("square", "text"),
         "cannot_tell": ("circle-open", "text"), "not_rated": ("diamond-open", "second")}
LARGE = 0.5
"""From this share of the largest change on, a cell has the stronger tint."""
TINTS = {(True, False): "quiet", (True, True): "for_light", (False, False): "wait", (False, True): "against_light"}
LETTERS = 13


def heat_chart(
    *, release: Release, measures: Mapping[str, str], widths: Mapping[str, float], order: tuple[str, ...], lang: str, form: str,
) -> Chart:
    """Rows: departments in ``order``; columns: ``measures`` (id -> label), the domains of ``form`` (its name). ``widths``: from the lowest
    to the highest score of each, so that a tint means the same in all columns. Hidden cells are hatched, empty ones a dash.

    Raises UsageError on anything but a Release.
    """
    rows = demand_release(release).estimates
    data = rows[rows["measure"].isin(measures) & rows["department"].isin(order)].reset_index(drop=True)
    shown = data[data["status"] == "shown"]
    title, subtitle = _told(data, form, lang)
    texts = {"title": title, "subtitle": subtitle, "note": _note(shown, release, lang)}
    names = [place_name(release=release, department=one, lang=lang) for one in order]
    texts["alt"] = t("view.alt", lang, title=title, rows="; ".join(_said(data, one, name, measures, lang) for one, name in zip(order, names, strict=True)))
    if shown.empty:
        return Chart(kind="heat_chart", lang=lang, data=data, message=t("figure.why_hidden", lang), **texts)
    at, up = {one: i for i, one in enumerate(measures)}, {one: i for i, one in enumerate(order)}
    largest = float((shown["estimate"].abs() / shown["measure"].map(widths)).max())
    marks = tuple(mark for _, row in data.iterrows() for mark in _cell(
        row, at[row["measure"]], up[row["department"]], largest * widths[row["measure"]], lang))
    ticks = tuple(Tick(i, "\n".join(textwrap.wrap(label, LETTERS))) for i, label in enumerate(measures.values()))
    panel = Panel(x=Axis(low=-0.5, high=len(at) - 0.5, ticks=ticks, grid=False), y=None, marks=marks,
                  rows=tuple(Row(name[0].upper() + name[1:]) for name in names))
    return Chart(kind="heat_chart", lang=lang, data=data, panels=(panel,), legend=_legend(data, lang), **texts)


def _told(data: pd.DataFrame, form: str, lang: str) -> tuple[str, str]:
    """How many of the departments' cells that can be shown are better, and worse; what a cell is, and how many are hidden."""
    codes = [cell_code(row) for _, row in data[data["department"] != ALL].iterrows()]
    shown = len(codes) - sum(code in ("suppressed", "no_data", "not_identified") for code in codes)
    title = t("view.domains_title", lang, form=form, shown=number(shown, lang), better=number(codes.count("better"), lang),
              worse=number(codes.count("worse"), lang))
    hidden = codes.count("suppressed")
    cells = t("view.domains_hidden", lang, hidden=number(hidden, lang)) if hidden else ""
    return title, f"{t('view.domains_told', lang)} {cells}".rstrip()


def _note(shown: pd.DataFrame, release: Release, lang: str) -> str:
    until = date(release.provenance.as_of, lang)
    if shown.empty:
        return t("figure.data_until", lang, date=until)
    n = shown["n_before"] + shown["n_after"]
    return t("view.domains_n", lang, low=number(n.min(), lang), high=number(n.max(), lang), date=until)


def _said(data: pd.DataFrame, place: str, name: str, measures: Mapping[str, str], lang: str) -> str:
    mine = data[data["department"] == place]
    return f"{name}: " + ", ".join(f"{measures[row['measure']]} {_text(row, lang)}" for _, row in mine.iterrows())


def _text(row: pd.Series, lang: str) -> str:
    return change(row["estimate"], "points", lang, 2) if row["status"] == "shown" else t(f"status.{row['status']}", lang)


def _cell(row: pd.Series, x: int, y: int, largest: float, lang: str) -> list[Mark]:
    left, right, top, bottom = x - 0.49, x + 0.49, y - 0.46, y + 0.46
    if row["status"] == "suppressed":
        return [Box(left, right, "hidden", top, bottom, hatch=True)]
    if row["status"] != "shown":
        return [Points((float(x),), (float(y),), *LOOK[row["status"]])]
    tint = TINTS[row["estimate"] > 0, bool(largest) and abs(row["estimate"]) >= LARGE * largest]
    shape, role = SIGNS[cell_code(row)]
    return [Box(left, right, tint, top, bottom), Points((x - 0.3,), (float(y),), shape, role), Label(x - 0.16, y, _text(row, lang), "ink", align="left")]


def _legend(data: pd.DataFrame, lang: str) -> tuple[Key, ...]:
    codes = {cell_code(row) for _, row in data.iterrows()}
    keys = [Key(t(f"verdict.{code}", lang), *look) for code, look in SIGNS.items() if code in codes]
    keys += absent_keys(statuses=data["status"], lang=lang)
    return (*keys, Key(t("view.heat_up", lang), "box", "for_light"), Key(t("view.heat_down", lang), "box", "against_light"))
