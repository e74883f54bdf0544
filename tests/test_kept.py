"""What is kept in the store is what was computed, and is computed anew when anything behind it changes."""

import importlib
import json
import subprocess
import sys

import pandas as pd
import pytest
from small_result import small_result
from small_store import empty_study, put, stays

from evaltool.disclosure import parts, policy, release, restore
from evaltool.store import is_kept, keep, kept, rests_on

module = importlib.import_module("evaltool.store.kept")

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
    folder = study.store / "released"
    for i, place in enumerate(("x.json", "frames/*.parquet")):
        keep(store=study.store, name="x", frames={"a": stays().assign(n=i)}, facts={"n": 1})
        path = max(folder.glob(place), key=lambda one: one.stat().st_mtime_ns)
        whole = path.read_bytes()
        for damaged in (b"", whole[:60], whole[:80] + b"\x00" * 40 + whole[120:]):
            path.write_bytes(damaged)
            assert kept(store=study.store, name="x") is None
        path.unlink()
        assert kept(store=study.store, name="x") is None
    assert kept(store=study.store, name="never") is None and not is_kept(store=study.store, name="never")


def test_a_file_that_names_another_place_is_a_miss(study):
    keep(store=study.store, name="x", frames={"a": stays()}, facts={})
    path = study.store / "released" / "x.json"
    for other in ("../../../secret", 5, ["a"]):
        path.write_text(json.dumps({"facts": {}, "frames": {"a": other}}))
        assert kept(store=study.store, name="x") is None


def test_answers_with_the_same_frame_share_it_and_do_not_see_each_other_change(study):
    for name in ("x", "y"):
        keep(store=study.store, name=name, frames={"a": stays()}, facts={})
    assert len(list((study.store / "released" / "frames").iterdir())) == 1
    mine, theirs = (kept(store=study.store, name=name)[0]["a"] for name in ("x", "y"))
    mine["person"] = "somebody else"
    pd.testing.assert_frame_equal(theirs, kept(store=study.store, name="y")[0]["a"])
    assert "somebody else" not in set(theirs["person"])


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


def test_the_name_stays_when_only_outputs_or_visitors_change(study):
    before = rests_on(study=study, request=REQUEST)
    with (study.folder / "study.toml").open("a") as file:
        file.write('\n[access]\nlogin = "headers"\npersons = [{ who = "a@x.example", role = "administrator" }]\n')
    for place in ("reports", "exports", "raw"):
        (study.folder / place).mkdir()
        (study.folder / place / "x.csv").write_text("1")
    assert rests_on(study=study, request=REQUEST) == before


def test_only_the_newest_files_are_kept(study, monkeypatch):
    monkeypatch.setattr(module, "MOST_ANSWERS", 4)
    for i in range(6):
        keep(store=study.store, name=f"n{i}", frames={"a": pd.DataFrame({"i": [i % 5]})}, facts={})
    files = sorted(p.name for p in (study.store / "released").glob("*.json"))
    assert files == ["n2.json", "n3.json", "n4.json", "n5.json"]
    assert len(list((study.store / "released" / "frames").iterdir())) == 4
    assert all(kept(store=study.store, name=name.removesuffix(".json")) for name in files)


def test_two_processes_that_keep_the_same_answer_leave_it_whole(study):
    """Both write and read all the time; a reader never meets a half-written answer."""
    program = """if True:
        import pandas as pd
        from pathlib import Path
        from evaltool.store import keep, kept
        frame = pd.DataFrame({"a": range(2000)})
        for i in range(60):
            assert keep(store=Path(STORE), name="x", frames={"a": frame}, facts={"n": 1})
            frames, facts = kept(store=Path(STORE), name="x")
            assert len(frames["a"]) == 2000 and facts == {"n": 1}
    """.replace("STORE", repr(str(study.store)))
    both = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(2)]
    assert [one.wait(timeout=120) for one in both] == [0, 0]
    assert [path.suffix for path in (study.store / "released").rglob("*.*")].count(".tmp") == 0
