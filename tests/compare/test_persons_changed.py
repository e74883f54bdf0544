"""Persons' reliable change by hand, and what the gate lets out of it."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

import evaltool as ev
from evaltool.compare.change_formulas import CHAINS, FORMULAS
from evaltool.compare.persons_changed import persons_changed
from evaltool.stats.reliable_change import side_by_side

from .small_study import answers, dataset, study

MEASURE = ev.measure("qpr15_total")


def forms(changes: dict[str, list[float]], *, start: float = 1.0):
    """One person per change: a form of ``start`` per item in 2023, and one ``change`` per item higher in 2024."""
    rows, people = [], []
    for place, own in changes.items():
        for i, change in enumerate(own):
            level = start + 0.2 * (i % 5)
            for wave, day, value in (("u1", "2023-02-01", level), ("u3", "2024-06-01", level + change)):
                rows.append((place, wave, day, np.clip(value, 0, 4)))
                people.append(f"{place}{i}")
    frame = answers("qpr15", 15, [(*row[:3], 0) for row in rows], person=people)
    for i, row in enumerate(rows):
        total = round(row[3] * 15)
        for item in range(15):
            frame.loc[i, f"qpr15_{item + 1:02d}"] = total // 15 + (item < total % 15)
    return frame


def shares(made, measure: str, place: str, phase: str = "after"):
    rows = made.series[(made.series["measure"] == measure) & (made.series["department"] == place) & (made.series["phase"] == phase)]
    return rows.set_index("kind")


def test_each_person_is_judged_by_the_published_reliability_and_the_own_spread(tmp_path):
    made = persons_changed(dataset=dataset(user_survey=forms({"a": [1.0] * 6 + [0.0] * 5 + [-0.9] * 5})), study=study(tmp_path), measure=MEASURE)
    notes = made.notes.set_index("code")["value"]
    spread = np.std([15, 18, 21, 24, 27] * 3 + [15], ddof=1)
    assert notes["change_reliability"] == 0.74 and notes["change_sd"] == pytest.approx(spread)
    assert notes["change_threshold"] == pytest.approx(1.959964 * spread * np.sqrt(2 * 0.26))
    got = shares(made, "qpr15_total.reliable", "a")
    assert got["numerator"].to_dict() == {"phase_improved": 6, "phase_unchanged": 5, "phase_deteriorated": 5}
    assert got["n"].eq(16).all() and got["persons"].eq(16).all()
    assert got.loc["phase_improved", "conf_low"] == pytest.approx(0.184812, abs=1e-5)      # Wilson, 6 of 16


def test_the_phase_before_is_what_happens_without_the_practice(tmp_path):
    own = forms({"a": [1.0] * 12})
    own.loc[own["wave"] == "u3", ["wave", "answered_on"]] = ["u2", own["answered_on"].iloc[0].replace(month=11)]
    made = persons_changed(dataset=dataset(user_survey=own), study=study(tmp_path), measure=MEASURE)
    assert set(made.series["phase"]) == {"before"}
    assert shares(made, "qpr15_total.improved", "a", "before").loc["phase", "value"] == 1


def test_few_who_got_worse_hide_the_three_shares_together_and_not_the_first_alone(tmp_path):
    changes = {"a": [1.0] * 6 + [0.0] * 12 + [-0.9] * 2, "b": [1.0] * 8 + [0.0] * 8 + [-0.9] * 8}
    made = persons_changed(dataset=dataset(user_survey=forms(changes)), study=study(tmp_path), measure=MEASURE)
    out = ev.release(result=made, policy=ev.policy(min_persons=5))
    assert shares(out, "qpr15_total.reliable", "a")["status"].eq("suppressed").all()
    assert shares(out, "qpr15_total.reliable", "a")["value"].isna().all()
    assert shares(out, "qpr15_total.improved", "a").loc["phase", "value"] == pytest.approx(0.3)
    both = [shares(out, "qpr15_total.reliable", place)["status"].eq("shown").all() for place in ("b", "*")]
    assert not all(both), "b and the total together would give a away"
    assert out.notes.set_index("code").loc["change_threshold", "value"] > 0


def test_forms_without_a_person_count_nothing(tmp_path):
    own = forms({"a": [1.0] * 12}).assign(person=None)
    own["person"] = own["person"].astype("str")
    made = persons_changed(dataset=dataset(user_survey=own), study=study(tmp_path), measure=MEASURE)
    assert made.series.empty and set(made.notes["code"]) >= {"too_few"}


def test_the_sample_shows_more_important_change_after_than_before(fjordvik):
    made = persons_changed(dataset=ev.load(study=fjordvik), study=fjordvik, measure=MEASURE)
    after, before = (shares(made, "qpr15_total.important", "*", phase).loc["phase_improved", "value"] for phase in ("after", "before"))
    assert after > before + 0.1
    assert np.isclose(shares(made, "qpr15_total.reliable", "*")["value"].sum(), 1)


def test_the_seven_formulas_stand_beside_each_other_and_few_between_two_are_hidden(tmp_path):
    changes = {"a": [1.0] * 10 + [0.0] * 12 + [0.4] * 6, "b": [0.1 * i - 0.4 for i in range(12)]}
    made = persons_changed(dataset=dataset(user_survey=forms(changes)), study=study(tmp_path), measure=MEASURE)
    rows = made.series[made.series["kind"] == "formula"].set_index(["measure", "phase"])
    two_point = [name for name in FORMULAS if name != "HLM"]
    hits = {name: rows.loc[(f"qpr15_total.improved_{name}", "after"), "numerator"] for name in two_point}
    everyone = shares(made, "qpr15_total.improved", "*").loc["phase", "numerator"]
    assert hits["JT"] == everyone and len(set(hits.values())) > 1
    out = ev.release(result=made, policy=ev.policy(min_persons=5)).series.set_index(["measure", "kind", "phase"])
    for one, other in (("EN", "GLN"), ("EN", "NK"), ("GLN", "NK"), ("JT", "HA")):
        both = [out.loc[(f"qpr15_total.improved_{name}", "formula", "after"), "status"] for name in (one, other)]
        assert both != ["shown", "shown"] or hits[one] == hits[other] or abs(hits[one] - hits[other]) >= 5


def test_passing_the_cutoff_needs_reliable_change_and_the_limit_belongs_to_the_side_the_source_says(tmp_path):
    own = forms({"a": [2.0] * 6 + [0.0] * 6}, start=1.0)
    made = persons_changed(dataset=dataset(user_survey=own), study=study(tmp_path), measure=MEASURE)
    assert made.notes.set_index("code").loc["change_cutoff", "value"] == 45
    got = shares(made, "qpr15_total.clinical", "*")["numerator"]
    # totals 15, 18, 21, 24, 27, 15 rise by 30: 45 is on the recovered side of "45 or more"
    assert got.to_dict() == {"phase_recovered": 6, "phase_improved": 0, "phase_unchanged": 6, "phase_deteriorated": 0, "phase_harmed": 0}
    assert shares(made, "qpr15_total.recovered", "*").loc["alone", "numerator"] == 6


def test_formulas_of_one_chain_count_persons_inside_each_other():
    rng = np.random.default_rng(4)
    before = rng.normal(30, 10, 400)
    after = before + rng.normal(4, 9, 400)
    found = side_by_side(before=before, after=after, reliability=0.74, reliability_name="x")
    for chain in CHAINS:
        improved = [found[name].index > found[name].critical for name in chain]
        assert all(not (a & ~b).any() or not (b & ~a).any() for a, b in combinations(improved, 2))
    assert any((found["JT"].index > 1.96) != (found["EN"].index > 1.96))
