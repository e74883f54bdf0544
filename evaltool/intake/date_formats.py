"""Which date formats fit the texts of a column, and whether day and month can be told apart."""

from __future__ import annotations

import numpy as np
import pyarrow as arrow

from .dates import EXCEL, days

DAY_FIRST = (
    "%d.%m.%Y", "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%y", "%d.%m.%y %H:%M", "%d/%m/%Y", "%d/%m/%Y %H:%M",
    "%d-%m-%Y", "%d-%m-%Y %H:%M", "%d%m%Y",
)
MONTH_FIRST = ("%m/%d/%Y", "%m/%d/%Y %H:%M", "%m-%d-%Y", "%m-%d-%Y %H:%M", "%m/%d/%y")
YEAR_FIRST = ("%Y.%m.%d", "%Y/%m/%d", "%Y%m%d", "%Y%m%d%H%M")
MOST = 500


def fitting(*, texts: arrow.LargeStringArray) -> tuple[str | None, float, bool]:
    """The format that reads most of ``texts``: (format or None for ISO 8601, share read, ambiguous).

    ``ambiguous``: day first and month first both read them all, so a person must say which. Day first is offered.
    """
    texts = texts[:MOST]
    if not len(texts):
        return None, 0.0, False
    best, share = None, _share(texts, None)
    found = {f: _share(texts, f) for f in (*DAY_FIRST, *MONTH_FIRST, *YEAR_FIRST)} if share < 1 else {}
    for format, read in found.items():
        if read > share:
            best, share = format, read
    if share < 0.5 and (read := _share(texts, EXCEL, low="1990-01-01", high="2060-01-01")) > share:
        best, share = EXCEL, read
    twin = {"%d/": "%m/", "%d-": "%m-"}.get((best or "")[:3])
    ambiguous = twin is not None and any(f.startswith(twin) and read == share for f, read in found.items())
    return best, share, ambiguous


def _share(texts: arrow.LargeStringArray, format: str | None, low: str = "1900-01-01", high: str = "2101-01-01") -> float:
    found = days(texts=texts, format=format)
    inside = (found >= np.datetime64(low, "us")) & (found < np.datetime64(high, "us"))
    return float(inside.mean())
