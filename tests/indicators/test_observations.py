"""The one frame every estimator starts from: same columns and types for every measure of the register."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pandas as pd
import pytest
import yaml

from evaltool.errors import StudyError
from evaltool.indicators.clash_report import clash_counts, clash_report
from evaltool.indicators.counts import clashes
from evaltool.indicators.definitions import ADMISSION_TYPES, ReadmissionDefinition, presets
from evaltool.indicators.observations import COLUMNS, measurable, observations
from evaltool.indicators.side_by_side import definitions, readmission_flow, readmission_series
from evaltool.indicators.stay_measures import INVOLUNTARY, STAY_MEASURES, VOLUNTARY
from evaltool.measures import measure, register
from evaltool.resources import schema
from evaltool.result import Dataset, Provenance
from evaltool.study import open_study

from .registers import frame

STUDY = """
[study]
id = "small"
name = { nb = "Liten", en = "Small" }
language = "nb"
as_of = 2024-06-30
timezone = "Europe/Oslo"
[surveys.user]
table = "user_survey"
instrument = "qpr15"
link = "partly_linked"
waves = [ { id = "1", opens = 2024-01-01, closes = 2024-03-31 } ]
"""


@pytest.fixture
def study(tmp_path):
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf8")
    return open_study(folder=tmp_path)


def stay(number, person, department, admitted, discharged, kind="unplanned", to="home", basis="voluntary"):
    return {"stay_id": str(number), "person": person, "department": department, "admitted": pd.Timestamp(admitted),
            "discharged": None if discharged is None else pd.Timestamp(discharged), "admission_type": kind,
            "legal_basis": basis, "discharged_to": to, "died": False}


STAYS = frame([
    stay(1, "a", "x", "2024-01-10 10:00", "2024-01-20 10:00"),
    stay(2, "a", "x", "2024-02-05 10:00", "2024-02-12 10:00", basis="compulsory"),
    stay(3, "b", "x", "2024-01-15 10:00", "2024-01-18 11:00", to="other_department"),
    stay(4, "b", "y", "2024-01-18 12:00", "2024-04-20 10:00", kind="transfer"),
    stay(5, "c", "y", "2024-05-01 10:00", "2024-05-03 10:00", kind="user_controlled"),
    stay(6, "c", "x", "2024-06-10 10:00", None, basis=None),
])
CONTACTS = pd.DataFrame({
    "contact_id": pd.Series(["1", "2"], dtype="str"), "person": pd.Series(["a", "b"], dtype="str"),
    "department": pd.Series(["x", "x"], dtype="str"), "contacted_on": pd.to_datetime(["2024-01-22", "2024-04-27"]),
    "kind": pd.Series(["in_person", "message"], dtype="str"),
})
REGISTERS = {
    "departments": pd.DataFrame({"department": ["x", "y", "z"], "beds": [2.0, np.nan, 4.0]}),
    "rollout": pd.DataFrame({"department": ["x"], "start": pd.to_datetime(["2024-02-10"])}),
    "components": pd.DataFrame({"department": []}),
}


def data(**tables):
    return Dataset(tables=tables, registers=REGISTERS, provenance=Provenance("small", "0", dt.date(2024, 6, 30), "0"))


def seen(study, name, *, kind="share", dataset=None):
    known = measure("readmission_30d_unplanned")
    asked = dataclasses.replace(known, id=name, kind=kind, source={"indicator": name})
    return observations(dataset=dataset or data(stays=STAYS, contacts=CONTACTS), study=study, measure=asked)


@pytest.mark.parametrize("name", list(STAY_MEASURES))
def test_every_stay_measure_has_the_same_columns_and_types(study, name):
    got = seen(study, name)
    assert tuple(got.columns) == COLUMNS and len(got)
    assert {str(t) for t in got[["department", "person", "wave", "reason"]].dtypes} == {"str"}
    assert (str(got["row"].dtype), str(got["date"].dtype), str(got["value"].dtype)) == ("int64", "datetime64[us]", "float64")
    assert (got["included"] == got["reason"].isna()).all()
    assert got.loc[got["included"], ["value", "date"]].notna().all().all()


def test_every_indicator_of_the_register_can_be_made():
    wanted = {m.source["indicator"] for m in register().values() if "indicator" in m.source}
    assert wanted == set(STAY_MEASURES)


def test_readmission_rows_are_episodes_with_their_reasons(study):
    got = seen(study, "readmission_30d_unplanned").set_index("row")
    assert got.loc[0, "value"] == 1 and got.loc[1, "value"] == 0
    assert got.loc[3, ["department", "value"]].tolist() == ["y", 0]
    assert got.loc[4, "reason"] == "kind_not_followed" and got.loc[5, "reason"] == "ongoing"


def test_length_of_stay_keeps_the_ongoing_as_lower_bounds(study):
    got = seen(study, "length_of_stay", kind="duration").set_index("row")
    assert got.loc[3, "value"] == 96 and got.loc[5, ["value", "event", "included"]].tolist() == [21, False, False]
    assert got.loc[5, "date"] == pd.Timestamp("2024-06-30")


def test_months_empty_months_and_beds(study):
    nights = seen(study, "bed_days", kind="count")
    x = nights[(nights["department"] == "x") & nights["included"]].groupby("date")["value"].sum()
    assert x.tolist() == [13, 7, 0, 0, 0, 21]
    assert nights.loc[nights["value"] == 0, "row"].eq(-1).all()
    full = seen(study, "occupancy", kind="rate")
    june = full[(full["department"] == "x") & (full["date"] == "2024-06-01")]
    assert june["value"].sum() == pytest.approx(21 / 60)
    assert set(full.loc[full["department"] == "y", "reason"]) == {"no_beds"}


def test_beds_change_from_a_month_on(study):
    changes = pd.DataFrame({
        "department": ["x"], "month": pd.to_datetime(["2024-06-01"]), "measure": ["beds"], "numerator": [7.0],
        "denominator": [np.nan],
    })
    full = seen(study, "occupancy", kind="rate", dataset=data(stays=STAYS, service_counts=changes))
    by = full[full["department"] == "x"].groupby("date")["value"].sum()
    assert by["2024-06-01"] == pytest.approx(21 / 210) and by["2024-01-01"] == pytest.approx(13 / 62)


def test_admissions_count_no_transfer_and_rates_add_up(study):
    count = seen(study, "admissions", kind="count").groupby("department")["value"].sum()
    assert count.to_dict() == {"x": 4, "y": 1}
    rate = seen(study, "admissions_per_1000_bed_days", kind="rate")
    january = rate[(rate["department"] == "x") & (rate["date"] == "2024-01-01")]
    assert january["value"].sum() == pytest.approx(2 * 1000 / 13) and len(january) == 2
    assert "no_bed_days" in set(rate["reason"].dropna())


def test_long_stays_are_followed_from_admission(study):
    got = seen(study, "long_stay_share").set_index("row")
    assert got.loc[3, ["date", "value"]].tolist() == [pd.Timestamp("2024-01-15"), 1]
    assert got.loc[4, "reason"] == "follow_up_incomplete", "a short stay from May is not known to be short in a fair way"


def test_stays_from_before_the_data_are_only_the_long_ones_and_left_out(study):
    old = frame([stay(9, "z", "x", "2023-02-01", "2024-01-25", basis="compulsory")])
    both = data(stays=pd.concat([STAYS, old], ignore_index=True))
    for name in ("long_stay_share", "involuntary_share", "user_controlled_share"):
        assert seen(study, name, dataset=both).set_index("row").loc[6, "reason"] == "before_coverage"


def test_shares_of_admissions_leave_out_what_is_not_known(study):
    tvang = seen(study, "involuntary_share").set_index("row")
    assert tvang["value"][tvang["included"]].sum() == 1 and tvang.loc[5, "reason"] == "legal_basis_unknown"
    assert seen(study, "user_controlled_share")["value"].sum() == 1


COUNTS = pd.DataFrame({
    "department": ["z", "z", "z", "x"], "month": pd.to_datetime(["2024-01-01", "2024-01-01", "2024-02-01", "2024-01-01"]),
    "measure": ["bed_days", "persons", "bed_days", "bed_days"], "numerator": [90.0, 6.0, 50.0, 14.0], "denominator": np.nan,
})


def test_totals_stand_in_where_there_are_no_stays_and_clashes_are_told(study):
    both = data(stays=STAYS, service_counts=COUNTS)
    got = seen(study, "bed_days", kind="count", dataset=both)
    z = got[got["department"] == "z"]
    assert z.groupby("date").agg(n=("value", "size"), total=("value", "sum")).values.tolist() == [[6, 90], [1, 50]]
    assert z["person"].isna().all()
    found = clashes(observed=got, dataset=both, measure=measure("bed_days"))
    clash = found[found["clash"]].drop(columns="clash")
    assert clash.values.tolist() == [["x", pd.Timestamp("2024-01-01"), 13, 14]]
    report = clash_report(dataset=both, study=study)
    assert set(report["department"]) == {"x"}, "a department with totals only has nothing to clash with"
    counted = clash_counts(report=report).set_index("measure")
    assert counted.loc["bed_days", ["compared", "differ"]].tolist() == [len(found), 1]


def test_a_month_without_stays_and_another_denominator_are_clashes_too(study):
    totals = pd.DataFrame({
        "department": ["x", "x", "y"], "month": pd.to_datetime(["2024-01-01", "2024-03-01", "2024-04-01"]),
        "measure": "readmission_30d_unplanned", "numerator": [1.0, 2.0, 0.0], "denominator": [1.0, 4.0, 3.0],
    })
    both = data(stays=STAYS, service_counts=totals)
    found = clashes(observed=seen(study, "readmission_30d_unplanned", dataset=both), dataset=both, measure=measure("readmission_30d_unplanned"))
    assert found[["from_stays", "clash"]].values.tolist() == [[1, False], [0, True], [0, True]]
    assert clash_report(dataset=data(stays=STAYS), study=study).empty


def test_a_share_from_totals_only(study):
    totals = pd.DataFrame({
        "department": ["z", "z", "z"], "month": pd.to_datetime(["2024-01-01", "2024-02-01", "2024-03-01"]),
        "measure": "readmission_30d_unplanned", "numerator": [2.0, 5.0, 1.0], "denominator": [7.0, 3.0, np.nan],
    })
    assert measurable(dataset=data(service_counts=totals), measure=measure("readmission_30d_unplanned"))
    assert not measurable(dataset=data(), measure=measure("readmission_30d_unplanned"))
    got = seen(study, "readmission_30d_unplanned", dataset=data(service_counts=totals))
    assert got[got["included"]].groupby("date")["value"].agg(["sum", "size"]).values.tolist() == [[2, 7]]
    assert got["reason"].dropna().tolist() == ["more_than_all", "no_denominator"]


def test_a_form_without_a_day_gets_the_day_its_wave_opened(study):
    answers = pd.DataFrame({
        "person": pd.Series(["a", np.nan], dtype="str"), "department": pd.Series(["x", "x"], dtype="str"),
        "wave": pd.Series(["1", "1"], dtype="str"), "answered_on": pd.to_datetime(["2024-02-01", None]),
        "consent": pd.Series([True, False], dtype="boolean"), **{f"qpr15_{i:02d}": [3.0, 1.0] for i in range(1, 16)},
    })
    got = observations(dataset=data(user_survey=answers), study=study, measure=measure("qpr15_total"))
    assert got["value"].tolist() == [45, 15] and got["date"].iloc[1] == pd.Timestamp("2024-01-01")
    assert got["included"].tolist() == [True, False] and got["reason"].iloc[1] == "no_consent"


@pytest.mark.parametrize("name", ["qpr15_total", "bed_days"])
def test_a_measure_without_its_table_is_one_clear_error(study, name):
    with pytest.raises(StudyError) as caught:
        observations(dataset=data(), study=study, measure=measure(name))
    assert caught.value.code == "measure_without_table"


def test_the_codes_are_those_of_the_table():
    allowed = {n: set(c.get("allowed", ())) for n, c in schema("tables/stays.yaml")["columns"].items()}
    assert set(ADMISSION_TYPES) == allowed["admission_type"]
    assert set(INVOLUNTARY + VOLUNTARY) | {"other", "unknown"} == allowed["legal_basis"]
    assert set(ReadmissionDefinition().transferred_out) | {"dead"} <= allowed["discharged_to"]
    assert all(set(d.transferred_out + d.leave_out) <= allowed["discharged_to"] for d in presets().values())


def test_definitions_side_by_side(study):
    got = definitions(dataset=data(stays=STAYS), study=study, departments=True)
    total = got[got["department"] == "*"].set_index(["definition", "window_days"])
    assert [days for name, days in total.index if name == "study"] == [7, 30, 90, 365]
    assert {name for name, _ in total.index} == {"study", *presets()}
    assert total.loc[("study", 30), ["numerator", "denominator"]].tolist() == [1, 3]
    assert total.loc[("all_30", 30), ["numerator", "denominator"]].tolist() == [1, 4]
    assert np.isnan(total.loc[("study", 365), "value"])
    parts = got[(got["definition"] == "study") & (got["window_days"] == 30) & (got["department"] != "*")]
    assert parts["denominator"].sum() == 3
    assert total.loc[("study", 30), "crosses_start"] == 1


def test_definitions_and_flow_as_series(study):
    both = data(stays=STAYS)
    steps = readmission_flow(dataset=both, study=study, definition=presets()["unplanned_30"]).set_index("step")
    assert steps.loc[["all_stays", "merged"], "stays"].tolist() == [6, 1] and steps.loc["index", "episodes"] == 3
    got = readmission_series(dataset=both, study=study)
    assert set(got["kind"]) == {"definition", "flow"}
    row = got[got["phase"] == "study_30"].iloc[0]
    assert row[["numerator", "denominator", "persons"]].tolist() == [1, 3, 2]
    assert got.loc[got["phase"] == "index", "value"].tolist() == [3]
