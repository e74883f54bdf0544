"""Each kind of rule on six-row tables: who is caught, and who is not."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from evaltool import contracts
from evaltool.intake.main_stretch import far_off
from evaltool.rules import Answers, Context, Window, find

D = pd.Timestamp


def table(name: str, /, **columns) -> pd.DataFrame:
    """A typed table: given columns, the others empty."""
    n = len(next(iter(columns.values())))
    about = contracts.contract(name)
    out = {c.name: pd.Series(columns.get(c.name, [None] * n)).astype(c.dtype) for c in about.columns.values()}
    items = {c: pd.Series(v, dtype="float64") for c, v in columns.items() if contracts.is_item(c)}
    return pd.DataFrame({**out, **items})


def caught(name: str, code: str, context: Context | None = None, /, **columns) -> list[int]:
    frame = table(name, **columns)
    found = find(frame=frame, contract=contracts.contract(name), context=context or Context())
    return sorted(int(i) for c, _, positions in found for i in positions if c == code)


STAY = {
    "stay_id": ["1", "2", "3"], "person": ["p", "p", "q"], "department": ["a", "a", "b"],
    "admitted": [D("2024-01-01"), D("2024-02-01"), D("2024-01-01")],
    "discharged": [D("2024-01-10"), D("2024-02-10"), None],
}
REGISTER = pd.DataFrame({
    "department": ["a", "b"], "active_from": [D("2024-01-15"), pd.NaT], "active_to": [pd.NaT, D("2023-12-31")],
})
PERSONS = pd.DataFrame({
    "person": ["p", "q"], "died_on": [D("2024-01-20"), pd.NaT], "withdrawn_on": [pd.NaT, D("2024-05-01")],
})


def test_clean_stays_have_no_faults():
    assert find(frame=table("stays", **STAY), contract=contracts.contract("stays"), context=Context()) == []


def test_same_number_catches_the_later_row():
    assert caught("stays", "S01", **STAY | {"stay_id": ["1", "2", "1"]}) == [2]


def test_same_stay_under_a_new_number_and_ongoing_too():
    columns = STAY | {"person": ["p", "q", "q"], "department": ["a", "b", "b"],
                      "admitted": [D("2024-01-01")] * 3, "discharged": [D("2024-01-10"), None, None]}
    assert caught("stays", "S02", **columns) == [2]


def test_a_repeated_row_is_said_once():
    columns = {k: [v[0], v[0]] for k, v in STAY.items()}
    assert caught("stays", "S01", **columns) == [1]
    assert caught("stays", "S02", **columns) == [] and caught("stays", "S08", **columns) == []


def test_department_unknown_not_open_and_closed():
    context = Context(departments=REGISTER)
    assert caught("stays", "S03", context, **STAY | {"department": ["a", "x", None]}) == [1]
    assert caught("stays", "S04", context, **STAY) == [0]
    assert caught("stays", "S05", context, **STAY) == [2]


def test_the_closing_day_itself_is_open():
    columns = STAY | {"admitted": [D("2024-01-20")] * 2 + [D("2023-12-31 23:00")], "discharged": [None] * 3}
    assert caught("stays", "S05", Context(departments=REGISTER), **columns) == []


def test_after_the_last_day_of_the_data():
    assert caught("stays", "S06", Context(as_of=dt.date(2024, 2, 9)), **STAY) == [1]
    assert caught("stays", "S06", Context(as_of=dt.date(2024, 2, 10)), **STAY) == []


def test_discharged_before_admitted_by_a_minute():
    columns = STAY | {"discharged": [D("2023-12-31 23:59"), D("2024-02-01"), None]}
    assert caught("stays", "S07", **columns) == [0]


def test_a_discharge_as_a_date_alone_on_the_day_of_admission_is_no_fault():
    columns = STAY | {"admitted": [D("2024-01-05 10:15")] * 3, "discharged": [D("2024-01-05"), D("2024-01-04"), D("2024-01-05 00:01")]}
    assert caught("stays", "S07", **columns) == [1, 2]


def test_overlap_is_of_one_person_and_touching_is_none():
    columns = {"stay_id": list("123456"), "person": ["p", "p", "p", "q", "q", None], "department": ["a"] * 6,
               "admitted": [D(f"2024-01-{d:02d}") for d in (1, 10, 5, 1, 20, 1)],
               "discharged": [D("2024-01-10"), D("2024-01-12"), D("2024-01-07"), None, D("2024-01-21"), D("2024-01-30")]}
    assert caught("stays", "S08", **columns) == [2, 4]


def test_stay_of_more_than_ten_years():
    assert caught("stays", "S09", **STAY | {"admitted": [D("2001-01-01")] + STAY["admitted"][1:]}) == [0]


def test_stay_after_death_by_register_or_by_an_earlier_stay():
    assert caught("stays", "S10", Context(persons=PERSONS), **STAY) == [1]
    assert caught("stays", "S10", **STAY | {"died": [True, None, None]}) == [1]
    assert caught("stays", "S10", **STAY | {"died": [None, True, None]}) == []


def test_same_day_as_death_is_not_after_it():
    columns = STAY | {"admitted": [D("2024-01-01"), D("2024-01-20 15:00"), D("2024-01-01")]}
    assert caught("stays", "S10", Context(persons=PERSONS), **columns) == []


def test_died_without_an_end():
    assert caught("stays", "S11", **STAY | {"died": [None, False, True]}) == [2]


def test_two_stays_without_an_end_are_noted_from_the_second_on():
    columns = STAY | {"stay_id": ["1", "2", "3"], "person": ["p", "p", "q"], "discharged": [None, None, None],
                      "admitted": [D("2024-02-01"), D("2024-01-01"), D("2024-01-05")]}
    assert caught("stays", "S15", **columns) == [0]
    assert caught("stays", "S15", **columns | {"discharged": [D("2024-02-05"), None, None]}) == []


@pytest.mark.parametrize(("admitted", "discharged", "rows"), [
    (["2024-01-01 10:00", "2024-01-02", "2024-01-03 08:30"], [None] * 3, [1]),
    (["2024-01-01 10:00", "2024-01-02 11:00", "2024-01-03 08:30"], ["2024-02-01", "2024-02-02", None], [0, 1]),
    (["2024-01-01", "2024-01-02", "2024-01-03"], ["2024-02-01", "2024-02-02", None], []),
    (["2024-01-01 10:00", "2024-01-02 11:00", "2024-01-03 08:30"], ["2024-02-01 12:00", "2024-02-02 12:00", None], []),
])
def test_clock_times_beside_dates_are_noted_where_the_dates_are(admitted, discharged, rows):
    columns = STAY | {"stay_id": ["1", "2", "3"], "admitted": [D(x) for x in admitted], "discharged": [None if x is None else D(x) for x in discharged]}
    assert caught("stays", "S16", **columns) == rows


def test_persons_unknown_and_withdrawn():
    columns = STAY | {"person": ["p", "x", "q"]}
    assert caught("stays", "S12", Context(persons=PERSONS), **columns) == [1]
    assert caught("stays", "S13", Context(persons=PERSONS), **columns) == [2]


FORM = {
    "person": ["p", "p", None, None], "department": ["a"] * 4, "wave": ["w1", "w1", "w1", "w9"],
    "answered_on": [D("2024-01-05"), D("2024-02-05"), D("2024-01-31"), D("2024-01-05")], "consent": [True, None, False, True],
    "qpr15_01": [0, 4, 5, np.nan], "qpr15_02": [1, 2, 99, np.nan],
}
WAVES = {"user_survey": (Window("w1", dt.date(2024, 1, 1), dt.date(2024, 1, 31)),)}
ITEMS = {"qpr15_01": Answers((0, 1, 2, 3, 4)), "qpr15_02": Answers((0, 1, 2, 3, 4), missing=(99,))}


@pytest.mark.parametrize("code, rows", [
    ("U01", [1]), ("U03", [3]), ("U04", [1]), ("U08", [3]), ("U09", [2]), ("C07", [2]), ("C01", []),
])
def test_survey_rules(code, rows):
    assert caught("user_survey", code, Context(waves=WAVES, items=ITEMS), **FORM) == rows


def test_item_outside_the_instrument_is_unknown():
    assert caught("user_survey", "C07", Context(items=ITEMS), **FORM | {"qpr15_16": [1, np.nan, np.nan, 2]}) == [0, 2, 3]


def test_continuous_items_have_ends_only():
    context = Context(items={"ors_01": Answers((0, 10), continuous=True)})
    columns = {k: v for k, v in FORM.items() if not k.startswith("qpr")} | {"ors_01": [0, 9.9, 10.1, -0.1]}
    assert caught("user_survey", "C07", context, **columns) == [2, 3]


def test_a_wave_of_any_survey_will_do_for_other_tables():
    columns = {"department": ["a", "a"], "wave": ["w1", "w2"], "population": ["users"] * 2, "invited": [3, 4]}
    assert caught("invitations", "I03", Context(waves=WAVES), **columns) == [1]


def test_more_than_five_kept_values():
    columns = {"respondent": ["r"] * 7, "department": ["a"] * 7, "wave": ["w"] * 7, "value": list("abcdefg"),
               "kept": [True] * 6 + [False]}
    assert caught("values_exercise", "V04", **columns) == [5]


@pytest.mark.parametrize("name, code, columns, rows", [
    ("components", "K02", {"department": ["a"], "component": ["x"], "event_date": [D("2024-01-02")], "end_date": [D("2024-01-01")]}, [0]),
    ("rollout", "R06", {"department": ["a", "b"], "paused_to": [D("2024-01-02"), None]}, [0]),
    ("service_counts", "T03", {"department": ["a"], "month": [D("2024-01-02")], "measure": ["m"], "numerator": [1.0]}, [0]),
    ("service_counts", "T04", {"department": ["a"], "month": [D("2024-01-01")], "measure": ["m"], "numerator": [2.0], "denominator": [1.0]}, [0]),
    ("departments", "D02", {"department": ["a"], "name": ["A"], "active_from": [D("2024-01-02")], "active_to": [D("2023-01-01")]}, [0]),
])
def test_rules_of_the_other_tables(name, code, columns, rows):
    assert caught(name, code, **columns) == rows


def test_start_outside_the_open_time():
    columns = {"department": ["a", "b"], "start": [D("2024-01-01"), D("2024-01-01")]}
    assert caught("rollout", "R07", Context(departments=REGISTER), **columns) == [0, 1]


def test_a_cell_that_is_judged_is_not_judged_again():
    columns = STAY | {"admitted": [D("1024-01-01"), *STAY["admitted"][1:]]}
    found = find(frame=table("stays", **columns), contract=contracts.contract("stays"), context=Context(departments=REGISTER))
    assert [code for code, _, positions in found if 0 in positions] == ["C09"]


def test_the_frame_is_not_changed():
    frame = table("stays", **STAY | {"admission_type": ["odd", None, None]})
    before = frame.copy(deep=True)
    find(frame=frame, contract=contracts.contract("stays"), context=Context(departments=REGISTER, persons=PERSONS))
    pd.testing.assert_frame_equal(frame, before)


def test_every_kind_is_used_and_every_used_kind_exists():
    used = {r.kind for name in contracts.names() for r in contracts.contract(name).rules.values()}
    assert used == set(contracts.KINDS)


def test_years_from_1900_to_2100_are_dates_and_others_are_not():
    days = [D("1899-12-31 23:59"), D("1900-01-01"), None, D("2100-12-31 23:59"), D("2101-01-01")]
    columns = {"stay_id": list("12345"), "person": list("pqrst"), "department": ["a"] * 5, "admitted": days, "discharged": [None] * 5}
    assert caught("stays", "C09", **columns) == [0, 4]


@pytest.mark.parametrize("others, wrong, told", [
    (60, ["1925-02-01"], [60]), (60, ["2085-02-01"], [60]), (60, ["1925-02-01", "1926-01-01"], []), (300, ["1925-02-01", "2085-02-01", "1925-03-01"], [300, 301, 302]),
    (60, ["2026-11-01"], []), (60, ["1725-02-01"], []), (15, ["1925-02-01"], []),
])
def test_few_dates_years_from_all_others_are_noted_and_nothing_else_is_far_off(others, wrong, told):
    """Few: one row, or one in a hundred; far: more than two years with nothing between."""
    days = pd.Series([*pd.date_range("2025-01-01", periods=others, freq="D"), *map(pd.Timestamp, wrong)]).dt.as_unit("us")
    assert np.flatnonzero(far_off(days)).tolist() == told
