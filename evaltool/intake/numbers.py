"""Text -> number as people write it: ``1 234,5`` with any kind of space, comma or point, a true minus."""

from __future__ import annotations

import math
import re

import numpy as np
import pyarrow as arrow
import pyarrow.compute as compute

SPACES = " \u00a0\u2000-\u200a\u202f\u205f"
_SIGN = r"(?P<sign>[+\-\u2212\u2013]?)"
_PLAIN = re.compile(rf"{_SIGN}[{SPACES}]?(?P<whole>\d+)(?:[.,](?P<part>\d+))?(?P<power>[eE][+\-]?\d{{1,3}})?")
_LEADING = re.compile(rf"{_SIGN}[.,](?P<part>\d+)")
_GROUPED = re.compile(
    rf"{_SIGN}(?P<whole>\d{{1,3}}(?:(?P<mark>[{SPACES}.,'\u2019])\d{{3}})(?:(?P=mark)\d{{3}})*)(?:(?P<point>[.,])(?P<part>\d+))?"
)


def number(text: str, *, decimal: str | None = None) -> float | None:
    """The number written in ``text``, or None when it is none.

    ``decimal``: the declared decimal mark (``,`` or ``.``); the other one is then a thousands mark. Undeclared, a
    single comma or point is the decimal mark (``1,234`` is 1.234), and spaces part thousands.
    """
    text = text.strip()
    found = _PLAIN.fullmatch(text) or _LEADING.fullmatch(text)
    if found and not (decimal and _other(decimal) in text):
        parts = found.groupdict()
        return _value(parts["sign"], parts.get("whole") or "0", parts["part"], parts.get("power"))
    found = _GROUPED.fullmatch(text)
    if not found:
        return None
    mark, point = found["mark"], found["point"]
    if mark == point or (decimal and (mark == decimal or point == _other(decimal))):
        return None
    if mark in ",." and not decimal and point is None and found["whole"].count(mark) == 1:
        return None
    return _value(found["sign"], re.sub(r"\D", "", found["whole"]), found["part"], None)


def numbers(*, texts: arrow.LargeStringArray, decimal: str | None = None) -> np.ndarray:
    """``number`` for k texts at once: float64 (k,), NaN where it is none."""
    point = rf"[{re.escape(decimal) if decimal else '.,'}]"
    simple = compute.match_substring_regex(texts, rf"^-?[0-9]{{1,15}}({point}[0-9]{{1,12}})?$")
    simple = simple.to_numpy(zero_copy_only=False).astype(bool)
    out = np.full(len(texts), np.nan)
    plain = compute.replace_substring(texts.filter(arrow.array(simple)), ",", ".")
    out[simple] = plain.cast(arrow.float64()).to_numpy(zero_copy_only=False)
    found = [number(t, decimal=decimal) for t in texts.filter(arrow.array(~simple)).to_pylist()]
    out[~simple] = [np.nan if f is None else f for f in found]
    return out


def _other(mark: str) -> str:
    return "." if mark == "," else ","


def _value(sign: str, whole: str, part: str | None, power: str | None) -> float | None:
    value = float(f"{whole}.{part or 0}{power or ''}")
    if math.isinf(value):
        return None
    return -value if sign in ("-", "\u2212", "\u2013") else value
