from __future__ import annotations

import numpy as np
import pandas as pd

from evaltool import contracts
from evaltool.intake.coverage import coverage
from evaltool.report.fixit_coverage import coverage_grids


def typed(name: str, **columns) -> pd.DataFrame:
    n = len(next(iter(columns.values())))
    about = contracts.contract(name)
    out = {c.name: pd.Series(columns.get(c.name, [None] * n)).astype(c.dtype) for c in about.columns.values()}
    return pd.DataFrame({**out, **{c: pd.Series(v, dtype="float64") for c, v in columns.items() if contracts.is_item(c)}})


def of(name: str, found=(), **columns):
    return coverage(frame=typed(name, **columns), contract=contracts.contract(name), found=list(found))


FORMS = {
    "department": ["a", "a", "b", None], "wave": ["w1", "w2", "w1", "w1"], "answered_on": [pd.Timestamp("2024-01-02")] * 3 + [None],
    "qpr15_01": [1, 2, None, 4], "qpr15_02": [1, None, None, None],
}


def share(found, column, by, place):
    row = found.filled.query("column == @column and by == @by and place == @place").iloc[0]
    return row["filled"] / row["rows"]


def test_filled_cells_by_department_and_wave_with_a_form_as_one_column():
    found = of("user_survey", **FORMS)
    assert share(found, "answered_on", "department", "a") == 1 and share(found, "answered_on", "period", "w1") == 2 / 3
    assert share(found, "qpr15", "department", "a") == 0.75 and share(found, "qpr15", "department", "b") == 0
    assert set(found.filled["column"]) == {"answered_on", "qpr15"}


def test_faults_are_laid_out_where_they_lie():
    found = of("user_survey", [("C07", "qpr15_01", np.array([0, 1, 3]))], **FORMS).faults
    counts = found.set_index(["by", "place"])["count"]
    assert counts[("department", "a")] == 2 and counts[("period", "w1")] == 2 and counts[("period", "w2")] == 1


def stays(months: list[int], each: int) -> dict:
    days = [pd.Timestamp(2024, m, 3) for m in months for _ in range(each)]
    return {"department": ["a"] * len(days), "admitted": days, "stay_id": [str(i) for i in range(len(days))]}


def test_months_without_rows_where_rows_are_expected():
    gaps = of("stays", **stays([1, 2, 5, 6], each=9)).empty_months
    assert gaps["month"].dt.month.tolist() == [3, 4] and gaps["department"].tolist() == ["a", "a"]


def test_one_wrong_year_does_not_make_decades_of_empty_months():
    near = stays([1, 2, 5, 6], each=9)
    for wrong in ("1924-03-01", "2084-03-01"):
        days = [*near["admitted"], pd.Timestamp(wrong)]
        found = of("stays", department=["a"] * len(days), admitted=days, stay_id=[str(i) for i in range(len(days))]).empty_months
        assert found["month"].dt.strftime("%Y-%m").tolist() == ["2024-03", "2024-04"], wrong


def test_a_small_department_may_have_empty_months():
    assert of("stays", **stays([1, 2, 5, 6], each=2)).empty_months.empty


def test_stays_are_laid_out_by_year():
    assert set(of("stays", **stays([1], each=2)).filled.query("by == 'period'")["place"]) == {"2024"}


def test_registers_have_nothing_to_lay_out_by_period():
    found = of("persons", person=["p1", "p2"])
    assert found.filled.empty and found.faults.empty and found.empty_months.empty


def test_one_grid_of_variable_by_department_by_wave():
    grid = of("user_survey", **FORMS).crossed.set_index(["column", "department", "period"])
    assert len(grid) == 6 and grid["rows"].tolist() == [1] * 6
    assert grid["filled"].to_dict() == {
        ("answered_on", "a", "w1"): 1, ("answered_on", "a", "w2"): 1, ("answered_on", "b", "w1"): 1,
        ("qpr15", "a", "w1"): 1, ("qpr15", "a", "w2"): 0.5, ("qpr15", "b", "w1"): 0}
    title = coverage_grids(coverage=of("user_survey", **FORMS), about=contracts.contract("user_survey"), lang="nb")[-1]
    assert title.columns == ("w1", "w2") and [name.split(" · ")[1] for name, _ in title.rows] == ["a", "b"]
    assert [[cell.text.replace("\xa0", " ") for cell in cells] for _, cells in title.rows] == [["100 %", "50 %"], ["0 %", ""]]
