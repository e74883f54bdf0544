"""Yes and no among the same people: counted by hand, few not told, and how it reads."""

import numpy as np
import pandas as pd
import pytest

import evaltool as ev
from evaltool.compare.paired_items import paired_items
from evaltool.measures import measure
from evaltool.result import ALL
from evaltool.stats.two_by_two import mcnemar
from evaltool.study_comparison import study_comparison
from evaltool.tables import estimates
from evaltool.text import catalogue

from .small_study import STARTS, answers, dataset, study
from .frames import design

QPR = measure("qpr15_total")
DAYS = {"u1": "2023-02-01", "u2": "2023-05-01", "u3": "2024-05-01"}


def made(folder, rows, least=0):
    """Rows (person, department, wave, answer to every item)."""
    table = answers("qpr15", 15, [(d, w, DAYS[w], code) for _, d, w, code in rows], person=[p for p, *_ in rows])
    data, opened = dataset(user_survey=table), study(folder)
    seen = ev.observations(dataset=data, study=opened, measure=QPR)
    return paired_items(dataset=data, study=opened, measure=QPR, observations=seen, design=design(STARTS), least=least)


def people(gained, lost, yes, no, department="a"):
    """The first wave says the opposite of the second: the last answer before the start is the one that counts."""
    steps = [(1, 3)] * gained + [(4, 2)] * lost + [(3, 3)] * yes + [(0, 2)] * no
    return [(f"{department}{i}", department, wave, code) for i, (was, now) in enumerate(steps)
            for wave, code in (("u1", 4 - was), ("u2", was), ("u3", now))]


def test_the_last_answer_on_each_side_above_the_middle_or_not(tmp_path):
    got = made(tmp_path, people(gained=6, lost=2, yes=3, no=4)).estimates.set_index(["department", "subgroup"])
    want = mcnemar(gained=6, lost=2, n=15)
    for item in ("qpr15_01", "qpr15_15"):
        row = got.loc[("a", item)]
        assert (row["estimate"], row["p_value"], row["conf_low"]) == pytest.approx((want.estimate, want.p_value, want.conf_low))
        assert (row["n_before"], row["persons_after"], row["unit"], row["method"]) == (15, 15, "share", "mcnemar_exact")
    assert got.loc[(ALL, "qpr15_01"), "estimate"] == pytest.approx(want.estimate) and len(got) == 15 * 3


@pytest.mark.parametrize(("gained", "lost", "told"), [(6, 2, False), (2, 6, False), (5, 5, True), (6, 0, True)])
def test_few_who_changed_one_way_are_not_told(tmp_path, gained, lost, told):
    got = made(tmp_path, people(gained, lost, 5, 5), least=5)
    row = got.estimates.set_index(["department", "subgroup"]).loc[("a", "qpr15_01")]
    assert np.isfinite(row["estimate"]) == told and row["n_before"] == gained + lost + 10
    said = got.notes[(got.notes["department"] == "a") & (got.notes["subgroup"] == "qpr15_01")]
    assert list(said["code"]) == ([] if told else ["few_changed"])


def test_nobody_known_is_one_row(tmp_path):
    got = made(tmp_path, [(None, d, w, code) for _, d, w, code in people(3, 3, 3, 3)])
    assert list(got.estimates["department"]) == [ALL] and list(got.notes["code"]) == ["nobody_twice"]


def test_through_the_gate_in_percentage_points_and_never_against_the_scales_limit(fjordvik):
    shown = study_comparison(folder=fjordvik.folder, method="paired_items")
    rows = shown.estimates[(shown.estimates["measure"] == QPR.id) & (shown.estimates["status"] == "shown")]
    assert len(rows) >= 15 and set(rows["verdict"]) <= {"better", "worse", "cannot_tell"} and rows["estimate"].abs().max() < 1
    table = estimates(release=shown, lang="nb")
    cells = table.loc[table[catalogue("nb")["column.unit"]] == catalogue("nb")["unit.change_share"], catalogue("nb")["column.change"]]
    number = pd.to_numeric(cells.str.replace(",", ".").str.replace("\u2212", "-").str.replace("+", ""), errors="coerce")
    assert number.max() > 5
