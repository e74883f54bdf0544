"""Measures of the same rows: two scales on one form, readmission within 7 and within 30 days.

Their numbers of rows are nearly the same, so what one measure shows tells about the other. Where a number of persons is
small in one of them, the same departments are hidden in all of them, and no series is finer than all together allow.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from ..measures import register
from .block import Block, Rows, few
from .policies import Policy

NEAR = 0.5
"""Share of departments and phases whose numbers of rows must be near for two measures to be of the same rows."""


def same_rows(*, found: list[Block], policy: Policy) -> Iterator[tuple[list[Block], Block]]:
    """(the measures of the same rows, what is known of those rows): two or more measures from one table whose numbers of
    rows differ by fewer than ``min_persons`` in most departments and phases.

    The second is a measure whose amount is the rows themselves: those of the largest measure, with the fewest persons
    that any of them has.
    """
    known = register()
    left = [b for b in found if b.measure in known and not b.monthly]
    while left:
        first, *left = left
        near = [b for b in left if _table(first) == _table(b) and _near(first.phases, b.phases, policy)]
        left = [b for b in left if b not in near]
        if near:
            group = [first, *near]
            yield group, _rows_alone(group, policy)


def _table(block: Block) -> str:
    return register()[block.measure].source.get("table", "stays")


def _near(one: Rows, other: Rows, policy: Policy) -> bool:
    apart = (_keyed(one)["n"] - _keyed(other)["n"]).dropna().abs()
    return len(apart) > 0 and float(apart.lt(policy.min_persons).mean()) > NEAR


def _keyed(rows: Rows) -> pd.DataFrame:
    own = rows.where(rows.kind != "phase_median")
    key = [own.place, own.kind.astype(str), own.phase, own.grain.astype(str), own.month]
    return pd.DataFrame({"n": own.n, "persons": own.persons[:, 0]}, index=pd.MultiIndex.from_arrays(key)).groupby(level=list(range(5))).first()


def _rows_alone(group: list[Block], policy: Policy) -> Block:
    largest = max(group, key=lambda b: np.nansum(b.phases.n))
    parts = {name: _fewest([getattr(b, name) for b in group], getattr(largest, name), policy) for name in ("phases", "periods", "parts")}
    return replace(largest, **parts)


def _fewest(rows: list[Rows], largest: Rows, policy: Policy) -> Rows:
    """The rows of the largest measure with the fewest persons above none, and at risk for these alone."""
    own = largest.where(largest.kind != "phase_median")
    key = pd.MultiIndex.from_arrays([own.place, own.kind.astype(str), own.phase, own.grain.astype(str), own.month])
    each = np.column_stack([_keyed(one)["persons"].reindex(key).to_numpy() for one in rows])
    persons = np.full((len(own), own.persons.shape[1]), 0.0)
    with np.errstate(invalid="ignore"):
        persons[:, 0] = np.fmin.reduce(np.where(each > 0, each, np.nan), axis=1)
    persons[:, 0] = np.where(np.isnan(persons[:, 0]), own.persons[:, 0], persons[:, 0])
    return replace(own, persons=persons, amount=own.n.copy(), top=np.zeros(len(own)), risky=few(persons[:, 0], policy.min_persons))
