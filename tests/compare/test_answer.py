"""The whole answer on a small study: two surveys' worth of forms, events and three lengths of wash-in."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from evaltool.compare.answer import answer
from evaltool.compare.notes import SEVERITY
from evaltool.errors import UsageError
from evaltool.result import ALL, ESTIMATE_COLUMNS, NOTE_COLUMNS, SERIES_COLUMNS, Dataset, Provenance, headline
from evaltool.study import open_study
from evaltool.text import catalogue

TOML = """
[study]
id = "small"
name = { nb = "Liten", en = "Small" }
language = "nb"
as_of = 2025-12-31
timezone = "Europe/Oslo"
[periods]
wash_in_months = 3
[surveys.user]
table = "user_survey"
instrument = "qpr15"
link = "partly_linked"
waves = [{ id = "w1", opens = 2023-01-01, closes = 2025-12-31 }]
[measures]
use = ["qpr15_total", "readmission_30d_unplanned"]
"""
STARTS = {"d0": "2024-01-01", "d1": "2024-03-01", "d2": "2024-06-01", "d3": "2024-09-01", "d4": "2024-11-01", "d5": None}
WAVES = pd.date_range("2023-02-01", periods=12, freq="QS-FEB")


@pytest.fixture
def study(tmp_path):
    (tmp_path / "study.toml").write_text(TOML, encoding="utf8")
    return open_study(folder=tmp_path)


def forms(effect: float, *, ramp: dict[str, float] | None = None) -> pd.DataFrame:
    """Quarterly forms of ten persons per department; ``effect`` in points of the total of 15 items."""
    rng = np.random.default_rng(10)
    rows = []
    for d, start in STARTS.items():
        own = rng.normal(30, 5, 10) + rng.normal(0, 4)
        for day in WAVES:
            gone = -1.0 if start is None else (day - pd.Timestamp(start)).days / 30
            gain = 0.0 if gone < 0 else effect
            if ramp and d in ramp and gone >= 0:
                gain = ramp[d] if gone < 4 else 0.0
            for p in range(10):
                items = np.clip(np.round((own[p] + gain + rng.normal(0, 4)) / 15 + rng.normal(0, 0.5, 15)), 0, 4)
                rows.append({"person": f"{d}p{p}", "department": d, "wave": "w1", "answered_on": day, "consent": True,
                             **{f"qpr15_{i + 1:02d}": items[i] for i in range(15)}})
    frame = pd.DataFrame(rows)
    frame["answered_on"] = frame["answered_on"].dt.as_unit("us")
    return frame.astype({"consent": "boolean"})


def dataset(table: pd.DataFrame | None, components: list[dict] = ()) -> Dataset:
    rollout = pd.DataFrame({"department": list(STARTS), "start": pd.to_datetime(list(STARTS.values())).as_unit("us")})
    for name in ("planned_start", "wash_in_end", "paused_from", "paused_to"):
        rollout[name] = pd.Series(pd.NaT, index=rollout.index, dtype="datetime64[us]")
    log = pd.DataFrame(list(components), columns=["department", "component", "event_date", "end_date", "n_staff", "co_intervention"])
    for name in ("event_date", "end_date"):
        log[name] = pd.to_datetime(log[name]).dt.as_unit("us")
    departments = pd.DataFrame({"department": list(STARTS), "name": list(STARTS), "service": "s", "unit_type": "u"})
    return Dataset(
        tables={} if table is None else {"user_survey": table},
        registers={"departments": departments, "rollout": rollout, "components": log.astype({"co_intervention": "boolean"})},
        provenance=Provenance(study="small", snapshot="1", as_of=dt.date(2025, 12, 31), version="0"),
    )


def codes(result, department):
    return set(result.notes.loc[result.notes["department"] == department, "code"])


def test_effect_is_found_everywhere_and_words_stay_on_their_rung(study):
    result = answer(dataset=dataset(forms(6)), study=study, measures=("qpr15_total",))
    rows = headline(result.estimates).set_index("department")
    assert tuple(result.estimates.columns) == ESTIMATE_COLUMNS
    assert tuple(result.series.columns) == SERIES_COLUMNS
    assert tuple(result.notes.columns) == NOTE_COLUMNS
    assert list(rows.index) == ["d0", "d1", "d2", "d3", "d4", ALL]
    assert rows.loc[ALL, "method"].startswith("mixed")
    assert rows.loc[ALL, "conf_low"] > 0 and abs(rows.loc[ALL, "estimate"] - 6) < 2.5
    assert (rows.loc[ALL, "verdict"], rows.loc[ALL, "claim"]) == ("better", "consistent_with_effect")
    assert set(rows.drop(ALL)["claim"]) <= {"described", "associated"}
    assert result.register["department"].tolist() == list(STARTS)


def test_nothing_planted_is_not_called_an_effect(study):
    rows = headline(answer(dataset=dataset(forms(0)), study=study, measures=("qpr15_total",)).estimates)
    assert set(rows["verdict"]) <= {"no_important_change", "cannot_tell"}


def test_co_intervention_near_the_start_caps_its_department_only(study):
    log = [
        {"department": "d1", "component": "merger", "event_date": "2024-05-01", "co_intervention": True, "n_staff": 7},
        {"department": "d2", "component": "merger", "event_date": "2023-05-01", "co_intervention": True, "n_staff": 7},
        {"department": "d3", "component": "training", "event_date": "2024-09-01", "co_intervention": False, "n_staff": 7},
    ]
    result = answer(dataset=dataset(forms(6), log), study=study, measures=("qpr15_total",))
    claims = headline(result.estimates).set_index("department")["claim"]
    assert claims["d1"] == "described"
    assert [d for d in STARTS if "co_intervention" in codes(result, d)] == ["d1"]
    assert list(result.events.columns) == ["department", "component", "event_date", "end_date", "co_intervention", "dose_value", "dose_unit"]


def test_a_change_that_is_only_there_in_the_wash_in_is_noted(study):
    result = answer(dataset=dataset(forms(0, ramp={"d0": 25})), study=study, measures=("qpr15_total",))
    assert "depends_on_wash_in" in codes(result, "d0")


def test_departments_choose_rows_not_data(study):
    whole = answer(dataset=dataset(forms(3)), study=study, measures=("qpr15_total",))
    one = answer(dataset=dataset(forms(3)), study=study, measures=("qpr15_total",), departments=("d2",))
    mine = whole.estimates[whole.estimates["department"] == "d2"].reset_index(drop=True)
    pd.testing.assert_frame_equal(one.estimates, mine)
    assert set(one.series["department"]) == {"d2"}


def test_a_source_not_read_in_yet_is_a_note(study):
    result = answer(dataset=dataset(None), study=study)
    assert result.estimates.empty
    assert set(result.notes["code"]) == {"no_table"}


@pytest.mark.parametrize(("choice", "known"), [({"measures": ("nope",)}, "qpr15_total"), ({"departments": ("nope",)}, "d0")])
def test_unknown_names_are_answered_with_the_known_ones(study, choice, known):
    with pytest.raises(UsageError) as caught:
        answer(dataset=dataset(forms(0)), study=study, **choice)
    assert "nope" in caught.value.message("nb") and known in caught.value.message("nb")


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_every_note_has_its_sentence(lang):
    assert {k.removeprefix("note.") for k in catalogue(lang) if k.startswith("note.")} >= set(SEVERITY)
