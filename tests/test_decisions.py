"""Decisions are kept as they were made: append-only, carried on by new rows, read as threads."""

import datetime as dt
import sqlite3
from contextlib import closing

import pytest
from small_store import WHEN, empty_study, put, stays

from evaltool.errors import StoreError
from evaltool.store import Entry, decisions, entries, record_decision, rests_on

FIRST = Entry(kind="decision", measure="qpr15_total", department="asen", text=" Reflection groups every week ", owner="Kari",
              due=dt.date(2026, 9, 1))


@pytest.fixture
def study(tmp_path):
    return empty_study(tmp_path)


def say(study, entry):
    return record_decision(study=study, entry=entry, who="kari", when=WHEN)


def test_nothing_said_yet(study):
    assert decisions(study=study).empty and entries(study=study).empty


def test_a_thread_shows_its_first_text_and_its_last_state(study):
    first = say(study, FIRST)
    say(study, Entry(kind="comment", measure="", department="", text="Good start"))
    say(study, Entry(kind="decision", measure="qpr15_total", department="asen", text="Done", owner="Ola", state="done", about=first))
    now = decisions(study=study)
    assert now["text"].tolist() == ["Good start", "Reflection groups every week"]
    done = now.iloc[1]
    assert (done["state"], done["owner"], done["last_text"], done["answers"]) == ("done", "Ola", "Done", 1)
    assert len(entries(study=study)) == 3


def test_open_ones_come_first_by_date(study):
    for text, due in (("later", dt.date(2026, 12, 1)), ("none", None), ("soon", dt.date(2026, 8, 1))):
        say(study, Entry(kind="decision", measure="", department="", text=text, due=due))
    assert decisions(study=study)["text"].tolist() == ["soon", "later", "none"]


@pytest.mark.parametrize("wrong", [
    Entry(kind="decision", measure="", department="", text="  "), Entry(kind="order", measure="", department="", text="x"),
    Entry(kind="decision", measure="", department="", text="x", state="gone"),
    Entry(kind="decision", measure="", department="", text="x", about=7),
])
def test_what_is_incomplete_or_about_nothing_is_refused(study, wrong):
    with pytest.raises(StoreError):
        say(study, wrong)
    assert entries(study=study).empty


def test_nobody_can_change_what_was_said(study):
    say(study, FIRST)
    with closing(sqlite3.connect(study.store / "ledger.sqlite")) as db:
        for statement in ("UPDATE decisions SET text = 'x'", "DELETE FROM decisions"):
            with pytest.raises(sqlite3.DatabaseError, match="append-only"):
                db.execute(statement)


def test_a_decision_changes_no_number(study):
    put(study, stays())
    before = rests_on(study=study, request={})
    say(study, FIRST)
    assert rests_on(study=study, request={}) == before
