"""The same question to the gate is solved once, and any other question is another one."""

from __future__ import annotations

import dataclasses
import importlib

import numpy as np
import pandas as pd
import pytest

from evaltool.disclosure import policy, release
from evaltool.disclosure.solved import solved
from tests.small_result import small_result

series = importlib.import_module("evaltool.disclosure.series")
module = importlib.import_module("evaltool.disclosure.solved")


@pytest.fixture
def asked(monkeypatch):
    """How often the gate chose what to hide."""
    calls, real = [], series.hidden_phases
    monkeypatch.setattr(module, "_known", type(module._known)())
    monkeypatch.setattr(series, "hidden_phases", lambda **given: calls.append(1) or real(**given))
    return calls


def result(**more):
    return small_result(persons={"a": (20, 3), "b": (30, 31), "c": (9, 12), **more})


def test_a_second_time_nothing_is_solved_and_the_same_is_hidden(asked):
    first = release(result=result(), policy=policy())
    count = len(asked)
    again = release(result=result(), policy=policy())
    assert count and len(asked) == count
    pd.testing.assert_frame_equal(first.series, again.series)
    pd.testing.assert_frame_equal(first.estimates, again.estimates)


def test_where_the_rows_stand_in_the_series_does_not_matter(asked):
    made = result()
    first = release(result=made, policy=policy())
    count = len(asked)
    other = made.series[made.series["kind"] == "phase"].assign(measure="another", persons=100.0)
    longer = release(result=dataclasses.replace(made, series=pd.concat([other, made.series], ignore_index=True)), policy=policy())
    assert len(asked) == count + 1
    mine = longer.series[longer.series["measure"] != "another"].reset_index(drop=True)
    pd.testing.assert_frame_equal(mine[first.series.columns], first.series)


def test_another_number_limit_or_memory_is_another_question(asked):
    release(result=result(), policy=policy())
    for ask in (lambda: release(result=result(c=(9, 13)), policy=policy()), lambda: release(result=result(), policy=policy(min_persons=6))):
        count = len(asked)
        ask()
        assert len(asked) > count


def test_values_that_look_alike_are_told_apart():
    frame = pd.DataFrame({"a": ["x", None], "b": [1.0, 2.0]})
    values = [1, 1.0, "1", None, True, (1,), ((1,),), (1, 2), {1}, {1: None}, np.array([1]), np.array([1.0]), np.array([1], dtype=object),
              np.array([[1]]), frame, frame.rename(columns={"a": "c"}), frame.iloc[::-1], policy(), policy(min_persons=7)]
    assert [solved(about=("test", one), make=lambda i=i: i) for i, one in enumerate(values)] == list(range(len(values)))
    assert [solved(about=("test", one), make=lambda: "new") for one in values] == list(range(len(values)))
