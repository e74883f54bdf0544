"""Process charts: limits and signals against qicharts2, NHSRplotthedots and Montgomery's examples; bad input; speed."""

import itertools
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from evaltool.stats.spc import KINDS, c4, control_limits, faults, phase_median
from evaltool.stats.spc_rules import RULE_SETS, runs, signals

FOLDER = Path(__file__).parent / "reference" / "spc"
OURS = {"i": "xmr"}
EXACT = 2.66 / 3 * 1.128
"""qicharts2 takes 3 / 1.128 where we (and Making Data Count) take 2.66."""


def one(*numbers):
    return np.array([numbers], dtype=float)


def table(name):
    return pd.read_csv(FOLDER / f"{name}.csv")


def blocks(name, keys):
    return [pytest.param(part, id="-".join(map(str, key))) for key, part in table(name).groupby(keys, sort=False)]


@pytest.mark.parametrize("part", blocks("qicharts2", ["case", "screened", "split", "freeze"]))
def test_limits_and_runs_agree_with_qicharts2(part):
    kind = part["case"].iloc[0].rsplit("_", 1)[1]
    values, sizes = part["value"].to_numpy()[None], part["size"].fillna(1).to_numpy()[None]
    at = part["at"].to_numpy()[None]
    phase = (at > 18).astype(int) * int(part["split"].iloc[0])
    use = at <= 18 if part["freeze"].iloc[0] else None
    got = control_limits(kind=OURS.get(kind, kind), values=values, sizes=sizes, phase=phase, use=use,
                         screen=bool(part["screened"].iloc[0]))
    np.testing.assert_allclose(got.centre[0], part["centre"], rtol=1e-9)
    if kind == "run":
        assert np.isnan(got.high).all()
    elif kind == "t":
        ours, theirs = (np.asarray(x) ** (1 / 3.6) for x in (got.high[0], part["high"]))
        middle = part["centre"] ** (1 / 3.6)
        np.testing.assert_allclose(ours - middle, (theirs - middle) * EXACT, rtol=1e-8)
    else:
        factor = EXACT if kind == "i" else 1.0
        np.testing.assert_allclose((got.high - got.centre)[0], (part["high"] - part["centre"]) * factor, rtol=1e-8)
        np.testing.assert_allclose((got.centre - got.low)[0], (part["centre"] - part["low"]) * factor, rtol=1e-8)
    np.testing.assert_array_equal((np.abs(got.z) > 3)[0], part["outside"])
    for code in np.unique(phase):
        found = runs(side=got.side, inside=phase == code)
        want = part[(phase == code)[0]].iloc[0]
        for name in ("useful", "longest", "longest_max", "crossings", "crossings_min"):
            assert getattr(found, name)[0] == want[name], name


@pytest.mark.parametrize("part", blocks("subgroups", ["case", "chart"]))
def test_subgroup_charts_agree_with_qicharts2(part):
    kind, size, sd = part["chart"].iloc[0], part["size"].to_numpy(dtype=float)[None], part["sd"].to_numpy()[None]
    values = sd if kind == "s" else part["mean"].to_numpy()[None]
    got = control_limits(kind=kind, values=values, sizes=size, sds=sd)
    for name in ("centre", "low", "high"):
        np.testing.assert_allclose(getattr(got, name)[0], part[name], rtol=1e-9, err_msg=name)


@pytest.mark.parametrize("part", blocks("plotthedots", ["case", "rebased", "screened"]))
def test_making_data_count_agrees_with_plotthedots(part):
    phase = part["phase"].to_numpy()[None]
    got = control_limits(kind="xmr", values=part["value"].to_numpy()[None], phase=phase, screen=bool(part["screened"].iloc[0]))
    for name in ("centre", "low", "high"):
        np.testing.assert_allclose(getattr(got, name)[0], part[name], rtol=1e-9, err_msg=name)
    hits = signals(limits=got, phase=phase, rule_set="mdc_1")
    by_rule = dict(zip(hits.rules, (hits.up | hits.down)[:, 0], strict=True))
    order = {"outside": "CL$", "trend_7": "7 Point Trend", "near_2_of_3": "2 in 3", "shift_7": "7 Points"}
    theirs = part["type"].to_numpy()
    for i, told in enumerate(theirs):
        first = next((rule for rule in order if by_rule[rule][i]), None)
        if first is None:
            assert told == "Common Cause"
        elif first == "outside":
            assert told in ("Above UCL", "Below LCL")
        else:
            assert told.startswith(order[first])
    both = (hits.up.any(axis=0) & hits.down.any(axis=0))[0]
    up = hits.up.any(axis=0)[0]
    flagged = (theirs != "Common Cause") & ~both
    np.testing.assert_array_equal(up[flagged], (part["point"] == "special_cause_improvement").to_numpy()[flagged])


MONTGOMERY = {
    "xmr": ([33.75, 33.05, 34.00, 33.81, 33.46, 34.02, 33.68, 33.27, 33.49, 33.20, 33.62, 33.00, 33.54, 33.12, 33.84], None,
            (33.52, 32.24, 34.80), 0.012),
    "p": ([12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6], 50,
          (0.2313, 0.0524, 0.4102), 5e-5),
    "c": ([21, 24, 16, 12, 15, 5, 28, 20, 31, 25, 20, 24, 16, 19, 10, 17, 13, 22, 18, 39, 30, 24, 16, 19, 17, 15], None,
          (19.85, 6.48, 33.22), 0.01),
    "u": ([2, 3, 8, 1, 1, 4, 1, 4, 5, 1, 8, 2, 4, 3, 4, 1, 8, 3, 7, 4], 50, (0.0740, 0.0, 0.1894), 5e-5),
}


@pytest.mark.parametrize("kind", MONTGOMERY)
def test_montgomery_examples(kind):
    """Introduction to Statistical Quality Control, 6th ed.: examples 6.5, 7.1, 7.3 and 7.4, to the printed digits."""
    values, size, want, close = MONTGOMERY[kind]
    got = control_limits(kind=kind, values=one(*values), sizes=None if size is None else np.full((1, len(values)), float(size)))
    assert [x[0, 0] for x in (got.centre, got.low, got.high)] == pytest.approx(want, abs=close)


def test_montgomery_constants():
    """Appendix VI: c4, A3, B3 and B4 for subgroups of 2, 5, 10 and 25."""
    n = np.array([2.0, 5.0, 10.0, 25.0])
    assert c4(n) == pytest.approx([0.7979, 0.9400, 0.9727, 0.9896], abs=5e-5)
    assert 3 / (c4(n) * np.sqrt(n)) == pytest.approx([2.659, 1.427, 0.975, 0.606], abs=6e-4)
    sds = np.ones((1, 4))
    got = control_limits(kind="s", values=sds, sizes=np.full((1, 4), 10.0), sds=sds)
    assert (got.low[0, 0], got.high[0, 0]) == pytest.approx((0.284, 1.716), abs=5e-4)
    assert np.isnan(c4(np.array([1.0])))[0]


def test_median_moving_range():
    values = one(4, 6, 5, 9, 5, 6, 4)
    got = control_limits(kind="xmr", values=values, average="median")
    assert got.high[0, 0] - got.centre[0, 0] == pytest.approx(3.145 * 2)
    assert got.centre[0, 0] == pytest.approx(39 / 7)
    both = control_limits(kind="xmr", values=values, centre="median", average="median")
    assert both.centre[0, 0] == 5
    assert both.high[0, 0] == pytest.approx(5 + 3.145 * 2)
    assert both.side[0].tolist() == [-1, 1, 0, 1, 0, 1, -1]


def test_gap_is_not_bridged():
    got = control_limits(kind="xmr", values=one(1, 2, np.nan, 30, 31))
    assert got.high[0, 0] == pytest.approx(16 + 2.66 * 1)


def test_frozen_baseline_and_rebase_together():
    values = one(*[1, 2, 1, 2, 1, 2], 9, *[5, 7, 5, 7])
    phase = np.array([[0] * 7 + [1] * 4])
    use = np.array([[True] * 6 + [False] + [True] * 4])
    got = control_limits(kind="xmr", values=values, phase=phase, use=use)
    assert got.centre[0, [0, 6, 7]].tolist() == [1.5, 1.5, 6.0]
    assert got.high[0, 6] == pytest.approx(1.5 + 2.66)
    assert signals(limits=got, phase=phase, rule_set="mdc_1").up[0, 0].tolist() == [False] * 6 + [True] + [False] * 4


def test_laney_dispersion_is_told():
    rng = np.random.default_rng(1)
    sizes = np.full((1, 40), 10_000.0)
    share = np.clip(rng.normal(0.2, 0.02, (1, 40)), 0, 1)
    got = control_limits(kind="pp", values=np.round(share * sizes), sizes=sizes)
    assert 3 < got.dispersion[0, 0] < 8
    assert control_limits(kind="p", values=np.round(share * sizes), sizes=sizes).dispersion[0, 0] == 1


@pytest.mark.parametrize(("kind", "values", "sizes", "code"), [
    ("xmr", one(5), None, "one_point"), ("xmr", one(np.nan, np.nan), None, "no_points"),
    ("p", one(0, 0, 0), one(5, 6, 7), "all_zero"), ("xmr", one(4, 4, 4), None, "no_variation"),
    ("u", one(1, 2, 0), one(5, 0, 7), "empty_denominator"), ("c", one(3, -1, 2), None, "negative_count"),
    ("p", one(3, 9, 2), one(5, 5, 5), "above_one"), ("t", one(3, 0, 2), None, "not_positive"),
])
def test_bad_input_has_a_code_and_no_limits_or_a_gap(kind, values, sizes, code):
    assert [name for name, bad in faults(kind=kind, values=values, sizes=sizes).items() if bad[0]] == [code]
    if code in ("one_point", "no_points", "all_zero", "no_variation"):
        assert np.isnan(control_limits(kind=kind, values=values, sizes=sizes).high).all()
    if code == "empty_denominator":
        assert np.isnan(control_limits(kind=kind, values=values, sizes=sizes).value[0, 1])


@pytest.mark.parametrize("kind", KINDS)
def test_input_is_not_changed_and_no_phase_means_no_limits(kind):
    values, sizes = one(3, 4, 2, 5), one(9, 9, 9, 9)
    kept = values.copy()
    got = control_limits(kind=kind, values=values, sizes=sizes, sds=values, phase=np.full((1, 4), -1))
    np.testing.assert_array_equal(values, kept)
    assert np.isnan(got.centre).all()


def hit(values, rule_set, rule, phase=None):
    """Signs (+, -, o for no direction, .) of one rule, with the z scores given as values around 0."""
    z = one(*values)
    phase = np.zeros(z.shape, dtype=int) if phase is None else np.array([phase])
    limits = control_limits(kind="run", values=z, phase=phase)
    limits = type(limits)(value=z, centre=z * 0, low=z * 0 - 3, high=z * 0 + 3, z=z, side=np.sign(z), dispersion=z)
    found = signals(limits=limits, phase=phase, rule_set=rule_set)
    i = found.rules.index(rule)
    return "".join(
        "o" if p else "+-"[int(d)] if u != d else "b" if u else "."
        for u, d, p in zip(found.up[i, 0], found.down[i, 0], found.plain[i, 0], strict=True)
    )


def test_shift_needs_seven_in_one_phase_without_a_gap_or_a_point_on_the_centre():
    assert hit([1] * 7, "mdc_1", "shift_7") == "+++++++"
    assert hit([1] * 6, "mdc_1", "shift_7") == "......"
    assert hit([-1] * 3 + [0] + [-1] * 7, "mdc_1", "shift_7") == "....-------"
    assert hit([1] * 3 + [np.nan] + [1] * 4, "mdc_1", "shift_7") == "........"
    assert hit([1] * 8, "mdc_1", "shift_7", phase=[0] * 4 + [1] * 4) == "........"


def test_trend_marks_all_its_points_and_a_peak_says_both():
    assert hit([0, 1, 2, 3, 4, 5, 6], "mdc_1", "trend_7") == "+++++++"
    assert hit([0, 1, 2, 3, 4, 5], "mdc_1", "trend_7") == "......"
    peak = [0.0, 1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1, 0]
    assert hit(peak, "mdc_1", "trend_7") == "++++++b------"
    assert hit([0, 1, 2, 2, 3, 4, 5, 6], "mdc_1", "trend_7") == "........"


def test_two_of_three_near_a_limit():
    assert hit([2.5, 1, 2.2, -1], "mdc_1", "near_2_of_3") == "+.+."
    assert hit([2.5, -1, 2.2], "mdc_1", "near_2_of_3") == "..."
    assert hit([2.5, 1, 3.5], "mdc_1", "near_2_of_3") == "..."
    assert hit([2.5, -1, 3.5], "western_electric_1", "beyond2_2_of_3") == "+.+"


def test_nelson_rules():
    assert hit([1.5, 1.2, -0.5, 1.1, 1.4], "nelson_1", "beyond1_4_of_5") == "++.++"
    assert hit([0.5, -0.5] * 7, "nelson_1", "alternating_14") == "o" * 14
    assert hit([0.5, -0.5] * 6 + [0.5], "nelson_1", "alternating_14") == "." * 13
    assert hit([0.2, -0.3, 0.1] * 5, "nelson_1", "within1_15") == "o" * 15
    assert hit([1.5, -1.4] * 4, "nelson_1", "without1_8") == "o" * 8


def test_anhoej_skips_gaps_and_points_on_the_centre():
    values = [1.0] * 6 + [0.0, np.nan] + [1.0] * 4 + [-1, 1, -1, 1, -1, 1]
    assert hit(values, "anhoej_1", "longest_run") == "++++++..++++......"
    few = [1.0] * 10 + [-1.0] * 10
    assert hit(few, "anhoej_1", "crossings") == "o" * 20


def test_run_chart_has_runs_rules_and_no_sigma_rules():
    limits = control_limits(kind="run", values=one(*[1.0] * 8, *[9.0] * 8))
    found = signals(limits=limits, phase=np.zeros((1, 16), dtype=int), rule_set="nelson_1")
    assert not found.any[found.rules.index("outside")].any()
    assert not found.plain.any()


def slow_signals(series, phase):
    """A pandas loop for one series: XmR limits by phase, points outside, seven on one side, seven in a trend."""
    frame = pd.DataFrame({"y": series, "phase": phase})
    out = []
    for _, part in frame.groupby("phase", sort=False):
        mean, step = part["y"].mean(), part["y"].diff().abs().mean()
        side = np.sign(part["y"] - mean)
        same = side.groupby(side.ne(side.shift()).cumsum()).transform("size")
        up = part["y"].diff().gt(0)
        rising = up.groupby(up.ne(up.shift()).cumsum()).transform("size").where(up, 0)
        out.append(pd.DataFrame({
            "centre": mean, "low": mean - 2.66 * step, "high": mean + 2.66 * step,
            "outside": part["y"].sub(mean).abs() > 2.66 * step, "shift": same.ge(7) & side.ne(0), "rising": rising.ge(6),
        }))
    return pd.concat(out)


def test_a_thousand_departments_are_a_hundred_times_faster_than_a_pandas_loop_and_equal():
    rng = np.random.default_rng(3)
    values = rng.normal(50, 5, (1000, 60))
    phase = np.repeat(np.array([[0] * 24 + [1] * 36]), 1000, axis=0)

    def fast():
        limits = control_limits(kind="xmr", values=values, phase=phase)
        return limits, signals(limits=limits, phase=phase, rule_set="mdc_1")

    fast()
    took = min(_seconds(fast) for _ in range(5))
    limits, found = fast()
    began = time.perf_counter()
    loop = [slow_signals(values[i], phase[i]) for i in range(20)]
    slow = (time.perf_counter() - began) * 50
    for i, frame in enumerate(loop):
        for name in ("centre", "low", "high"):
            np.testing.assert_allclose(getattr(limits, name)[i], frame[name])
        np.testing.assert_array_equal((found.up | found.down)[0, i], frame["outside"])
        np.testing.assert_array_equal((found.up | found.down)[1, i], frame["shift"])
        steps = found.up[2, i]
        np.testing.assert_array_equal(steps & np.roll(steps, 1) & frame["rising"], frame["rising"])
    assert slow / took >= 100, f"{slow / took:.0f} times faster"


def _seconds(job):
    began = time.perf_counter()
    job()
    return time.perf_counter() - began


def test_phase_median_needs_its_points():
    values = one(1, 3, 2, 9, 8, 10)
    phase = np.array([[0, 0, 0, 1, 1, -1]])
    assert phase_median(values=values, phase=phase, least=3)[0, :3].tolist() == [2, 2, 2]
    assert np.isnan(phase_median(values=values, phase=phase, least=3)[0, 3:]).all()


def test_every_rule_set_answers_for_every_kind():
    values, sizes = one(3, 4, 2, 5, 6, 3, 2, 4), one(9, 9, 9, 9, 9, 9, 9, 9)
    phase = np.zeros((1, 8), dtype=int)
    for kind, name in itertools.product(KINDS, RULE_SETS):
        limits = control_limits(kind=kind, values=values, sizes=sizes, sds=values)
        assert signals(limits=limits, phase=phase, rule_set=name).up.shape == (len(RULE_SETS[name]), 1, 8)


def test_false_alarm_rates_are_those_committed():
    """tests/reference/spc/false_alarms.csv, drawn again with another seed and fewer charts."""
    want = table("false_alarms").set_index(["rule_set", "points", "rule"])["share"]
    rng = np.random.default_rng(8)
    for points in (12, 24, 36):
        values = rng.normal(size=(3000, points))
        limits = control_limits(kind="xmr", values=values)
        found = signals(limits=limits, phase=np.zeros(values.shape, dtype=int), rule_set="mdc_1")
        share = found.any.any(axis=1).mean()
        expected = want["mdc_1", points, "any"]
        assert share == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / 3000))
