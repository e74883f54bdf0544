"""The rules about one person's stays on arrays find what ``rules.find`` finds in a frame, and leave the same rows in."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from evaltool.contracts import contract
from evaltool.indicators.episodes import seconds
from evaltool.indicators.registry import StayArrays
from evaltool.indicators.registry_rules import BACKWARDS, BEYOND, DEATH, NEVER, OPEN, REFUSED, WITHHELD, Deaths, person_rules
from evaltool.rules import Context, find

from .registers import frame, registers

CODES = ("S02", "S08", "S10", "S15")
DIED = pd.DataFrame({"person": ["b"], "died_on": pd.to_datetime(["2024-02-10"]).as_unit("us"), "withdrawn_on": pd.to_datetime([None]).as_unit("us")})


def arrays(stays, refused):
    """Rows that rules S07 and S11 refuse are marked as reading the file does it."""
    open_end, backwards = stays["discharged"].isna(), (stays["discharged"] < stays["admitted"]).to_numpy()
    died, still = stays["died"].fillna(False).to_numpy(dtype=bool), open_end.to_numpy()
    out = refused | backwards | (died & still)
    marks = REFUSED * out + BACKWARDS * backwards + DEATH * (died & ~still & ~backwards) + OPEN * still + BEYOND * out
    return StayArrays(
        person=stays["person"].map({"a": 11, "b": 7, "c": 9}).to_numpy(dtype="int64"), department=pd.Categorical(stays["department"], ["x", "y", "z"]).codes.astype("int32"),
        start=seconds(stays["admitted"]), end=np.where(open_end, NEVER, seconds(stays["discharged"])),
        kind=np.arange(len(stays)).astype("uint8"), way_out=np.zeros(len(stays), dtype="uint8"), marks=marks.astype("uint8"))


@settings(max_examples=40, deadline=None, derandomize=True, phases=[Phase.generate])
@given(drawn=registers(), again=st.lists(st.integers(0, 8), max_size=4), turned=st.integers(0, 8), listed=st.booleans())
def test_finds_what_the_frames_find(drawn, again, turned, listed):
    stays = frame([one for one in drawn if one["person"] is not None])
    stays = pd.concat([stays, stays.iloc[[at for at in again if at < len(stays)]]], ignore_index=True)
    stays["stay_id"] = [f"s{at}" for at in range(len(stays))]
    if turned < len(stays):
        stays.loc[turned, "discharged"] = stays.loc[turned, "admitted"] - pd.Timedelta("1h")
    found = find(frame=stays, contract=contract("stays"), context=Context(persons=DIED if listed else None))
    deaths = Deaths(person=np.array([7]), day=np.array([np.datetime64("2024-02-10", "D").astype("int64")]))
    got = person_rules(stays=arrays(stays, np.zeros(len(stays), dtype=bool)), **({"deaths": deaths} if listed else {}))
    assert {code: n for code, n in got.broken.items() if n} == {code: len(rows) for code, _, rows in found if code in CODES}
    out = {int(row) for code, _, rows in found if contract("stays").rules.get(code) is None or contract("stays").rules[code].refuses for row in rows}
    # The kind holds the row number here: which of two equal stays is kept must be the first.
    assert sorted(got.stays.kind.tolist()) == [row for row in range(len(stays)) if row not in out]
    assert got.kept_out == len(out) == got.wrong


def test_a_limit_and_a_withdrawal_are_no_fault_of_the_file():
    stays = frame([{"stay_id": f"s{i}", "person": "a", "department": "x", "admitted": pd.Timestamp("2024-01-02"), "discharged": pd.Timestamp("2024-01-05"),
                    "admission_type": "planned", "legal_basis": None, "discharged_to": None, "died": False} for i in range(3)])
    one = arrays(stays, np.array([True, False, False]))
    assert person_rules(stays=one, limited={"S02"}).wrong == 1 and person_rules(stays=one).wrong == 3
    gone = StayArrays(**{name: getattr(one, name) for name in StayArrays.__dataclass_fields__} | {"marks": one.marks | WITHHELD})
    assert (person_rules(stays=gone).wrong, person_rules(stays=gone).kept_out) == (0, 3)
