"""What holds of the sample's scales, through the gate; and nothing where there are too few forms."""

from __future__ import annotations

import pytest

import evaltool as ev
from evaltool.compare.scale_facts import scale_facts
from evaltool.scoring.quality import scale_quality

from .small_study import answers, dataset, study


def test_alpha_is_that_of_scale_quality_and_rests_on_its_forms(fjordvik):
    whole = ev.load(study=fjordvik)
    table = whole.tables["staff_survey"]
    made = scale_facts(dataset=type(whole)({"staff_survey": table}, whole.registers, whole.provenance), study=fjordvik)
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
