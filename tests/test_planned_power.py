"""Power from the study's own spread: rises with size, agrees with simulation, refuses what cannot be."""

import numpy as np
import pytest

import evaltool as ev
from evaltool.errors import UsageError
from evaltool.figures.power_chart import power_chart
from evaltool.planned_power import DESIGNS
from evaltool.power_words import departments_table, design_table, taken
from evaltool.stats.two_sample import welch


@pytest.fixture(scope="module")
def known(fjordvik):
    return ev.study_spread(folder=fjordvik.folder)


@pytest.mark.parametrize(("measure", "effect"), [("qpr15_total", None), ("readmission_30d_unplanned", -0.08), ("bed_days", 20.0)])
def test_power_rises_and_detectable_falls_with_departments_and_persons(known, measure, effect):
    table = ev.planned_power(release=known, measure=measure, effect=effect)
    assert set(table["design"]) <= set(DESIGNS)
    for _, part in table.groupby(["design", "persons"]):
        assert part["power"].is_monotonic_increasing and part["detectable"].dropna().is_monotonic_decreasing
    for _, part in table.groupby(["design", "departments"]):
        assert part["power"].is_monotonic_increasing


def test_detectable_is_the_effect_with_that_power(known):
    for design in ("two_periods", "paired", "clustered", "stepped_wedge"):
        row = ev.planned_power(release=known, measure="qpr15_total", design=design, departments=(8,), persons=(12,)).iloc[0]
        again = ev.planned_power(release=known, measure="qpr15_total", design=design, departments=(8,), persons=(12,), effect=row["detectable"])
        assert again["power"].iloc[0] == pytest.approx(0.8, abs=1e-6)


def test_two_periods_agree_with_simulation(known):
    row = ev.planned_power(release=known, measure="qpr15_total", design="two_periods", departments=(6,), persons=(8,)).iloc[0]
    rng = np.random.default_rng(5)
    draws = rng.normal(0, row["sd"], (2000, 2, 48)) + np.array([0, row["effect"]])[:, None]
    seen = [welch(before=b, after=a).p_value < 0.05 for b, a in draws]
    assert np.mean(seen) == pytest.approx(row["power"], abs=0.035)


def test_clustering_costs_power_and_the_design_effect_is_kishs(known):
    table = ev.planned_power(release=known, measure="qpr15_total", departments=(8,), persons=(10,)).set_index("design")
    assert table.loc["clustered", "power"] < table.loc["two_periods", "power"] < table.loc["paired", "power"]
    assert table.loc["clustered", "design_effect"] == pytest.approx(1 + 9 * table.loc["clustered", "icc"])


def test_a_measure_without_a_limit_has_no_power_but_a_detectable_change(known):
    table = ev.planned_power(release=known, measure="rsa_r_total", departments=(8,), persons=(10,))
    assert table["power"].isna().all() and table["detectable"].gt(0).all()
    assert power_chart(planned=table, design="clustered", lang="nb", as_of=known.provenance.as_of).message


@pytest.mark.parametrize("wrong", [{"departments": (1,)}, {"persons": ()}, {"periods": 2}, {"power": 1.0}, {"effect": 0.0},
                                   {"design": "magic"}, {"design": "rates"}])
def test_what_cannot_be_is_refused(known, wrong):
    with pytest.raises(UsageError):
        ev.planned_power(release=known, measure="qpr15_total", **wrong)


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_words_and_curves_exist_for_every_design(known, fjordvik_release, lang):
    table = ev.planned_power(release=known, measure="qpr15_total")
    assert all(taken(planned=table, lang=lang))
    for design in table["design"].unique():
        assert len(design_table(planned=table, design=design, lang=lang)) == table["departments"].nunique()
        chart = power_chart(planned=table, design=design, lang=lang, as_of=known.provenance.as_of)
        assert chart.panels and chart.title and chart.alt
    now = ev.detectable(result=fjordvik_release, measures={"qpr15_total": ev.measure("qpr15_total")} | {
        m: ev.measure(m) for m in fjordvik_release.spec.measures})
    assert len(departments_table(now=now, release=fjordvik_release, lang=lang)) == len(now) > 5
