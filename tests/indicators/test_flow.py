"""The flow table: every stay is in exactly one class, and the steps add up."""

from __future__ import annotations

from hypothesis import given, settings

from evaltool.indicators.episodes import episodes
from evaltool.indicators.flow import FLAGS, STEPS, flow
from evaltool.indicators.readmission import REASONS, readmission

from .registers import AS_OF, frame, registers
from .test_readmission import DEATHS, STARTS, definitions


@settings(max_examples=60, deadline=None, derandomize=True)
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
