"""The gate: what is hidden, that nothing hidden can be worked out, and that only a Release passes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_result import month, small_result

from evaltool.disclosure import demand_release, hidden_counts, policy, release, select
from evaltool.errors import UsageError
from evaltool.result import ALL


def shown(released, department):
    return released.estimates.set_index("department")["status"][department]


def phase_cells(released):
    rows = released.series[released.series["kind"] == "phase"]
    return {(r.department, r.phase): r for r in rows.itertuples()}


def test_a_department_under_the_limit_is_hidden_and_emptied():
    out = release(result=small_result(persons={"a": (4, 30), "b": (20, 20), "c": (30, 30)}), policy=policy())
    row = out.estimates.set_index("department").loc["a"]
    assert row["status"] == "suppressed"
    assert row[["estimate", "conf_low", "n_before", "n_after", "persons_after", "std_error"]].isna().all()
    assert row[["verdict", "claim", "method"]].isna().all()


def test_one_hidden_department_takes_the_next_smallest_with_it():
    out = release(result=small_result(persons={"a": (4, 30), "b": (20, 20), "c": (30, 30)}), policy=policy())
    assert shown(out, "b") == "suppressed", "4 = total - 20 - 30 would be worked out"
    assert shown(out, "c") == "shown" and shown(out, ALL) == "shown"


def test_two_small_departments_need_a_third_because_they_may_share_persons():
    out = release(result=small_result(persons={"a": (3, 30), "b": (4, 30), "c": (20, 30), "d": (30, 30)}), policy=policy())
    assert [shown(out, d) for d in "abcd"] == ["suppressed"] * 3 + ["shown"]


def test_nothing_is_hidden_when_all_are_large():
    out = release(result=small_result(persons={"a": (10, 30), "b": (20, 20)}), policy=policy())
    assert hidden_counts(out) == {"estimates": 0, "series": 0}


def test_zero_persons_is_no_data_and_not_hidden():
    result = small_result(persons={"a": (0, 30), "b": (20, 20)})
    empty = result.estimates["department"].eq("a")
    result.estimates.loc[empty, ["estimate", "conf_low", "conf_high"]] = np.nan
    assert shown(release(result=result, policy=policy()), "a") == "no_data"


def test_a_share_hides_when_the_rest_is_small():
    result = small_result(persons={"a": (40, 40), "b": (40, 40), "c": (40, 40)}, measure="readmission_30d_unplanned")
    result.series["persons_numerator"] = 20.0
    result.series["persons_complement"] = 20.0
    mine = result.series["department"].eq("a") & result.series["phase"].eq("after")
    result.series.loc[mine, "persons_complement"] = 2.0
    out = release(result=result, policy=policy())
    assert shown(out, "a") == "suppressed"
    assert "persons_numerator" not in out.series


def test_a_mean_that_tells_what_everybody_answered_is_hidden():
    """At the end of the scale, or without any spread: the mean is each person's own answer."""
    large = {"a": (40, 40), "b": (40, 40), "c": (40, 40), "d": (40, 40)}
    for told in ({"value": 60.0}, {"value": 33.0, "conf_low": 33.0, "conf_high": 33.0}):
        result = small_result(persons=large)
        mine = result.series["department"].eq("a") & result.series["phase"].eq("after")
        for column, number in told.items():
            result.series.loc[mine, column] = number
        assert shown(release(result=result, policy=policy()), "a") == "suppressed"
    assert shown(release(result=small_result(persons=large), policy=policy()), "a") == "shown"


def test_strict_wants_ten_and_three_is_the_lowest():
    assert policy(name="strict", min_persons=5).min_persons == 10
    with pytest.raises(UsageError, match="3"):
        policy(min_persons=2)
    with pytest.raises(UsageError, match="strict"):
        policy(name="secret")


def test_a_series_is_shown_at_the_finest_grain_without_holes():
    months = [month("qpr15_total", d, day, persons, 30) for d, persons in (("a", 3), ("b", 20), ("c", 20), (ALL, 43))
              for day in ("2023-01-01", "2023-02-01")]
    quarters = [month("qpr15_total", d, "2023-01-01", persons, 30, "quarter")
                for d, persons in (("a", 6), ("b", 30), ("c", 30), (ALL, 66))]
    out = release(result=small_result(persons={"a": (9, 9), "b": (40, 40), "c": (40, 40)}, months=months + quarters), policy=policy())
    series = out.series[out.series["kind"] == "period"]
    grain = series.groupby("department")["grain"].unique().map(list)
    assert grain["a"] == ["quarter"] and grain[ALL] == ["month"]
    assert grain["b"] == ["quarter"], "month by month, a would be the total less b and c"
    assert grain["c"] == ["month"]


def test_notes_of_hidden_rows_are_gone():
    out = release(result=small_result(persons={"a": (4, 30), "b": (20, 20), "c": (30, 30)}), policy=policy())
    codes = out.notes.groupby("department")["code"].unique().map(list)
    assert codes["a"] == ["small_numbers_hidden"] and codes["c"] == ["ceiling"]


def test_only_a_release_passes():
    with pytest.raises(UsageError, match="Result"):
        demand_release(small_result(persons={"a": (9, 9)}))


def test_choosing_comes_after_the_gate():
    out = release(result=small_result(persons={"a": (9, 9), "b": (9, 9)}), policy=policy())
    assert set(select(release=out, departments=("a",)).estimates["department"]) == {"a"}
    with pytest.raises(UsageError, match="a, b"):
        select(release=out, departments=("nowhere",))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 25), st.integers(0, 25)), min_size=1, max_size=8))
def test_no_hidden_cell_can_be_worked_out_from_the_total(persons):
    """Attack: total less everything shown. What is left must be two departments or more, one of them large enough."""
    table = {f"d{i}": p for i, p in enumerate(persons)}
    out = release(result=small_result(persons=table), policy=policy())
    cells = phase_cells(out)
    for i, phase in enumerate(("before", "after")):
        hidden = [d for d in table if table[d][i] > 0 and cells[(d, phase)].status == "suppressed"]
        assert all(np.isnan(cells[(d, phase)].n) and np.isnan(cells[(d, phase)].value) for d in hidden)
        for d in table:
            assert not (0 < table[d][i] < 5) or d in hidden
        if hidden and cells[(ALL, phase)].status == "shown":
            left = [table[d][i] for d in hidden]
            assert (len(left) >= 2 and max(left) >= 5), (left, table)
