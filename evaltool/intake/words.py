"""Words with a fixed meaning in cells: yes and no, error values of spreadsheets, words that open a total row."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from .. import resources

_ERROR = re.compile(
    r"#(?:REF!|I/T|N/A|NA|VERDI!|VALUE!|DIV/0!|NAVN\?|NAME\?|NUM!|TALL!|NULL!|SPILL!|OVERFLYT!|CALC!|BEREGN!|####*)", re.I
)
_MARKS = re.compile(r"[.:_()/*]+")
_SPACE = re.compile(r"\s+")
MAYBE_BROKEN = "[Ã√Â\ufffd]|â€"
"""What ``is_broken`` need not be asked without."""

_BROKEN = re.compile("Ã[\u0080-\u00bf¥¸†˜…]|√[•¶∏]|â€|\ufffd|Â[\u00a0-\u00bf]")


@cache
def _listed() -> dict[str, list]:
    return resources.schema("intake_words.yaml")


@cache
def known(kind: str) -> frozenset[str]:
    """The words of one kind in schemas/intake_words.yaml: ``yes, no, totals, personal_headings, whose`` and the reasons
    why an answer is missing."""
    return frozenset(map(folded, _listed()[kind]))


@cache
def answer_scales() -> tuple[tuple[frozenset[str], ...], ...]:
    """Known answer scales in rising order; each answer as the words that may stand for it."""
    return tuple(tuple(frozenset(map(folded, answer.split("|"))) for answer in scale) for scale in _listed()["scales"])


def is_personal_heading(heading: str) -> bool:
    """Does the heading name a personal detail (a name, a number, an address, free text)?"""
    personal = known("personal_headings")
    words = _MARKS.sub(" ", folded(heading)).strip()
    if words in personal or folded(heading) in personal:
        return True
    rest = " ".join(w for w in words.split() if w not in known("whose"))
    return rest != words and rest in personal


def plain(text: str) -> str:
    """Composed letters, one space between words, none at the ends: how cells and headings are compared."""
    return _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip()


def masked(text: str) -> str:
    """The form of a cell and nothing of what it says: every letter an ``a``, every digit a ``9``."""
    return re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "9", text[:24]))


def folded(text: str) -> str:
    """``plain`` without upper case."""
    return plain(text).casefold()


def yes_no(text: str) -> bool | None:
    """True for a yes word, False for a no word, None for anything else."""
    word = folded(text)
    return True if word in known("yes") else False if word in known("no") else None


def is_error_value(text: str) -> bool:
    """``#REF!``, ``#I/T`` and their kin."""
    return _ERROR.fullmatch(text.strip()) is not None


def is_broken(text: str) -> bool:
    """Letters that were decoded with the wrong encoding somewhere before us (``Ã¸``, ``√•``)."""
    return _BROKEN.search(text) is not None
