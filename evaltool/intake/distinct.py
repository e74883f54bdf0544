"""Each different text of a column once: what is parsed, looked up or searched is done per text, not per row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as arrow
import pyarrow.compute as compute

_SPACES = "[\\s\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
_SAMPLE = 5000
_WORTH_IT = 0.5
_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xFF51AFD7ED558CCD))
_MASKS = np.array([(1 << (8 * i)) - 1 for i in range(9)], dtype="uint64")
_LONGEST = 64
_STRETCH = 1 << 16


@dataclass(frozen=True)
class Distinct:
    """``texts`` (k), ``codes`` (n rows, place in ``texts``, -1 where the cell is missing).

    The texts differ, unless nearly all cells do anyway (``deduplicated`` False): then there is one for every filled row.
    """

    texts: arrow.LargeStringArray
    codes: np.ndarray
    deduplicated: bool = True

    @property
    def untouched(self) -> bool:
        """Is there one text for each row, in the order of the rows?"""
        return len(self.texts) == len(self.codes) and np.array_equal(self.codes, np.arange(len(self.codes)))

    def rows(self, marked: np.ndarray) -> np.ndarray:
        """Marks per text (k,) as marks per row (n,); a missing cell is never marked."""
        return np.append(marked, False)[self.codes]

    def python(self) -> list[str]:
        """The texts as Python strings."""
        return self.texts.to_pylist()

    def cells(self, rows: np.ndarray) -> np.ndarray:
        """The cells of some rows (m,) as Python strings, None where missing."""
        codes = self.codes[rows]
        return np.array(self.texts.take(arrow.array(codes, mask=codes < 0)).to_pylist(), dtype=object)

    def texts_of(self, rows: np.ndarray) -> pd.Series:
        """The cells of some rows (m,) as a ``str`` column."""
        return column(self.texts, self.codes[rows], np.zeros(len(self.texts), dtype=bool))

    def hollow(self) -> Distinct:
        """The same with the cells missing that are empty or nothing but spaces."""
        spaces = compute.or_(compute.utf8_is_space(self.texts), compute.equal(compute.binary_length(self.texts), 0))
        return self._of(~spaces.to_numpy(zero_copy_only=False).astype(bool), self.codes)

    def only(self, keep: np.ndarray) -> Distinct:
        """The rows marked in ``keep`` (n,); texts that no row has any more are gone."""
        if keep.all():
            return self
        codes = self.codes[keep]
        used = np.zeros(len(self.texts) + 1, dtype=bool)
        used[codes] = True
        return self._of(used[:-1], codes)

    def _of(self, used: np.ndarray, codes: np.ndarray) -> Distinct:
        """Without the texts that are not marked ``used`` (k,); cells that hold them are missing."""
        if used.all():
            return Distinct(self.texts, codes, self.deduplicated)
        place = np.append(np.where(used, np.cumsum(used) - 1, -1), -1).astype("int32")
        return Distinct(self.texts.filter(arrow.array(used)), place[codes], self.deduplicated)


def distinct(values: pd.Series, *, always: bool = False) -> Distinct:
    """A ``str`` column (n,) by its different texts. ``always``: also where nearly all cells differ."""
    return of_array(strings(values), always=always)


def of_array(values: arrow.Array | arrow.ChunkedArray, *, always: bool = False) -> Distinct:
    """The same for n Arrow texts."""
    whole = _whole(values)
    filled = None if not whole.null_count else np.flatnonzero(whole.is_valid().to_numpy(zero_copy_only=False))
    texts = whole if filled is None else whole.take(arrow.array(filled))
    many = not always and _mostly_different(texts)
    short, different = (np.arange(len(texts), dtype="int32"), texts) if many else _by_hash(texts)
    if filled is None:
        return Distinct(different, short.astype("int32"), deduplicated=not many)
    codes = np.full(len(whole), -1, dtype="int32")
    codes[filled] = short
    return Distinct(different, codes, deduplicated=not many)


def decoded(values: arrow.ChunkedArray, *, codec: str) -> arrow.ChunkedArray:
    """A column (n,) as texts; Arrow has read it as bytes where ``codec`` is not UTF-8."""
    return values if codec == "utf-8" else arrow.chunked_array([_decoded(part, codec) for part in values.chunks], type=arrow.string())


def _decoded(values: arrow.BinaryArray, codec: str) -> arrow.StringArray:
    """Nothing but ASCII is text already; else each different cell is decoded once."""
    ends = np.frombuffer(values.buffers()[1], dtype="int32")[values.offset:values.offset + len(values) + 1]
    letters = np.frombuffer(values.buffers()[2] or b"", dtype="uint8")[ends[0]:ends[-1]]
    if not len(letters) or letters.max() < 128:
        return values.cast(arrow.string())
    different = values.dictionary_encode()
    return _words(different.dictionary, codec).take(different.indices)


def _words(values: arrow.BinaryArray, codec: str) -> arrow.StringArray:
    return arrow.array([word.decode(codec) for word in values.to_pylist()], type=arrow.string())


def by_dictionary(values: arrow.ChunkedArray, *, codec: str = "utf-8") -> Distinct:
    """A column (n,) that Arrow has read as a dictionary, of bytes where ``codec`` is not UTF-8."""
    whole = values.unify_dictionaries().combine_chunks()
    whole = whole.combine_chunks() if isinstance(whole, arrow.ChunkedArray) else whole
    codes = whole.indices.fill_null(-1) if whole.null_count else whole.indices
    words = whole.dictionary if codec == "utf-8" else _words(whole.dictionary, codec)
    return Distinct(words.cast(arrow.large_string()), codes.to_numpy())


def strings(values: pd.Series) -> arrow.LargeStringArray:
    """The column as one Arrow array."""
    return _whole(arrow.Array.from_pandas(values))


def _whole(values: arrow.Array | arrow.ChunkedArray) -> arrow.LargeStringArray:
    one = values.combine_chunks() if isinstance(values, arrow.ChunkedArray) else values
    return one.cast(arrow.large_string())


def _mostly_different(texts: arrow.LargeStringArray) -> bool:
    if len(texts) < _SAMPLE:
        return False
    sample = arrow.concat_arrays([texts[:_SAMPLE // 2], texts[len(texts) - _SAMPLE // 2:]])
    return len(sample.unique()) > _WORTH_IT * len(sample)


def _by_hash(texts: arrow.LargeStringArray) -> tuple[np.ndarray, arrow.LargeStringArray]:
    """Codes and different texts of filled cells. Two texts with one hash are found out and parted the slow way."""
    hashes = hashed(texts)
    codes, seen = pd.factorize(hashes)
    first = np.empty(len(seen), dtype="int64")
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    different = texts.take(arrow.array(first))
    if not compute.all(compute.equal(different.take(arrow.array(codes)), texts)).as_py() and len(texts):
        encoded = texts.dictionary_encode()
        return encoded.indices.to_numpy(), encoded.dictionary
    return codes, different


def hashed(texts: arrow.LargeStringArray) -> np.ndarray:
    """A 64-bit number for each of k filled texts: the same for the same text, nearly always another for another.

    Eight bytes at a time up to ``_LONGEST`` bytes; what differs only beyond that gets the same number.
    """
    if not len(texts):
        return np.zeros(0, dtype="uint64")
    ends = np.frombuffer(texts.buffers()[1], dtype="int64")[texts.offset:texts.offset + len(texts) + 1]
    letters = texts.buffers()[2]
    data = np.zeros(int(ends[-1]) + _LONGEST + 8, dtype="uint8")
    if letters:
        data[:ends[-1]] = np.frombuffer(letters, dtype="uint8")[:ends[-1]]
    words = np.ndarray(shape=(len(data) - 8,), dtype="uint64", buffer=data, strides=(1,))
    lengths = ends[1:] - ends[:-1]
    longest = min(int(lengths.max()), _LONGEST)
    out = lengths.view("uint64") * _MIX[0]
    for start in range(0, longest, 8):
        left = lengths - start if start else lengths
        word = words[ends[:-1] + start if start else ends[:-1]]
        word &= _MASKS[left if longest <= 8 else np.clip(left, 0, 8)]
        out ^= word
        out *= _MIX[1]
        out ^= out >> np.uint64(32)
    return out


def same(text: str, n: int) -> Distinct:
    """One text in all of n rows."""
    return Distinct(arrow.array([text], type=arrow.large_string()), np.zeros(n, dtype="int32"))


def filled(found: Distinct, text: str) -> Distinct:
    """``found`` with ``text`` in the missing cells."""
    texts = arrow.concat_arrays([found.texts, arrow.array([text], type=arrow.large_string())])
    return Distinct(texts, np.where(found.codes < 0, len(found.texts), found.codes), deduplicated=False)


def matching(texts: arrow.LargeStringArray, pattern: str) -> np.ndarray:
    """Which texts hold the RE2 ``pattern`` somewhere (k,)."""
    plain = pattern.isalnum() or pattern in "#@"
    match = compute.match_substring if plain else compute.match_substring_regex
    return match(texts, pattern).to_numpy(zero_copy_only=False).astype(bool)


def where(texts: arrow.LargeStringArray, pattern: str, judge: Callable[[str], bool]) -> np.ndarray:
    """Which texts ``judge`` says yes to (k,); asked only about those that hold ``pattern``."""
    marked = matching(texts, pattern)
    if marked.any():
        marked[marked] = [judge(t) for t in texts.filter(arrow.array(marked)).to_pylist()]
    return marked


def is_ascii(texts: arrow.LargeStringArray) -> bool:
    """Nothing but ASCII in any of the texts?"""
    return compute.all(compute.string_is_ascii(texts)).as_py() is not False


def tidy(texts: arrow.LargeStringArray) -> arrow.LargeStringArray:
    """``words.plain`` for all texts at once."""
    if is_ascii(texts) and not matching(texts, r"^\s|\s$|\s\s|[\t\n\r\f\v]").any():
        return texts
    composed = compute.utf8_normalize(texts, form="NFC")
    single = compute.replace_substring_regex(composed, pattern=f"{_SPACES}+", replacement=" ")
    return compute.utf8_trim(single, characters=" ")


def column(texts: arrow.LargeStringArray, codes: np.ndarray, empty: np.ndarray) -> pd.Series:
    """A ``str`` column (n,) from texts by place; missing where the code is -1 or the text is marked ``empty`` (k,)."""
    if not empty.any() and Distinct(texts, codes).untouched:
        return text_series(texts)
    gone = (codes < 0) | np.append(empty, True)[codes] if empty.any() else codes < 0
    place = arrow.array(codes, mask=gone) if gone.any() else arrow.array(codes)
    return text_series(texts.take(place))


def throughout(text: str | None, n: int) -> pd.Series:
    """One text, or nothing, in all of n rows of a ``str`` column: a stretch of it is kept once and pointed at again and again."""
    stretch = arrow.array([text], type=arrow.large_string()).take(arrow.array(np.zeros(min(n, _STRETCH), dtype="int32")))
    whole, rest = divmod(n, _STRETCH)
    return text_series(arrow.chunked_array([stretch] * whole + [stretch[:rest]], type=arrow.large_string()))


def text_series(texts: arrow.LargeStringArray | arrow.ChunkedArray) -> pd.Series:
    """Arrow texts (n,) as a ``str`` column."""
    return pd.Series(texts.to_pandas(), dtype="str")
