"""The values exercise: shares by hand, groups, rare values, and the study's own groups."""

from __future__ import annotations

import pandas as pd
import pytest

import evaltool as ev
from evaltool.compare.values_kept import value_labels, values_kept
from evaltool.errors import ContractError, StudyError

from .small_study import dataset, study


def exercise(kept: dict[tuple[str, str], list[tuple[str, ...]]]) -> pd.DataFrame:
    """(department, wave) -> one tuple of kept values per person; everybody also chose ``natur`` without keeping it."""
    rows = [(f"{place}{i}{wave}", place, wave, value, value != "natur")
            for (place, wave), people in kept.items() for i, own in enumerate(people) for value in (*own, "natur")]
    return pd.DataFrame(rows, columns=["respondent", "department", "wave", "value", "kept"])


KEPT = {("a", "w1"): [("Håp", "frihet")] * 6 + [("frihet",)] * 6, ("a", "w2"): [("håp", "mot")] * 12,
        ("b", "w1"): [("frihet",)] * 6 + [("håp",)] * 6, ("b", "w2"): [("håp",)] * 6 + [("omsorg",)] * 6}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return values_kept(dataset=dataset(values_exercise=exercise(KEPT)), study=study(tmp_path_factory.mktemp("values")))


def phase(made, measure, place, name):
    s = made.series
    rows = s[(s["measure"] == measure) & (s["department"] == place) & (s["phase"] == name) & (s["kind"] == "phase")]
    return rows.iloc[0]


def test_a_group_counts_a_person_once_and_chosen_is_not_kept(made):
    assert phase(made, "values.hope", "a", "before")["value"] == pytest.approx(0.5)
    assert phase(made, "values.hope", "a", "after")["value"] == 1                     # two values, one person
    assert phase(made, "values.meaning", "a", "before")["value"] == 0                 # natur was chosen, never kept
    row = made.estimates[(made.estimates["measure"] == "values.hope") & (made.estimates["department"] == "*")].iloc[0]
    assert row["estimate"] == pytest.approx(18 / 24 - 12 / 24) and row["conf_low"] < row["estimate"] < row["conf_high"]
    assert (row["persons_before"], row["persons_after"], row["estimand"]) == (24, 24, "risk_difference")


def test_single_values_are_for_all_departments_and_not_when_rare(made):
    single = made.series[made.series["measure"].str.startswith("values.value.")]
    assert set(single["measure"]) == {"values.value.håp", "values.value.frihet", "values.value.mot"}    # omsorg: six persons
    assert set(single["department"]) == {"*"}


def test_it_passes_the_gate(made):
    out = ev.release(result=made, policy=ev.policy(min_persons=5))
    assert phase(out, "values.hope", "a", "before")["status"] == "shown"
    assert phase(out, "values.hope", "a", "after")["status"] == "suppressed"          # everybody did


def test_a_study_can_have_groups_of_its_own(tmp_path):
    (tmp_path / "value_groups.yaml").write_text("own:\n  label: {nb: Egne, en: Own}\n  values: [Frihet]\n", encoding="utf8")
    here = study(tmp_path)
    made = values_kept(dataset=dataset(values_exercise=exercise(KEPT)), study=here)
    assert phase(made, "values.own", "a", "before")["value"] == 1
    assert value_labels(study=here) == {"values.own": {"nb": "Egne", "en": "Own"}}


@pytest.mark.parametrize("text", ["own: [1]\n", "own:\n  label: {nb: x}\n  values: [a]\n", "- 1\n", "a:\n  label: {nb: x, en: x}\n  values: [v]\nb:\n  label: {nb: x, en: x}\n  values: [V]\n"])
def test_groups_of_another_form_are_refused(tmp_path, text):
    here = study(tmp_path)
    (tmp_path / "value_groups.yaml").write_text(text, encoding="utf8")
    with pytest.raises(ContractError):
        value_labels(study=here)


def test_without_the_table_it_says_so(tmp_path):
    with pytest.raises(StudyError):
        values_kept(dataset=dataset(), study=study(tmp_path))
