"""Everything measured from stays against the slow, obvious versions of ``plain_measures``, on thousands of random small registers,
with every option of a study switched.

Registers of one or two people lie side by side in one data set (``BATCH`` of them, each with departments of its own), so that
thousands cost one call. Rows are compared in all of them; what is told by department and phase in the last ones, which have more people.
``--registers 5000`` compares everything in as many."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter

import numpy as np
import pandas as pd
import pytest

from evaltool.compare.planned_design import planned_design
from evaltool.indicators.aggregate import aggregate
from evaltool.indicators.case_mix_series import case_mix_series
from evaltool.indicators.clash_report import clash_report
from evaltool.indicators.definitions import presets
from evaltool.indicators.expected import STRATA, expected_rows
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
from . import plain_statistics as statistics
from .whole_registers import OPTIONS, dataset, study, world


BATCH, LEAST = 700, 3
"""Registers in one data set, and data sets in which every option has had all its values."""
WIDER = ("readmission_7d", "readmission_30d_unplanned", "readmission_30d_all", "readmission_90d", "readmission_365d")
"""What is ``readmission_own_window`` with another window: each in its turn where all are not asked for."""


def pytest_generate_tests(metafunc):
    wanted = metafunc.config.getoption("--registers")
    if "batch" in metafunc.fixturenames:
        metafunc.parametrize("batch", range(max(LEAST, math.ceil((wanted or 0) / BATCH))), scope="module")
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(math.ceil(wanted / 113)) if wanted else [13], scope="module")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("study")


def taken(folder, one):
    data, own = dataset(one), study(folder, one)
    return one, data, own, planned_design(dataset=data, study=own)


@pytest.fixture(scope="module")
def many(batch, folder):
    return taken(folder, world(seed=batch, registers=BATCH, persons=2))


@pytest.fixture(scope="module")
def made(seed, folder, request):
    few, by_hand = (4, 24), (150, 3)
    registers, persons = (by_hand if seed % 4 else few) if request.config.getoption("--registers") else (3, 28)
    return taken(folder, world(seed=seed, registers=registers, persons=persons))


def told(value, digits=9):
    """A cell that can be compared: missing is None, numbers are rounded, times are days."""
    if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, dt.datetime):
        return value.date()
    return round(float(value), digits) + 0.0 if isinstance(value, (int, float)) else value


def same(got: dict, expected: dict, what: str = ""):
    """Each key with the same numbers, told by the first few that are not."""
    got, expected = ({key: tuple(map(told, row)) for key, row in rows.items()} for rows in (got, expected))
    wrong = [(key, got.get(key), expected.get(key)) for key in got.keys() | expected.keys() if got.get(key) != expected.get(key)]
    assert not wrong, f"{what} {len(wrong)}: {wrong[:3]}"


def cells(column: pd.Series) -> list:
    if column.dtype.kind == "M":
        return column.to_numpy().astype("datetime64[D]").tolist()
    return rounded(column.to_numpy()) if column.dtype.kind == "f" else column.astype(object).where(column.notna(), None).tolist()


def rounded(values) -> list:
    return [None if value != value else value for value in (np.round(np.array(values, dtype="float64"), 9) + 0.0).tolist()]


def same_rows(got: pd.DataFrame, expected: list[dict], columns: list[str], what: str = ""):
    """The same rows, in any order; a value outside the denominator is nobody's business, only why it is out."""
    there, wanted = ({name: cells(got[name]) for name in columns}, {name: [row[name] for row in expected] for name in columns})
    for name in columns:
        wanted[name] = rounded(wanted[name]) if got[name].dtype.kind == "f" else wanted[name]
    for side in (there, wanted):
        if {"value", "reason"} <= side.keys():
            side["value"] = [value if reason is None else None for value, reason in zip(side["value"], side["reason"], strict=True)]
    counted, wanted = (Counter(zip(*side.values(), strict=True)) for side in (there, wanted))
    if counted != wanted:
        more, fewer = counted - wanted, wanted - counted
        pytest.fail(f"{what} {sum(more.values())}: {[*more][:3]} instead of {sum(fewer.values())}: {[*fewer][:3]}")


def observed(made, name):
    """Rows of a measure by the package and by the slow versions, which must be the same ones."""
    one, data, own, _ = made
    got, count = observations(dataset=data, study=own, measure=measure(name)), plain.MEASURES[name]
    expected = count(one) + plain.from_counts(one, name, measure(name).kind)
    same_rows(got, expected, ["department", "person", "date", "value", "event", "reason"], name)
    return got, expected


def test_every_option_is_switched():
    for name, values in OPTIONS.items():
        assert {getattr(world(seed=seed, registers=1, persons=1).settings, name) for seed in range(LEAST)} == set(values), name


def asked(request, turn):
    """All measures by hand; in passing those with another window take turns."""
    every = request.config.getoption("--registers")
    return [name for name in plain.MEASURES if every or name not in WIDER or name in WIDER[turn % LEAST::LEAST]]


def test_every_measure_row_by_row_on_thousands_of_registers(many, batch, request):
    for name in asked(request, batch):
        assert len(observed(many, name)[0]) > BATCH


def test_every_measure_by_phase(made, seed, request):
    one, _, _, design = made
    for name in asked(request, seed):
        what, (got, expected) = measure(name), observed(made, name)
        series = aggregate(observations=got, measure=what, design=design, periods=False)
        phases = series[series["kind"] == "phase"]
        columns = ["value", "conf_low", "conf_high", "n", "persons", "persons_numerator", "persons_complement", "persons_top_share"]
        same({(r["department"], r["phase"]): tuple(r[c] for c in columns) for r in phases.to_dict("records")}, plain.levels(one, expected, what.kind), name)
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
    same_rows(times, expected, ["person", "department", "date", "days", "cause"])
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
        assert hazard.iloc[-1]["log_rank"] == pytest.approx(statistics.log_rank(two))


def test_lengths_and_ways_out(made):
    one, data, own, design = made
    got = length_series(dataset=data, study=own, design=design)
    same({(r.measure.removeprefix("length_of_stay."), r.department, r.phase): (r.value, r.conf_low, r.conf_high, r.n) for r in got.itertuples()},
         facts.length_classes(one))
    found = length_of_stay(episodes=study_episodes(dataset=data, study=own), as_of=one.as_of, count_same_day=one.settings.count_same_day,
                           long_stay_months=one.settings.long_stay_months)
    columns = ["person", "department", "date", "admitted_on", "nights", "ongoing", "same_day", "length_class", "over_limit", "limit_known", "limit_reached"]
    same_rows(found, plain.lengths(one), columns)
    ways = facts.after_limit(one)
    every = left_after_limit(lengths=found, min_persons=0)
    assert {r.kind.removeprefix("to_"): r.numerator for r in every.itertuples()} == ways
    few = left_after_limit(lengths=found, min_persons=one.settings.min_persons)
    assert few["numerator"].sum() == sum(ways.values())
    same({r.kind: (r.value, r.conf_low, r.conf_high) for r in few.itertuples()},
         {r.kind: (r.numerator / r.n, *statistics.wilson(r.numerator, sum(ways.values()))) for r in few.itertuples()})
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
    expected = {(name, *key): (clash,) for name in ("bed_days", "readmission_30d_unplanned", "admissions")
                for key, clash in facts.clashes(one, name, plain.MEASURES[name](one), measure(name).kind).items()}
    same({(r.measure, r.department, r.month.date()): (r.clash,) for r in report.itertuples()}, expected)


def test_what_a_department_is_expected_to_have(made, seed, request):
    one, data, own, design = made
    for name, names in [*STRATA.items()][seed % 2::1 if request.config.getoption("--registers") else 2]:
        what, count = measure(name), plain.MEASURES[name]
        seen = observations(dataset=data, study=own, measure=what)
        series = aggregate(observations=seen, measure=what, design=design, periods=False)
        got = expected_rows(observations=seen, series=series, dataset=data, study=own, measure=what, design=design)
        found = {(r.department, r.phase): r.value for r in got.itertuples()}
        expected = facts.expected(one, names, count(one) + plain.from_counts(one, name, what.kind))
        assert found == pytest.approx(expected, abs=0.05001), "told to one decimal"


def test_the_hazard_after_against_before(made, request):
    one, data, own, design = made
    flags = readmission_flags(dataset=data, study=own, definition=study_definition(study=own, window_days=one.settings.window_days))
    times = time_to_readmission(flags=flags, as_of=one.as_of, deaths=deaths(dataset=data), horizon_days=one.settings.horizon_days)
    got = readmission_hazards(times=times, design=design).set_index("department")
    rows = [r | {"side": plain.phase(one, r["department"], r["date"])} for r in facts.times(one, rules(one))]
    rows, compared = [r for r in rows if r["side"] in facts.SIDES], 0
    places = plain.apart(rows, "department") | {"*": rows}
    for place, row in got.iterrows():
        sides = [(r["days"], r["cause"] == 1, r["side"] == "after", r["person"]) for r in places.get(place, [])]
        if len(sides) > 100:
            continue
        why = statistics.why_not(sides)
        if why or pd.notna(row["reason"]):
            assert row["reason"] == why or (row["reason"] == "zero_variance" and statistics.cox(sides)[1] < 1e-6), place
            continue
        log, error = statistics.cox(sides)
        assert [math.log(row["hazard_ratio"]), math.log(row["conf_high"] / row["conf_low"])] == pytest.approx(
            [log, 2 * statistics.Z * error], rel=1e-5, abs=1e-6), place
        assert row["log_rank"] == pytest.approx(statistics.log_rank([side[:3] for side in sides]))
        compared += 1
    assert compared > 1 or request.config.getoption("--registers"), "hardly a department with a hazard ratio"


def test_the_daily_census_adds_up_to_the_bed_days(made):
    """Everybody in a bed at midnight, day after day, is what a month of bed-days is made of."""
    one, data, own, _ = made
    got = observations(dataset=data, study=own, measure=measure("bed_days"))
    stayed, stays = one.settings.count_same_day == 0, plain.apart(one.stays, "department")
    for (place, month), nights in got[got["department"].isin(list(stays))].groupby(["department", "date"])["value"].sum().items():
        each = [plain.present(one, stays[place], month.date() + dt.timedelta(days=n)) for n in range(plain.days_in(month.date()))]
        assert nights == sum(each) if stayed else nights >= sum(each)
