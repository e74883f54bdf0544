"""Each different text of a column once: what is parsed, looked up or searched is done per text, not per row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as arrow
import pyarrow.compute as compute

_SPACES = "[\\s\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"


@dataclass(frozen=True)
class Distinct:
    """``texts`` (k different texts), ``codes`` (n rows, place in ``texts``, -1 where the cell is missing)."""

    texts: arrow.LargeStringArray
    codes: np.ndarray

    def rows(self, marked: np.ndarray) -> np.ndarray:
        """Marks per text (k,) as marks per row (n,); a missing cell is never marked."""
        return np.append(marked, False)[self.codes]

    def python(self, marked: np.ndarray | None = None) -> list[str]:
        """The texts, or the marked ones, as Python strings."""
        return (self.texts if marked is None else self.texts.filter(arrow.array(marked))).to_pylist()


def distinct(values: pd.Series) -> Distinct:
    """A ``str`` column (n,) by its different texts."""
    whole = arrow.Array.from_pandas(values)
    if isinstance(whole, arrow.ChunkedArray):
        whole = whole.combine_chunks()
    encoded = whole.cast(arrow.large_string()).dictionary_encode()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return Distinct(encoded.dictionary.cast(arrow.large_string()), codes)


def same(text: str, n: int) -> Distinct:
    """One text in all of n rows."""
    return Distinct(arrow.array([text], type=arrow.large_string()), np.zeros(n, dtype="int64"))


def filled(found: Distinct, text: str) -> Distinct:
    """``found`` with ``text`` in the missing cells."""
    texts = arrow.concat_arrays([found.texts, arrow.array([text], type=arrow.large_string())])
    return Distinct(texts, np.where(found.codes < 0, len(found.texts), found.codes))


def matching(texts: arrow.LargeStringArray, pattern: str) -> np.ndarray:
    """Which texts hold the RE2 ``pattern`` somewhere (k,)."""
    return compute.match_substring_regex(texts, pattern).to_numpy(zero_copy_only=False).astype(bool)


def where(texts: arrow.LargeStringArray, pattern: str, judge: Callable[[str], bool]) -> np.ndarray:
    """Which texts ``judge`` says yes to (k,); asked only about those that hold ``pattern``."""
    marked = matching(texts, pattern)
    if marked.any():
        marked[marked] = [judge(t) for t in texts.filter(arrow.array(marked)).to_pylist()]
    return marked


def tidy(texts: arrow.LargeStringArray) -> arrow.LargeStringArray:
    """``words.plain`` for all texts at once."""
    composed = compute.utf8_normalize(texts, form="NFC")
    single = compute.replace_substring_regex(composed, pattern=f"{_SPACES}+", replacement=" ")
    return compute.utf8_trim(single, characters=" ")


def column(texts: arrow.LargeStringArray, codes: np.ndarray, empty: np.ndarray) -> pd.Series:
    """A ``str`` column (n,) from texts by place; missing where the code is -1 or the text is marked ``empty`` (k,)."""
    place = np.where((codes < 0) | np.append(empty, True)[codes], -1, codes)
    taken = texts.take(arrow.array(place, mask=place < 0))
    return pd.Series(taken.to_pandas(), dtype="str")
