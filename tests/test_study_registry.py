"""A registry file counted part by part gives what the same stays give when they are imported, and passes the same gate."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json

import numpy as np
import pandas as pd
import pytest

from evaltool.errors import UsageError
from evaltool.import_source import import_source
from evaltool.indicators.registry_counts import MOMENTS, SUMS
from evaltool.registry_file import COLUMNS
from evaltool.stats.clustered import ols_clustered
from evaltool.stats.clustered_difference import clustered_difference
from evaltool.store import history, load
from evaltool.study import open_study
from evaltool.study_readmission import study_readmission
from evaltool.study_registry import study_registry
from tests.indicators.registers import AS_OF, frame, many
from tests.test_cli import run

STUDY = f'[study]\nid = "x"\nname = {{ nb = "X", en = "X" }}\nas_of = {AS_OF}\n[measures]\nuse = ["readmission_30d_unplanned"]\n'
STAYS = frame(many(seed=8, persons=400))


def folder_of(path, stays=None):
    """A study whose department ``x`` started in January and ``y`` in February; ``stays`` imported where they are given."""
    path.mkdir()
    (path / "study.toml").write_text(STUDY)
    (path / "register").mkdir()
    (path / "register" / "departments.csv").write_text("department,name\nx,X\ny,Y\nz,Z\n")
    (path / "register" / "rollout.csv").write_text("department,start,wash_in_end\nx,2024-01-20,2024-01-25\ny,2024-02-05,2024-02-05\n")
    if stays is not None:
        stays.to_csv(path / "stays.csv", index=False)
        import_source(study=open_study(folder=path), path=path / "stays.csv", table="stays", who="x", when=dt.datetime(2024, 5, 1, tzinfo=dt.UTC))
    return path


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    """A study with stays of its own."""
    stays = STAYS[(STAYS["admitted"].dt.date <= AS_OF) & ~(STAYS["discharged"].dt.date > AS_OF)]
    return folder_of(tmp_path_factory.mktemp("study") / "b", stays.drop(columns="legal_basis"))


@pytest.fixture(scope="module")
def clean(imported, tmp_path_factory):
    """The stays that the import kept, and the registry file they stand in."""
    stays, path = load(study=open_study(folder=imported)).tables["stays"], tmp_path_factory.mktemp("file") / "registry.parquet"
    stays[list(COLUMNS)].to_parquet(path, index=False)
    return stays, path


@pytest.mark.parametrize("n_parts", [1, 7])
def test_the_numbers_of_the_same_stays_imported(tmp_path, imported, clean, n_parts):
    _, path = clean
    open_all = {"policy_name": "unrestricted", "reason": "test"}
    done = []
    got = study_registry(folder=folder_of(tmp_path / "a"), path=path, n_parts=n_parts, progress=lambda k, of: done.append((k, of)), **open_all)
    assert done == [(k, n_parts) for k in range(1, n_parts + 1)] and not history(study=open_study(folder=tmp_path / "a")).size
    own = study_readmission(folder=imported, **open_all)
    numbers = ["value", "conf_low", "conf_high", "numerator", "denominator", "n"]
    rows = [one.series[one.series["kind"].eq("phase") & one.series["measure"].eq("readmission_30d_unplanned")].set_index(["department", "phase"]).sort_index()
            for one in (got.release, own)]
    pd.testing.assert_frame_equal(rows[0][numbers], rows[1][numbers])
    assert rows[0]["persons"].equals(rows[1]["persons"]) and len(rows[0]) > 6
    columns = ["estimate", "conf_low", "conf_high", "std_error", "df", "p_value", "n_before", "n_after", "persons_before", "persons_after", "departments"]
    changes = [one.estimates[one.estimates["measure"].eq("readmission_30d_unplanned")].set_index("department").sort_index() for one in (got.release, own)]
    pd.testing.assert_frame_equal(changes[0][columns], changes[1][columns])
    steps = [one.series[one.series["measure"].eq("readmission.flow")].set_index("phase")[["value", "n", "persons"]] for one in (got.release, own)]
    common = [step for step in steps[0].index if step in steps[1].index]
    pd.testing.assert_frame_equal(steps[0].loc[common], steps[1].loc[common])
    assert {"all_stays", "merged", "episodes", "index", "readmitted", "not_readmitted"} <= set(common)


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
    assert done.exit_code == 0 and "Leste rader" in done.stdout and "Utenfor: 0" in done.stdout
    written = pd.read_csv(tmp_path / "out" / "registry_readmission.csv")
    assert set(written["status"]) <= {"shown", "suppressed", "no_data"} and written.loc[written["status"] != "shown", "numerator"].isna().all()
    facts = json.loads(run("registry", folder, path, "--json").stdout)
    assert facts["left_out"] == {"C01": 0, "S07": 0} and facts["rows"] == len(clean[0])


@pytest.mark.parametrize(("definition", "spoil", "code"), [
    ("helsedirektoratet_like", lambda stays: stays, "registry_definition"), ("own", lambda stays: stays, "unknown_definition"),
    ("study", lambda stays: stays.assign(department="q"), "registry_departments"),
])
def test_what_cannot_be_counted_is_one_clear_error(tmp_path, clean, definition, spoil, code):
    path = tmp_path / "file.parquet"
    spoil(clean[0])[list(COLUMNS)].to_parquet(path, index=False)
    with pytest.raises(UsageError) as caught:
        study_registry(folder=folder_of(tmp_path / "a"), path=path, definition=definition)
    assert caught.value.code == code and "\n" not in caught.value.message("nb") + caught.value.message("en")
