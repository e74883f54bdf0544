"""``[readmission]`` in study.toml: every setting reaches the measures, as the slow version says it should."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from evaltool.contracts import contract
from evaltool.errors import StudyError
from evaltool.indicators.observations import observations
from evaltool.indicators.side_by_side import definitions
from evaltool.measures import measure
from evaltool.result import Dataset, Provenance
from evaltool.stay_codes import ADMISSION_TYPES, WAYS_OUT
from evaltool.study import open_study

from .plain import plain_episodes, plain_readmission
from .registers import AS_OF, frame, many
from .test_readmission import DEATHS, STARTS

STUDY = f'[study]\nid = "x"\nname = {{ nb = "X", en = "X" }}\nas_of = {AS_OF}\n[readmission]\n'
STAYS = many(seed=5, persons=160)
AS_WRITTEN = SimpleNamespace(
    window_days=30, lower_gap_hours=0, lower_gap_days=0, transfer_gap_hours=8, attribute_to="last", where="any", look="any",
    unit="episode", event_types=("unplanned", "transfer", "unknown"), index_types=("unplanned", "planned", "transfer", "unknown"),
    transferred_out=("hospital", "other_department"), leave_out=("moved_away",), drop_deaths=False, drop_crossing=False,
)
"""The defaults, written out by hand."""

SETTINGS = {
    "window_days = 45": {"window_days": 45}, "lower_gap_hours = 36": {"lower_gap_hours": 36},
    "lower_gap_days = 3": {"lower_gap_days": 3}, "transfer_gap_hours = 24": {"transfer_gap_hours": 24},
    'attribute_to = "first"': {"attribute_to": "first"}, 'where = "same_department"': {"where": "same_department"},
    'look = "next"': {"look": "next"}, 'unit = "person_year"': {"unit": "person_year"}, 'unit = "person"': {"unit": "person"},
    'planned_types = ["planned"]': {"event_types": ("unplanned", "user_controlled", "respite", "transfer", "unknown")},
    'not_followed_types = ["planned"]': {"index_types": ("unplanned", "user_controlled", "respite", "transfer", "unknown")},
    'transferred_out = ["prison"]': {"transferred_out": ("prison",)},
    'leave_out = ["moved_away", "self_discharge"]': {"leave_out": ("moved_away", "self_discharge")},
    "leave_out = []": {"leave_out": ()}, "leave_out_deaths = true": {"drop_deaths": True},
    "leave_out_crossing = true": {"drop_crossing": True},
}


def study(folder, text):
    (folder / "study.toml").write_text(STUDY + text, encoding="utf8")
    return open_study(folder=folder)


def dataset():
    persons = pd.DataFrame({"person": pd.Series(list(DEATHS), dtype="str"), "died_on": pd.to_datetime(list(DEATHS.values()))})
    rollout = pd.DataFrame({"department": pd.Series(list(STARTS), dtype="str"), "start": pd.to_datetime(list(STARTS.values()))})
    departments = pd.DataFrame({"department": pd.Series(["x", "y", "z"], dtype="str"), "beds": 8.0})
    return Dataset(tables={"stays": frame(STAYS), "persons": persons}, registers={"rollout": rollout, "departments": departments},
                   provenance=Provenance(study="x", snapshot="0" * 12, as_of=AS_OF, version="0"))


def plain(**other):
    definition = SimpleNamespace(**(vars(AS_WRITTEN) | other))
    chained = plain_episodes(STAYS, transfer_gap_hours=definition.transfer_gap_hours, attribute_to=definition.attribute_to,
                             as_of=AS_OF, time_of_day=True)
    found = plain_readmission(chained, definition=definition, as_of=AS_OF, starts=STARTS, deaths=DEATHS)
    return {stay: (reason, value) for stay, (reason, value, *_) in found.items()}


def measured(study, name):
    got = observations(dataset=dataset(), study=study, measure=measure(name))
    own = frame(STAYS)["stay_id"].take(got["row"])
    return {stay: (None if pd.isna(r.reason) else r.reason, None if pd.isna(r.value) else int(r.value))
            for stay, r in zip(own, got.itertuples(), strict=True)}


@pytest.mark.parametrize("text", ["", *SETTINGS])
def test_every_setting_reaches_the_measure(tmp_path, text):
    other = SETTINGS.get(text, {})
    expected = plain(**other)
    assert measured(study(tmp_path, text), "readmission_own_window") == expected
    assert (expected == plain()) is (text == ""), "the stays of this test cannot tell the setting"


def test_a_measure_named_for_its_days_keeps_them(tmp_path):
    own = study(tmp_path, 'window_days = 45\nwhere = "same_department"\n')
    assert measured(own, "readmission_30d_unplanned") == plain(where="same_department")
    assert measured(own, "readmission_7d") == plain(where="same_department", window_days=7)


def test_a_gap_longer_than_the_window_is_one_clear_error(tmp_path):
    late = study(tmp_path, "lower_gap_days = 8\n")
    with pytest.raises(StudyError) as caught:
        measured(late, "readmission_7d")
    assert caught.value.code == "gap_beyond_window" and "lower_gap_days" in caught.value.message("en")
    side = definitions(dataset=dataset(), study=late)
    assert side.loc[side["definition"] == "study", "window_days"].tolist() == [30, 90, 365]


@pytest.mark.parametrize(("line", "key"), [
    ('planned_types = ["elective"]', "planned_types"), ('leave_out = ["gone"]', "leave_out"), ('unit = "stay"', "unit"),
    ('where = "here"', "where"), ("lower_gap_days = 1.5", "lower_gap_days"), ("leave_out_deaths = 1", "leave_out_deaths"),
])
def test_an_unknown_value_names_the_key_and_what_may_stand_there(tmp_path, line, key):
    with pytest.raises(StudyError) as caught:
        study(tmp_path, line)
    assert f"readmission.{key}" in caught.value.message("en")


def test_codes_are_those_of_the_table():
    columns = contract("stays").columns
    assert set(ADMISSION_TYPES) == set(columns["admission_type"].allowed)
    assert set(WAYS_OUT) == set(columns["discharged_to"].allowed)
