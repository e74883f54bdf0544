"""Random tables of departments by groups of people, and what hiding small cells with one neighbour each would leave."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
from small_result import small_result

from evaltool.result import ALL, ESTIMATE_COLUMNS, ESTIMATE_TEXT, SERIES_COLUMNS, SERIES_TEXT, Result, canonical

MEASURE = "readmission_30d_unplanned"


def group_result(*, persons: np.ndarray, inside: np.ndarray) -> Result:
    """A share by department and group, one row per person. persons, inside: whole numbers (departments, groups, phases)."""
    departments, groups, phases = persons.shape
    rows = []
    for place in [*range(departments), ALL]:
        for group in [*range(groups), None]:
            for phase in range(phases):
                own = (slice(None) if place == ALL else place, slice(None) if group is None else group, phase)
                n, k = float(persons[own].sum()), float(inside[own].sum())
                rows.append({
                    "measure": MEASURE, "department": ALL if place == ALL else f"d{place}",
                    "subgroup": None if group is None else f"role=r{group}", "kind": "phase", "phase": ("before", "after")[phase],
                    "value": k / n if n else np.nan, "numerator": k, "denominator": n, "n": n, "persons": n,
                    "persons_numerator": k, "persons_complement": n - k, "persons_top_share": 1 / n if n else np.nan, "unit": "share",
                })
    made = _around(departments)
    return replace(made, series=canonical(pd.DataFrame(rows), SERIES_COLUMNS, SERIES_TEXT), notes=made.notes.iloc[:0],
                   estimates=canonical(pd.DataFrame(), ESTIMATE_COLUMNS, ESTIMATE_TEXT))


@cache
def _around(departments: int) -> Result:
    return small_result(persons={f"d{i}": (9, 9) for i in range(departments)}, measure=MEASURE)


def random_table(*, random: np.random.Generator, departments: int, groups: int, phases: int) -> tuple[np.ndarray, np.ndarray]:
    """Persons and those of them inside: many small numbers, some zeros, a few large ones."""
    shape = (departments, groups, phases)
    persons = np.where(random.random(shape) < 0.1, 0, random.geometric(0.08, shape) + random.integers(0, 8, shape))
    return persons, random.binomial(persons, random.uniform(0.15, 0.85))


def one_neighbour(*, series: pd.DataFrame, limit: int) -> pd.Series:
    """``status`` when every small number is hidden and, in a line with one hidden cell, the smallest other one."""
    layers = series[["persons", "persons_numerator", "persons_complement"]].to_numpy()
    hidden = ((layers > 0) & (layers < limit)).any(axis=1)
    hidden |= (layers[:, 0] > 0) & (layers[:, 2] == 0)
    leaf = (series["department"].ne(ALL) & series["subgroup"].notna()).to_numpy()
    there = layers[:, 0] > 0
    lines = [np.array(list(at)) for by in (["phase", "department"], ["phase", "subgroup"])
             for at in series[leaf & there].groupby(by).indices.values()]
    at_leaf = np.flatnonzero(leaf & there)
    for _ in range(len(series)):
        before = hidden.sum()
        for line in lines:
            cells = at_leaf[line]
            if hidden[cells].sum() == 1 and len(cells) > 1:
                free = cells[~hidden[cells]]
                hidden[free[np.argmin(layers[free, 0])]] = True
        if hidden.sum() == before:
            break
    return pd.Series(np.select([~there, hidden], ["no_data", "suppressed"], "shown"), index=series.index, dtype="str")
