"""A page that was drawn once is drawn again from memory: no table is asked, no figure drawn, no file read and nothing
released; what is in memory is never changed, and never shown to somebody who may not see it."""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

import evaltool
from evaltool import resources
from evaltool.result import Release
from evaltool.ui import department_figures, host, session
from evaltool.ui.addresses import ADDRESSES
from evaltool.ui.visitor import Visitor

pytestmark = pytest.mark.slow

PACKAGE = Path(evaltool.__file__).parent
WORK = ("figures", "process", "tables.py", "findings.py", "disclosure", "store", "compare", "scoring", "indicators", "stats", "study_release.py",
        "study_view.py", "stay_tables.py", "component_tables.py", "instruments")
"""Parts of the package that make something."""
LIBRARIES = ("pandas", "pyarrow", "yaml", "plotly/graph_objs", "plotly/validator")
MADE = ("figures", "process", "findings", "tables", "stay_tables", "component_tables", "study_release", "compare", "stats", "yaml", "read")
FEW = 40
"""Calls that look a made thing up again: an instrument by its name, the length of a frame."""
READS = ("open", "connect")


@pytest.fixture
def app(fjordvik_opened):
    """The dashboard of the sample study in this process."""
    before = list(host._hosts)
    host.start(host.Host(folder=fjordvik_opened, clock=lambda: dt.datetime(2026, 7, 1, tzinfo=dt.UTC), who="test"))
    yield AppTest.from_file(str(resources.folder("dashboards") / "app.py"), default_timeout=240)
    host._hosts[:] = before


def _drawn(app: AppTest, key: str) -> str:
    """One page as it is sent, in one text."""
    app.switch_page(f"views/{key}.py").run()
    assert not app.exception, (key, app.exception)
    return "".join(str(one.proto) for one in app.main)


def _worked(app: AppTest) -> Counter:
    """What a run calls of pandas, of the parts of evaltool that make something, and of what reads files."""
    seen: Counter = Counter()

    def look(frame, event, what):
        path = frame.f_code.co_filename
        ours = path.startswith(str(PACKAGE))
        if event == "c_call" and what.__name__ in READS and (ours or path.endswith("pathlib.py")):
            seen[f"read: {path}"] += 1
        elif event == "call" and ours and Path(path).relative_to(PACKAGE).parts[0] in WORK:
            seen[f"{Path(path).relative_to(PACKAGE)}:{frame.f_code.co_name}"] += 1
        elif event == "call" and any(f"/site-packages/{name}/" in path for name in LIBRARIES):
            seen[path.rpartition("/site-packages/")[2].split("/")[0]] += 1

    threading.setprofile(look)
    try:
        app.run()
    finally:
        threading.setprofile(None)
    return seen


def test_a_warm_step_makes_nothing_and_changes_nothing_in_memory(app):
    for one in ADDRESSES:
        _drawn(app, one.key)
    kept = {id(release): _print(release) for release in _releases()}
    for one in ADDRESSES:
        app.switch_page(f"views/{one.key}.py").run()
        seen = _worked(app)
        made = {what for what in seen if what.startswith(MADE)} - {"figures/unchecked.py:to_dict"}
        assert made == set() and sum(seen.values()) <= FEW, (one.key, seen.most_common(10))
    assert kept and kept == {id(release): _print(release) for release in _releases() if id(release) in kept}


def test_the_look_out_sees_a_page_that_is_made_anew(app):
    _drawn(app, "overview")
    session.PIECES._kept.clear()
    seen = _worked(app)
    assert seen["pandas"] > 1000 and any(what.startswith("figures/") for what in seen) and any(what.startswith("findings") for what in seen)


def test_of_more_measures_than_can_be_looked_at_the_others_are_drawn_when_asked_for(app, monkeypatch):
    monkeypatch.setattr(department_figures, "AT_ONCE", 2)
    drawn = []
    _drawn(app, "overview")
    for asked in (False, True):
        app.session_state["more_measures"] = asked
        _drawn(app, "department")
        drawn.append([one.proto.id for one in app.get("plotly_chart") if "_before_after" in one.proto.id])
    assert len(drawn[0]) == 2 and len(drawn[1]) > 4 and set(drawn[0]) < set(drawn[1])
    series = app.selectbox(key="choice_over_time")
    for place in (0, len(series.options) - 1):
        series.select_index(place).run()
        assert sum("_over_time" in one.proto.id for one in app.get("plotly_chart")) == 1, place


def test_what_one_visitor_has_in_memory_is_never_shown_to_another(app, fjordvik_release, monkeypatch):
    names = fjordvik_release.register.set_index("department")["name"].to_dict()
    pages = ("overview", "department", "users", "services")
    everything = {key: _drawn(app, key) for key in pages}
    assert all(name in everything["overview"] for name in names.values())
    for own in (("havna",), ("asen",), ("havna",)):
        monkeypatch.setattr(session, "visitor", lambda access, own=own: Visitor(who="x", role="leader", departments=own))
        for key in pages:
            mine = _drawn(app, key)
            strangers = [name for code, name in names.items() if code not in own and name in mine]
            assert strangers == [], (key, own, strangers)
            assert names[own[0]] in mine


def _releases() -> list[Release]:
    return [one for one in session.FRAMES._kept.values() if isinstance(one, Release)]


def _print(release: Release) -> str:
    """A checksum of all that a Release holds."""
    frames = (release.estimates, release.series, release.notes, release.register, release.events)
    return hashlib.sha256(b"".join(pd.util.hash_pandas_object(one.astype("str")).to_numpy().tobytes() + repr(list(one)).encode() for one in frames)).hexdigest()
