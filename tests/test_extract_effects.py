"""What a new extract does to a measure is said from what was shown before and is shown now, and from nothing else."""

from __future__ import annotations

import pandas as pd

from evaltool.disclosure import policy, release
from evaltool.extract_effects import effects_table, extract_effects, extract_rows, rows_table
from evaltool.store import definition, last_cells, record_release
from evaltool.store.releases import release_history
from tests.small_store import WHEN, empty_study, forms, put
from tests.small_result import small_result


def cells(n: float, amount: float, phase="before", department="*", kind="phase") -> pd.DataFrame:
    return pd.DataFrame([{"measure": "qpr15_total", "department": department, "subgroup": "", "kind": kind, "phase": phase,
                          "grain": "", "period": "", "n": n, "amount": amount, "persons": n}])


def shown(study, snapshot, frame, sha, role="reader"):
    facts = {"policy": "default", "snapshot": snapshot, "definition": definition(study=study), "version": "1", "shown": 1,
             "hidden": 0, "sha256": sha}
    record_release(study=study, cells=lambda: frame, facts=facts, who="kari", when=WHEN, role=role, purpose="report")


def test_the_last_other_snapshot_of_the_same_reader_counts(tmp_path):
    study = empty_study(tmp_path)
    for place, (snapshot, role) in enumerate([("s1", "reader"), ("s2", "reader"), ("s2", "researcher"), ("s3", "researcher"), ("now", "reader"), ("s9", "reader")]):
        shown(study, snapshot, cells(100 + place, 10), f"sha{place}", role)
    found = last_cells(study=study, role="reader", snapshot="now", definition=definition(study=study))
    assert found["n"].tolist() == [101.0]
    assert last_cells(study=study, role="reader", snapshot="now", definition="another").empty
    assert last_cells(study=study, role="reader", snapshot="never shown", definition=definition(study=study))["n"].tolist() == [105.0]


def test_levels_then_and_now_and_what_is_not_shown_is_said_as_that(tmp_path):
    study, made = empty_study(tmp_path), release(result=small_result(persons={"a": (40, 50), "b": (60, 70)}), policy=policy(name="default"))
    assert extract_effects(study=study, release=made).empty
    name = made.spec.measures[0]
    shown(study, "earlier", pd.concat([cells(50, 100).assign(measure=name), cells(9, 9, department="a").assign(measure=name),
                                       cells(9, 9, kind="period").assign(measure=name)]), "x")
    found = extract_effects(study=study, release=made).set_index(["measure", "phase"])
    row = made.series[(made.series["measure"] == name) & (made.series["department"] == "*")
                         & (made.series["kind"] == "phase") & (made.series["phase"] == "before")].iloc[0]
    assert found.loc[(name, "before"), "then"] == 2.0 and found.loc[(name, "before"), "n_then"] == 50
    assert found.loc[(name, "before"), "now"] == row["value"] and row["status"] == "shown"
    assert pd.isna(found.loc[(name, "after"), "then"])
    for lang, word in (("nb", "ikke vist"), ("en", "not shown")):
        assert word in effects_table(effects=found.reset_index(), lang=lang).to_string()


def test_the_same_numbers_by_another_definition_are_recorded_too(tmp_path):
    study = empty_study(tmp_path)
    facts = {"policy": "default", "snapshot": "s", "version": "1", "shown": 1, "hidden": 0, "sha256": "x"}
    for named in ("older", "newer", "newer"):
        record_release(study=study, cells=lambda: cells(50, 100), facts=facts | {"definition": named}, who="kari", when=WHEN, role="reader",
                       purpose="dashboard", every_time=False)
    assert release_history(study=study)["definition"].tolist() == ["older", "newer"]
    assert len(last_cells(study=study, role="reader", snapshot="now", definition="newer")) == 1


def test_rows_of_the_last_import_of_each_table(tmp_path):
    study = empty_study(tmp_path)
    put(study, forms(("p1", "a", "w1", 1.0), ("p2", "a", "w1", 2.0)), table="user_survey", name="a.csv")
    put(study, forms(("p1", "a", "w1", 3.0), ("p3", "a", "w1", 2.0)), table="user_survey", name="b.csv")
    rows = extract_rows(study=study)
    assert rows[["table", "new", "changed", "gone", "unchanged"]].to_numpy().tolist() == [["user_survey", 1, 1, 1, 0]]
    assert "Brukerskjema" in rows_table(rows=rows, lang="nb").to_string()
