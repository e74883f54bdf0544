"""Privacy at the door: identity numbers, telephone numbers, e-mail addresses and names do not come in.

``scan`` finds, ``refuse`` raises; neither ever holds or shows the value that was found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from .errors import PrivacyError
from .intake.words import folded

SUSPECT_SHARE = 0.03
"""In a column of nothing but 11-digit numbers, more valid identity numbers than this are no accident: a random
number passes the checks in about 1 of 100 cases under the rule of 2032."""

_NUMBER_COLUMN = 0.9
_FEW = 5

_IDENTITY = re.compile(r"(?<!\d)(\d{6})[ .\-\u00a0]?(\d{5})(?!\d)")
_SHORT = re.compile(r"\d{10}")
_EMAIL = re.compile(r"[\w.+\-]+@[\w\-]+\.[\w.\-]+")
_PHONE = re.compile(
    r"(?<![\d+])(?:"
    r"(?:\+|00)47[ \u00a0]?[2-9]\d(?:[ \u00a0]?\d){6}"
    r"|[2-9]\d[ \u00a0]\d{2}[ \u00a0]\d{2}[ \u00a0]\d{2}"
    r"|[489]\d{2}[ \u00a0]\d{2}[ \u00a0]\d{3}"
    r")(?!\d)"
)
_BARE_MOBILE = re.compile(r"(?<![\d.,\-])[49]\d{7}(?![\d.,\-])")

_PERSONAL_HEADINGS = (
    "navn", "name", "fornavn", "etternavn", "mellomnavn", "first name", "last name", "surname", "given name",
    "full name", "fnr", "fodselsnr", "fodselsnummer", "fødselsnr", "fødselsnummer", "personnr", "personnummer", "d-nummer",
    "dnr", "duf", "duf-nummer", "ssn", "national id", "fødselsdato", "date of birth", "birthdate", "adresse", "address",
    "gateadresse", "telefon", "tlf", "mobil", "mobilnr", "telefonnummer", "phone", "mobile", "epost", "e-post", "email",
    "e-mail", "mail", "e-postadresse", "pårørende", "next of kin", "fritekst", "kommentar", "kommentarer", "merknad",
    "notat", "free text", "comment", "comments", "note", "notes", "respnokk", "redcap_survey_identifier", "ip-adresse",
    "ip address", "ipaddress", "brukernavn", "username", "signatur", "signature",
)
_PERSON_WORDS = frozenset({
    "pasient", "pasientens", "bruker", "brukers", "brukerens", "ansatt", "ansattes", "person", "personens", "beboer",
    "beboers", "pårørende", "pårørendes", "patient", "client", "user", "staff", "respondent", "respondents",
    "respondentens", "kontakt", "contact",
})


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


def is_personal_heading(heading: str) -> bool:
    """Does the heading name a personal detail (``Pasientens navn``, ``Fnr.``, ``E-post``)?"""
    words = re.sub(r"[.:_()/*]+", " ", folded(heading)).strip()
    if words in _PERSONAL_HEADINGS or folded(heading) in _PERSONAL_HEADINGS:
        return True
    rest = " ".join(w for w in words.split() if w not in _PERSON_WORDS)
    return rest != words and rest in _PERSONAL_HEADINGS


def scan(*, columns: Mapping[str, pd.Series], prose: Iterable[str] = (), about_persons: bool = True) -> list[Finding]:
    """What is personal in ``columns`` (heading -> text). ``prose``: headings of columns that hold running text, where a
    bare 8-digit mobile number counts; ``about_persons``: judge headings too (a department may have a name)."""
    prose = set(prose)
    found = []
    for heading, values in columns.items():
        distinct = [str(v) for v in values.dropna().unique()]
        found += [Finding(heading, kind, n) for kind, n in _contents(distinct, heading in prose).items() if n]
        if about_persons and is_personal_heading(heading):
            found.append(Finding(heading, "heading", len(distinct)))
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


def _contents(distinct: list[str], prose: bool) -> dict[str, int]:
    digits = [t for t in distinct if any(c.isdigit() for c in t)]
    phones = sum(1 for t in digits if _PHONE.search(t) or (prose and _BARE_MOBILE.search(t)))
    return {
        "identity_number": _identity_numbers(digits, len(distinct)),
        "email": sum(1 for t in distinct if "@" in t and _EMAIL.search(t)),
        "phone": phones,
    }


def _identity_numbers(texts: list[str], total: int) -> int:
    """Distinct cells that hold an identity number, or 0 where the hits are what chance gives in a number column."""
    whole, inside, pure = 0, 0, 0
    for text in texts:
        bare = re.sub(r"[ .\-\u00a0]", "", text.strip())
        if _SHORT.fullmatch(bare) or re.fullmatch(r"\d{11}", bare):
            pure += 1
            whole += is_identity_number(bare.zfill(11))
        else:
            inside += any(is_identity_number(a + b) for a, b in _IDENTITY.findall(text))
    by_chance = pure >= _FEW and pure >= _NUMBER_COLUMN * total and whole <= SUSPECT_SHARE * pure
    lone_short = whole and all(len(re.sub(r"\D", "", t)) == 10 for t in texts if re.fullmatch(r"[\d .\-]+", t.strip()))
    if by_chance or (lone_short and whole <= 0.1 * pure):
        whole = 0
    return whole + inside
