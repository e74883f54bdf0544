"""A new extract against the table as it is: what replaces what, and what that changed. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

SCOPE: dict[str, tuple[str, ...]] = {
    "staff_survey": ("department", "wave"),
    "user_survey": ("department", "wave"),
    "invitations": ("department", "wave"),
    "values_exercise": ("department", "wave"),
    "coded_themes": ("department", "wave"),
    "service_counts": ("department", "month", "measure"),
}
"""How far one file reaches. A file with answers of a department in a wave is all of that department's wave: it takes
the place of what was there for them, and what other departments and waves have stays. A table that is not named here
(stays, persons) comes as a full extract: the new file takes the place of the whole table."""


@dataclass(frozen=True)
class Difference:
    """Rows by what happened to them. A row is the same row when its key is; without a key, when all its values are."""

    new: int
    gone: int
    changed: int
    unchanged: int


def merge(*, old: pd.DataFrame | None, new: pd.DataFrame, table: str) -> pd.DataFrame:
    """The table after the import: ``new`` and those rows of ``old`` that it does not speak for (``SCOPE``)."""
    scope = SCOPE.get(table)
    if old is None or scope is None:
        return new.reset_index(drop=True)
    spoken_for = pd.MultiIndex.from_frame(old[list(scope)]).isin(pd.MultiIndex.from_frame(new[list(scope)]))
    kept = old.loc[~spoken_for]
    return pd.concat([new, kept], ignore_index=True) if len(kept) else new.reset_index(drop=True)


def difference(*, old: pd.DataFrame | None, new: pd.DataFrame, key: tuple[str, ...]) -> Difference:
    """Compare the whole table before and after; ``key`` are the columns of its contract that name a row."""
    if old is None:
        return Difference(new=len(new), gone=0, changed=0, unchanged=0)
    before, after = _aligned(old, new)
    (left, left_values), (right, right_values) = _identified(before, key), _identified(after, key)
    both, at_left, at_right = np.intersect1d(left, right, assume_unique=True, return_indices=True)
    same = int((left_values[at_left] == right_values[at_right]).sum())
    return Difference(new=len(new) - len(both), gone=len(old) - len(both), changed=len(both) - same, unchanged=same)


def _aligned(old: pd.DataFrame, new: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both with the same columns, so that a column which only one of them has counts as missing in the other."""
    joined = pd.concat([old, new], ignore_index=True)
    return joined.iloc[: len(old)], joined.iloc[len(old):]


def _identified(frame: pd.DataFrame, key: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Per row a number that names it (uint64, each once) and a hash of its values.

    The name is the hash of the key where the key is full, else of the values. Equal names are told apart by their turn
    in the order of their values, so that three equal rows before and two after are two unchanged and one gone.
    """
    values = _hash(frame, tuple(sorted(frame.columns)))
    named = frame[list(key)].notna().all(axis=1).to_numpy()
    names = np.where(named, _hash(frame, key), ~values)
    order = np.lexsort((values, names))
    names, values = names[order], values[order]
    place = np.arange(len(names), dtype="uint64")
    first = np.maximum.accumulate(np.where(np.r_[True, names[1:] != names[:-1]], place, 0)) if len(names) else place
    return names + (place - first) * _ODD, values


_ODD = np.uint64(0x9E3779B97F4A7C15)
"""Spreads the turns of equal names over all numbers (uint64 arithmetic wraps)."""


def _hash(frame: pd.DataFrame, columns: tuple[str, ...]) -> np.ndarray:
    return pd.util.hash_pandas_object(frame[list(columns)], index=False, categorize=False).to_numpy()
