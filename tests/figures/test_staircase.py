from dataclasses import replace

import pandas as pd
import pytest
import sample

from evaltool.errors import UsageError
from evaltool.figures.chart import Box, Label, Rule
from evaltool.figures.staircase import staircase


def test_by_start_and_not_started_last_with_the_distance_to_plan():
    rows = staircase(release=sample.release(), lang="nb").panels[0].rows
    assert rows[0].value == "startet 01.11.2023"
    assert rows[0].note == "1 md. etter plan"
    assert (rows[-1].label, rows[-1].value, rows[-1].note) == ("FACT Øst", "ikke startet", "planlagt 01.09.2026")


def test_bars_end_with_the_data_and_break_at_the_pause():
    chart = staircase(release=sample.release(), lang="nb", order=("c",))
    boxes = [m for m in chart.panels[0].marks if isinstance(m, Box)]
    day = {k: pd.Timestamp(k).toordinal() for k in ("2024-03-01", "2024-06-01", "2025-03-01", "2025-07-31", "2026-07-01")}
    assert [(b.x0, b.x1, b.role, b.hatch) for b in boxes] == [
        (day["2024-03-01"], day["2024-06-01"], "wash", False), (day["2024-06-01"], day["2025-03-01"], "after", False),
        (day["2025-03-01"], day["2025-07-31"], "after", True), (day["2025-07-31"], day["2026-07-01"], "after", False),
    ]


def test_still_paused_and_paused_within_wash_in():
    release = sample.release(count=3)
    register = release.register.assign(
        paused_from=pd.to_datetime(["2023-12-01", None, None]), paused_to=pd.to_datetime(["2024-01-01", None, None]))
    chart = staircase(release=replace(release, register=register), lang="nb", order=("a",))
    assert [b.role for b in chart.panels[0].marks if isinstance(b, Box)] == ["wash", "after", "wash", "after"]
    register["paused_to"] = pd.NaT
    chart = staircase(release=replace(release, register=register), lang="nb", order=("a",))
    assert [b.hatch for b in chart.panels[0].marks if isinstance(b, Box)] == [False, True]


def test_components_by_letter_and_the_last_day_of_the_data():
    chart = staircase(release=sample.release(), lang="nb")
    assert chart.footnotes[0].startswith("a\u00a0opplæring · b\u00a0refleksjonsgruppe")
    assert {m.text for m in chart.panels[0].marks if isinstance(m, Label)} <= set("abcd") | {"a, b"}
    assert [m.text for m in chart.panels[0].marks if isinstance(m, Rule)] == ["data til 30.06.2026"]
    assert chart.title == "5 av 6 avdelinger har startet"


def test_start_after_the_data_is_not_started():
    release = sample.release(count=2)
    register = release.register.assign(start=pd.to_datetime(["2026-08-01", "2024-01-01"]))
    chart = staircase(release=replace(release, register=register), lang="nb")
    assert chart.panels[0].rows[-1].value == "ikke startet"
    assert chart.title == "1 av 2 avdelinger har startet"


def test_empty_plan():
    release = sample.release(count=2)
    register = release.register.assign(start=pd.NaT, planned_start=pd.NaT)
    chart = staircase(release=replace(release, register=register), lang="nb")
    assert chart.panels == ()
    assert chart.title == "Innføringsplanen har ingen avdelinger ennå"


def test_refuses_what_is_no_release():
    with pytest.raises(UsageError):
        staircase(release=sample.release().register, lang="nb")
