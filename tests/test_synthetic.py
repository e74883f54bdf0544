"""What is planted in the sample municipality is really there.

Everything is recomputed from the raw files with plain pandas and statsmodels, not with evaltool.
"""

from __future__ import annotations

import tomllib
from functools import cache

import numpy as np
import pandas as pd
import pyreadstat
import pytest
import statsmodels.formula.api as smf
from python_calamine import CalamineWorkbook

from evaltool.resources import folder
from evaltool.synthetic import sample_tables

SAMPLE = folder("sample_data") / "fjordvik"
AS_OF = pd.Timestamp("2026-06-30")
SOURCES = {
    "persons": "raw/personer.csv", "stays": "raw/opphold.csv", "staff_survey": "raw/ansatte.xlsx",
    "user_survey": "raw/brukere.sav", "invitations": "raw/invitasjoner.csv",
    "sessions": "raw/samtaler.csv", "values_exercise": "raw/verdiovelse.csv", "coded_themes": "raw/temaer.csv", "contacts": "raw/kontakter.csv",
}


@cache
def truth() -> dict:
    return tomllib.loads((SAMPLE / "truth.toml").read_text(encoding="utf8"))


@cache
def tables() -> dict[str, pd.DataFrame]:
    return dict(sample_tables())


@cache
def rollout() -> pd.DataFrame:
    days = ["planned_start", "start", "wash_in_end", "paused_from", "paused_to"]
    return pd.read_csv(SAMPLE / "register/rollout.csv", parse_dates=days).set_index("department")


def phased(frame: pd.DataFrame, day: str) -> pd.DataFrame:
    """With ``phase`` (none, before, wash_in, after), ``after`` 0/1 and ``years`` since the data begin."""
    mine = rollout().reindex(frame["department"])
    when, start, end = frame[day].to_numpy(), mine["start"].to_numpy(), mine["wash_in_end"].to_numpy()
    phase = np.select([np.isnat(start), when < start, when < end], ["none", "before", "wash_in"], "after")
    years = (frame[day] - pd.Timestamp("2022-07-01")).dt.days / 365.25
    return frame.assign(phase=phase, after=(phase == "after").astype(float), years=years)


@cache
def names() -> dict[str, str]:
    register = pd.read_csv(SAMPLE / "register/departments.csv")
    return dict(zip(register["name"], register["department"], strict=True))


@cache
def raw_stays() -> pd.DataFrame:
    frame = pd.read_csv(SAMPLE / SOURCES["stays"], sep=";", encoding="cp1252", dtype="str")
    for column in ("Innskrevet", "Utskrevet"):
        frame[column] = pd.to_datetime(frame[column], format="%d.%m.%Y %H:%M")
    return frame.assign(department=frame["Avdeling"].map(names()))


@cache
def episodes() -> pd.DataFrame:
    """Stays less than eight hours apart are one; the department is the last one, the type the first one."""
    stays = raw_stays().sort_values(["Personkode", "Innskrevet"])
    gap = stays["Innskrevet"] - stays.groupby("Personkode")["Utskrevet"].shift()
    chained = stays.assign(episode=(~(gap < pd.Timedelta(hours=8))).cumsum())
    out = chained.groupby("episode").agg(
        person=("Personkode", "first"), admitted=("Innskrevet", "first"), discharged=("Utskrevet", lambda s: s.iloc[-1]),
        kind=("Innleggelsesmåte", "first"), department=("department", "last"), died=("Død i oppholdet", "last"),
    )
    out["day"] = out["discharged"].dt.normalize()
    out["nights"] = (out["day"] - out["admitted"].dt.normalize()).dt.days
    following = out.groupby("person")[["admitted", "kind"]].shift(-1)
    soon = (following["admitted"].dt.normalize() - out["day"]).dt.days <= 30
    out["readmitted"] = (soon & (following["kind"] == "Øyeblikkelig hjelp")).astype(float)
    out["back"] = soon.astype(float)
    return out


@cache
def discharges() -> pd.DataFrame:
    """The denominator: discharged alive, thirty days of follow-up, not dead within them."""
    died = pd.to_datetime(
        pd.read_csv(SAMPLE / SOURCES["persons"], sep=";", encoding="utf-8-sig").set_index("Personkode")["Dødsdato"],
        format="%d.%m.%Y",
    )
    out = episodes().dropna(subset=["discharged"])
    gone = out["person"].map(died) - out["day"] <= pd.Timedelta(days=30)
    return phased(out[(out["day"] <= AS_OF - pd.Timedelta(days=30)) & (out["died"] == "Nei") & ~gone], "day")


@cache
def user_scores() -> pd.DataFrame:
    raw, meta = pyreadstat.read_sav(str(SAMPLE / SOURCES["user_survey"]))        # user-missing codes become NaN
    items = [f"qpr_{n}" for n in range(1, 16)]
    frame = pd.DataFrame({
        "person": raw["brukerkode"].replace("", None), "value": raw[items].mean(axis=1) * 15, "quarter": raw["kvartal"],
        "department": raw["avd"].map(meta.variable_value_labels["avd"]).map(names()),
        "age": raw["alder"].map(meta.variable_value_labels["alder"]),
        "day": pd.to_datetime(raw["dato"]), "answered": raw[items].notna().sum(axis=1),
    })
    return phased(frame, "day")


@cache
def staff_scores() -> pd.DataFrame:
    rows = CalamineWorkbook.from_path(str(SAMPLE / SOURCES["staff_survey"])).get_sheet_by_name("Svar").to_python()
    raw = pd.DataFrame(rows[3:], columns=rows[2])
    words = {"Helt uenig": 1, "Uenig": 2, "Verken eller": 3, "Enig": 4, "Helt enig": 5}
    items = raw[[f"P{n:02d}" for n in range(1, 33)]].apply(lambda column: column.map(words))
    frame = pd.DataFrame({
        "value": items.mean(axis=1), "wave": raw["Bølge"], "department": raw["Avdeling"].map(names()),
        "profession": raw["Yrke"], "day": pd.to_datetime(raw["Besvart"]),
    })
    return phased(frame, "day")


def change(frame: pd.DataFrame) -> float:
    mean = frame.groupby("phase")["value"].mean()
    return mean["after"] - mean["before"]


def with_time(frame: pd.DataFrame, value: str = "value"):
    """Least squares with department, calendar time and after; rows of the wash-in left out."""
    used = frame[frame["phase"] != "wash_in"]
    return smf.ols(f"{value} ~ after + years + C(department)", used).fit()


def test_the_rollout_is_staggered_and_two_have_not_started():
    start = rollout()["start"]
    assert list(start.index[start.isna()]) == truth()["rollout"]["not_started"]
    assert 17 <= (start.max() - start.min()).days / 30.44 <= 18.5
    length = (rollout()["wash_in_end"] - start).dt.days
    assert length.min() >= 89 and length.nunique() > 1
    assert (start > rollout()["planned_start"]).sum() == len(truth()["rollout"]["delayed"]) == 3


def test_the_counts_are_as_told():
    stays, told = raw_stays(), truth()["counts"]
    ordered = stays.sort_values(["Personkode", "Innskrevet"])
    moved = ordered["Innskrevet"] - ordered.groupby("Personkode")["Utskrevet"].shift() < pd.Timedelta(hours=8)
    assert (len(stays), stays["Personkode"].nunique()) == (told["stays"], told["stay_persons"])
    assert stays["Utskrevet"].isna().sum() == told["ongoing"]
    assert (stays["Innskrevet"].dt.date == stays["Utskrevet"].dt.date).sum() == told["same_day"]
    assert (stays["Død i oppholdet"] == "Ja").sum() == told["died_in_stay"]
    assert moved.sum() == told["moved_within_8_hours"]
    kinds = stays["Innleggelsesmåte"].value_counts()
    assert kinds["Brukerstyrt"] == told["user_controlled"] and kinds["Avlastning"] == told["respite"]
    assert len(user_scores()) == told["user_forms"] and len(staff_scores()) == told["staff_forms"]
    assert user_scores()["person"].notna().sum() == told["user_forms_with_person"]


def test_the_size_is_as_ordered():
    told = truth()["counts"]
    assert 5_500 <= told["stays"] <= 6_500 and 1_350 <= told["stay_persons"] <= 1_650
    assert min(told[k] for k in ("transfer", "same_day", "ongoing", "died_in_stay", "unknown", "respite")) >= 20
    assert 0.55 <= told["user_forms_with_person"] / told["user_forms"] <= 0.65
    quarter = user_scores().groupby(["department", "quarter"]).size().unstack()
    assert quarter.shape == (10, 16)
    assert quarter.loc["skogly"].between(6, 9).all() and quarter.loc["solbakken"].between(40, 65).all()


def test_no_stays_of_one_person_overlap_and_none_follows_a_death():
    stays = raw_stays().sort_values(["Personkode", "Innskrevet"])
    following = stays.groupby("Personkode")["Innskrevet"].shift(-1)
    assert (following.dropna() >= stays["Utskrevet"].loc[following.dropna().index]).all()
    assert (stays["Utskrevet"].dropna() > stays["Innskrevet"].loc[stays["Utskrevet"].notna()]).all()
    assert following[stays["Død i oppholdet"] == "Ja"].isna().all()


@pytest.mark.parametrize("department", ["havna", "asen", "solbakken", "nordlia", "brinken", "act"])
def test_recovery_rises_in_each_larger_department(department):
    mine = user_scores()[user_scores()["department"] == department]
    fit = smf.ols("value ~ after", mine[mine["phase"] != "wash_in"]).fit(cov_type="HC1")
    assert abs(fit.params["after"] - truth()["measures"]["qpr15_total"]["per_department"][department]) < 1.5
    assert fit.conf_int().loc["after", 0] > 0


def test_recovery_rises_overall_beyond_time_and_through_the_wash_in():
    scores = user_scores()
    fit = smf.mixedlm("value ~ after + years", scores[scores["phase"] != "wash_in"], groups="department").fit()
    assert abs(fit.params["after"] - truth()["measures"]["qpr15_total"]["effect"]) < 0.8
    assert abs(fit.params["years"]) < 0.4
    still = scores[scores["phase"] == "none"]
    assert abs(smf.ols("value ~ years", still).fit().tvalues["years"]) < 2
    started = scores[~scores["department"].isin(["torget", "elvebredden", "kaia"])]
    mean = started.groupby("phase")["value"].mean()
    assert mean["before"] + 1 < mean["wash_in"] < mean["after"] - 1


def test_in_torget_only_the_people_who_answer_change():
    mine = user_scores()[user_scores()["department"] == "torget"]
    young = mine.assign(young=mine["age"] == "18–29 år").groupby("phase")["young"].mean()
    assert young["after"] > young["before"] + 0.3
    assert change(mine) > 2.5
    weighed = smf.ols("value ~ after + C(age)", mine[mine["phase"] != "wash_in"]).fit()
    assert abs(weighed.params["after"]) < 1
    staff = staff_scores()[staff_scores()["department"] == "torget"]
    social = staff.assign(social=staff["profession"] == "Sosionom").groupby("phase")["social"].mean()
    assert social["after"] > social["before"] + 0.3


def test_the_smallest_department_is_too_small_for_a_verdict():
    mine = user_scores()[(user_scores()["department"] == "skogly") & user_scores()["person"].notna()]
    persons = mine.groupby(["phase", "person"])["value"].mean().groupby("phase")
    assert persons.size()[["before", "after"]].max() <= 12
    assert 1.96 * np.sqrt((persons.var() / persons.size())[["before", "after"]].sum()) > 4


def test_unplanned_readmission_really_falls():
    told, rows = truth()["measures"]["readmission_30d_unplanned"], discharges()
    share = rows[rows["phase"].isin(["before", "after"])].groupby("phase")["readmitted"].mean()
    assert abs(share["before"] - told["before"]) < 0.02 and abs(share["after"] - told["after"]) < 0.02
    fit = with_time(rows, "readmitted")
    low, high = fit.conf_int().loc["after"]
    assert low < told["effect"] < high < 0
    assert abs(fit.tvalues["years"]) < 2
    still = rows[rows["phase"] == "none"]
    assert abs(smf.ols("readmitted ~ years", still).fit().tvalues["years"]) < 2


@pytest.mark.parametrize("department", ["havna", "solbakken", "nordlia"])
def test_readmission_falls_in_each_large_department(department):
    mine = discharges()[discharges()["department"] == department]
    share = mine.groupby("phase")["readmitted"].agg(["mean", "size"])
    error = np.sqrt((share["mean"] * (1 - share["mean"]) / share["size"])[["before", "after"]].sum())
    assert share.loc["after", "mean"] - share.loc["before", "mean"] < -1.96 * error


def test_user_controlled_stays_rise_and_would_hide_the_fall():
    mine = raw_stays()[raw_stays()["department"] == "nordlia"]
    yearly = mine[mine["Innleggelsesmåte"] == "Brukerstyrt"].groupby(mine["Innskrevet"].dt.year).size()
    assert yearly[2025] > 1.5 * yearly[2023]
    rows = discharges()[discharges()["phase"].isin(["before", "after"])].groupby("phase")[["readmitted", "back"]].mean()
    fall = rows.loc["before"] - rows.loc["after"]
    assert fall["back"] < fall["readmitted"] - 0.01


def test_length_of_stay_does_not_change():
    rows = phased(episodes().dropna(subset=["discharged"]), "day")
    fit = with_time(rows, "nights")
    assert abs(fit.tvalues["after"]) < 1.5 and abs(fit.tvalues["years"]) < 1.5
    plain = smf.ols("nights ~ after + C(department)", rows[rows["phase"] != "wash_in"]).fit()
    assert abs(plain.tvalues["after"]) < 1.5
    for department in ("havna", "solbakken", "nordlia", "asen", "brinken"):
        mine = rows[(rows["department"] == department) & rows["phase"].isin(["before", "after"])]
        assert abs(smf.ols("nights ~ after", mine).fit().tvalues["after"]) < 1.96, department
    assert rows["nights"].mean() > 1.3 * rows["nights"].median()


def test_the_staff_view_rises_with_time_alone():
    scores, yearly = staff_scores(), truth()["measures"]["rsa_r_total"]["trend_per_year"]
    compared = scores[scores["phase"].isin(["before", "after"])]
    naive = smf.ols("value ~ after", compared).fit()
    assert naive.params["after"] > 0.2 and naive.tvalues["after"] > 4
    honest = with_time(scores)
    assert abs(honest.tvalues["after"]) < 1 and abs(honest.params["after"]) < 0.06
    assert abs(honest.params["years"] - yearly) < 0.03
    still = smf.ols("value ~ years", scores[scores["phase"] == "none"]).fit()
    assert abs(still.params["years"] - yearly) < 0.04 and still.tvalues["years"] > 3


def test_the_merger_stands_at_the_start():
    done = pd.read_csv(SAMPLE / "register/components.csv", parse_dates=["event_date"])
    other = done[done["co_intervention"] == "yes"]
    assert list(other["department"]) == ["brinken"] and list(other["component"]) == ["merger"]
    assert other["event_date"].iloc[0] == rollout().loc["brinken", "start"]


def test_more_are_invited_than_answer():
    invited = tables()["invitations"].set_index(["population", "department", "wave"])["invited"]
    for population, name in (("staff", "staff_survey"), ("users", "user_survey")):
        answered = tables()[name].groupby(["department", "wave"]).size()
        assert (invited[population].reindex(answered.index) >= answered).all()


def test_users_see_the_practice_lower_than_staff_and_rise_towards_them():
    raw, meta = pyreadstat.read_sav(str(SAMPLE / SOURCES["user_survey"]))
    items = raw[[f"rsa_{n}" for n in range(1, 33)]].where(lambda points: points <= 5)
    users = phased(pd.DataFrame({
        "value": items.mean(axis=1), "day": pd.to_datetime(raw["dato"]),
        "department": raw["avd"].map(meta.variable_value_labels["avd"]).map(names()),
    }).dropna(), "day")
    planted = truth()["practice_views"]
    elsewhere = users[~users["department"].isin(planted["user_change_elsewhere"])]
    fit = smf.ols("value ~ after + years + C(department)", elsewhere[elsewhere["phase"] != "wash_in"]).fit()
    assert abs(fit.params["after"] - planted["user_change"]) < 0.08 and abs(fit.params["years"]) < 0.04
    first = staff_scores().query("wave == 'Høst 2022'").groupby("department")["value"].mean()
    gap = users[users["phase"] == "before"].groupby("department")["value"].mean() - first
    assert abs(gap.mean() - planted["user_before"]) < 0.1


def test_having_somebody_to_rely_on_rises_as_planted_and_symptoms_do_not():
    raw, meta = pyreadstat.read_sav(str(SAMPLE / SOURCES["user_survey"]))
    for scale, numbers, planted in (("reliance", (6, 22, 23, 24), truth()["measures"]["ras24_reliance"]["effect_each"]), ("symptoms", (15, 16, 17), 0)):
        users = phased(pd.DataFrame({
            "value": raw[[f"ras_{n}" for n in numbers]].mean(axis=1) * len(numbers), "day": pd.to_datetime(raw["dato"]),
            "department": raw["avd"].map(meta.variable_value_labels["avd"]).map(names()),
        }).dropna(), "day")
        elsewhere = users[(users["phase"] != "wash_in") & users["department"].ne("torget")]
        fit = smf.ols("value ~ after + years + C(department)", elsewhere).fit()
        assert abs(fit.params["after"] - planted) < 0.4 and abs(fit.params["years"]) < 0.2, scale


def test_more_are_met_in_the_week_after_a_stay_as_planted():
    """Discharges that no stay or death follows within the week, and a meeting in it or not."""
    planted = truth()["measures"]["followed_up_7d"]
    stays, met = tables()["stays"].sort_values("admitted"), tables()["contacts"]
    met = met[met["kind"].isin(["in_person", "phone", "video", "intake"])]
    out = stays.assign(then=stays.groupby("person")["admitted"].shift(-1)).dropna(subset=["discharged"])
    free = out["then"].isna() | ((out["then"].dt.normalize() - out["discharged"].dt.normalize()).dt.days > 7)
    out = phased(out[free & ~out["died"].astype(bool)], "discharged")
    both = out[["stay_id", "person", "discharged", "phase"]].merge(met[["person", "contacted_on"]], on="person")
    days = (both["contacted_on"].dt.normalize() - both["discharged"].dt.normalize()).dt.days
    seen = out["stay_id"].isin(both.loc[days.between(1, 7), "stay_id"]).groupby(out["phase"]).mean()
    assert abs(seen["before"] - planted["before"]) < 0.04 and abs(seen["after"] - planted["after"]) < 0.04


def test_teams_take_people_in_after_a_stay_and_only_once():
    planted, taken = truth()["intake"], tables()["contacts"].query("kind == 'intake'")
    assert set(taken["department"]) == set(planted["departments"]) and not taken["person"].duplicated().any()
    assert len(taken) == truth()["counts"]["intakes"] > 100
    before = taken.merge(tables()["stays"][["person", "discharged"]], on="person")
    ended = before[before["discharged"] < before["contacted_on"]].groupby("person").size()
    assert (ended >= planted["after_stay"]).all() and len(ended) == len(taken)


def test_cases_in_feedback_sessions_rise_as_planted():
    raw = pd.read_csv(SAMPLE / SOURCES["sessions"], sep=";", decimal=",", encoding="utf-8-sig").dropna(subset=["ORS sum"])
    ends = raw.sort_values("Sesjon").groupby("Klientkode").agg(first=("ORS sum", "first"), last=("ORS sum", "last"), n=("Sesjon", "max"))
    long = ends[ends["n"] >= 6]
    assert len(long) > 60 and abs((long["last"] - long["first"]).mean() - truth()["sessions"]["change"]) < 1.2


def test_the_second_coder_sees_most_of_the_themes_too():
    raw = pd.read_csv(SAMPLE / SOURCES["coded_themes"], sep=";", encoding="utf-8-sig")
    seen = {coder: set(zip(part["Utdrag"], part["Tema"], strict=True)) for coder, part in raw.groupby("Koder")}
    twice = set(raw.loc[raw["Koder"] == "B", "Utdrag"])
    first = {pair for pair in seen["A"] if pair[0] in twice}
    assert abs(len(first & seen["B"]) / len(first) - truth()["coded_themes"]["coders_agree"]) < 0.1
