"""Measures of the same rows hide the same departments, so that one does not tell what the other hides."""

from dataclasses import replace

import pandas as pd
from small_result import small_result

from evaltool.disclosure import closed_by, policy, release
from evaltool.study_release import _comparable

WITHIN_30 = {"a": (4, 30), "b": (20, 20), "c": (21, 30), "d": (40, 40)}
WITHIN_7 = {"a": (4, 30), "b": (20, 19), "c": (19, 30), "d": (40, 40)}
NAMES = ("readmission_30d_unplanned", "readmission_7d")


def both(*persons, names=NAMES, counted=None):
    made = [small_result(persons=one, measure=name) for one, name in zip(persons, names, strict=False)]
    spec = replace(made[0].spec, measures=names, rows=dict.fromkeys(names, (counted,)) if counted else {})
    return replace(made[0], series=pd.concat([m.series for m in made], ignore_index=True),
                   estimates=pd.concat([m.estimates for m in made], ignore_index=True), spec=spec)


def hidden(*persons, names=NAMES, counted=None):
    out = release(result=both(*persons, names=names, counted=counted), policy=policy()).series
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


def test_the_domains_of_a_form_hide_the_same_departments():
    """They are in no register: whoever makes them says what they count (``Spec.rows``)."""
    names = ("domain.x.one", "domain.x.two")
    assert hidden(WITHIN_30, WITHIN_7, names=names) == [{"a", "b"}, {"a", "c"}]
    assert hidden(WITHIN_30, WITHIN_7, names=names, counted="staff_survey.x") == [{"a", "c"}] * 2


def test_what_one_release_hides_stays_hidden_in_the_next_of_the_same_rows():
    """Who answered counts the forms of rsa_r_total: with another companion it would tell the first one, and so the small one."""
    own = release(result=both(WITHIN_30, names=("rsa_r_total",)), policy=policy())
    other = both(WITHIN_7, names=("respondents.staff_survey",), counted="staff_survey.rsa_r_provider")
    closed = closed_by(release=own)
    assert ("staff_survey.rsa_r_provider", "b", "before") in closed
    free, held = release(result=other, policy=policy()), release(result=other, policy=policy(), closed=closed)
    place = [frame.series[frame.series["phase"].eq("before")].set_index("department")["status"] for frame in (free, held)]
    assert place[0]["b"] == "shown" and place[1]["b"] == "suppressed"
    assert held.estimates.set_index("department")["status"]["b"] == "suppressed", "its number of rows stands there too"
    assert place[1]["d"] == "shown"


def test_a_sum_over_phases_is_closed_where_a_phase_is():
    made = both(WITHIN_7, names=("gaps.rsa_01.unanswered",), counted="staff_survey.rsa_r_provider")
    whole = made.series[made.series["phase"].eq("after")].assign(kind="whole", phase=None)
    out = release(result=replace(made, series=whole), policy=policy(), closed=frozenset({("staff_survey.rsa_r_provider", "d", "before")}))
    assert out.series.set_index("department")["status"].eq("suppressed").to_dict()["d"]


def test_a_number_under_a_name_is_held_against_the_same_data_and_the_same_name():
    cells = pd.DataFrame([("s1", "x", 1.0), ("s1", "x/readmission a", 2.0), ("s0", "x/readmission a", 3.0), ("s0", "x/readmission b", 4.0)],
                         columns=["snapshot", "definition", "n"])
    assert _comparable(cells, "readmission b", "s1")["n"].tolist() == [1.0, 2.0, 4.0]
    assert _comparable(cells, "", "s1")["n"].tolist() == [1.0], "the study's own numbers do not change with what somebody looked at"
