"""The sample municipality: what is on disk is what the generator writes, and what it plants is really there.

The planted truth is recomputed here from the raw files with plain pandas and statsmodels, not with evaltool.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache

import numpy as np
import pandas as pd
import pyreadstat
import pytest
import statsmodels.formula.api as smf
from python_calamine import CalamineWorkbook

from evaltool import contracts
from evaltool.check import check, context_of
from evaltool.intake import read_mapping, read_source
from evaltool.resources import folder
from evaltool.study import open_study
from evaltool.synthetic import sample_tables, write_sample

SAMPLE = folder("sample_data") / "fjordvik"
AS_OF = pd.Timestamp("2026-06-30")
SOURCES = {
    "persons": "raw/personer.csv", "stays": "raw/opphold.csv", "staff_survey": "raw/ansatte.xlsx",
    "user_survey": "raw/brukere.sav", "invitations": "raw/invitasjoner.csv",
}
FAULTY = {
    "stays": "raw/opphold_with_faults.csv", "staff_survey": "raw/ansatte_with_faults.xlsx",
    "user_survey": "raw/brukere_with_faults.csv",
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


# what is on disk


def test_the_sample_on_disk_is_what_the_generator_writes(tmp_path):
    mine = tmp_path / "raw" / "mine.txt"
    mine.parent.mkdir()
    mine.write_text("keep", encoding="utf8")
    write_sample(folder=tmp_path)
    files = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file() and p != mine}
    assert mine.read_text(encoding="utf8") == "keep"
    kept = {p.relative_to(SAMPLE).as_posix() for p in SAMPLE.rglob("*") if p.is_file()}
    assert files == kept
    for name in sorted(files):
        made, stored = tmp_path / name, SAMPLE / name
        if name.endswith(".xlsx"):
            made, stored = (CalamineWorkbook.from_path(str(p)).get_sheet_by_index(0).to_python() for p in (made, stored))
            assert made == stored, name
        elif name.endswith(".sav"):
            (a, one), (b, other) = (pyreadstat.read_sav(str(p), user_missing=True) for p in (made, stored))
            pd.testing.assert_frame_equal(a, b)
            assert (one.variable_value_labels, one.missing_ranges) == (other.variable_value_labels, other.missing_ranges)
        else:
            assert made.read_bytes() == stored.read_bytes(), name


def test_another_seed_gives_other_people_in_the_same_shape():
    other = sample_tables(seed=1)
    assert list(other) == list(tables())
    for name, frame in tables().items():
        pd.testing.assert_index_equal(frame.columns, other[name].columns)
        pd.testing.assert_series_equal(frame.dtypes, other[name].dtypes)
    assert not other["stays"]["admitted"].head(50).equals(tables()["stays"]["admitted"].head(50))
    pd.testing.assert_frame_equal(other["rollout"], tables()["rollout"])


def test_the_sample_is_small():
    assert sum(p.stat().st_size for p in SAMPLE.rglob("*") if p.is_file()) < 6_000_000


def test_stays_are_written_as_a_norwegian_system_would():
    data = (SAMPLE / SOURCES["stays"]).read_bytes()
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf8")
    head, first, *_ = data.decode("cp1252").split("\r\n")
    assert head.startswith("OppholdsID;Personkode;Avdeling;Innskrevet;Utskrevet;Innleggelsesmåte;")
    assert re.search(r";\d\d\.\d\d\.\d{4} \d\d:\d\d;.*;(Ja|Nei);.*;\d+,\d\d$", first)


def test_staff_answers_stand_below_a_title_in_words():
    rows = CalamineWorkbook.from_path(str(SAMPLE / SOURCES["staff_survey"])).get_sheet_by_name("Svar").to_python()
    assert rows[0][0].startswith("Recovery-undersøkelsen") and set(rows[0][1:]) | set(rows[1]) == {""}
    assert rows[2][:3] == ["Svarnr", "Avdeling", "Bølge"]
    words = {cell for row in rows[3:] for cell in row[-32:]}
    assert words == {"Helt uenig", "Uenig", "Verken eller", "Enig", "Helt enig", "Ikke aktuelt", "Vet ikke", ""}


def test_user_answers_have_labels_and_user_missing_codes():
    raw, meta = pyreadstat.read_sav(str(SAMPLE / SOURCES["user_survey"]), user_missing=True)
    assert meta.variable_value_labels["qpr_1"][99] == "Ønsker ikke å svare"
    assert {r["lo"] for r in meta.missing_ranges["qpr_1"]} == {9, 99}
    assert set(raw["qpr_1"].unique()) == {0, 1, 2, 3, 4, 9, 99}


def test_nothing_looks_like_an_identity_number():
    for path in SAMPLE.rglob("*.csv"):
        text = path.read_bytes().decode("cp1252", errors="replace")
        assert not re.search(r"(?<!\d)\d{6}[ .-]?\d{5}(?!\d)", text), path.name
    assert tables()["persons"]["person"].str.fullmatch(r"P\d{4}").all()


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_every_code_is_allowed_by_its_contract(name):
    for column in contracts.contract(name).columns.values():
        if column.allowed:
            assert set(tables()[name][column.name].dropna()) <= set(column.allowed), column.name


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_the_maps_read_the_sources_back_to_the_clean_tables(name):
    mapping = read_mapping(path=SAMPLE / "maps" / f"{name}.toml")
    source = read_source(path=SAMPLE / SOURCES[name], mapping=mapping)
    checked = check(source=source, table=name, mapping=mapping, context=context_of(study=open_study(folder=SAMPLE)))
    assert set(checked.problems["rule"]) <= {"C12"}
    clean = tables()[name]
    pd.testing.assert_frame_equal(checked.valid[clean.columns], clean, check_dtype=True)


def test_the_study_reads_its_own_files():
    study = open_study(folder=SAMPLE)
    assert [one.table for one in study.imports] == list(SOURCES)
    assert all((SAMPLE / one.file).is_file() and (study.maps / f"{one.map}.toml").is_file() for one in study.imports)
    assert len(study.surveys["user"].waves) == 16 and len(study.surveys["staff"].waves) == 5


# what is planted


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


# the planted faults


@pytest.mark.parametrize("name", sorted(FAULTY))
def test_every_planted_fault_is_caught_by_its_rule_and_nothing_else_is(name):
    planted = [f for f in truth()["fault"] if f["file"] == FAULTY[name]]
    study, mapping = open_study(folder=SAMPLE), read_mapping(path=SAMPLE / "maps" / f"{name}.toml")
    registers = pd.read_csv(SAMPLE / "register/departments.csv", parse_dates=["active_from", "active_to"])
    persons = tables()["persons"].assign(withdrawn_on=pd.NaT)
    context = context_of(study=study, departments=registers, persons=persons)
    checked = check(source=read_source(path=SAMPLE / FAULTY[name], mapping=mapping), table=name, mapping=mapping,
                    context=context)
    problems = checked.problems[checked.problems["row"].notna() & (checked.problems["rule"] != "C12")]
    found = {(int(p.row), p.rule): p.source_column for p in problems.itertuples()}
    expected = {(f["row"], f["rule"]) for f in planted}
    assert expected <= set(found) <= expected | {(f["row"], rule) for f in planted for rule in f["also"]}
    for fault in planted:
        if fault["column"]:
            assert found[fault["row"], fault["rule"]] == fault["column"], fault["what"]
    assert checked.n_refused == sum(not f["kept"] for f in planted)


def test_faults_are_each_in_a_row_of_their_own():
    rows = [(f["file"], f["row"]) for f in truth()["fault"]]
    assert len(rows) == len(set(rows)) >= 40
    assert len({f["rule"] for f in truth()["fault"]}) >= 15


def test_a_faulty_copy_differs_from_the_clean_file_only_where_told():
    clean, faulty = (
        (SAMPLE / name).read_bytes().decode("cp1252").split("\r\n") for name in (SOURCES["stays"], FAULTY["stays"])
    )
    moved = {n for n, (a, b) in enumerate(zip(clean, faulty, strict=False), start=1) if a != b}
    told = {f["row"] for f in truth()["fault"] if f["file"] == FAULTY["stays"]}
    assert moved == told and len(faulty) == len(clean) + 1
