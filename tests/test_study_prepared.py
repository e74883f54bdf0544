"""Computed ahead: everything the dashboard offers, once, in one order; then no page computes an answer."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections import Counter
from pathlib import Path

import pytest
import streamlit as st
from small_store import empty_study
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner
from whole_sample import OPENED

import evaltool
from evaltool import resources, study_prepared
from evaltool.cli import app as command
from evaltool.errors import StoreError, UsageError
from evaltool.indicators.definitions import presets
from evaltool.study_comparison import fitting
from evaltool.study_prepared import answers, prepare
from evaltool.study_view import VIEWS
from evaltool.ui import host, session
from evaltool.ui.addresses import ADDRESSES

PACKAGE = Path(evaltool.__file__).parent
HEAVY = {"store/load.py:load", "store/releases.py:released_cells", "scoring/engine.py:score", "indicators/observations.py:observations",
         "indicators/aggregate.py:aggregate", "compare/before_after.py:before_after", "stats/mixed_model.py:mixed_model",
         "disclosure/release.py:release", "disclosure/programme.py:solve", "disclosure/audit.py:first_narrow", "process/charts.py:process_charts"}
"""Reading the data, what the reader has seen, scoring, counting, comparing, fitting, the gate and what it solves, process charts."""


def refuse(error):
    raise error


@pytest.fixture
def study(tmp_path):
    return empty_study(tmp_path)


def given(monkeypatch, **made):
    monkeypatch.setattr(study_prepared, "answers", lambda *, folder: made)


def test_everything_offered_is_prepared_and_the_standard_answer_first(fjordvik):
    names = list(answers(folder=fjordvik.folder))
    offered = {*VIEWS, *(f"readmission_{name}" for name in ("study", *presets())), *(f"method_{name}" for name in fitting(measures=fjordvik.measures()))}
    assert names[0] == "standard" and offered | set(OPENED) | {"spread"} == set(names)


def test_what_was_prepared_is_not_made_again(study, monkeypatch):
    told, made = [], []
    given(monkeypatch, one=lambda: made.append(1) or made, two=lambda: None, three=lambda: refuse(UsageError("unknown_method", got="x", expected="y")))
    first = prepare(folder=study.folder, tell=told.append)
    assert (first.ready, first.left_out, told) == (("one",), ("two", "three"), ["one", "two", "three"])
    assert prepare(folder=study.folder, tell=told.append) == first and len(told) == 3 and len(made) == 1
    with (study.folder / "study.toml").open("a") as file:
        file.write("[privacy]\nmin_persons = 7\n")
    prepare(folder=study.folder)
    assert len(made) == 2


@pytest.mark.parametrize("place", [0, 1])
def test_a_store_that_fails_ends_it_and_so_does_a_first_answer_that_cannot_be_made(study, monkeypatch, place):
    wrong = (UsageError("unknown_method", got="x", expected="y"), StoreError("store_disk", got="x"))[place]
    given(monkeypatch, **({"one": lambda: 1} if place else {}), last=lambda: refuse(wrong))
    with pytest.raises(type(wrong)):
        prepare(folder=study.folder)
    assert not list((study.store / "released").glob("prepared*"))


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_command_says_how_much_is_ready(study, monkeypatch, lang):
    given(monkeypatch, one=lambda: 1, two=lambda: None)
    said = CliRunner().invoke(command, ["prepare", str(study.folder), "--lang", lang])
    assert said.exit_code == 0 and said.output.count("1 ") == 2
    told = CliRunner().invoke(command, ["prepare", str(study.folder), "--json"])
    assert json.loads(told.output) == {"study": "x", "ready": ["one"], "left_out": ["two"]}


@pytest.fixture
def pages(fjordvik_opened):
    """The dashboard of the sample study in this process, with what its pages open with in the store and not in memory."""
    before = list(host._hosts)
    host.start(host.Host(folder=fjordvik_opened, clock=lambda: dt.datetime(2026, 7, 1, tzinfo=dt.UTC), who="test"))
    st.cache_resource.clear()
    for memory in (session.PIECES, session.FRAMES):
        memory._kept.clear()
    yield AppTest.from_file(str(resources.folder("dashboards") / "app.py"), default_timeout=240)
    host._hosts[:] = before


def test_no_page_of_a_prepared_study_reads_the_data_asks_the_gate_or_fits_a_model(pages):
    assert all(f"def {name.partition(':')[2]}(" in (PACKAGE / name.partition(":")[0]).read_text(encoding="utf8") for name in HEAVY)
    seen: Counter = Counter()

    def look(frame, event, what):
        path = frame.f_code.co_filename
        if event == "call" and path.startswith(str(PACKAGE)):
            seen[f"{Path(path).relative_to(PACKAGE)}:{frame.f_code.co_name}"] += 1

    for page in ADDRESSES:
        threading.setprofile(look)
        try:
            pages.switch_page(f"views/{page.key}.py").run()
        finally:
            threading.setprofile(None)
        assert not pages.exception, page.key
        heavy = HEAVY & set(seen)
        assert not heavy, (page.key, sorted(heavy))
    assert sum(seen.values()) > 1000 and any(name.startswith("store/kept.py:kept") for name in seen)
