"""Answers beside each other: each may be shown by itself, and together they would tell a hidden one."""

from dataclasses import replace

import pandas as pd
from small_result import small_result

from evaltool.disclosure import policy, release
from evaltool.result import ALL, ESTIMATE_COLUMNS, ESTIMATE_TEXT, canonical

LARGE = {"a": (20, 20), "b": (30, 30), "c": (40, 40), "d": (50, 50)}


def released(rows, persons=LARGE):
    """Estimates given as (department, subgroup, method, persons before, persons after, estimate) beside the small series."""
    made = small_result(persons=persons)
    frame = pd.DataFrame(rows, columns=["department", "subgroup", "method", "n_before", "n_after", "estimate"]).assign(
        measure="qpr15_total", estimand="mean_difference", std_error=1.0, unit="points",
        persons_before=lambda f: f["n_before"], persons_after=lambda f: f["n_after"])
    frame["estimand"] = frame["subgroup"].map({"leavers": "share"}).fillna("mean_difference")
    out = release(result=replace(made, estimates=canonical(frame, ESTIMATE_COLUMNS, ESTIMATE_TEXT)), policy=policy())
    return pd.Series(out.estimates["status"].to_numpy(), index=pd.MultiIndex.from_arrays(
        [frame["department"], frame["subgroup"].fillna("") if frame["subgroup"].notna().any() else frame["method"]])), out


def pooled(persons):
    own = [(d, None, "welch", *p, 2.0) for d, p in persons.items()]
    total = tuple(sum(p[i] for p in persons.values()) for i in (0, 1))
    return [*own, (ALL, None, "cluster_robust", *total, 2.0), (ALL, None, "pooled_reml_hartung_knapp", *total, 2.0),
            *((d, None, "shrunken", *p, 2.0) for d, p in persons.items())]


def test_a_mean_of_departments_goes_where_it_would_tell_the_one_or_two_that_are_hidden():
    small = {**LARGE, "e": (4, 30)}
    status, _ = released(pooled(small), persons=small)
    assert status["e", "welch"] == "suppressed" and (status == "suppressed").sum() > 2
    assert status[ALL, "pooled_reml_hartung_knapp"] == "suppressed" and status["d", "shrunken"] == "suppressed"
    assert status[ALL, "cluster_robust"] == "shown" and status["d", "welch"] == "shown"
    status, _ = released(pooled(LARGE))
    assert status.eq("shown").all()


def test_another_count_of_persons_hides_one_more_department_where_one_alone_is_small():
    """Of those with a pseudonym, d has three: all less the others would say so."""
    rows = [("a", None, "imputed", 9, 9, 1.0), ("b", None, "imputed", 12, 12, 1.0), ("c", None, "imputed", 30, 30, 1.0),
            ("d", None, "imputed", 20, 3, 1.0), (ALL, None, "imputed", 71, 54, 1.0)]
    status, out = released(rows)
    assert status["d", "imputed"] == status["a", "imputed"] == "suppressed" and status[ALL, "imputed"] == "shown"
    assert out.estimates.loc[out.estimates["status"].eq("suppressed"), ["n_after", "persons_after", "estimate"]].isna().all(axis=None)


def test_the_same_question_of_nearly_the_same_rows_tells_nothing_about_the_few():
    rows = [(d, f"wash_in:{w}", "welch", 30, n, 2.0) for d in "abc" for w, n in (("planned", 30), ("none", 45))]
    rows += [(ALL, f"wash_in:{w}", "mixed", 90, n, 2.0) for w, n in (("planned", 90), ("none", 135))]
    status, _ = released(rows)
    assert status.eq("shown").all()
    rows[1] = ("a", "wash_in:none", "welch", 30, 33, 2.0)
    status, _ = released(rows)
    assert status["a", "wash_in:none"] == "suppressed" and status["a", "wash_in:planned"] == "shown"


def test_the_one_who_is_not_told_is_not_what_is_left_of_the_sum():
    rows = [("a", "leavers", "share_of_persons", 20, 20, None), ("b", "leavers", "share_of_persons", 30, 30, 0.5),
            ("c", "leavers", "share_of_persons", 40, 40, 0.5), (ALL, "leavers", "share_of_persons", 90, 90, 37 / 90)]
    status, _ = released(rows)
    assert status["b", "leavers"] == "suppressed", "37 less 35 of the others are the two who left a"
    assert status["c", "leavers"] == "shown"
