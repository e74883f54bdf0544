"""Stays of a registry from a parquet file: the numbers of the frames, whatever the size of a part and wherever parts wait."""

from __future__ import annotations

import tempfile

import numpy as np
import pandas as pd
import pytest

from evaltool import registry_file
from evaltool.errors import UsageError
from evaltool.indicators.definitions import ReadmissionDefinition
from evaltool.indicators.episodes import episodes
from evaltool.indicators.readmission import readmission
from evaltool.indicators.registry import REASONS
from tests.indicators.registers import AS_OF, frame, many

DEFINITION = ReadmissionDefinition(leave_out=("moved_away", "self_discharge"))
STAYS = frame(many(seed=3, persons=300)).sort_values("stay_id", ignore_index=True)


def places(column):
    return pd.Categorical(column.to_pylist(), ["x", "y", "z"]).codes.astype(np.int32)


def written(folder, stays):
    path = folder / "registry.parquet"
    stays[list(registry_file.COLUMNS)].to_parquet(path, index=False)
    return path


def counted(path, **more):
    found = list(registry_file.parts(path=path, definition=DEFINITION, as_of=AS_OF, time_of_day=True, department=places, **more))
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
    assert counted(written(tmp_path, stays), at_once=200, progress=lambda k, of: done.append((k, of))) == by_frames()
    assert done[-1][0] == done[-1][1] > 3 and [p.name for p in tmp_path.iterdir()] == ["registry.parquet"]


@pytest.mark.parametrize(("spoil", "code", "said"), [
    (lambda stays: stays.drop(columns="discharged"), "registry_columns", "discharged"),
    (lambda stays: stays.assign(admitted=stays["admitted"].astype("str")), "registry_type", "admitted"),
    (lambda stays: stays.assign(person=stays["person"].str[1:].astype("float64")), "registry_type", "person"),
])
def test_a_file_that_will_not_do_says_what_is_missing(tmp_path, spoil, code, said):
    stays = spoil(STAYS)
    path = tmp_path / "registry.parquet"
    stays.to_parquet(path, index=False)
    with pytest.raises(UsageError) as caught:
        counted(path)
    assert caught.value.code == code and said in caught.value.message("en")


def spoilt():
    """Rows 0 to 2 lack what a stay must have, row 3 ends before it begins, row 4 begins after the data, row 5 is elsewhere."""
    wrong = STAYS.copy()
    for at, column in enumerate(("person", "department", "admitted")):
        wrong.loc[at, column] = np.nan if column != "admitted" else pd.NaT
    wrong.loc[3, "discharged"] = wrong.loc[3, "admitted"] - pd.Timedelta("1s")
    wrong.loc[4, ["admitted", "discharged"]] = pd.Timestamp(AS_OF) + pd.Timedelta("1D")
    wrong.loc[5, "department"] = "elsewhere"
    return wrong


def test_rows_that_cannot_be_used_are_counted_by_rule_and_left_out(tmp_path):
    path = written(tmp_path, spoilt())
    facts = registry_file.look(path=path, as_of=AS_OF, departments=["x", "y", "z"])
    late = (STAYS["admitted"].iloc[6:] >= pd.Timestamp(AS_OF) + pd.Timedelta("1D")).sum() + 1
    assert facts.left_out == {"C01": 3, "S07": 1} and (facts.rows, facts.unknown, facts.late) == (len(STAYS), 1, late)
    found = list(registry_file.parts(path=path, definition=DEFINITION, as_of=AS_OF, time_of_day=True, department=places))
    assert sum(one.sizes.sum() for one in found) == len(STAYS) - 4 - late


@pytest.mark.parametrize("days", [False, True])
def test_hours_count_only_where_both_ends_have_them(tmp_path, days):
    stays = STAYS.assign(discharged=STAYS["discharged"].dt.normalize()) if days else STAYS.assign(
        admitted=STAYS["admitted"] + pd.Timedelta("7min"), discharged=STAYS["discharged"] + pd.Timedelta("7min"))
    assert registry_file.look(path=written(tmp_path, stays), as_of=AS_OF, departments=["x"]).time_of_day is not days


def test_another_kind_of_file_is_named(tmp_path):
    path = tmp_path / "stays.csv"
    path.write_text("a;b\n")
    with pytest.raises(UsageError) as caught:
        counted(path)
    assert caught.value.code == "not_parquet"
