"""The tables at the end of the fix-it list: where the faults lie, how full the columns are, which months are empty."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..contracts import Contract, rule
from ..measures import measure
from ..text import t
from ..text.formats import month, number, percent

if TYPE_CHECKING:
    import pandas as pd

    from ..intake.coverage import Coverage

MOST_COLUMNS = 24
"""More departments or waves than this do not fit a page."""


@dataclass(frozen=True)
class Cell:
    """``text`` as printed; ``shade`` 0 to 4 for the background, 0 for none."""

    text: str
    shade: int = 0


@dataclass(frozen=True)
class Grid:
    """One table: ``columns`` are the headings after the first, ``rows`` (name, cells). ``short`` names its sheet; ``note``
    stands below."""

    title: str
    short: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    note: str = ""


def coverage_grids(*, coverage: Coverage, about: Contract, lang: str) -> list[Grid]:
    """The tables that have something to say, faults first."""
    grids = []
    for by in ("department", "period"):
        grids.append(_faults(coverage.faults[coverage.faults["by"] == by], by, about, lang))
    for by in ("department", "period"):
        grids.append(_filled(coverage.filled[coverage.filled["by"] == by], by, about, lang))
    grids.append(_crossed(coverage.crossed, about, lang))
    grids.append(_months(coverage.empty_months, lang))
    return [grid for grid in grids if grid.rows and len(grid.columns) <= MOST_COLUMNS]


def changes_grid(*, changes: Mapping[str, int], lang: str) -> Grid:
    """Rows ``new``, ``changed``, ``gone`` and ``unchanged`` since the last extract, were the file taken in as it is."""
    rows = tuple((t(f"fixit.changes_{name}", lang), (Cell(number(changes[name], lang)),)) for name in ("new", "changed", "gone", "unchanged"))
    return Grid(t("fixit.changes", lang), t("fixit.changes_short", lang), (t("fixit.changes_column", lang),), rows)


def effects_grid(*, effects: pd.DataFrame | None, note: str, lang: str) -> Grid:
    """Each measure and phase as it was last shown and as it would be; ``effects`` in words, measure and phase first."""
    title, short = t("fixit.effects", lang), t("fixit.effects_short", lang)
    if effects is None:
        return Grid(title, short, (), (), note)
    rows = tuple((f"{name} · {phase}", tuple(map(Cell, cells))) for name, phase, *cells in effects.itertuples(index=False, name=None))
    return Grid(title, short, tuple(effects.columns[2:]), rows, note)


def clashes_grid(*, clashes: pd.DataFrame, lang: str) -> Grid:
    """``measure, department, month`` that stays and monthly totals differ in: one line per measure and department."""
    groups = clashes.groupby(["measure", "department"], sort=False)["month"]
    rows = tuple((f"{measure(name).text('label', lang)} · {place}", (Cell(number(len(days), lang)), Cell(", ".join(month(day, lang) for day in sorted(days)))))
                 for (name, place), days in groups)
    return Grid(t("fixit.clashes", lang), t("fixit.clashes_short", lang), (t("fixit.count", lang), t("fixit.months_column", lang)), rows)


def _crossed(found: pd.DataFrame, about: Contract, lang: str) -> Grid:
    """Variable and department down, wave or year across; only what is not full everywhere."""
    shares = found.assign(share=found["filled"] / found["rows"])
    table = shares.pivot_table(index=["column", "department"], columns="period", values="share", sort=False)
    table = table.loc[table.min(axis=1) < 1, sorted(table.columns)]
    rows = tuple((f"{_label(c, about, lang)} · {place}", tuple(_share(x, lang) for x in table.loc[(c, place)])) for c, place in table.index)
    return Grid(t("fixit.grid", lang), t("fixit.grid_short", lang), _names(table.columns, lang), rows)


def _faults(found: pd.DataFrame, by: str, about: Contract, lang: str) -> Grid:
    counts = found.pivot_table(index="rule", columns=found["place"].fillna(""), values="count", aggfunc="sum", fill_value=0)
    rows = tuple(
        (f"{code} {rule(about.name, code).text[lang]['what']}", tuple(_count(n, lang) for n in counts.loc[code])) for code in counts.index
    )
    return Grid(t(f"fixit.faults_by_{by}", lang), t("fixit.faults_short", lang), _names(counts.columns, lang), rows)


def _count(n: float, lang: str) -> Cell:
    return Cell(number(n, lang) if n else "", min(4, math.ceil(math.log10(n + 1) * 2)) if n else 0)


def _filled(found: pd.DataFrame, by: str, about: Contract, lang: str) -> Grid:
    shares = found.assign(share=found["filled"] / found["rows"], place=found["place"].fillna(""))
    table = shares.pivot_table(index="column", columns="place", values="share", sort=False)
    table = table[sorted(table.columns)]
    rows = tuple((_label(c, about, lang), tuple(_share(x, lang) for x in table.loc[c])) for c in table.index)
    return Grid(t(f"fixit.filled_by_{by}", lang), t("fixit.filled_short", lang), _names(table.columns, lang), rows)


def _share(share: float, lang: str) -> Cell:
    """The emptier, the darker: what is to be looked at stands out."""
    if share != share:
        return Cell("")
    whole = math.floor(share * 100) / 100 if share < 1 else 1.0
    return Cell(percent(whole, lang), 0 if share == 1 else min(4, 1 + int((1 - share) * 4)))


def _months(found: pd.DataFrame, lang: str) -> Grid:
    groups = found.groupby("department", sort=True)["month"]
    rows = tuple((str(name), (Cell(", ".join(month(day, lang) for day in days)),)) for name, days in groups)
    return Grid(t("fixit.months", lang), t("fixit.months_short", lang), (t("fixit.months_column", lang),), rows)


def _names(places: pd.Index, lang: str) -> tuple[str, ...]:
    return tuple(str(p) if p else t("fixit.no_place", lang) for p in places)


def _label(column: str, about: Contract, lang: str) -> str:
    declared = about.columns.get(column)
    return declared.label[lang] if declared else column
