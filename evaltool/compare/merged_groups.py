"""Small groups of people put together, so that a group stands for enough persons to be told about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..indicators.persons import count_persons

if TYPE_CHECKING:
    import pandas as pd

TOGETHER = "smaller_groups"


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


def _fewest(rows: pd.DataFrame, names: list[str]) -> float:
    persons = count_persons(observations=rows[rows["group"].isin(names)], by=["after"])
    return float(persons[persons > 0].min())
