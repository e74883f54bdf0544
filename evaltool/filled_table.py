"""How much of one column is filled in, by department and wave or year, as words."""

from __future__ import annotations

import pandas as pd

from .disclosure import demand_release
from .findings import place_name
from .result import ALL, Release
from .text import t
from .text.formats import percent

PREFIX = "filled."
BANDS = {0.0: "low", 0.5: "middle", 0.8: "high"}
"""Where a band begins, and what it is called."""

HIDDEN, EXACT = "hidden", "filled"


def filled_columns(*, release: Release) -> pd.DataFrame:
    """``table, column, measure`` of what can be looked at, in each table the emptiest (over all waves that have an exact share)
    first."""
    rows = demand_release(release).series
    rows = rows[rows["measure"].str.startswith(PREFIX) & rows["department"].eq(ALL)]
    parts = rows["measure"].str.split(".", n=2, expand=True).reindex(columns=[0, 1, 2])
    exact = rows["value"].where(rows["kind"].eq(EXACT))
    each = rows.assign(table=parts[1], column=parts[2], value=exact).groupby(["table", "column", "measure"], sort=False)["value"].mean()
    return each.reset_index().sort_values(["table", "value"], kind="stable", na_position="last").drop(columns="value").reset_index(drop=True)


def filled_table(*, release: Release, measure: str, lang: str) -> pd.DataFrame:
    """One row per department and period: ``department, name, period, level, text``; ``level`` is ``low``, ``middle``, ``high`` or
    ``hidden``. All departments first."""
    rows = demand_release(release).series
    rows = rows[rows["measure"].eq(measure)]
    shown = rows["status"].eq("shown")
    begins = pd.cut(rows["value"], [*BANDS, float("inf")], right=False, labels=list(BANDS.values())).astype("object").where(shown, HIDDEN)
    text = [_text(r.kind, r.value, level, lang) for r, level in zip(rows.itertuples(), begins, strict=True)]
    out = pd.DataFrame({"department": rows["department"], "period": rows["phase"], "level": begins, "text": text})
    out["name"] = [t("view.all_places", lang) if place == ALL else place_name(release=release, department=place, lang=lang)
                   for place in out["department"]]
    order = {place: i for i, place in enumerate([ALL, *release.register["department"]])}
    return out.sort_values(["department", "period"], key=lambda s: s.map(order) if s.name == "department" else s, kind="stable").reset_index(drop=True)


def _text(kind: str, value: float, level: str, lang: str) -> str:
    if level == HIDDEN:
        return t("status.suppressed", lang)
    return percent(value, lang) if kind == EXACT else t(f"filled.{level}", lang)
