"""What the last extract did: rows that are new, changed or gone, and each measure before and now.

Only from what has passed the gate and stands in the ledger: the cells that were shown from the earlier data and those shown now.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .measures import measure
from .result import ALL
from .text import t
from .text.formats import moment, number, quantity

if TYPE_CHECKING:
    from .result import Release
    from .study import Study

EFFECT_COLUMNS = ("measure", "phase", "then", "now", "n_then", "n_now")
PHASES = ("before", "after")


def extract_effects(*, study: Study, release: Release) -> pd.DataFrame:
    """One row per measure and phase, all departments (``EFFECT_COLUMNS``): the level as it was last shown from other data
    under the same definitions, and as ``release`` shows it. Missing where one of the two was not shown; no rows where the
    study was never shown before."""
    from .disclosure import demand_release, shown_cells
    from .store import definition, last_cells
    from .study_release import ROLE

    then = last_cells(study=study, role=ROLE[str(demand_release(release).policy["name"])], snapshot=release.provenance.snapshot,
                      definition=definition(study=study))
    if then.empty:
        return pd.DataFrame(columns=list(EFFECT_COLUMNS))
    both = _levels(shown_cells(series=release.series)).merge(_levels(then), on=["measure", "phase"], how="outer", suffixes=("_now", "_then"))
    asked = [(m, phase) for m in release.spec.measures for phase in PHASES]
    rows = both.set_index(["measure", "phase"]).reindex(asked).rename(columns={"level_now": "now", "level_then": "then"})
    return rows.rename_axis(["measure", "phase"]).reset_index()[list(EFFECT_COLUMNS)]


def ever_shown(*, study: Study) -> bool:
    """Has the study been shown to whoever reads under its own policy, by the definitions it has now?"""
    from .store import definition
    from .store.releases import released_cells
    from .study_release import ROLE

    known = released_cells(study=study, role=ROLE[study.privacy.policy])
    return bool(known["definition"].eq(definition(study=study)).any())


def _levels(cells: pd.DataFrame) -> pd.DataFrame:
    """Of all departments and everybody, by measure and phase."""
    keep = cells["department"].eq(ALL) & cells["subgroup"].eq("") & cells["kind"].eq("phase") & cells["phase"].isin(PHASES)
    rows = cells[keep & cells["n"].gt(0)]
    return pd.DataFrame({"measure": rows["measure"], "phase": rows["phase"], "level": rows["amount"] / rows["n"], "n": rows["n"]}
                        ).drop_duplicates(["measure", "phase"])


def effects_table(*, effects: pd.DataFrame, lang: str) -> pd.DataFrame:
    """The same as texts with headings; a measure that is as it was says so."""
    rows = []
    for one in effects.itertuples(index=False):
        m = measure(one.measure)
        then, now = (_level(value, n, m, lang) for value, n in ((one.then, one.n_then), (one.now, one.n_now)))
        same = np.isclose(one.then, one.now, rtol=1e-9, atol=1e-12) and one.n_then == one.n_now
        rows.append({t("column.measure", lang): m.text("short", lang), t("page.effect_phase", lang): t(f"phase.{one.phase}", lang),
                     t("page.effect_then", lang): then, t("page.effect_now", lang): t("page.effect_same", lang) if same else now})
    return pd.DataFrame(rows)


def _level(value: float, n: float, m, lang: str) -> str:
    return t("page.effect_hidden", lang) if pd.isna(value) else f"{quantity(value, m.unit, lang, m.decimals)} (n = {number(n, lang)})"


def extract_rows(*, study: Study) -> pd.DataFrame:
    """The last import of each table: ``table, at, new, changed, gone, unchanged`` in rows, the latest first."""
    from .store import history

    last = history(study=study).drop_duplicates("table", keep="last").iloc[::-1]
    names = {"table": "table", "at": "at", "rows_new": "new", "rows_changed": "changed", "rows_gone": "gone", "rows_unchanged": "unchanged"}
    return last[list(names)].rename(columns=names).reset_index(drop=True)


def rows_table(*, rows: pd.DataFrame, lang: str) -> pd.DataFrame:
    """The same as texts with headings."""
    from .contracts import contract

    words = {"table": t("status_column.table", lang), "at": t("status_column.when", lang)}
    words |= {name: t(f"page.rows_{name}", lang) for name in ("new", "changed", "gone", "unchanged")}
    out = rows.assign(table=[contract(name).label[lang] for name in rows["table"]],
                      at=[moment(at, lang) for at in pd.to_datetime(rows["at"], utc=True)])
    for name in ("new", "changed", "gone", "unchanged"):
        out[name] = [number(n, lang) for n in rows[name]]
    return out.rename(columns=words)
