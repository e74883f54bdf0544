"""The fast ways give the rows that pandas gives, also where numbers collide or overflow."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from evaltool.intake import distinct as module
from evaltool.intake.distinct import distinct, hashed, strings
from evaltool.intake.repeats import overlapping, repeated

RNG = np.random.default_rng(3)


def frame(n: int) -> pd.DataFrame:
    out = pd.DataFrame({
        "a": RNG.choice(["p1", "p2", "long name of a person with æøå " * 3, ""], n), "b": RNG.integers(0, 3, n).astype(float),
        "c": pd.to_datetime(RNG.choice(["2024-01-01", "2024-01-02"], n)).as_unit("us"), "d": RNG.choice([True, False], n),
    }).astype({"a": "str", "d": "boolean"})
    for column in out:
        out.loc[RNG.random(n) < 0.2, column] = None
    return out


def test_repeated_rows_are_those_of_pandas():
    for n in (0, 1, 2, 60, 400):
        rows = frame(n)
        np.testing.assert_array_equal(repeated(rows), rows.duplicated().to_numpy())
        np.testing.assert_array_equal(repeated(rows[["a"]]), rows[["a"]].duplicated().to_numpy())


def test_minus_zero_is_zero():
    assert repeated(pd.DataFrame({"x": [0.0, -0.0]})).tolist() == [False, True]


def collide(texts):
    return np.zeros(len(texts), dtype="uint64")


def test_collisions_are_parted(monkeypatch):
    values = pd.Series(["a", "b", None, "a", "c"], dtype="str")
    monkeypatch.setattr(module, "hashed", collide)
    found = distinct(values, always=True)
    assert [None if c < 0 else found.python()[c] for c in found.codes] == ["a", "b", None, "a", "c"]


def test_collisions_are_no_repetitions(monkeypatch):
    from evaltool.intake import repeats

    monkeypatch.setattr(repeats, "hashed", collide)
    rows = pd.DataFrame({"a": pd.Series(["x", "y", "x"], dtype="str")})
    assert repeated(rows).tolist() == [False, False, True]


def test_texts_that_differ_only_far_out_are_told_apart():
    long = pd.Series(["x" * 80 + "1", "x" * 80 + "2", "x" * 80 + "1"], dtype="str")
    assert len(set(hashed(strings(long)).tolist())) == 1
    assert distinct(long).codes.tolist() == [0, 1, 0] and repeated(long.to_frame()).tolist() == [False, False, True]


@pytest.mark.parametrize("n", [7, 12_000])
def test_distinct_gives_every_row_its_text(n):
    values = pd.Series(RNG.integers(0, 10 * n, n).astype(str), dtype="str")
    values[RNG.random(n) < 0.1] = None
    for always in (False, True):
        found = distinct(values, always=always)
        texts = np.array([*found.python(), None], dtype=object)
        pd.testing.assert_series_equal(pd.Series(texts[found.codes], dtype="str"), values)


def slowly(who, begins, ends):
    """Every pair compared."""
    def meets(i: int, j: int) -> bool:
        return who[i] == who[j] and (begins[j], j) < (begins[i], i) and max(ends[j], begins[j]) > begins[i]

    return [any(meets(i, j) for j in range(len(who))) for i in range(len(who))]


@pytest.mark.parametrize("scale", [1, 2**40])
def test_overlaps_are_those_of_every_pair(scale):
    for _ in range(30):
        n = int(RNG.integers(0, 40))
        who, begins = RNG.integers(0, 6, n), RNG.integers(-30, 30, n) * scale
        ends = begins + RNG.integers(-2, 15, n) * scale
        who = who + (2**24 if scale > 1 and n else 0)
        assert overlapping(who=who, begins=begins, ends=ends).tolist() == slowly(who, begins, ends)


def test_rows_looked_at_some_at_a_time_give_the_same(monkeypatch):
    from evaltool.intake import repeats

    rows = frame(400)
    monkeypatch.setattr(repeats, "_AT_ONCE", 37)
    np.testing.assert_array_equal(repeated(rows), rows.duplicated().to_numpy())
    np.testing.assert_array_equal(repeated(rows[["a", "c"]]), rows[["a", "c"]].duplicated().to_numpy())


@pytest.mark.parametrize("text", ["word", None])
@pytest.mark.parametrize("n", [0, 1, 5, 10, 11])
def test_one_text_throughout_is_an_ordinary_column(monkeypatch, text, n):
    monkeypatch.setattr(module, "_STRETCH", 5)
    pd.testing.assert_series_equal(module.throughout(text, n), pd.Series([text] * n, dtype="str"))
