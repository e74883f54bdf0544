"""Measures of the same rows: two scales on one form, readmission within 7 and within 30 days.

Their numbers of rows are nearly the same, so what one measure shows tells about the other. Where a number of persons is
small in one of them, the same departments are hidden in all of them, and no series is finer than all together allow.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import replace

import numpy as np
import pandas as pd

from ..measures import register
from ..result import ALL, Release, Spec
from .block import TOTAL, Block, Rows, few
from .policies import Policy
from .select import demand_release

WAVES, NO_PHASE = "wave", "none"
BY_WAVE = ("filled", "filled_band", "filled_band_total")
"""Kinds of rows whose ``phase`` is a wave (``compare.filled``)."""
NEAR = 0.5
"""Share of departments and phases whose numbers of rows must be near for two measures to be of the same rows."""


def rows_of(*, measure: str, spec: Spec) -> tuple[str, ...]:
    """What ``measure`` counts (``Measure.rows``); empty where nobody has said so."""
    known = register()
    return tuple(spec.rows.get(measure, known[measure].rows if measure in known else ()))


def closed_by(*, release: Release) -> frozenset[tuple[str, str, str]]:
    """(what is counted, department, phase) that ``release`` hides: another release of the same data may not show it, under
    whatever name. ``WAVES`` in the place of the phase: all departments are not shown by quarter, or something of the department
    is hidden, so no wave may be shown of it either."""
    series = demand_release(release).series
    series = series[series["subgroup"].isna()]
    gone = series[series["status"].eq("suppressed") & series["phase"].notna()][["measure", "department", "phase"]]
    total = series[series["department"].eq(ALL) & series["kind"].eq("period")]
    coarse = total[total["status"].eq("suppressed") | ~total["grain"].isin(["month", "quarter"])][["measure", "department"]].assign(phase=WAVES)
    part = series[series["department"].ne(ALL) & series["status"].eq("suppressed")][["measure", "department"]].assign(phase=WAVES)
    return frozenset((name, row.department, row.phase) for row in pd.concat([gone, coarse, part]).drop_duplicates().itertuples()
                     for name in rows_of(measure=row.measure, spec=release.spec))


def is_closed(*, rows: pd.DataFrame, spec: Spec, closed: Set[tuple[str, str, str]]) -> np.ndarray:
    """True for the rows (of series or estimates) that are closed, that are a sum over phases of which one is, or that tell of
    a wave which is. Other groups of people are not."""
    names = {measure: rows_of(measure=measure, spec=spec) for measure in rows["measure"].unique()}
    every = closed | {(name, place, "") for name, place, phase in closed if phase != WAVES}
    group = rows["subgroup"].fillna("")
    phase = rows["phase"].fillna("").where(rows["kind"].ne("whole"), "") if "phase" in rows else group.map(lambda one: NO_PHASE)
    phase = phase.mask(rows["kind"].isin(BY_WAVE), WAVES) if "kind" in rows else phase
    phase = phase.mask(group.ne(""), NO_PHASE).mask(group.str.startswith(f"{WAVES}="), WAVES)
    keys = zip(rows["measure"].map(names), rows["department"], phase, strict=True)
    return np.array([any((name, place, phase) in every for name in own) for own, place, phase in keys], dtype=bool)


def same_rows(*, found: list[Block], spec: Spec, policy: Policy) -> Iterator[tuple[list[Block], Block]]:
    """(the measures of the same rows, what is known of those rows): two or more measures from one table whose numbers of
    rows differ by fewer than ``min_persons`` in most departments and phases.

    The second is a measure whose amount is the rows themselves: those of the largest measure, with the fewest persons
    that any of them has.
    """
    # A gap rests on two forms: its numbers of rows are near those of another gap without being the same.
    tables = {b.measure: [name.partition(".")[0] for name in rows_of(measure=b.measure, spec=spec)] for b in found}
    left = [b for b in found if len(tables[b.measure]) == 1 and not b.monthly and (b.phases.place != TOTAL).any()]
    numbers = {b.measure: _keyed(b.phases)["n"] for b in left}
    while left:
        first, *left = left
        near = [b for b in left if tables[first.measure] == tables[b.measure] and _near(numbers[first.measure], numbers[b.measure], policy)]
        left = [b for b in left if b not in near]
        if near:
            group = [first, *near]
            yield group, _rows_alone(group, policy)


def _near(one: pd.Series, other: pd.Series, policy: Policy) -> bool:
    apart = np.abs(one.to_numpy() - (other if one.index.equals(other.index) else other.reindex(one.index)).to_numpy())
    apart = apart[~np.isnan(apart)]
    return len(apart) > 0 and float((apart < policy.min_persons).mean()) > NEAR


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
