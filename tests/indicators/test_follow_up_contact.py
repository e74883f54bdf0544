"""Contact within seven days of discharge, against a slow version, person by person."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from evaltool.errors import StudyError
from evaltool.indicators.observations import measurable, observations
from evaltool.measures import measure
from evaltool.result import Dataset
from evaltool.stay_codes import ADMISSION_TYPES, MEETINGS

from .plain import plain_episodes, plain_readmission
from .registers import AS_OF, BEGIN, frame, many
from .test_readmission_settings import dataset, study

PERSONS = 120
DEATHS = {f"p{i}": dt.date(2024, 1, 15) + dt.timedelta(days=i * 7 % 70) for i in range(0, PERSONS, 2)}

KINDS = ("intake", "in_person", "phone", "video", "message", "not_met", "other", None)
EVERYTHING = SimpleNamespace(
    window_days=7, lower_gap_hours=0, lower_gap_days=0, transfer_gap_hours=8, attribute_to="last", where="any", look="any",
    unit="episode", event_types=ADMISSION_TYPES, index_types=ADMISSION_TYPES, transferred_out=("hospital", "other_department"),
    leave_out=("moved_away",), drop_deaths=False, drop_crossing=False,
)


def contacts(rng, persons):
    rows = [{"contact_id": f"c{i}", "person": f"p{rng.integers(0, persons)}", "department": "x", "kind": KINDS[rng.integers(0, len(KINDS))],
             "contacted_on": BEGIN + dt.timedelta(hours=int(rng.integers(0, 91 * 24)))} for i in range(persons * 8)]
    out = pd.DataFrame(rows)
    return out.assign(contacted_on=pd.to_datetime(out["contacted_on"]).astype("datetime64[us]")).astype({"kind": "str", "person": "str"})


def plain(stays, met):
    """(reason, value) by the stay an episode is attributed to."""
    chained = plain_episodes(stays, transfer_gap_hours=8, attribute_to="last", as_of=AS_OF, time_of_day=True)
    known = plain_readmission(chained, definition=EVERYTHING, as_of=AS_OF, starts={}, deaths=DEATHS)
    answer = {}
    for own in chained:
        reason, out = known[own["stay_id"]][0], own["until"].date()
        days = [(m.contacted_on.date() - out).days for m in met if m.person == own["person"] and m.kind in (*MEETINGS, None)]
        first = min((d for d in days if 1 <= d <= 7), default=99)
        back = min(((e["admitted"].date() - out).days for e in chained
                    if e["person"] == own["person"] and e["admitted"] > own["until"]), default=99)
        died = (DEATHS[own["person"]] - out).days if own["person"] in DEATHS else 99
        if reason is None and died <= 7 and died < first and died <= back:
            reason = "died_first"
        elif reason is None and back <= 7 and back < first and back < died:
            reason = "back_first"
        answer[own["stay_id"]] = (reason, int(first <= 7) if reason is None else None)
    return answer


@pytest.mark.parametrize("seed", range(2))
def test_equals_the_plain_version(tmp_path, seed):
    stays = [s for s in many(seed=seed, persons=PERSONS) if not (s["person"] in DEATHS and s["admitted"].date() > DEATHS[s["person"]])]
    table = contacts(np.random.default_rng(seed), PERSONS)
    gone = pd.DataFrame({"person": pd.Series(list(DEATHS), dtype="str"), "died_on": pd.to_datetime(list(DEATHS.values()))})
    both = Dataset(tables={"stays": frame(stays), "contacts": table, "persons": gone}, registers=dataset().registers,
                   provenance=dataset().provenance)
    got = observations(dataset=both, study=study(tmp_path, ""), measure=measure("followed_up_7d"))
    own = frame(stays)["stay_id"].take(got["row"])
    found = {stay: (None if pd.isna(r.reason) else r.reason, int(r.value) if r.included else None)
             for stay, r in zip(own, got.itertuples(), strict=True)}
    met = [SimpleNamespace(person=c.person, contacted_on=c.contacted_on, kind=None if pd.isna(c.kind) else c.kind) for c in table.itertuples()]
    expected = plain(stays, met)
    assert found == expected
    assert {"back_first", "died_first", None} <= {reason for reason, _ in expected.values()}


def test_only_where_contacts_exist(tmp_path):
    assert not measurable(dataset=dataset(), measure=measure("followed_up_7d"))
    with pytest.raises(StudyError) as caught:
        observations(dataset=dataset(), study=study(tmp_path, ""), measure=measure("followed_up_7d"))
    assert "contacts" in caught.value.message("en")
