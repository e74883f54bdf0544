"""What holds of the sample's scales, through the gate; and nothing where there are too few forms."""

from __future__ import annotations

import numpy as np
import pytest

import evaltool as ev
from evaltool.compare.scale_facts import scale_facts
from evaltool.export.scale_tables import scale_remarks
from evaltool.scoring.quality import scale_quality

from .small_study import answers, dataset, study


@pytest.fixture(scope="module")
def table(fjordvik):
    return ev.load(study=fjordvik).tables["staff_survey"]


@pytest.fixture(scope="module")
def made(fjordvik, table):
    """What holds of the staff forms of the sample."""
    whole = ev.load(study=fjordvik)
    return scale_facts(dataset=type(whole)({"staff_survey": table}, whole.registers, whole.provenance), study=fjordvik)


def test_alpha_is_that_of_scale_quality_and_rests_on_its_forms(made, table):
    rows = made.estimates[made.estimates["estimand"] == "alpha"].set_index(["measure", "subgroup"])
    want = scale_quality(answers=table, instrument=ev.instrument("rsa_r_provider"), already_reversed=False, gaps="pairwise").set_index("scale")
    got = made.estimates.query("measure == 'scale.rsa_r_provider.choice' and estimand == 'alpha' and subgroup.isna()").iloc[0]
    assert (got["estimate"], got["conf_low"], got["n_before"]) == pytest.approx(tuple(want.loc["choice", ["alpha", "conf_low", "n"]]))
    assert got["persons_before"] < got["n_before"]                               # anonymous forms: the largest wave at most
    assert ("scale.rsa_r_provider.choice", "wave=2024H1") in rows.index
    shown = ev.release(result=made, policy=ev.policy(min_persons=5)).estimates
    assert shown.loc[shown["estimand"].isin(["icc", "design_effect"]), "status"].eq("shown").all()


def test_too_few_forms_are_no_number_but_a_remark(tmp_path):
    staff = answers("rsa_r_provider", 32, [("a", "w1", "2023-02-10", 3 + i % 2) for i in range(12)], respondent=[None] * 12)
    made = scale_facts(dataset=dataset(staff_survey=staff), study=study(tmp_path))
    assert made.estimates.empty and list(made.notes["code"]) == ["too_few_forms"]


def test_ends_and_gaps_of_a_scale_are_counted_with_who_is_behind(tmp_path):
    staff = answers("rsa_r_provider", 32, [("a" if i % 2 else "b", f"w{1 + i % 3}", "2023-02-10", v)
                                           for i, v in enumerate([5] * 24 + [1] * 6 + [3] * 30)], respondent=[None] * 60)
    items = [f"rsa_r_provider_{n:02d}" for n in range(1, 33)]
    staff.loc[30:59, items] = np.random.default_rng(1).integers(2, 5, (30, 32))
    staff.loc[:5, items[:2]] = 97
    staff.loc[40:41, items[2]] = np.nan
    made = scale_facts(dataset=dataset(staff_survey=staff), study=study(tmp_path))
    shares = made.series.set_index(["measure", "subgroup"])
    high = shares.loc[("ceiling.rsa_r_provider.total", np.nan)]
    assert (high["numerator"], high["denominator"], high["persons_numerator"]) == (24, 60, 8)       # anonymous: the largest wave
    assert shares.loc[("gaps.rsa_r_provider.inviting.not_applicable", np.nan), "value"] == pytest.approx(12 / 120)
    assert shares.loc[("gaps.rsa_r_provider.total.unanswered", "wave=w2"), "denominator"] == 20 * 32
    few = made.estimates.query("measure == 'scale.rsa_r_provider.total' and estimand == 'alpha' and subgroup == 'wave=w1'").iloc[0]
    assert np.isnan(few["estimate"]) and few["n_before"] < 30                                       # too few to say, and how few


def test_the_design_effect_is_for_one_wave_of_departments_as_large_as_these(made, table):
    got = made.estimates[made.estimates["measure"] == "scale.rsa_r_provider.total"].set_index("estimand")["estimate"]
    size = len(table) / len(table[["department", "wave"]].drop_duplicates())
    assert got["group_size"] == pytest.approx(size) and got["design_effect"] == pytest.approx(1 + (size - 1) * got["icc"])
    lines = scale_remarks(release=ev.release(result=made, policy=ev.policy(min_persons=5)), form=ev.instrument("rsa_r_provider"), lang="nb")
    assert f"{100 * got['design_effect']:.0f} i stedet for 100" in lines[0]
    assert any("For få svar" in line for line in lines)                                             # leaders are too few for roles
