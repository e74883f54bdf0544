"""How much is filled in: counted by hand, exact for all, in bands for a department, and nothing of a few persons."""

from __future__ import annotations

import pandas as pd
import pytest

from evaltool.compare.filled import filled
from evaltool.disclosure import policy, release
from evaltool.export.view_table import view_table
from evaltool.filled_table import filled_columns, filled_table
from evaltool.text import t

from .small_study import answers, dataset, study

MANY, ENOUGH, FEW = 40, 20, 19
DAY = {"w1": "2023-02-10", "w2": "2024-02-10"}


@pytest.fixture
def made(tmp_path):
    """Department a: 40 in each wave, role filled in for 12 and for 38; b: 20, all; c: 19, all. Five in a left half the form."""
    rows = [(place, wave, DAY[wave], 3) for wave in DAY for place, n in (("a", MANY), ("b", ENOUGH), ("c", FEW)) for _ in range(n)]
    staff = answers("rsa_r_provider", 32, rows, respondent=[f"r{i}" for i in range(len(rows))], role="staff")
    for wave, lacking in (("w1", 28), ("w2", 2)):
        staff.loc[staff.index[(staff["department"] == "a") & (staff["wave"] == wave)][:lacking], "role"] = None
    staff.loc[:4, [f"rsa_r_provider_{n:02d}" for n in range(1, 17)]] = None
    return filled(dataset=dataset(staff_survey=staff, invitations=pd.DataFrame({"department": ["a"]})), study=study(tmp_path))


def test_exact_for_all_and_in_bands_by_department(made):
    rows = made.series[made.series["measure"] == "filled.staff_survey.role"].set_index(["department", "phase"])
    assert (rows.loc[("*", "w1"), "numerator"], rows.loc[("*", "w1"), "denominator"]) == (51, 79)
    assert rows.loc[("*", "w1"), "persons_complement"] == 28
    assert rows.loc[("*", "w2"), ["kind", "value"]].tolist() == ["filled_band_total", 0.8]
    assert rows.loc[("*", "w2"), ["numerator", "denominator", "n"]].isna().all(), "two lack it: neither they nor the rows are counted"
    assert rows.loc[["a", "b", "c"], "value"].to_dict() == {
        ("a", "w1"): 0.0, ("b", "w1"): 0.8, ("c", "w1"): 0.8, ("a", "w2"): 0.8, ("b", "w2"): 0.8, ("c", "w2"): 0.8}
    assert rows.loc[["a", "b", "c"], "numerator"].isna().all()
    form = made.series[made.series["measure"] == "filled.staff_survey.rsa_r_provider"].set_index(["department", "phase"])
    assert form.loc[("*", "w1"), "numerator"] == 79 * 32 - 5 * 16
    assert not any(m.startswith("filled.invitations") or m.endswith((".department", ".wave")) for m in made.spec.measures)


def test_what_is_shown_of_it(made, tmp_path):
    shown = release(result=made, policy=policy(name="default"))
    text = filled_table(release=shown, measure="filled.staff_survey.role", lang="nb").set_index(["department", "period"])["text"]
    hidden = "skjult (få personer)"
    assert text.to_dict() == {
        ("*", "w1"): "65\xa0%", ("*", "w2"): "80 % eller mer", ("a", "w1"): "under 50 %", ("a", "w2"): "80 % eller mer", ("b", "w1"): "80 % eller mer",
        ("b", "w2"): "80 % eller mer", ("c", "w1"): hidden, ("c", "w2"): hidden}, "two lack it in all in w2: that is a few persons"
    assert filled_columns(release=shown)["column"].tolist()[0] == "role", "by its exact shares; a band is none"
    told = view_table(release=shown, study=study(tmp_path), lang="en")
    assert told.iloc[:, 0].str.contains("Role").any() and set(told.loc[told.iloc[:, 2].eq("a"), "Value"]) >= {"under 50%", "80% or more"}
    assert "80% or more" in set(told.loc[told.iloc[:, 2].eq(t("view.all_places", "en")), "Value"])
