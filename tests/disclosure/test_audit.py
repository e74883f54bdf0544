"""The sample municipality's real pages: an attacker with everything released bounds nothing hidden."""

from dataclasses import replace

import numpy as np
import pytest
from attack_study import attack_pairs, filtered, numbers_in_hidden_rows, wave_counts, waves_are_periods

from evaltool.compare.answer import answer
from evaltool.compare.answers_given import answers_given
from evaltool.compare.who_answered import who_answered
from evaltool.disclosure import closed_by, during, policy, release, release_facts, select, within
from evaltool.figures.dumbbell import dumbbell
from evaltool.result import ALL
from evaltool.store import load
from evaltool.tables import estimates, levels

MEASURES = ("qpr15_total", "rsa_r_total", "bed_days")
FOUR_STAFF = 5
"""Fewer answers than this from the staff of a department: none of its numbers may be shown."""


@pytest.fixture(scope="module")
def result(fjordvik):
    return answer(dataset=load(study=fjordvik), study=fjordvik, measures=MEASURES)


@pytest.fixture(scope="module")
def released(result):
    return release(result=result, policy=policy())


@pytest.fixture(scope="module")
def beside(fjordvik):
    """Who answered, and every answer that was left: other numbers of the same forms, by department."""
    dataset = load(study=fjordvik)
    given = answers_given(dataset=dataset, study=fjordvik)
    some = given.series[given.series["measure"].str.match(r"gaps\.rsa_r_provider_0[1-4]")]
    return [("respondents", who_answered(dataset=dataset, study=fjordvik)), ("answers", replace(given, series=some))]


def test_nothing_hidden_is_bounded(fjordvik, result, released, beside):
    """Phases, series, services, who answered, gaps and the numbers of rows of every answer at once, with what is told of each
    wave. All that a study shows, methods, views and definitions too: ``benchmarks/attack.py --study``."""
    closed = closed_by(release=released)
    pairs = [("standard", result, released), *((name, one, release(result=one, policy=policy(), closed=closed)) for name, one in beside)]
    tried, found = attack_pairs(pairs=pairs, limit=5, beside=(wave_counts(study=fjordvik),), tell=(waves_are_periods(study=fjordvik),))
    assert tried > 100 and found == []


def test_a_companion_that_another_release_shows_gives_the_four_of_the_staff_away(result, released, beside):
    """The attack can fail. Who answered has the forms of rsa_r_total under another name; there another department is hidden."""
    rows = released.series[released.series["measure"].eq("rsa_r_total") & released.series["kind"].eq("phase")]
    hidden = set(rows.loc[rows["status"].eq("suppressed"), "department"])
    assert len(hidden) == 2 and "skogly" in hidden
    name, other = beside[0]
    free = release(result=other, policy=policy())
    told = ~free.estimates["department"].eq("skogly")
    rows = other.estimates.assign(status="shown", reason=None)
    free = replace(free, estimates=rows.where(told, free.estimates))
    _, found = attack_pairs(pairs=[("standard", result, released), (name, other, free)], limit=5)
    assert ("rsa_r_total|phase", "skogly") in {(one["unit"], one["department"]) for one in found}


def test_no_combination_of_filters_shows_another_number(released):
    rows = set(released.series.astype("str").itertuples(index=False, name=None))
    tried = 0
    for one in filtered(release=released, every=29):
        tried += 1
        assert set(one.series.astype("str").itertuples(index=False, name=None)) <= rows
    assert tried > 50


def test_a_hidden_row_carries_no_number(released):
    assert numbers_in_hidden_rows(release=released) == []
    leaky = replace(released, series=released.series.assign(n=released.series["n"].fillna(3.0)))
    assert numbers_in_hidden_rows(release=leaky)


def test_a_page_or_filter_shows_nothing_that_the_release_does_not(released):
    """So what holds for the release holds for every page, filter, report and export of it."""
    rows = set(released.series.astype("str").itertuples(index=False, name=None))
    first = released.series["period"].dropna().median().date()
    for name in released.register["department"]:
        for cut in (select(release=released, departments=(name,)), within(release=released, departments=(name,)), during(release=released, first=first)):
            assert set(cut.series.astype("str").itertuples(index=False, name=None)) <= rows
            assert cut.policy == released.policy


def test_small_departments_of_staff_are_hidden_everywhere(result, released):
    truth = result.series[(result.series["measure"] == "rsa_r_total") & (result.series["kind"] == "phase") & (result.series["department"] != ALL)]
    small = truth[truth["persons"].lt(FOUR_STAFF) & truth["persons"].gt(0)]
    assert len(small), "the sample has a department of four"
    for row in small.itertuples():
        mine = select(release=released, departments=(row.department,), measures=("rsa_r_total",))
        assert mine.estimates["status"].isin(["suppressed", "no_data"]).all()
        shown = mine.series[mine.series["phase"].eq(row.phase)]
        assert shown["status"].eq("suppressed").all() and shown[["value", "n", "persons"]].isna().all().all()


def test_hidden_numbers_leave_no_trace(result, released):
    """Other hidden numbers, and figures, alt texts, tables and files would still say the same."""
    series, table = result.series.copy(), result.estimates.copy()
    keys = ["measure", "department", "kind", "phase", "grain", "period"]
    gone = set(released.series.loc[released.series["status"].eq("suppressed"), keys].astype("str").itertuples(index=False, name=None))
    at = np.array([key in gone for key in series[keys].astype("str").itertuples(index=False, name=None)])
    assert at.any()
    series.loc[at, ["value", "conf_low", "conf_high"]] += 1.234
    hidden = released.estimates["status"].eq("suppressed").to_numpy()
    table.loc[hidden, ["estimate", "conf_low", "conf_high", "std_error", "p_value"]] *= 0.77
    other = release(result=replace(result, series=series, estimates=table), policy=policy())
    assert release_facts(release=other)["sha256"] == release_facts(release=released)["sha256"]
    for name in MEASURES[:2]:
        assert dumbbell(release=other, measure=name, lang="nb").alt == dumbbell(release=released, measure=name, lang="nb").alt
        assert levels(release=other, measure_id=name, lang="nb").equals(levels(release=released, measure_id=name, lang="nb"))
    assert estimates(release=other, lang="en").equals(estimates(release=released, lang="en"))
