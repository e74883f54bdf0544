"""Where long stays went, intake to teams, tenancies, case mix and the curve of returns: counted by hand, and by the gate."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from evaltool.compare.stay_facts import stay_facts
from evaltool.design import StudyDesign
from evaltool.disclosure import policy, release
from evaltool.indicators.aggregate import aggregate
from evaltool.indicators.case_mix_series import case_mix_series
from evaltool.indicators.housing_series import housing_series
from evaltool.indicators.intake_series import intake_series
from evaltool.indicators.left_after_limit import left_after_limit
from evaltool.indicators.return_series import DAYS, incidence_series
from evaltool.indicators.use_series import use_series
from evaltool.measures import measure
from evaltool.result import Dataset, Provenance
from evaltool.stay_fact_tables import after_limit_table, housing_table, intake_table, use_table
from evaltool.study import open_study

from .registers import frame

AS_OF = dt.date(2025, 12, 31)
START = pd.Timestamp("2024-07-01")


@pytest.fixture
def study(tmp_path):
    (tmp_path / "study.toml").write_text(f'[study]\nid = "x"\nname = {{ nb = "X", en = "X" }}\nas_of = {AS_OF}\n', encoding="utf8")
    return open_study(folder=tmp_path)


REGISTERS = {
    "departments": pd.DataFrame({"department": ["ward", "home", "other", "act"], "name": ["Ward", "Home", "Other home", "ACT"], "service": "s",
                                 "unit_type": ["inpatient", "housing", "housing", "outreach"], "beds": 8.0}).astype({"department": "str"}),
    "rollout": pd.DataFrame({"department": ["ward", "home"], "planned_start": START, "start": START, "wash_in_end": START, "paused_from": pd.NaT,
                             "paused_to": pd.NaT}).astype({"paused_from": "datetime64[us]", "paused_to": "datetime64[us]"}),
    "components": pd.DataFrame({"department": [], "component": []}),
}
DESIGN = StudyDesign.from_register(rollout=REGISTERS["rollout"], departments=REGISTERS["departments"], as_of=AS_OF, wash_in_months=0)


def data(stays, **tables):
    return Dataset(tables={"stays": frame(stays), **tables}, registers=REGISTERS, provenance=Provenance("x", "0" * 12, AS_OF, "0"))


def stay(number, person, department, admitted, discharged, kind="planned", to="home"):
    return {"stay_id": str(number), "person": person, "department": department, "admitted": pd.Timestamp(admitted),
            "discharged": None if discharged is None else pd.Timestamp(discharged), "admission_type": kind, "legal_basis": None,
            "discharged_to": to, "died": False}


def long_stays(*groups):
    rows = [(to, f"{to}{i}") for to, n in groups for i in range(n)]
    return pd.DataFrame({"discharged_to": pd.Series([to for to, _ in rows], dtype="str"), "person": [p for _, p in rows],
                         "row": range(len(rows)), "over_limit": True, "ongoing": False})


def test_rare_ways_out_are_one_until_they_are_enough():
    got = left_after_limit(lengths=long_stays(("home", 9), ("housing", 6), ("prison", 2), (None, 1)), min_persons=5)
    assert dict(zip(got["kind"], got["numerator"], strict=True)) == {"to_home": 9, "to_rest": 9}
    assert got["value"].sum() == 1 and got["persons_numerator"].tolist() == [9, 9]
    alone = left_after_limit(lengths=long_stays(("home", 9), ("housing", 6)), min_persons=5)
    assert dict(zip(alone["kind"], alone["value"], strict=True)) == {"to_home": 0.6, "to_housing": 0.4}
    assert left_after_limit(lengths=long_stays(("home", 3)).iloc[:0], min_persons=5).empty


def test_nights_and_admissions_around_intake(study):
    stays = [stay(0, "early", "ward", "2022-01-01", "2022-01-02")]
    contacts = []
    for i in range(6):
        stays += [stay(f"b{i}", f"p{i}", "ward", "2023-05-01", f"2023-05-{11 + i}"), stay(f"c{i}", f"p{i}", "ward", "2023-08-01", "2023-08-03"),
                  stay(f"a{i}", f"p{i}", "ward", "2024-05-01", "2024-05-05")]
        contacts.append({"person": f"p{i}", "department": "act", "contacted_on": pd.Timestamp("2024-01-10 12:00"), "kind": "intake"})
    contacts.append({"person": "late", "department": "act", "contacted_on": pd.Timestamp("2025-06-01"), "kind": "intake"})
    contacts.append({"person": "p0", "department": "act", "contacted_on": pd.Timestamp("2024-09-01"), "kind": "intake"})
    got = intake_series(dataset=data(stays, contacts=pd.DataFrame(contacts)), study=study)
    rows = got[got["department"] == "act"].set_index(["measure", "kind"])
    assert rows.loc[("intake.admissions", "before"), ["value", "n"]].tolist() == [2, 6], "the late one is not followed a year"
    assert rows.loc[("intake.nights", "before"), "value"] == np.mean([10, 11, 12, 13, 14, 15]) + 2
    assert rows.loc[("intake.nights", "after"), "value"] == 4 and rows.loc[("intake.admissions", "change"), "value"] == -1
    # R: t.test(c(-8, -9, -10, -11, -12, -13))$conf.int
    assert rows.loc[("intake.nights", "change"), ["conf_low", "conf_high"]].tolist() == pytest.approx([-12.463314, -8.536686], abs=1e-5)
    assert intake_series(dataset=data(stays), study=study).empty


def tenants():
    """Ten who moved in before the start and out after 100 days, six who stayed on, and some who only lodged."""
    stays = [stay(0, "early", "ward", "2023-01-02", "2023-01-03")]
    stays += [stay(f"a{i}", f"a{i}", "home", "2023-03-01", "2023-06-09") for i in range(10)]
    stays += [stay(f"b{i}", f"a{i}", "other", "2023-06-12", None) for i in range(4)]
    stays += [stay(f"c{i}", f"c{i}", "home", "2024-08-01", None) for i in range(6)]
    stays += [stay(f"d{i}", f"d{i}", "home", "2023-05-01", "2023-08-01", kind="respite") for i in range(6)]
    return [*stays, stay("e", "e", "home", "2023-05-01", "2023-05-20"), stay("f", "c0", "home", "2024-08-01", None, kind="unplanned")]


def test_months_of_tenancy_and_moves_out(study):
    got = housing_series(dataset=data(tenants()), study=study, design=DESIGN).set_index(["measure", "department", "kind", "phase"])
    assert got.loc[("housing.tenancy", "home", "tenancy_median", "before"), "value"] == pytest.approx(100 / 30.4375)
    assert np.isnan(got.loc[("housing.tenancy", "home", "tenancy_median", "after"), "value"]), "fewer than half have moved out"
    before = got.loc[("housing.moves", "home", "phase", "before")]
    assert (before["numerator"], before["denominator"]) == (10, pytest.approx(10 * 100 / 365.25 / 100))
    assert got.loc[("housing.moves", "home", "moved_on", "before"), "numerator"] == 4
    after = got.loc[("housing.moves", "home", "phase", "after")]
    years = 6 * 518 / 365.25
    # No event has an upper bound: R: poisson.test(0, T = 8.509240)$conf.int[2] * 100
    assert (after["numerator"], after["conf_low"]) == (0, 0) and after["conf_high"] == pytest.approx(3.688879 / years * 100, rel=1e-6)


def test_facts_pass_the_gate_and_read_as_tables(study):
    both = data(tenants())
    made = release(result=stay_facts(dataset=both, study=study), policy=policy())
    assert set(made.series["measure"]) == {"housing.tenancy", "housing.moves", "stays.after_limit"}, "all measures stand elsewhere"
    assert housing_table(release=made, lang="en")["before"].str.contains(r"\(").any()
    assert after_limit_table(release=made, lang="nb").iloc[0].tolist() == ["Eget hjem", "▒ skjult (få personer)", "", ""], "everybody"
    assert intake_table(release=made, lang="nb").empty


def asking(tmp_path, *names):
    text = f'[study]\nid = "x"\nname = {{ nb = "X", en = "X" }}\nas_of = {AS_OF}\n[measures]\nuse = {list(names)}\n'
    (tmp_path / "study.toml").write_text(text, encoding="utf8")
    return open_study(folder=tmp_path)


def test_use_of_beds_stands_beside_the_measures_that_a_study_asks_for(tmp_path):
    """Of eleven admissions to the ward before, four were the person's own choice; in January 2024 ten had a bed for 31 nights, of eight."""
    study = asking(tmp_path, "bed_days")
    stays = [stay(0, "early", "ward", "2023-11-01", "2023-11-02")]
    stays += [stay(f"a{i}", f"a{i}", "ward", "2024-01-01", "2024-02-01", kind="user_controlled" if i < 4 else "planned") for i in range(10)]
    stays += [stay(f"b{i}", f"b{i}", "home", "2024-01-01", "2024-02-01") for i in range(6)]
    rows = use_series(dataset=data(stays), study=study, design=DESIGN).set_index(["measure", "department", "phase"])
    own = rows.loc[("use.user_controlled_share", "ward", "before")]
    assert (own["numerator"], own["denominator"], own["persons_numerator"]) == (4, 11, 4)
    assert rows.loc[("use.user_controlled_share", "home", "before"), "value"] == 0
    nights = rows.loc[("use.occupancy", "ward", "before")]
    # November has one night, December none, January 310; with February to June, the months until the start.
    assert nights["denominator"] == 8 and nights["value"] == pytest.approx((1 / 240 + 310 / 248) / 8)
    result = stay_facts(dataset=data(stays), study=study)
    assert result.spec.rows["use.occupancy"] == measure("bed_days").rows, "occupancy is bed-days over"
    told = use_table(release=release(result=result, policy=policy(name="unrestricted", reason="test", who="a")), lang="nb")
    assert told[told["Hva"].str.startswith("Andel brukerstyrte")]["Avdeling"].tolist() == ["Ward", "Avdelingene som har startet"]


def test_use_of_beds_is_not_told_twice(tmp_path, study):
    lodgers = [stay(f"a{i}", f"a{i}", "ward", "2024-01-01", "2024-02-01", kind="user_controlled") for i in range(6)]
    for asked in (asking(tmp_path, "occupancy", "user_controlled_share"), study):
        assert use_series(dataset=data(lodgers), study=asked, design=DESIGN).empty


def flags(n, back, *, department="ward", date="2024-01-10", prefix="p"):
    return pd.DataFrame({
        "row": range(n), "person": pd.Series([f"{prefix}{i}" for i in range(n)], dtype="str"), "department": pd.Series(department, index=range(n), dtype="str"),
        "date": pd.Timestamp(date), "included": True, "value": (np.arange(n) < back).astype(float), "reason": pd.Series(np.nan, index=range(n), dtype="str"),
        "wave": pd.Series(np.nan, index=range(n), dtype="str"), "event": True,
    })


def test_expected_by_the_rates_before_the_start_beside_the_plain_share(study):
    """Before: 10 of 40 young and 30 of 60 old come back. After: 40 old of whom 15 do; 20 were expected."""
    parts = [flags(40, 10, prefix="y"), flags(60, 30, prefix="o"), flags(40, 15, date="2024-09-10", prefix="q")]
    seen = pd.concat(parts, ignore_index=True).assign(row=range(140))
    bands = {person: "1990-1999" if person.startswith("y") else "1950-1959" for person in seen["person"]}
    persons = pd.DataFrame({"person": list(bands), "birth_year_band": list(bands.values())}).astype("str")
    both = data([stay(i, person, "ward", "2024-01-01", "2024-01-10", kind="unplanned") for i, person in enumerate(seen["person"])], persons=persons)
    levels = aggregate(observations=seen, measure=measure("readmission_30d_unplanned"), design=DESIGN, periods=False)
    got = case_mix_series(flags=seen, levels=levels, dataset=both, study=study, design=DESIGN).set_index(["department", "kind", "phase"])
    assert got.loc[("ward", "expected", "before"), "value"] == 40 and got.loc[("ward", "expected", "after"), "value"] == 20
    ratio = got.loc[("ward", "observed_expected", "after")]
    # R: poisson.test(15, 20)$conf.int
    assert ratio[["value", "conf_low", "conf_high"]].tolist() == pytest.approx([0.75, 0.4197693, 1.237011], abs=1e-6)
    plain = levels.set_index(["department", "kind", "phase"]).loc[("ward", "phase", "after")]
    same = ["numerator", "denominator", "n", "persons", "persons_numerator", "persons_complement"]
    assert ratio[same].tolist() == plain[same].tolist(), "hidden together: the gate sees the same row"


def times(n_back, n_dead, n, *, date):
    cause = np.r_[np.ones(n_back), np.full(n_dead, 2), np.zeros(n - n_back - n_dead)].astype(int)
    days = np.r_[np.linspace(1, 360, n_back).round(), np.full(n_dead, 50), np.full(n - n_back - n_dead, 365)]
    return pd.DataFrame({"person": [f"{date}{i}" for i in range(n)], "department": "ward", "date": pd.Timestamp(date), "days": days, "cause": cause})


def test_the_curve_has_only_pieces_of_enough_people():
    both = pd.concat([times(200, 30, 300, date="2024-01-10"), times(60, 3, 300, date="2024-09-10")], ignore_index=True)
    got = incidence_series(times=both, design=DESIGN, min_persons=5)
    told = got[got["measure"].str.startswith("readmission.within_")]
    days = {phase: sorted(own["measure"].str.rsplit("_", n=1).str[1].astype(int)) for phase, own in told.groupby("phase")}
    assert days["before"] == days["after"] and set(DAYS) <= set(days["after"])
    back = both[both["cause"] == 1]
    for low, high in zip([-1, *days["after"]], days["after"], strict=False):
        if high not in DAYS:
            pieces = back[(back["days"] > low) & (back["days"] <= high)].groupby("date").size()
            assert (pieces >= 10).all()
    free = got[got["measure"].str.startswith("readmission.km_")]
    last = free[free["measure"].eq("readmission.km_within_365")].set_index("phase")["value"]
    assert "after" not in last.index, "three deaths would stand between the two curves"
    competing = told[told["measure"].eq("readmission.within_365")].set_index("phase")["value"]
    assert last["before"] > competing["before"] == pytest.approx(200 / 300)
