"""A registry file counted part by part gives what the same stays give when they are imported, and passes the same gate."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import shutil

import numpy as np
import pandas as pd
import pytest
from attack_study import numbers_in_hidden_rows, registries

from evaltool.errors import CheckError, UsageError
from evaltool.import_source import check_source, import_source
from evaltool.indicators.registry_counts import MOMENTS, SUMS
from evaltool.registry_file import COLUMNS
from evaltool.stats.clustered import ols_clustered
from evaltool.stats.clustered_difference import clustered_difference
from evaltool.store import history, load
from evaltool.study import open_study
from evaltool.study_readmission import study_readmission
from evaltool.study_registry import study_registry
from evaltool.study_release import study_release
from tests.indicators.registers import AS_OF, frame, many
from tests.test_cli import run

USED = ("readmission_30d_unplanned", "bed_days", "admissions", "long_stay_share")
STUDY = (f'[study]\nid = "x"\nname = {{ nb = "X", en = "X" }}\nas_of = {AS_OF}\n[measures]\nuse = {list(USED[1:])}\n'
         "[stays]\nlong_stay_months = 1\ncount_same_day = 1\n").replace("'", '"')
STAYS = frame(many(seed=8, persons=600))
OPEN_ALL = {"policy_name": "unrestricted", "reason": "test"}
KEYS = ["measure", "department", "kind", "phase", "grain", "period"]


def folder_of(path, stays=None, persons=None):
    """A study whose department ``x`` started in January and ``y`` in February, ``z`` opened and ``w`` closed within the data;
    ``stays`` imported where they are given."""
    path.mkdir()
    (path / "study.toml").write_text(STUDY)
    (path / "register").mkdir()
    (path / "register" / "departments.csv").write_text("department,name,active_from,active_to\nx,X,,\ny,Y,,\nz,Z,2024-01-03,\nw,W,,2024-03-01\n")
    (path / "register" / "rollout.csv").write_text("department,start,wash_in_end\nx,2024-01-20,2024-01-25\ny,2024-02-05,2024-02-05\n")
    for table, rows in (("persons", persons), ("stays", stays)):
        if rows is not None:
            rows.to_csv(path / f"{table}.csv", index=False)
            import_source(study=open_study(folder=path), path=path / f"{table}.csv", table=table, who="x", when=dt.datetime(2024, 5, 1, tzinfo=dt.UTC))
    return path


def faulty(stays):
    """``stays`` with every fault that the rules know, each in a few rows, and a persons table: one person died early, one withdrew."""
    rows, late = stays.sort_values("stay_id", ignore_index=True).copy(), pd.Timestamp(AS_OF) + pd.Timedelta("2D")
    later = iter(np.random.default_rng(1).permutation(len(rows)))
    take = lambda n: [next(later) for _ in range(n)]  # noqa: E731
    rows.loc[take(3), "person"] = np.nan
    rows.loc[take(2), "department"] = np.nan
    rows.loc[take(2), "admitted"] = pd.NaT
    rows.loc[take(3), "department"] = "q"
    rows.loc[take(2), "admission_type"] = "whatever"
    rows.loc[take(2), "discharged"] = late
    rows.loc[take(2), ["admitted", "discharged"]] = [late, late + pd.Timedelta("1h")]
    rows.loc[take(2), "discharged"] = pd.Timestamp("2024-01-01") - pd.Timedelta("1h")
    rows.loc[take(2), "admitted"] = pd.Timestamp("1850-03-01")
    rows.loc[take(1), "admitted"] = pd.Timestamp("2011-03-01")
    rows.loc[take(2), ["died", "discharged"]] = [True, pd.NaT]
    ended = rows["discharged"].notna() & rows["person"].notna() & ~rows["died"].fillna(False)
    rows.loc[rows[ended & rows["department"].eq("x")].index[:30], "department"] = "w"
    alone = rows[ended & rows["admitted"].notna()].index[40:60]
    rows.loc[alone, "discharged"] = rows.loc[alone, "admitted"].dt.normalize()
    own = rows[ended & rows["admitted"].notna()].iloc[:40]
    twice = own.iloc[:7].assign(stay_id=[f"t{i}" for i in range(7)], admission_type="planned")
    still = own.iloc[7:11].assign(stay_id=[f"o{i}" for i in range(4)], discharged=pd.NaT)
    again = still.assign(stay_id=[f"n{i}" for i in range(4)], admitted=still["admitted"] + pd.Timedelta("3h"))
    early = own["person"].iloc[20]
    persons = pd.DataFrame({"person": sorted(rows["person"].dropna().unique())[1:], "died_on": "", "withdrawn_on": ""})
    persons.loc[persons["person"] == early, "died_on"] = "2024-01-20"
    persons.loc[persons["person"] == own["person"].iloc[21], "withdrawn_on"] = "2024-02-02"
    done = own[own["person"].isin(persons["person"])].iloc[25:27]
    persons.loc[persons["person"].isin(done["person"]), "died_on"] = done["discharged"].dt.strftime("%Y-%m-%d").iloc[0]
    return pd.concat([rows, twice, still, again], ignore_index=True).drop(columns="legal_basis"), persons


FAULTY, PERSONS = faulty(STAYS[(STAYS["admitted"].dt.date <= AS_OF) & ~(STAYS["discharged"].dt.date > AS_OF)])


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    """A study that has imported the stays, faults and all."""
    return folder_of(tmp_path_factory.mktemp("study") / "b", FAULTY, PERSONS)


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    """The same stays as a registry file."""
    path = tmp_path_factory.mktemp("file") / "registry.parquet"
    FAULTY[list(COLUMNS)].to_parquet(path, index=False)
    return path


@pytest.fixture(scope="module")
def clean(imported, tmp_path_factory):
    """The stays that the import kept, and the registry file they stand in."""
    stays, path = load(study=open_study(folder=imported)).tables["stays"], tmp_path_factory.mktemp("file") / "clean.parquet"
    stays[list(COLUMNS)].to_parquet(path, index=False)
    return stays, path


def same(got, own, where, columns):
    rows = [one[where(one)].sort_values(KEYS if "kind" in one else ["measure", "department"], ignore_index=True)[columns] for one in (got, own)]
    assert len(rows[0]) > 6
    pd.testing.assert_frame_equal(*rows)


@pytest.mark.parametrize("n_parts", [1, 7])
def test_the_numbers_and_counts_of_the_same_stays_imported(tmp_path, imported, registry, n_parts):
    """Readmission and its flow as ``stays`` shows them, all other measures as the study's own release: series, intervals, persons,
    changes; and the rows that every rule has found."""
    done = []
    got = study_registry(folder=folder_of(tmp_path / "a", persons=PERSONS), path=registry, n_parts=n_parts, progress=lambda k, of: done.append((k, of)), **OPEN_ALL)
    assert done == [(k, n_parts + 1) for k in range(1, n_parts + 2)] and "stays" not in load(study=open_study(folder=tmp_path / "a")).tables
    by_definition, standard = study_readmission(folder=imported, **OPEN_ALL), study_release(folder=imported, **OPEN_ALL)
    columns = [name for name in standard.series.columns if name not in ("subgroup", "conf_level")]
    same(got.release.series, standard.series, lambda s: s["measure"].isin(USED[1:]) & ~s["kind"].isin(["expected", "observed_expected"]), columns)
    mine = [*KEYS, "value", "conf_low", "conf_high", "numerator", "denominator", "n", "persons"]
    same(got.release.series, by_definition.series,
         lambda s: s["measure"].eq(USED[0]) & s["kind"].eq("phase") | s["measure"].str.startswith("length_of_stay."), mine)
    flow = [one.series[one.series["measure"].eq("readmission.flow")].set_index("phase")[["value", "n", "persons"]] for one in (got.release, by_definition)]
    assert {"all_stays", "merged", "episodes", "index", "readmitted", "not_readmitted"} <= set(flow[0].index)
    pd.testing.assert_frame_equal(flow[0].sort_index(), flow[1].loc[flow[1].index.isin(flow[0].index)].sort_index())
    changes = ["measure", "department", "estimand", "estimate", "conf_low", "conf_high", "std_error", "df", "p_value", "n_before", "n_after", "persons_before",
               "persons_after", "departments", "method"]
    mine = got.release.estimates
    own = pd.concat([by_definition.estimates[by_definition.estimates["measure"].eq(USED[0])], standard.estimates[standard.estimates["measure"].isin(USED[1:])]])
    same(mine, own[own["estimand"].isin(mine["estimand"]) & own["method"].isin(mine["method"])], lambda e: e["measure"].isin(USED), changes)
    assert len(mine) == 3 * len(USED)


def test_every_rule_counts_the_rows_that_an_import_counts(tmp_path, imported, registry):
    checked = check_source(study=open_study(folder=imported), path=imported / "stays.csv", table="stays")
    expected = checked.problems.groupby(["rule", "column"]).size().to_dict()
    facts = study_registry(folder=folder_of(tmp_path / "a", persons=PERSONS), path=registry).facts
    found = {(row.rule, row.column): row.rows for row in facts.found.itertuples()}
    assert found == {key: n for key, n in expected.items() if key[0] != "C16"}
    assert {"C01", "C07", "C09", "S02", "S03", "S04", "S05", "S06", "S07", "S08", "S09", "S10", "S11", "S12", "S13", "S14", "S15"} <= {code for code, _ in found}
    assert (facts.rows, facts.kept) == (checked.n_in, len(checked.valid))


def test_a_difference_from_sums_is_the_one_from_rows():
    rng = np.random.default_rng(4)
    person, after = rng.integers(0, 60, 400), rng.random(400) < 0.4
    event = (rng.random(400) < 0.2 + 0.2 * (person % 3)).astype(float)
    each = {"b": (event * ~after), "m": (~after).astype(float), "a": event * after, "n": after.astype(float)}
    each = {name: np.bincount(person, weights=values, minlength=60) for name, values in each.items()}
    sums = {name: each[name].sum() for name in SUMS} | {pair: (each[pair[0]] * each[pair[1]]).sum() for pair in MOMENTS} | {"persons": 60.0}
    rows = ols_clustered(y=event, x=np.column_stack([np.ones(400), after]).astype(float), clusters=person).estimate(position=1, conf_level=0.95)
    for name, value in dataclasses.asdict(clustered_difference(sums=sums)).items():
        assert value == getattr(rows, name) or value == pytest.approx(getattr(rows, name), rel=1e-9)


def test_small_groups_are_hidden_and_the_gate_remembers(tmp_path, clean):
    stays, _ = clean
    few = stays[stays["person"].isin(sorted(stays["person"].unique())[:30])]
    path = tmp_path / "few.parquet"
    few[list(COLUMNS)].to_parquet(path, index=False)
    folder = folder_of(tmp_path / "a")
    found = study_registry(folder=folder, path=path).release
    assert found.series["status"].eq("suppressed").any() and not found.series.loc[found.series["status"] != "shown", "value"].notna().any()
    # Two persons more: what differs from the file shown before by so few is not shown beside it.
    more = stays[stays["person"].isin(sorted(stays["person"].unique())[:32])]
    more[list(COLUMNS)].to_parquet(path, index=False)
    again = study_registry(folder=folder, path=path).release.series
    first = found.series[found.series["status"].eq("shown") & found.series["kind"].eq("phase")].set_index(["department", "phase"])["denominator"]
    then = again[again["status"].eq("shown") & again["kind"].eq("phase")].set_index(["department", "phase"])["denominator"]
    both = first.index.intersection(then.index)
    assert ((first[both] - then[both]).abs().where(lambda gap: gap > 0).dropna() >= 5).all()


def test_the_command_writes_only_what_is_shown(tmp_path, clean):
    _, path = clean
    folder = folder_of(tmp_path / "a")
    done = run("registry", folder, path, "--parts", "3", "--out", tmp_path / "out", "--lang", "nb")
    assert done.exit_code == 0 and "Leste rader" in done.stdout and "Liggedøgn per måned" in done.stdout and "S08" in done.stdout
    for name in ("registry_readmission.csv", "registry_stays.csv"):
        written = pd.read_csv(tmp_path / "out" / name)
        assert set(written["status"]) <= {"shown", "suppressed", "no_data"} and written.loc[written["status"] != "shown", "numerator"].isna().all()
    nights = written[written["measure"].eq("bed_days") & written["status"].eq("shown") & written["grain"].eq("month")]
    assert len(nights) > 3 and set(pd.read_csv(tmp_path / "out" / "registry_rules.csv")["rule"]) >= {"S08"}
    facts = json.loads(run("registry", folder, path, "--json").stdout)
    assert {one["rule"] for one in facts["rules"]} >= {"S08"} and facts["rows"] == facts["kept"] == len(clean[0])


@pytest.mark.parametrize(("definition", "spoil", "code"), [
    ("helsedirektoratet_like", lambda stays: stays, "registry_definition"), ("own", lambda stays: stays, "unknown_definition"),
    ("study", lambda stays: stays.assign(department="q"), "registry_stopped"), ("study", lambda stays: stays.iloc[:0], "registry_no_rows"),
    ("study", lambda stays: stays.assign(died=stays["died"].mask(stays.index < 100, True), discharged=stays["discharged"].mask(stays.index < 100)), "registry_refused"),
])
def test_what_cannot_be_counted_is_one_clear_error(tmp_path, clean, definition, spoil, code):
    path = tmp_path / "file.parquet"
    spoil(clean[0])[list(COLUMNS)].to_parquet(path, index=False)
    with pytest.raises((UsageError, CheckError)) as caught:
        study_registry(folder=folder_of(tmp_path / "a"), path=path, definition=definition)
    assert caught.value.code == code and "\n" not in caught.value.message("nb") + caught.value.message("en")


def test_the_sample_as_a_registry_file(tmp_path, fjordvik, fjordvik_pair):
    """The numbers of the study's own answer, and nothing shown that its own release hides. Attacked: ``benchmarks/attack.py --study``."""
    study = open_study(folder=shutil.copytree(fjordvik.folder, tmp_path / "copy"))
    (_, true, released), = registries(study=study, definitions=("study",))
    own = set(load(study=study).tables["stays"]["department"])
    both = set(USED) & set(fjordvik_pair[0].spec.measures) - {USED[0]}
    told = lambda frame: frame["measure"].isin(both) & frame["kind"].eq("phase") & frame["department"].isin(own)  # noqa: E731
    assert both
    same(true.series, fjordvik_pair[0].series, told, [*KEYS, "value", "conf_low", "conf_high", "numerator", "denominator", "n", "persons", "persons_top_share"])
    assert not numbers_in_hidden_rows(release=released) and not released.series["kind"].eq("period").any()
    hidden, shown = (set(one.loc[told(one) & one["status"].eq(status), ["measure", "department", "phase"]].itertuples(index=False, name=None))
                     for one, status in ((fjordvik_pair[1].series, "suppressed"), (released.series, "shown")))
    assert len(shown) > 6 and not hidden & shown
