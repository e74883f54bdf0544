"""Stays of a registry from a parquet file: the numbers of the frames, whatever the size of a part and wherever parts wait."""

from __future__ import annotations

import tempfile

import numpy as np
import pandas as pd
import pytest

from evaltool import registry_file
from evaltool.errors import CheckError, UsageError
from evaltool.indicators.definitions import ReadmissionDefinition
from evaltool.indicators.episodes import closing, episodes
from evaltool.indicators.readmission import readmission
from evaltool.indicators.registry import REASONS, follow_up
from evaltool.registry_rows import Rulebook, Tally
from evaltool.settings import Limit
from tests.indicators.registers import AS_OF, frame, many

DEFINITION = ReadmissionDefinition(leave_out=("moved_away", "self_discharge"))
STAYS = frame(many(seed=3, persons=300)).sort_values("stay_id", ignore_index=True)


DEPARTMENTS = pd.DataFrame({"department": ["x", "y", "z"]})
STAYS = STAYS[(STAYS["admitted"].dt.date <= AS_OF) & ~(STAYS["discharged"].dt.date > AS_OF)].reset_index(drop=True)
STAYS["died"] = False


def written(folder, stays):
    path = folder / "registry.parquet"
    stays[list(registry_file.COLUMNS)].to_parquet(path, index=False)
    return path


def parts(path, tally=None, **more):
    book = Rulebook(as_of=AS_OF, departments=DEPARTMENTS, definition=DEFINITION)
    return registry_file.parts(path=path, book=book, tally=tally or Tally(), limits={}, **more)


def counted(path, **more):
    found = [follow_up(stays=stays, definition=DEFINITION, close=closing(AS_OF), time_of_day=True) for stays in parts(path, **more)]
    rows = pd.concat([pd.DataFrame({"department": one.department, "reason": one.reason, "back": one.readmitted}) for one in found])
    return rows.value_counts().sort_index().to_dict(), sum(len(np.unique(one.person[one.reason == 0])) for one in found)


def by_frames():
    chained = episodes(stays=STAYS, transfer_gap_hours=8, attribute_to="last", as_of=AS_OF, time_of_day=True)
    flags = readmission(episodes=chained, definition=DEFINITION, as_of=AS_OF)
    rows = pd.DataFrame({"department": pd.Categorical(flags["department"], ["x", "y", "z"]).codes,
                         "reason": flags["reason"].fillna("index").map(REASONS.index).to_numpy(), "back": flags["value"] == 1})
    return rows.value_counts().sort_index().to_dict(), flags.loc[flags["included"], "person"].nunique()


@pytest.mark.parametrize("numbers", [False, True])
@pytest.mark.parametrize("on_disk", [False, True])
def test_the_same_numbers_and_persons_however_it_is_split(tmp_path, monkeypatch, numbers, on_disk):
    """Persons as text or as numbers; parts in memory or in files that are gone afterwards."""
    stays = STAYS.assign(person=STAYS["person"].str[1:].astype("int64")) if numbers else STAYS
    monkeypatch.setattr(registry_file, "BATCH", 100)
    monkeypatch.setattr(registry_file, "IN_MEMORY", 0 if on_disk else 10_000)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    done = []
    assert counted(written(tmp_path, stays), n_parts=4, progress=lambda k, of: done.append((k, of))) == by_frames()
    assert done[-1][0] == done[-1][1] > 3 and [p.name for p in tmp_path.iterdir()] == ["registry.parquet"]


@pytest.mark.parametrize(("spoil", "code", "said"), [
    (lambda stays: stays.drop(columns="discharged"), "registry_columns", "discharged"),
    (lambda stays: stays.assign(admitted=stays["admitted"].astype("str")), "registry_type", "admitted"),
    (lambda stays: stays.assign(person=stays["person"].str[1:].astype("float64")), "registry_type", "person"),
    (lambda stays: stays.assign(discharged=stays["discharged"].dt.tz_localize("UTC")), "registry_type", "without time zone"),
])
def test_a_file_that_will_not_do_says_what_is_missing(tmp_path, spoil, code, said):
    stays = spoil(STAYS)
    path = tmp_path / "registry.parquet"
    stays.to_parquet(path, index=False)
    with pytest.raises(UsageError) as caught:
        counted(path)
    assert caught.value.code == code and said in caught.value.message("en")


@pytest.mark.parametrize("days", [False, True])
def test_hours_count_only_where_both_ends_have_them(tmp_path, days):
    """Among the stays that stay in; where they are mixed, rule S16 counts the cells at midnight sharp."""
    stays = STAYS.assign(discharged=STAYS["discharged"].dt.normalize().where(STAYS["admitted"] < STAYS["discharged"].dt.normalize())) if days else STAYS.assign(
        admitted=STAYS["admitted"] + pd.Timedelta("7min"), discharged=STAYS["discharged"] + pd.Timedelta("7min"))
    tally = Tally()
    assert len(list(parts(written(tmp_path, stays), tally))) == 1 and tally.time_of_day is not days
    assert tally.broken["S16", "discharged"] == (stays["discharged"].notna().sum() if days else 0)


@pytest.mark.parametrize(("limit", "code"), [(Limit(most=29), "registry_stopped"), (Limit(most=30), None), (None, "registry_refused")])
def test_a_limit_in_study_toml_decides_as_in_an_import(tmp_path, limit, code):
    path = written(tmp_path, STAYS.assign(admitted=STAYS["admitted"].mask(STAYS.index < 30)).iloc[:200])
    limits = {} if limit is None else {"C01": limit}
    book = Rulebook(as_of=AS_OF, departments=DEPARTMENTS, definition=DEFINITION, limited=frozenset(limits))
    read = lambda: list(registry_file.parts(path=path, book=book, tally=Tally(), limits=limits))  # noqa: E731
    if code is None:
        assert sum(len(one.person) for one in read()) <= 170
        return
    with pytest.raises(CheckError) as caught:
        read()
    assert caught.value.code == code and "C01" in caught.value.message("nb")


def test_another_kind_of_file_is_named(tmp_path):
    path = tmp_path / "stays.csv"
    path.write_text("a;b\n")
    with pytest.raises(UsageError) as caught:
        counted(path)
    assert caught.value.code == "not_parquet"
