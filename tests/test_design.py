import datetime as dt

import pandas as pd
import pytest

from evaltool.design import REGISTER_COLUMNS, StudyDesign
from evaltool.errors import DesignError, StudyError

DAYS = ("planned_start", "start", "wash_in_end", "paused_from", "paused_to")


def rollout(*rows: dict) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=["department", *DAYS])
    for name in DAYS:
        frame[name] = pd.to_datetime(frame[name]).dt.as_unit("us")
    return frame.astype({"department": "str"})


def departments(*names: str) -> pd.DataFrame:
    return pd.DataFrame({"department": names, "name": [n.title() for n in names], "service": "s", "unit_type": "u"})


def design(*rows: dict, names: tuple[str, ...] = ("a", "b", "c"), months: int = 3, **more) -> StudyDesign:
    return StudyDesign.from_register(
        rollout=rollout(*rows), departments=departments(*names), as_of=dt.date(2024, 12, 31), wash_in_months=months,
        **more,
    )


def phases(made: StudyDesign, department: str, *days: str) -> list[str]:
    dates = pd.Series(pd.to_datetime(list(days)))
    return made.phase(department=pd.Series([department] * len(days)), date=dates).tolist()


def test_periods_are_half_open():
    made = design({"department": "a", "start": "2024-03-01", "wash_in_end": "2024-05-15"})
    got = phases(made, "a", "2024-02-29", "2024-03-01", "2024-05-14", "2024-05-15")
    assert got == ["before", "wash_in", "wash_in", "after"]


def test_time_of_day_does_not_move_a_row_to_another_day():
    made = design({"department": "a", "start": "2024-03-01", "wash_in_end": "2024-05-15"})
    assert phases(made, "a", "2024-02-29 23:59:59", "2024-05-14 23:59:00") == ["before", "wash_in"]


def test_missing_wash_in_end_comes_from_the_months_of_the_study():
    made = design({"department": "a", "start": "2024-01-31"}, months=1)
    assert made.register["wash_in_end"].tolist()[0] == pd.Timestamp("2024-02-29")
    assert phases(made, "a", "2024-02-28", "2024-02-29") == ["wash_in", "after"]


def test_zero_months_is_no_wash_in():
    assert phases(design({"department": "a", "start": "2024-03-01"}, months=0), "a", "2024-03-01") == ["after"]


def test_wash_in_none_and_double():
    row = {"department": "a", "start": "2024-03-01", "wash_in_end": "2024-03-11"}
    assert phases(design(row, wash_in="none"), "a", "2024-02-29", "2024-03-01") == ["before", "after"]
    assert phases(design(row, wash_in="double"), "a", "2024-03-20", "2024-03-21") == ["wash_in", "after"]
    by_months = design({"department": "a", "start": "2024-03-01"}, wash_in="double")
    assert by_months.register["wash_in_end"].iloc[0] == pd.Timestamp("2024-09-01")


def test_pause_is_half_open_and_open_ended_when_not_over():
    row = {"department": "a", "start": "2024-01-01", "wash_in_end": "2024-02-01", "paused_from": "2024-03-01"}
    made = design({**row, "paused_to": "2024-04-01"})
    got = phases(made, "a", "2024-02-29", "2024-03-01", "2024-03-31", "2024-04-01")
    assert got == ["after", "paused", "paused", "after"]
    assert phases(design(row), "a", "2026-01-01") == ["paused"]


def test_pause_inside_the_wash_in_does_not_lengthen_it():
    made = design({"department": "a", "start": "2024-01-01", "wash_in_end": "2024-03-01",
                   "paused_from": "2024-02-01", "paused_to": "2024-02-15"})
    assert phases(made, "a", "2024-02-01", "2024-02-15", "2024-03-01") == ["paused", "wash_in", "after"]


def test_never_started_started_after_as_of_and_no_row_are_not_started_on_every_day():
    made = design({"department": "a", "planned_start": "2025-03-01"}, {"department": "b", "start": "2025-01-01"})
    for name in ("a", "b", "c"):
        assert phases(made, name, "2020-01-01", "2025-06-01") == ["not_started", "not_started"]
    assert made.started == ()


def test_started_on_the_last_day_of_the_data_has_started():
    made = design({"department": "a", "start": "2024-12-31"})
    assert made.started == ("a",)
    assert phases(made, "a", "2024-12-30", "2024-12-31") == ["before", "wash_in"]


def test_missing_date_has_no_phase_and_index_and_dtype_are_kept():
    made = design({"department": "a", "start": "2024-03-01"})
    index = pd.Index([7, 3])
    got = made.phase(
        department=pd.Series(["a", "c"], index=index, dtype="str"),
        date=pd.Series(pd.to_datetime([None, "2024-01-01"]), index=index),
    )
    assert got.dtype == "str"
    assert got.index.equals(index)
    assert got.isna().tolist() == [True, False]


def test_rows_of_an_unknown_department_are_an_error_with_a_count():
    with pytest.raises(DesignError) as caught:
        phases(design(), "zzz", "2024-01-01", "2024-01-02")
    assert caught.value.fields == {"department": "zzz", "n": 2}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"start": "2024-03-01", "wash_in_end": "2024-02-01"}, "rollout_wash_in_before_start"),
        ({"wash_in_end": "2024-02-01"}, "rollout_wash_in_without_start"),
        ({"start": "2024-03-01", "paused_from": "2024-02-01"}, "rollout_pause_before_start"),
        ({"paused_from": "2024-02-01"}, "rollout_pause_before_start"),
        ({"start": "2024-03-01", "paused_from": "2024-05-01", "paused_to": "2024-05-01"}, "rollout_pause_backwards"),
        ({"start": "2024-03-01", "paused_to": "2024-05-01"}, "rollout_pause_backwards"),
    ],
)
def test_a_row_that_contradicts_itself_names_its_department(row, code):
    with pytest.raises(StudyError) as caught:
        design({"department": "a", "start": "2024-01-01"}, {"department": "b", **row})
    assert caught.value.code == code
    assert caught.value.fields["department"] == "b"
    assert "b" in caught.value.message("nb") and "b" in caught.value.message("en")


def test_two_rows_or_an_unknown_department_in_the_rollout():
    with pytest.raises(StudyError, match="a has 2 rows"):
        design({"department": "a"}, {"department": "a"})
    with pytest.raises(StudyError, match="zzz"):
        design({"department": "zzz"})


def test_unknown_wash_in_choice():
    with pytest.raises(StudyError, match="planned, none, double"):
        design(wash_in="half")


def test_register_has_its_columns_in_the_order_of_departments():
    made = design({"department": "c", "start": "2024-03-01"}, names=("b", "c"))
    assert tuple(made.register.columns) == REGISTER_COLUMNS
    assert made.register["department"].tolist() == ["b", "c"]
    assert {str(made.register[d].dtype) for d in DAYS} == {"datetime64[us]"}


def test_an_empty_rollout_leaves_all_not_started():
    assert phases(design(), "a", "2024-01-01") == ["not_started"]


def test_frames_handed_in_are_not_changed():
    given, named = rollout({"department": "a", "start": "2024-03-01"}), departments("a")
    before = given.copy(), named.copy()
    StudyDesign.from_register(rollout=given, departments=named, as_of=dt.date(2024, 12, 31), wash_in_months=3)
    pd.testing.assert_frame_equal(given, before[0])
    pd.testing.assert_frame_equal(named, before[1])


def test_months_since_start_is_negative_exactly_before_the_start():
    made = design({"department": "a", "start": "2024-01-31"})
    days = ["2023-12-30", "2024-01-30", "2024-01-31", "2024-02-28", "2024-02-29", "2024-03-30", "2024-03-31"]
    got = made.months_since_start(department=pd.Series(["a"] * 7), date=pd.Series(pd.to_datetime(days)))
    assert got.tolist() == [-2, -1, 0, 0, 1, 1, 2]
    assert got.dtype == "float64"


def test_months_since_start_is_missing_without_a_start():
    got = design().months_since_start(department=pd.Series(["a"]), date=pd.Series(pd.to_datetime(["2024-01-01"])))
    assert got.isna().all()
