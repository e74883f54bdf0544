"""Everything measured from stays against the slow, obvious versions of ``plain_measures``, on random registers with random
settings. ``--registers 2000`` runs as many; CI runs a few."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter

import pandas as pd
import pytest

from evaltool.compare.planned_design import planned_design
from evaltool.indicators.aggregate import aggregate
from evaltool.indicators.case_mix_series import case_mix_series
from evaltool.indicators.clash_report import clash_report
from evaltool.indicators.definitions import presets
from evaltool.indicators.housing_series import housing_series
from evaltool.indicators.intake_series import intake_series
from evaltool.indicators.left_after_limit import left_after_limit
from evaltool.indicators.observations import observations
from evaltool.indicators.pooled_rate import pooled_rate_rows
from evaltool.indicators.return_series import incidence_series
from evaltool.indicators.side_by_side import definitions, readmission_flags, readmission_flow
from evaltool.indicators.stay_series import length_series
from evaltool.indicators.stays import length_of_stay
from evaltool.indicators.study_stays import deaths, study_definition, study_episodes
from evaltool.indicators.time_to_readmission import readmission_curves, readmission_hazards, time_to_readmission
from evaltool.measures import measure

from . import plain_facts as facts
from . import plain_measures as plain
from .whole_registers import dataset, study, world


def pytest_generate_tests(metafunc):
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(metafunc.config.getoption("--registers")))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("study")


@pytest.fixture
def made(seed, folder):
    one = world(seed=seed)
    data, own = dataset(one), study(folder, one)
    return one, data, own, planned_design(dataset=data, study=own)


def told(value, digits=9):
    """A cell that can be compared: missing is None, numbers are rounded, times are days."""
    if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, dt.datetime):
        return value.date()
    return round(float(value), digits) + 0.0 if isinstance(value, (int, float)) else value


def same(got: dict, expected: dict):
    assert {k: tuple(map(told, v)) for k, v in got.items()} == {k: tuple(map(told, v)) for k, v in expected.items()}


def test_every_measure_row_by_row_and_by_phase(made):
    one, data, own, design = made
    for name, count in plain.MEASURES.items():
        what = measure(name)
        got = observations(dataset=data, study=own, measure=what)
        expected = count(one) + plain.from_counts(one, name, what.kind)
        columns = ["department", "person", "date", "value", "event", "reason"]
        # A value outside the denominator is nobody's business; only why it is out.
        found = Counter(tuple(told(r[c]) if c != "value" or r["reason"] is None else None for c in columns) for r in expected)
        rows = got[columns].astype(object).where(got[columns].notna(), None).to_dict("records")
        assert Counter(tuple(told(r[c]) if c != "value" or r["reason"] is None else None for c in columns) for r in rows) == found, name
        series = aggregate(observations=got, measure=what, design=design, periods=False)
        phases = series[series["kind"] == "phase"]
        same({(r.department, r.phase): (r.value, r.conf_low, r.conf_high, r.n) for r in phases.itertuples()}, plain.levels(one, expected, what.kind))
        if what.kind == "duration":
            half = series[series["kind"] == "phase_median"]
            same({(r.department, r.phase): (r.value, r.conf_low, r.conf_high, r.n) for r in half.itertuples()}, plain.medians(one))


def test_admissions_per_bed_day_over_all_months(made):
    one, data, own, design = made
    what = measure("admissions_per_1000_bed_days")
    series = aggregate(observations=observations(dataset=data, study=own, measure=what), measure=what, design=design, periods=False)
    got = pooled_rate_rows(series=series, dataset=data, study=own, measure=what, design=design)
    same({(r.department, r.phase): (r.value, r.conf_low, r.conf_high) for r in got.itertuples()}, facts.pooled_rates(one))


def rules(one):
    return plain.definition(one, one.settings.window_days)


def test_definitions_side_by_side_and_the_flow(made):
    one, data, own, _ = made
    wanted = {("study", days): plain.definition(one, days) for days in {7, 30, 90, 365, one.settings.window_days}}
    wanted |= {(name, preset.window_days): preset for name, preset in presets().items()}
    side = definitions(dataset=data, study=own)
    columns = ["numerator", "denominator", "value", "conf_low", "conf_high", "persons", "crosses_start"]
    same({(r["definition"], int(r["window_days"])): tuple(r[c] for c in columns) for r in side.to_dict("records")},
         {key: facts.rate(one, definition) for key, definition in wanted.items()})
    table = readmission_flow(dataset=data, study=own, definition=study_definition(study=own, window_days=one.settings.window_days))
    found = {r.step: (r.stays, r.episodes, r.persons) for r in table.itertuples() if not r.step.startswith(("back_", "kind_unknown"))}
    same({step: v for step, v in found.items() if v[0] or step == "merged"},
         {step: v for step, v in facts.flow(one, rules(one)).items() if v[0] or step == "merged"})


def test_how_soon_people_come_back(made):
    one, data, own, design = made
    flags = readmission_flags(dataset=data, study=own, definition=study_definition(study=own, window_days=one.settings.window_days))
    times = time_to_readmission(flags=flags, as_of=one.as_of, deaths=deaths(dataset=data), horizon_days=one.settings.horizon_days)
    expected = facts.times(one, rules(one))
    rows = Counter(tuple(told(v) for v in r) for r in times[["person", "department", "date", "days", "cause"]].itertuples(index=False))
    assert rows == Counter(tuple(told(v) for v in r.values()) for r in expected)
    got = readmission_curves(times=times, design=design)
    columns = ["incidence", "conf_low", "conf_high", "dead", "at_risk", "n", "persons"]
    same({(r["department"], r["phase"], int(r["day"])): tuple(r[c] for c in columns) for r in got.to_dict("records")}, facts.curves(one, rules(one)))
    series = incidence_series(times=times, design=design, min_persons=1)
    for row in series[series["measure"].str.startswith("readmission.km_")].itertuples():
        part = [r for r in expected if plain.phase(one, r["department"], r["date"]) == row.phase]
        assert row.value == pytest.approx(facts.as_if_nobody_died(part, int(row.measure.rsplit("_", 1)[1])))
    two = [(r["days"], r["cause"] == 1, name == "after") for r in expected for name in [plain.phase(one, r["department"], r["date"])] if name in facts.SIDES]
    hazard = readmission_hazards(times=times, design=design)
    if pd.notna(hazard.iloc[-1]["log_rank"]):
        assert hazard.iloc[-1]["log_rank"] == pytest.approx(facts.log_rank(two))


def test_lengths_and_ways_out(made):
    one, data, own, design = made
    got = length_series(dataset=data, study=own, design=design)
    same({(r.measure.removeprefix("length_of_stay."), r.department, r.phase): (r.value, r.conf_low, r.conf_high, r.n) for r in got.itertuples()},
         facts.length_classes(one))
    found = length_of_stay(episodes=study_episodes(dataset=data, study=own), as_of=one.as_of, count_same_day=one.settings.count_same_day,
                           long_stay_months=one.settings.long_stay_months)
    columns = ["person", "department", "date", "admitted_on", "nights", "ongoing", "same_day", "length_class", "over_limit", "limit_known", "limit_reached"]
    rows = found[columns].astype(object).where(found[columns].notna(), None).to_dict("records")
    assert Counter(tuple(told(r[c]) for c in columns) for r in rows) == Counter(tuple(told(r[c]) for c in columns) for r in plain.lengths(one))
    ways = facts.after_limit(one)
    every = left_after_limit(lengths=found, min_persons=1)
    assert {r.kind.removeprefix("to_"): r.numerator for r in every.itertuples()} == ways
    few = left_after_limit(lengths=found, min_persons=one.settings.min_persons)
    assert few["numerator"].sum() == sum(ways.values())
    same({r.kind: (r.value, r.conf_low, r.conf_high) for r in few.itertuples()},
         {r.kind: (r.numerator / r.n, *plain.wilson(r.numerator, sum(ways.values()))) for r in few.itertuples()})
    assert all(r.numerator == ways[r.kind.removeprefix("to_")] for r in few.itertuples() if r.kind != "to_rest")


def test_intake_and_housing(made):
    one, data, own, design = made
    got = intake_series(dataset=data, study=own)
    same({(r.measure.removeprefix("intake."), r.department, r.kind): (r.value, r.conf_low, r.conf_high, r.n) for r in got.itertuples()},
         facts.around_intake(one))
    homes = housing_series(dataset=data, study=own, design=design)
    same({(r.measure, r.department, r.kind, r.phase): (r.value, r.conf_low, r.conf_high, r.numerator, r.denominator) for r in homes.itertuples()},
         facts.housing(one))


def test_the_mix_of_people_and_totals_that_differ(made):
    one, data, own, design = made
    flags = readmission_flags(dataset=data, study=own, definition=study_definition(study=own, window_days=one.settings.window_days))
    what = measure("readmission_own_window")
    rows = flags.assign(wave=pd.Series(float("nan"), index=flags.index, dtype="str"), event=True)
    levels = aggregate(observations=rows, measure=what, design=design, periods=False)
    got = case_mix_series(flags=flags, levels=levels, dataset=data, study=own, design=design)
    found = {(r.kind, r.department, r.phase): (r.value, r.conf_low, r.conf_high) for r in got.itertuples()}
    expected = facts.case_mix(one, rules(one))
    assert {key[1:] for key in found} == set(expected)
    for key, (number, ratio, low, high) in expected.items():
        assert found["expected", *key][0] == pytest.approx(number, abs=0.05001), "told to one decimal"
        assert found["observed_expected", *key] == pytest.approx((ratio, low, high), abs=0.0005001, nan_ok=True)
    report = clash_report(dataset=data, study=own)
    expected = {(name, *key): (clash,) for name in ("bed_days", "readmission_30d_unplanned")
                for key, clash in facts.clashes(one, name, plain.MEASURES[name](one), measure(name).kind).items()}
    same({(r.measure, r.department, r.month.date()): (r.clash,) for r in report.itertuples()}, expected)


def test_the_daily_census_adds_up_to_the_bed_days(made):
    """Everybody in a bed at midnight, day after day, is what a month of bed-days is made of."""
    one, data, own, _ = made
    got = observations(dataset=data, study=own, measure=measure("bed_days"))
    stayed = one.settings.count_same_day == 0
    for (place, month), nights in got[got["department"] != "act"].groupby(["department", "date"])["value"].sum().items():
        each = [plain.present(one, place, month.date() + dt.timedelta(days=n)) for n in range(plain.days_in(month.date()))]
        assert nights == sum(each) if stayed else nights >= sum(each)
