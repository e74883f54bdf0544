"""What the cells of a column say about which column of ours it can be."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..contracts import Column
from .date_formats import fitting
from .convert import is_declared_missing
from .likeness import words as words_of
from .numbers import numbers
from .source import Source
from .words import folded, known, masked, plain, yes_no

MOST_WORDS = 40
_NEAR = 0.86
_SAMPLE = 500
_LONGEST_ID = 60


@dataclass(frozen=True)
class Content:
    """``fit``: share of the different cells that the column's type can read, 0 to 1. ``format``: of dates; ``codes``:
    words to codes; ``missing``: words for no answer; ``near``: words coded by a near spelling; ``unknown``: words without a code; ``doubts``: ``date_order``, ``near_words``,
    ``unknown_words``; ``example``:
    a cell with letters and digits masked."""

    fit: float
    example: str
    format: str | None = None
    codes: Mapping[str, str] | None = None
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def content_of(*, source: Source, heading: str, column: Column, listed: Mapping[str, str] | None) -> Content:
    """How well the cells under ``heading`` suit ``column``; ``listed``: words for its values, where the study has a list.

    An empty column suits everything a little."""
    texts = source.columns[heading].texts[:_SAMPLE]
    if not len(texts):
        return Content(0.5, "")
    example = masked(texts[0].as_py())
    labels = source.labels.get(heading, {})
    if column.type in ("date", "datetime"):
        format, share, ambiguous = fitting(texts=texts)
        return Content(share, example, format=format, doubts=("date_order",) if ambiguous else ())
    if column.type in ("integer", "number"):
        return Content(float((~np.isnan(numbers(texts=texts))).mean()), example)
    ranges = source.user_missing.get(heading, ())
    words = [plain(labels.get(t, t)) for t in texts.to_pylist() if not is_declared_missing(t, ranges)]
    if not words:
        return Content(0.5, example)
    if column.type == "boolean":
        return Content(float(np.mean([yes_no(w) is not None for w in words])), example)
    if column.type == "code":
        return _coded(words, _words_of(column), example)
    if listed is not None:
        return _coded(words, listed, example)
    if labels and column.type == "id" and len(set(words)) <= MOST_WORDS:
        return Content(1.0, example, codes={w: w for w in dict.fromkeys(words)})
    too_long = column.type == "id" and max(map(len, words)) > _LONGEST_ID
    return Content(0.0 if too_long else 1.0, example)


def _words_of(column: Column) -> dict[str, str]:
    """Every word that stands for a code of the column."""
    out = {}
    for code, label in column.allowed.items():
        out |= {word: code for word in (code, label["nb"], label["en"], *label.get("also", ()))}
    return out


def _coded(words: list[str], listed: Mapping[str, str], example: str) -> Content:
    """Words to codes, near spellings with the exact ones; no codes needed where every word is a code itself."""
    different = list(dict.fromkeys(words))
    if len(different) > MOST_WORDS:
        return Content(0.0, example)
    by_word = {_bare(w): code for w, code in listed.items()}
    missing = tuple(w for w in different if folded(w) in _no_answer())
    codes, near, unknown = {}, [], []
    for word in different:
        alike = [_bare(word)] if _bare(word) in by_word else _near(_bare(word), by_word)
        if alike:
            codes[word] = by_word[alike[0]]
            near += [word] if alike[0] != _bare(word) else []
        elif word not in missing:
            unknown.append(word)
    same = all(word == code for word, code in codes.items())
    doubts = (("near_words",) if near else ()) + (("unknown_words",) if unknown else ())
    return Content(
        0.5 + 0.5 * (len(codes) + len(missing)) / len(different), example, codes=None if same else codes, missing=missing,
        unknown=tuple(unknown), near=tuple(near), doubts=doubts,
    )


def _near(word: str, by_word: Mapping[str, str]) -> list[str]:
    """The nearest spelling with the same first letter: a prefix turns the meaning (``ufrivillig``)."""
    return difflib.get_close_matches(word, [w for w in by_word if w[:1] == word[:1]], n=1, cutoff=_NEAR)


def _no_answer() -> frozenset[str]:
    return known("not_applicable") | known("dont_know") | known("refused") | known("unanswered")


def _bare(text: str) -> str:
    """A word without marks, spaces and the unit: ``45–59 år`` is ``45-59``."""
    return " ".join(w for w in words_of(text) if w not in known("units"))


