"""The formulas for reliable change side by side, as texts."""

from __future__ import annotations

import pandas as pd

from ..disclosure import demand_release
from ..result import ALL, Release
from ..text import t
from ..text.formats import absent, interval, percent

FORMULAS = ("JT", "GLN", "HLL", "EN", "NK", "HA", "HLM")
PHASES = ("before", "after", "not_started")
SIDES = ("improved", "deteriorated")


def formula_table(*, release: Release, measure_id: str, lang: str) -> pd.DataFrame:
    """One row per formula of a released ``changed`` view: what it does, and the shares better and worse in each phase with
    their intervals; HLM, which is about all forms, has a column of its own. Empty where there are none."""
    series = demand_release(release).series
    rows = series[(series["department"] == ALL) & (series["kind"] == "formula")]
    rows = {(r.measure, r.phase): r for r in rows.itertuples(index=False)}
    there = {phase for _, phase in rows}
    words = {phase: t(f"phase.{phase}", lang) for phase in PHASES if phase in there}
    words |= {"all": t("formula_column.whole", lang)} if "all" in there else {}
    places = [(t(f"formula_column.phase_{side}", lang, phase=text), phase, side) for phase, text in words.items() for side in SIDES]
    out = []
    for name in FORMULAS:
        cells = [_cell(rows.get((f"{measure_id}.{side}_{name}", phase)), lang) for _, phase, side in places]
        if any(cells):
            out.append((t(f"change_formula.{name}", lang), *cells))
    return pd.DataFrame(out, columns=[t("formula_column.formula", lang), *(heading for heading, *_ in places)], dtype="str")


def _cell(r: object | None, lang: str) -> str:
    """A share with its interval, that it is hidden, or "" where the formula has none."""
    if r is None:
        return ""
    if r.status != "shown":
        return absent(r.status, lang)
    return f"{percent(r.value, lang)} ({interval(r.conf_low, r.conf_high, 'share', lang, 0)})"
