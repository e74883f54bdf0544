"""The attacker on rounded counts: everything that was published of a table, at every level, and a solver."""

from __future__ import annotations

import numpy as np
import pandas as pd
from attacker import Sums
from small_result import small_result

from evaltool.count_tables import PERIODS, PLACES, TOTAL, count_rows
from evaltool.disclosure import SERVICE
from evaltool.result import ALL, ESTIMATE_COLUMNS, ESTIMATE_TEXT, SERIES_COLUMNS, SERIES_TEXT, Release, Result, canonical

GROUPS = ("admission_type=unplanned", "admission_type=planned", "admission_type=respite")
ATOMS = ["department", "subgroup", "period"]


def cells_result(*, persons: np.ndarray) -> Result:
    """Counts of persons (departments, groups, quarters) as ``compare.stay_counts`` gives them; two services."""
    departments, groups, quarters = persons.shape
    made = small_result(persons={f"d{i}": (9, 9) for i in range(departments)})
    starts = pd.date_range("2023-01-01", periods=quarters, freq="QS")
    every = pd.MultiIndex.from_product([[f"d{i}" for i in range(departments)], GROUPS[:groups], starts], names=ATOMS)
    number = persons.ravel().astype(float)
    rows = every.to_frame(index=False).assign(measure="counts.admitted", kind="cell", grain="quarter", value=number, numerator=number,
                                              denominator=number, n=number, persons=number, unit="persons")
    register = made.register.assign(service=pd.Series([f"s{i % 2}" for i in range(departments)], dtype="str"))
    return Result(
        series=canonical(rows, SERIES_COLUMNS, SERIES_TEXT), estimates=canonical(pd.DataFrame(), ESTIMATE_COLUMNS, ESTIMATE_TEXT),
        notes=made.notes.iloc[:0], register=register, events=made.events, spec=made.spec, provenance=made.provenance)


def attack_counts(*, releases: list[Release]) -> list[dict]:
    """Cells bounded to fewer values than the base, by all that ``releases`` of the same cells publish at every level: each
    published number is a sum of so many rounded cells, each within the base of its count. Nobody is known to be there."""
    cells = releases[0].series
    known = Sums(atoms=cells[ATOMS].reset_index(drop=True))
    served = SERVICE + releases[0].register.set_index("department")["service"]
    for release in releases:
        base = release.policy["rounded_to"]
        for place in PLACES:
            for by in PERIODS:
                for row in count_rows(release=release, by=by, place=place).itertuples():
                    mine = _mask(known.atoms, row, by, served)
                    known.add(mine, row.persons_rounded - (base - 1) * row.cells, row.persons_rounded + (base - 1) * row.cells)
    found = []
    for at, row in enumerate(known.atoms.itertuples()):
        low, high = known.bounds(np.arange(len(known.atoms)) == at)
        if high - low < releases[0].policy["rounded_to"] - 1:
            found.append({"department": row.department, "subgroup": row.subgroup, "period": row.period, "low": low, "high": high})
    return found


def _mask(atoms: pd.DataFrame, row, by: str, served: pd.Series) -> np.ndarray:
    place = row.place == ALL or atoms["department"].eq(row.place) | atoms["department"].map(served).eq(row.place)
    group = row.group == TOTAL or atoms["subgroup"].eq(row.group)
    when = atoms["period"].dt.to_period({"quarter": "Q", "year": "Y", "all": "Y"}[by]).dt.start_time
    return np.asarray(pd.Series(True, index=atoms.index) & place & group & (by == "all" or when == row.period))
