"""The flow table: every stay is in exactly one class, and the steps add up."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings

from evaltool.indicators.episodes import episodes
from evaltool.indicators.flow import FLAGS, STEPS, flow, merge_small
from evaltool.indicators.readmission import REASONS, readmission

from .registers import AS_OF, frame, registers
from .test_readmission import DEATHS, STARTS, definitions


@settings(max_examples=25, deadline=None, derandomize=True)
@given(stays=registers(), definition=definitions)
def test_every_stay_is_in_exactly_one_class(stays, definition):
    table = frame(stays)
    chained = episodes(
        stays=table, transfer_gap_hours=definition.transfer_gap_hours, attribute_to=definition.attribute_to, as_of=AS_OF,
        time_of_day=True,
    )
    flags = readmission(episodes=chained, definition=definition, as_of=AS_OF, starts=STARTS, deaths=DEATHS)
    got = flow(stays=table, episodes=chained, flags=flags, as_of=AS_OF).set_index("step")
    assert tuple(got.index) == STEPS + FLAGS
    n = got["stays"]
    assert n["all_stays"] == len(stays)
    # The stays of an episode are counted with it, the merged ones among them.
    assert n["all_stays"] - n["after_as_of"] == n["episodes"]
    assert n["episodes"] == n[list(REASONS)].sum() + n["readmitted"] + n["not_readmitted"]
    e = got["episodes"]
    assert n["all_stays"] - n["after_as_of"] - n["merged"] == e["episodes"]
    assert e["episodes"] - e[list(REASONS)].sum() == e["index"] == e["readmitted"] + e["not_readmitted"]
    assert (e[list(FLAGS)] <= e["index"]).all()


def table(**persons):
    steps = ["all_stays", "after_as_of", "merged", "episodes", *REASONS, "index", "readmitted", "not_readmitted"]
    return pd.DataFrame([{"step": s, "stays": 2.0 * persons.get(s, 0), "episodes": 1.0 * persons.get(s, 0), "persons": 1.0 * persons.get(s, 0)} for s in steps])


def test_rare_reasons_go_together_and_nothing_is_lost():
    full = table(died=2, ongoing=3, transferred_out=9, kind_not_followed=40, index=100, readmitted=20, not_readmitted=90)
    got = merge_small(table=full, min_persons=5).set_index("step")
    assert "died" not in got.index and "ongoing" not in got.index and "transferred_out" not in got.index
    assert got.loc["other_reasons", ["stays", "episodes", "persons"]].tolist() == [28, 14, 9]
    assert got.loc["kind_not_followed", "episodes"] == 40 and list(got.index).index("other_reasons") == list(got.index).index("index") - 1


def test_nothing_rare_changes_nothing():
    full = table(died=5, index=100)
    pd.testing.assert_frame_equal(merge_small(table=full, min_persons=5), full)


def test_a_single_rare_reason_is_shown_with_nobody():
    got = merge_small(table=table(died=2, index=100), min_persons=5)
    assert got.loc[got["step"] == "other_reasons", "persons"].tolist() == [2]
