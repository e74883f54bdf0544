"""What is kept in the store is what was computed, and is computed anew when anything behind it changes."""

import pandas as pd
import pytest
from small_result import small_result
from small_store import empty_study, put, stays

from evaltool.disclosure import parts, policy, release, restore
from evaltool.store import keep, kept, rests_on

REQUEST = {"policy": "default", "min_persons": 5}


@pytest.fixture
def study(tmp_path):
    return empty_study(tmp_path)


def test_frames_and_facts_come_back_as_they_were(study):
    made = release(result=small_result(persons={"a": (20, 3), "b": (30, 31), "c": (9, 12)}), policy=policy())
    frames, facts = parts(made)
    assert keep(store=study.store, name="x", frames=frames, facts=facts)
    back = restore(**dict(zip(("frames", "facts"), kept(store=study.store, name="x"), strict=True)))
    for name, frame in frames.items():
        pd.testing.assert_frame_equal(getattr(back, name), frame)
    assert (back.spec, back.provenance, back.policy) == (made.spec, made.provenance, made.policy)


def test_a_damaged_file_is_a_miss(study):
    keep(store=study.store, name="x", frames={"a": stays()}, facts={"n": 1})
    path = study.store / "released" / "x.zip"
    whole = path.read_bytes()
    for damaged in (b"", whole[:200], whole[:80] + b"\x00" * 40 + whole[120:]):
        path.write_bytes(damaged)
        assert kept(store=study.store, name="x") is None
    assert kept(store=study.store, name="never") is None


def test_a_store_that_cannot_be_written_is_no_error(study):
    study.store.write_text("a file where the folder should be")
    assert not keep(store=study.store, name="x", frames={}, facts={})


def test_the_name_changes_with_all_that_numbers_rest_on(study):
    names = [rests_on(study=study, request=REQUEST)]
    (study.folder / "register").mkdir()
    (study.folder / "register" / "departments.csv").write_text("department,name\na,A\n")
    names.append(rests_on(study=study, request=REQUEST))
    put(study, stays())
    names.append(rests_on(study=study, request=REQUEST))
    names.append(rests_on(study=study, request={**REQUEST, "policy": "strict"}))
    with (study.folder / "study.toml").open("a") as file:
        file.write("[privacy]\nmin_persons = 7\n")
    names.append(rests_on(study=study, request=REQUEST))
    assert len(set(names)) == len(names)


def test_the_name_stays_when_only_outputs_change(study):
    before = rests_on(study=study, request=REQUEST)
    for place in ("reports", "exports", "raw"):
        (study.folder / place).mkdir()
        (study.folder / place / "x.csv").write_text("1")
    assert rests_on(study=study, request=REQUEST) == before


def test_only_the_newest_files_are_kept(study):
    for i in range(42):
        keep(store=study.store, name=f"n{i:02}", frames={}, facts={})
    files = sorted(p.name for p in (study.store / "released").iterdir())
    assert len(files) == 40 and "n41.zip" in files and "n00.zip" not in files
