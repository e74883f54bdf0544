"""Measures of the same rows hide the same departments, so that one does not tell what the other hides."""

from dataclasses import replace

import pandas as pd
from small_result import small_result

from evaltool.disclosure import policy, release
from evaltool.study_release import _comparable

WITHIN_30 = {"a": (4, 30), "b": (20, 20), "c": (21, 30), "d": (40, 40)}
WITHIN_7 = {"a": (4, 30), "b": (20, 19), "c": (19, 30), "d": (40, 40)}
NAMES = ("readmission_30d_unplanned", "readmission_7d")


def hidden(*persons, names=NAMES):
    made = [small_result(persons=one, measure=name) for one, name in zip(persons, names, strict=False)]
    result = replace(made[0], series=pd.concat([m.series for m in made], ignore_index=True),
                     estimates=pd.concat([m.estimates for m in made], ignore_index=True), spec=replace(made[0].spec, measures=names))
    out = release(result=result, policy=policy()).series
    out = out[out["status"].eq("suppressed") & out["phase"].eq("before")]
    return [set(out.loc[out["measure"].eq(name), "department"]) for name in names]


def test_the_companion_of_a_small_department_is_the_same_in_both():
    alone = [hidden(one, names=NAMES[i:i + 1])[0] for i, one in enumerate((WITHIN_30, WITHIN_7))]
    assert alone == [{"a", "b"}, {"a", "c"}], "each by itself: c of the first less c of the second would leave b, and so a"
    together = hidden(WITHIN_30, WITHIN_7)
    assert together[0] == together[1] == {"a", "c"}


def test_measures_of_other_rows_are_left_alone():
    many = {name: (5 * before, 5 * after) for name, (before, after) in WITHIN_7.items()}
    assert hidden(WITHIN_30, many) == [{"a", "b"}, set()]
    assert hidden(WITHIN_30, WITHIN_7, names=("readmission_30d_unplanned", "qpr15_total"))[1] == {"a", "c"}


def test_a_number_under_a_name_is_held_against_the_same_data_and_the_same_name():
    cells = pd.DataFrame([("s1", "x", 1.0), ("s1", "x/readmission a", 2.0), ("s0", "x/readmission a", 3.0), ("s0", "x/readmission b", 4.0)],
                         columns=["snapshot", "definition", "n"])
    assert _comparable(cells, "readmission b", "s1")["n"].tolist() == [1.0, 2.0, 4.0]
    assert _comparable(cells, "", "s1")["n"].tolist() == [1.0], "the study's own numbers do not change with what somebody looked at"
