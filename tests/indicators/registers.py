"""Random small registers of stays for the property tests, and the frame they become."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
from hypothesis import strategies as st

AS_OF = dt.date(2024, 3, 31)
BEGIN = dt.datetime(2024, 1, 1)
KINDS = ("unplanned", "planned", "user_controlled", "respite", "transfer", "unknown")
PLACES = ("home", "hospital", "other_department", "dead", "prison", "moved_away", "self_discharge", None)

_hours = st.integers(0, 100 * 24)


@st.composite
def registers(draw, clock: bool | None = None):
    """A list of stays of up to three persons in three departments; hours whole, some ongoing, some beyond as_of."""
    with_clock = draw(st.booleans()) if clock is None else clock
    step = 1 if with_clock else 24
    stays = []
    for number in range(draw(st.integers(0, 9))):
        begin = draw(_hours) // step * step
        length = draw(st.one_of(st.integers(0, 20), st.integers(0, 60 * 24))) // step * step
        admitted = BEGIN + dt.timedelta(hours=begin)
        stays.append({
            "stay_id": f"s{number}", "person": draw(st.sampled_from(["a", "b", "c", None])),
            "department": draw(st.sampled_from(["x", "y", "z"])), "admitted": admitted,
            "discharged": None if draw(st.integers(0, 6)) == 0 else admitted + dt.timedelta(hours=length),
            "admission_type": draw(st.sampled_from(KINDS)), "legal_basis": "voluntary",
            "discharged_to": draw(st.sampled_from(PLACES)), "died": draw(st.integers(0, 12)) == 0,
        })
    return stays


def frame(stays: list[dict]) -> pd.DataFrame:
    """The stays with the canonical types of a validated table."""
    out = pd.DataFrame(stays, columns=["stay_id", "person", "department", "admitted", "discharged", "admission_type",
                                       "legal_basis", "discharged_to", "died"])
    for name in ("stay_id", "person", "department", "admission_type", "legal_basis", "discharged_to"):
        out[name] = pd.Series([np.nan if v is None else v for v in out[name]], dtype="str")
    for name in ("admitted", "discharged"):
        out[name] = pd.to_datetime(out[name]).astype("datetime64[us]")
    return out.assign(died=out["died"].astype("boolean"))


def many(*, seed: int, persons: int, clock: bool = True) -> list[dict]:
    """Thousands of small registers at once: each person is one, with up to five stays."""
    rng = np.random.default_rng(seed)
    step = 1 if clock else 24
    stays = []
    for person in range(persons):
        hour = int(rng.integers(0, 80 * 24))
        for _ in range(int(rng.integers(1, 6))):
            length = int(rng.choice([0, 3, 20, 24, 100, 400]) * rng.random() * 1.5)
            begin = max(0, hour) // step * step
            admitted = BEGIN + dt.timedelta(hours=begin)
            out = admitted + dt.timedelta(hours=length // step * step)
            stays.append({
                "stay_id": f"s{len(stays)}", "person": f"p{person}", "department": str(rng.choice(["x", "y", "z"])),
                "admitted": admitted, "discharged": None if rng.random() < 0.03 else out,
                "admission_type": str(rng.choice(KINDS)), "legal_basis": "voluntary",
                "discharged_to": str(rng.choice(["home", "home", "home", "hospital", "prison", "other_department", "self_discharge", "moved_away"])),
                "died": bool(rng.random() < 0.02),
            })
            hour = begin + length + int(rng.choice([-10, 0, 7, 8, 9, 24, 48, 72, 200, 720, 744]))
    return [stays[i] for i in rng.permutation(len(stays))]
