"""Privacy at the door: identity numbers, telephone numbers, e-mail addresses and names do not come in.

``scan`` finds, ``refuse`` raises; neither ever holds or shows the value that was found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as arrow

from .errors import PrivacyError
from .intake.distinct import matching, where
from .intake.words import is_personal_heading

SUSPECT_SHARE = 0.03
"""In a column of nothing but 11-digit numbers, more valid identity numbers than this are no accident: a random
number passes the checks in about 1 of 100 cases under the rule of 2032."""

SUSPECT_SHARE_SHORT = 0.1
"""The same where all have ten digits: among random ones every hundredth fits, and a running number may fit oftener."""

_NUMBER_COLUMN = 0.9
_FEW = 5

_IDENTITY = re.compile(r"(?<!\d)(\d{6})[ .\-\u00a0]?(\d{5})(?!\d)")
_MAYBE_IDENTITY = "[0-9]{6}[ .\u00a0-]?[0-9]{5}"
_WHOLE = "^\\s*[0-9]{5,6}[ .\u00a0-]?[0-9]{5}\\s*$"
_MARKS = re.compile(r"[\s.\-\u00a0]")
_MAYBE_PHONE = (
    "(\\+|00)47[ \u00a0]?[2-9][0-9]([ \u00a0]?[0-9]){6}|[2-9][0-9]([ \u00a0][0-9]{2}){3}"
    "|[489][0-9]{2}[ \u00a0][0-9]{2}[ \u00a0][0-9]{3}"
)
_MAYBE_MOBILE = "[49][0-9]{7}"
_EMAIL = re.compile(r"[\w.+\-]+@[\w\-]+\.[\w.\-]+")
_PHONE = re.compile(
    r"(?<![\d+])(?:"
    r"(?:\+|00)47[ \u00a0]?[2-9]\d(?:[ \u00a0]?\d){6}"
    r"|[2-9]\d[ \u00a0]\d{2}[ \u00a0]\d{2}[ \u00a0]\d{2}"
    r"|[489]\d{2}[ \u00a0]\d{2}[ \u00a0]\d{3}"
    r")(?!\d)"
)
_BARE_MOBILE = re.compile(r"(?<![\d.,\-])[49]\d{7}(?![\d.,\-])")


@dataclass(frozen=True)
class Finding:
    """One kind of personal detail in one column: ``heading`` as in the file, ``kind``, and how many distinct cells."""

    heading: str
    kind: str
    count: int


def is_identity_number(digits: str) -> bool:
    """Do 11 digits make a fødselsnummer, D-number, H-number or synthetic number?

    Day + 40: D-number. Month + 40: H-number and one synthetic kind, + 65 and + 80: other synthetic kinds. Check
    digits by the rule of 2032, which the old numbers keep too: the first sum may leave 0-3, the second 0
    (Skatteetaten, ny fødselsnummerserie).
    """
    if len(digits) != 11 or not digits.isascii() or not digits.isdigit():
        return False
    n = [int(d) for d in digits]
    return _is_date(n) and _sum(n, (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)) in (0, 1, 2, 3) and \
        _sum(n, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) == 0


def _sum(n: list[int], weights: tuple[int, ...]) -> int:
    return sum(w * d for w, d in zip(weights, n, strict=False)) % 11


_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _is_date(n: list[int]) -> bool:
    day, month = 10 * n[0] + n[1], 10 * n[2] + n[3]
    day = day - 40 if day > 40 else day
    month = next((month - off for off in (80, 65, 40, 0) if 1 <= month - off <= 12), 0)
    return 1 <= month <= 12 and 1 <= day <= _LONGEST[month - 1]


def scan(
    *, columns: Mapping[str, arrow.LargeStringArray], prose: Iterable[str] = (), figures: Iterable[str] = (),
    about_persons: bool = True,
) -> list[Finding]:
    """What is personal in ``columns`` (heading -> its different texts).

    ``prose``: headings of running text, where a bare 8-digit mobile number counts. ``figures``: headings of numbers,
    dates and answers, where only identity numbers are looked for. ``about_persons``: judge headings too (a department
    may have a name).
    """
    prose, figures = set(prose), set(figures)
    found = []
    for heading, texts in columns.items():
        counts = {"identity_number": _identity_numbers(texts)}
        if heading not in figures:
            counts |= {"email": _emails(texts), "phone": _phones(texts, heading in prose)}
        found += [Finding(heading, kind, n) for kind, n in counts.items() if n]
        if about_persons and is_personal_heading(heading):
            found.append(Finding(heading, "heading", len(texts)))
    return found


def refuse(*, findings: Iterable[Finding], file: str) -> None:
    """Raise PrivacyError naming the columns and kinds, never a value; nothing when there are no findings."""
    findings = list(findings)
    if findings:
        columns = dict.fromkeys(f.heading for f in findings)
        raise PrivacyError(
            "personal_details", file=file, columns=", ".join(columns), kinds=tuple(sorted({f.kind for f in findings})),
            drop=" ".join(f'--drop-column "{c}"' for c in columns),
        )


def _emails(texts: arrow.LargeStringArray) -> int:
    return int(where(texts, "@", lambda t: _EMAIL.search(t) is not None).sum())


def _phones(texts: arrow.LargeStringArray, prose: bool) -> int:
    """The cheap pattern first, the exact one where it fits."""
    found = where(texts, _MAYBE_PHONE, lambda t: _PHONE.search(t) is not None)
    if prose:
        found |= where(texts, _MAYBE_MOBILE, lambda t: _BARE_MOBILE.search(t) is not None)
    return int(found.sum())


def _identity_numbers(texts: arrow.LargeStringArray) -> int:
    """Different texts that hold an identity number, or 0 where the hits are what chance gives in a number column.

    A cell of ten digits is read as one whose leading zero was lost; alone, without any of eleven, it takes more hits.
    """
    whole = matching(texts, _WHOLE)
    bare = [_MARKS.sub("", t) for t in texts.filter(arrow.array(whole)).to_pylist()]
    within = texts.filter(arrow.array(~whole))
    inside = where(within, _MAYBE_IDENTITY, lambda t: any(is_identity_number(a + b) for a, b in _IDENTITY.findall(t))).sum()
    hits = sum(is_identity_number(b.zfill(11)) for b in bare)
    numbers_only = len(bare) >= _FEW and len(bare) >= _NUMBER_COLUMN * len(texts)
    share = SUSPECT_SHARE if any(len(b) == 11 for b in bare) else SUSPECT_SHARE_SHORT
    if hits <= share * len(bare) and (numbers_only or share == SUSPECT_SHARE_SHORT):
        hits = 0
    return hits + int(inside)
