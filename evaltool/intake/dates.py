"""Text -> day or moment, only in the declared format (or ISO 8601, which cannot be misread)."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from .numbers import number

EXCEL = "excel"
"""Declared as format: the cell holds Excel's serial day number."""

_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2})?(?:\.\d+)?)?(?:Z|[+\-]\d{2}:?\d{2})?")
_FIRST_SERIAL = 61.0
_LAST_SERIAL = 2958466.0


def days(*, texts: pd.Series, format: str | None) -> np.ndarray:
    """``texts`` (n distinct strings) as ``datetime64[us]`` (n,), NaT where it is no such date.

    ``format`` as for strptime, ``excel`` for serial numbers, None for ISO 8601 alone. ``31.02.2024`` is NaT. An
    offset at the end of an ISO moment is dropped: the clock on the wall is what the ward wrote down.
    """
    iso = _iso(texts)
    if format is None:
        return iso
    declared = _excel(texts) if format == EXCEL else _declared(texts, format)
    return np.where(np.isnat(declared), iso, declared)


def _declared(texts: pd.Series, format: str) -> np.ndarray:
    found = pd.to_datetime(texts.str.strip(), format=format, errors="coerce", exact=True)
    if getattr(found.dt, "tz", None) is not None:
        found = found.dt.tz_localize(None)
    return found.to_numpy().astype("datetime64[us]")


def _iso(texts: pd.Series) -> np.ndarray:
    parts = texts.str.strip().str.extract(f"^{_ISO.pattern}$", expand=True)
    whole = parts[0] + "T" + parts[1].fillna("00:00") + parts[2].fillna(":00")
    return pd.to_datetime(whole, format="%Y-%m-%dT%H:%M:%S", errors="coerce").to_numpy().astype("datetime64[us]")


def _excel(texts: pd.Series) -> np.ndarray:
    serials = np.array([number(t) or np.nan for t in texts], dtype="float64")
    serials[~((serials >= _FIRST_SERIAL) & (serials < _LAST_SERIAL))] = np.nan
    seconds = np.round(serials * 86400)
    out = np.full(len(serials), np.datetime64("NaT", "us"))
    known = ~np.isnan(seconds)
    out[known] = np.datetime64("1899-12-30T00:00:00", "us") + seconds[known].astype("timedelta64[s]")
    return out
