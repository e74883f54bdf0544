"""Rows that repeat others, and stretches of time that overlap: sorted numbers instead of compared texts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .distinct import hashed, strings

_MIX = np.uint64(0xFF51AFD7ED558CCD)
_MISSING = np.uint64(0x5851F42D4C957F2D)
_AT_ONCE = 1 << 20
"""Rows that are looked at together where what is found about one does not hang on the others."""


def repeated(frame: pd.DataFrame) -> np.ndarray:
    """Rows (n,) equal in all columns to an earlier row; missing equals missing. As ``frame.duplicated()``, which is
    asked only about the rows whose 64-bit number occurs more than once.

    Numbers and times first: texts are looked at only in the rows that are not told apart by them.
    """
    figures = [name for name in frame.columns if frame[name].dtype != "str"]
    texts = [name for name in frame.columns if frame[name].dtype == "str"]
    left, out = frame, np.zeros(len(frame), dtype=bool)
    rows = np.arange(len(frame), dtype="int32")
    keys = np.zeros(len(frame), dtype="uint64")
    for names in filter(None, (figures, texts)):
        _number(keys, left, names)
        twice = _twice(keys)
        if not twice.all():
            rows, keys = rows[twice], keys[twice]
            left = frame.iloc[rows]
    parts = len(rows) // _AT_ONCE + 1
    for part in range(parts):
        some = rows if parts == 1 else rows[keys % np.uint64(parts) == part]
        out[some] = frame.iloc[some].duplicated().to_numpy()
    return out


def _number(keys: np.ndarray, frame: pd.DataFrame, names: list[str]) -> None:
    """Into ``keys`` (n,) a 64-bit number per row, equal for rows equal in the columns ``names``; some rows at a time, since what
    is needed on the way is many times as much."""
    for start in range(0, len(frame), _AT_ONCE):
        keys[start:start + _AT_ONCE] = _mixed(frame.iloc[start:start + _AT_ONCE][names])


def _mixed(frame: pd.DataFrame) -> np.ndarray:
    keys = np.zeros(len(frame), dtype="uint64")
    for name in frame.columns:
        keys = (keys ^ _numbers(frame[name])) * _MIX
        keys ^= keys >> np.uint64(29)
    return keys


def _twice(keys: np.ndarray) -> np.ndarray:
    """Which of the numbers (n,) occur more than once."""
    order = np.sort(keys)
    again = order[1:] == order[:-1]
    again[1:] &= order[2:] != order[:-2]
    twice = order[1:][again]
    del order
    if not len(twice):
        return np.zeros(len(keys), dtype=bool)
    return np.concatenate([_among(keys[start:start + _AT_ONCE], twice) for start in range(0, len(keys), _AT_ONCE)])


def _among(keys: np.ndarray, rising: np.ndarray) -> np.ndarray:
    """Which of the numbers (n,) are among other, rising ones (k > 0)."""
    return rising[np.minimum(np.searchsorted(rising, keys), len(rising) - 1)] == keys


def _numbers(values: pd.Series) -> np.ndarray:
    """A 64-bit number per cell, equal for equal cells."""
    missing = values.isna().to_numpy()
    if values.dtype == "str":
        whole = strings(values)
        out = hashed(whole.fill_null("") if missing.any() else whole)
    elif values.dtype == "boolean":
        out = values.fillna(False).to_numpy(dtype=bool).astype("uint64")
    else:
        out = (values.to_numpy() + 0.0 if values.dtype == "float64" else values.to_numpy()).view("uint64")
    return np.where(missing, _MISSING, out)


def overlapping(*, who: np.ndarray, begins: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Of stretches (n,) with integer ends, those that begin before an earlier one of the same ``who`` has ended.

    Touching is no overlap. A stretch is earlier when it begins earlier, or at the same time and stands above.
    """
    out = np.zeros(len(who), dtype=bool)
    if not len(who):
        return out
    rows = np.flatnonzero(np.bincount(who)[who] > 1)
    if not len(rows):
        return out
    who, begins, ends = who[rows], begins[rows], np.maximum(ends[rows], begins[rows])
    base = min(int(begins.min()), 0)
    span = int(ends.max()) - base + 1
    if (int(who.max()) + 1) * span >= 2**62:
        return _overlapping_slowly(rows, who, begins, ends, out)
    starts = who.astype("int64") * span + (begins - base)
    order = np.argsort(starts, kind="stable")
    latest = np.maximum.accumulate(starts[order] + (ends - begins)[order])
    hit = (starts[order][1:] < latest[:-1]) & (who[order][1:] == who[order][:-1])
    out[rows[order[1:][hit]]] = True
    return out


def _overlapping_slowly(
    rows: np.ndarray, who: np.ndarray, begins: np.ndarray, ends: np.ndarray, out: np.ndarray
) -> np.ndarray:
    """The same where persons times time does not fit into one 64-bit number."""
    order = np.lexsort((begins, who))
    latest = pd.Series(ends[order]).groupby(who[order]).cummax().to_numpy()
    hit = (begins[order][1:] < latest[:-1]) & (who[order][1:] == who[order][:-1])
    out[rows[order[1:][hit]]] = True
    return out
