"""Why a row is hidden: no row tells whether it is the small one, and the whole release counts the exact reasons."""

import numpy as np
from small_result import small_result

from evaltool.disclosure import policy, release
from evaltool.disclosure.reasons import OPEN, SMALL, told


def test_the_small_one_and_its_companion_say_the_same():
    out = release(result=small_result(persons={"a": (4, 30), "b": (20, 20), "c": (30, 30)}), policy=policy())
    for frame in (out.estimates, out.series):
        assert set(frame.loc[frame["status"].eq("suppressed"), "reason"]) <= {SMALL, *OPEN}
    hidden = out.series[out.series["status"].eq("suppressed")].set_index("department")["reason"]
    assert hidden["a"] == hidden["b"] == SMALL


def test_everything_hidden_is_counted_once():
    out = release(result=small_result(persons={"a": (4, 30), "b": (20, 20), "c": (30, 30)}), policy=policy())
    counts = out.policy["hidden"]
    assert sum(one["estimates"] for one in counts.values()) == out.estimates["status"].eq("suppressed").sum()
    assert sum(one["phases"] + one["periods"] for one in counts.values()) == out.series["status"].eq("suppressed").sum()
    assert counts["few_persons"]["phases"] == 1


def test_a_share_of_everybody_is_not_said():
    assert told(np.array(["everybody_alike", "few_inside", "", "few_rows"], dtype=object)).tolist() == [SMALL, SMALL, "", "few_rows"]
