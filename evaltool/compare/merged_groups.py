"""Small groups of people put together, so that a group stands for enough persons to be told about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..contracts import GROUPED, TOGETHER
from ..indicators.persons import count_persons

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd


def merged_groups(*, rows: pd.DataFrame, least: int) -> pd.Series:
    """``rows["group"]`` where groups with fewer than ``least`` persons on a side that has any become ``TOGETHER``; while
    they still are too few together, the smallest of the others joins them.

    ``rows``: phased rows with ``group``. Index as ``rows``. Nothing changes where ``least`` is under 2.
    """
    group = rows["group"]
    if least < 2 or not len(rows):
        return group
    persons = count_persons(observations=rows, by=["group", "after"]).unstack(fill_value=0)
    fewest = persons.where(persons > 0).min(axis=1).sort_values(kind="stable")
    small = list(fewest.index[fewest < least])
    rest = [name for name in fewest.index if name not in small]
    while small and rest and _fewest(rows, small) < least:
        small.append(rest.pop(0))
    return group.mask(group.isin(small), TOGETHER) if small else group


def laddered_groups(
    *, rows: pd.DataFrame, names: Iterable[str], least: int, name: str, coarser: Mapping[str, str],
) -> dict[str, dict[str, str]]:
    """Covariate -> group -> what it stands together as: ``name`` with single groups, and where there are ``coarser`` ones
    ``name_group`` with those.

    Where one of the groups under a coarser one has fewer than ``least`` persons on a side that has any, all of them stand
    together as the coarser one; a coarser one that is too small itself as ``TOGETHER``, on both levels. So the single groups
    always add up to the coarser ones, and that they stand together says no more than that one of several is small.
    ``rows``: as in ``merged_groups``; ``names``: every group there is, those without such rows too.
    """
    if not coarser:
        found = dict(zip(rows["group"], merged_groups(rows=rows, least=least), strict=True))
        return {name: {one: found.get(one, one) for one in names}}
    upper = rows["group"].map(lambda one: coarser.get(one, one))
    whole = dict(zip(upper, merged_groups(rows=rows.assign(group=upper), least=least), strict=True))
    persons = count_persons(observations=rows, by=["group", "after"]).unstack(fill_value=0)
    few = {coarser.get(one, one) for one in persons.index[persons.where(persons > 0).min(axis=1) < least]}
    up = {one: coarser.get(one, one) for one in names}
    fine = {one: TOGETHER if whole.get(over) == TOGETHER else over if over in few else one for one, over in up.items()}
    return {name: fine, f"{name}{GROUPED}": {one: whole.get(over, over) for one, over in up.items()}}


def _fewest(rows: pd.DataFrame, names: list[str]) -> float:
    persons = count_persons(observations=rows[rows["group"].isin(names)], by=["after"])
    return float(persons[persons > 0].min())
