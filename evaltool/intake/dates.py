"""Text -> day or moment, only in the declared format (or ISO 8601, which cannot be misread)."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pyarrow as arrow
import pyarrow.compute as compute

from .numbers import number

EXCEL = "excel"
"""Declared as format: the cell holds Excel's serial day number."""

_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2})?(?:\.\d+)?)?(?:Z|[+\-]\d{2}:?\d{2})?")
_FIRST_SERIAL = 61.0
_LAST_SERIAL = 2958466.0
_WIDTHS = {"Y": 4, "m": 2, "d": 2, "H": 2, "M": 2, "S": 2}
_NOT = np.datetime64("NaT", "us")
_MONTHS = np.arange(-1970 * 12, (10_000 - 1970) * 12 + 1, dtype="int64").astype("datetime64[M]").astype("datetime64[D]").astype("int64")
"""First day of every month of the years 0 to 9999, as days since 1970."""

_LENGTHS = np.diff(_MONTHS)


def days(*, texts: arrow.LargeStringArray, format: str | None) -> np.ndarray:
    """``texts`` (k distinct texts) as ``datetime64[us]`` (k,), NaT where it is no such date.

    ``format`` as for strptime, ``excel`` for serial numbers, None for ISO 8601 alone. ``31.02.2024`` is NaT. An
    offset at the end of an ISO moment is dropped: the clock on the wall is what the ward wrote down.
    """
    out = np.full(len(texts), _NOT)
    for read in (_fixed_width, _excel if format == EXCEL else _declared, _iso):
        left = np.isnat(out)
        if left.any():
            out[left] = read(texts.filter(arrow.array(left)), format)
    return out


def _fixed_width(texts: arrow.LargeStringArray, format: str | None) -> np.ndarray:
    """The texts that are exactly as wide as the format with all its zeros, read as columns of digits."""
    out = np.full(len(texts), _NOT)
    shape = _shape(format or "%Y-%m-%d")
    if shape is None:
        return out
    width, fields, marks = shape
    fits = (compute.binary_length(texts).to_numpy(zero_copy_only=False) == width)
    if not fits.any():
        return out
    chosen = texts.filter(arrow.array(fits))
    start = np.frombuffer(chosen.buffers()[1], dtype="int64")[chosen.offset]
    letters = np.frombuffer(chosen.buffers()[2], dtype="uint8")[start:start + width * len(chosen)].reshape(-1, width)
    good = np.ones(len(chosen), dtype=bool)
    for place, mark in marks:
        good &= letters[:, place] == mark
    values = {}
    for name, place in fields.items():
        values[name] = np.zeros(len(chosen), dtype="int32")
        for column in range(place, place + _WIDTHS[name]):
            digit = letters[:, column] - np.uint8(ord("0"))
            good &= digit <= 9
            values[name] = values[name] * 10 + digit
    out[fits] = _moments(values, good)
    return out


def _shape(format: str) -> tuple[int, dict[str, int], list[tuple[int, int]]] | None:
    """Width in bytes, place of each field, and the marks between; None for a format with fields of other kinds."""
    fields, marks, width = {}, [], 0
    for letter, mark in re.findall(r"%(.)|([^%])", format):
        if mark:
            if not mark.isascii():
                return None
            marks.append((width, ord(mark)))
            width += 1
        elif letter in _WIDTHS and letter not in fields:
            fields[letter] = width
            width += _WIDTHS[letter]
        else:
            return None
    return (width, fields, marks) if {"Y", "m", "d"} <= set(fields) else None


def _moments(values: dict[str, np.ndarray], good: np.ndarray) -> np.ndarray:
    """Year, month ... as moments; NaT where there is no such day or time of day."""
    year, month, day = values["Y"], values["m"], values["d"]
    good = good & (month >= 1) & (month <= 12) & (day >= 1) & (year >= 1)
    place = np.where(good, year * 12 + month - 1, 0)
    good &= day <= _LENGTHS[place]
    moment = (_MONTHS[place] + day - 1) * 86_400
    for name, most, seconds in (("H", 24, 3600), ("M", 60, 60), ("S", 60, 1)):
        if name in values:
            good &= values[name] < most
            moment += values[name].astype("int64") * seconds
    return np.where(good, (moment * 1_000_000).view("datetime64[us]"), _NOT)


def _declared(texts: arrow.LargeStringArray, format: str | None) -> np.ndarray:
    if format is None:
        return np.full(len(texts), _NOT)
    found = pd.to_datetime(pd.Series(texts.to_pylist(), dtype="str").str.strip(), format=format, errors="coerce", exact=True)
    if getattr(found.dt, "tz", None) is not None:
        found = found.dt.tz_localize(None)
    return found.to_numpy().astype("datetime64[us]")


def _iso(texts: arrow.LargeStringArray, format: str | None) -> np.ndarray:
    parts = pd.Series(texts.to_pylist(), dtype="str").str.strip().str.extract(f"^{_ISO.pattern}$", expand=True)
    whole = parts[0] + "T" + parts[1].fillna("00:00") + parts[2].fillna(":00")
    return pd.to_datetime(whole, format="%Y-%m-%dT%H:%M:%S", errors="coerce").to_numpy().astype("datetime64[us]")


def _excel(texts: arrow.LargeStringArray, format: str | None) -> np.ndarray:
    serials = np.array([number(t) or np.nan for t in texts.to_pylist()], dtype="float64")
    serials[~((serials >= _FIRST_SERIAL) & (serials < _LAST_SERIAL))] = np.nan
    seconds = np.round(serials * 86400)
    out = np.full(len(serials), _NOT)
    known = ~np.isnan(seconds)
    out[known] = np.datetime64("1899-12-30T00:00:00", "us") + seconds[known].astype("timedelta64[s]")
    return out
