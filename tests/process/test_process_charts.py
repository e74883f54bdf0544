"""Process charts of a Release: phases from the register, limits and signals, and one object behind chart and table."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from process_sample import monthly, register

from evaltool import settings
from evaltool.errors import UsageError
from evaltool.process.charts import only, process_charts
from evaltool.process.declared import annotations, left_out
from evaltool.process.overview import overview
from evaltool.process.rule_set import rule_set
from evaltool.process.words import facts, now_told, rules_told, sentence
from evaltool.settings import Annotation, Break, Exclusion, MeasureChart, Process
from evaltool.stats.spc_rules import RULE_SETS

STEADY = [10.0, 12, 11, 13, 10, 12, 11, 13, 10, 12, 11, 13, 10, 12, 11, 13, 10, 12, 11, 13]
WHY = {"nb": "ombygging", "en": "rebuilding"}
SHARE = "readmission_30d_unplanned"


def plan(measure="bed_days", **told):
    return Process(measures={measure: MeasureChart(**told)})


def points(release, **options):
    return process_charts(release=release, **options).points


def row(release, **options):
    return process_charts(release=release, **options).summary.iloc[0]


def test_limits_change_at_the_end_of_wash_in_and_wash_in_is_in_neither():
    values = [*STEADY, 90, 90, 90, *[x + 20 for x in STEADY]]
    frame = points(monthly(values, start=20, wash_in=3))
    assert frame["segment"].tolist() == [0] * 23 + [1] * 20
    assert frame.loc[0, "centre"] == pytest.approx(np.mean(STEADY))
    assert frame.loc[22, "centre"] == frame.loc[0, "centre"]
    assert frame.loc[23, "centre"] == pytest.approx(np.mean(STEADY) + 20)
    assert frame.loc[20:22, "rules"].str.contains("outside:up").all()
    assert frame.loc[30, "baseline"] == frame.loc[0, "centre"]


def test_frozen_baseline_throughout():
    frame = points(monthly([*STEADY, *[x + 20 for x in STEADY]], start=20, wash_in=0), plan=Process(baseline="frozen"))
    assert frame["segment"].eq(0).all()
    assert frame["centre"].nunique() == 1
    assert frame.loc[20:, "rules"].str.contains("shift_7:up").all()


def test_phases_never_come_from_the_data():
    jump = [*STEADY, *[x + 20 for x in STEADY]]
    assert points(monthly(jump, start=None))["segment"].eq(0).all()
    day = pd.Timestamp("2022-01-01") + pd.DateOffset(months=20)
    said = Break(date=day.date(), reason=WHY, department="a")
    frame = points(monthly(jump, start=None), plan=Process(breaks=(said,)))
    assert frame["segment"].tolist() == [0] * 20 + [2] * 20
    for other in (replace(said, department="b"), replace(said, measures=("qpr15_total",))):
        assert points(monthly(jump, start=None), plan=Process(breaks=(other,)))["segment"].eq(0).all()


@pytest.mark.parametrize(("count", "limits"), [(12, "none"), (13, "trial"), (19, "trial"), (20, "firm")])
def test_short_phases_have_a_median_then_limits_on_trial(count, limits):
    frame = points(monthly((STEADY * 2)[:count], start=None))
    assert frame["limits"].eq(limits).all()
    if limits == "none":
        assert frame["centre"].iloc[0] == np.median((STEADY * 2)[:count])


def test_a_median_of_a_few_points_gives_no_signs():
    for before, told in ((7, False), (8, True)):
        release = monthly([*STEADY[:before], *[50.0] * 9], start=before, wash_in=12)
        charts = process_charts(release=release)
        assert charts.points["rules"].ne("").any() == told
        assert ("few_for_rules" in set(charts.notes["code"])) == (not told)


def test_direction_of_the_measure_decides_what_is_better():
    falling = [*STEADY, *[5.0] * 8]
    assert row(monthly([x * 3 for x in falling], measure="qpr15_total", start=None))["variation"] == "worse_low"
    share = monthly([x / 100 for x in falling], measure="readmission_30d_unplanned", start=None, sizes=400)
    assert row(share)["variation"] == "better_low"
    assert row(monthly(falling, start=None))["variation"] == "change_low"


def test_a_point_that_is_better_and_worse_says_both():
    climb = [*STEADY, 10.0, 3.0, 4.0, 5.0, 6.0, 7.0, 7.5, 8.0]
    frame = points(monthly([x * 3 for x in climb], measure="qpr15_total", start=None))
    assert frame["reading"].iloc[-1] == "both"
    assert {"trend_7:up", "shift_7:down"} <= set(frame["rules"].iloc[-1].split(" "))


def test_since_is_the_first_period_of_the_pattern():
    got = row(monthly([*STEADY, *[9.0] * 8], start=None))
    assert (got["signal"], got["signal_direction"], got["signal_points"]) == ("shift_7", "down", 8)
    assert got["since"] == pd.Timestamp("2023-09-01")


@pytest.mark.parametrize(("target", "code"), [(0.05, "fails"), (0.11, "hit_or_miss"), (0.3, "passes")])
def test_assurance_from_target_and_direction(target, code):
    share = monthly([x / 100 for x in STEADY], measure="readmission_30d_unplanned", start=None, sizes=2000)
    assert row(share, plan=plan(SHARE, target=target))["assurance"] == code
    assert row(share)["assurance"] == "no_target"


def test_a_measure_without_direction_has_no_assurance():
    assert row(monthly(STEADY, start=None), plan=plan(target=5.0))["assurance"] == "no_target"


def test_excluded_point_is_drawn_and_left_out_of_the_limits():
    release = monthly([*STEADY, 90.0], start=None)
    gone = Process(exclusions=(Exclusion(measure="bed_days", department="a", date=dt.date(2023, 9, 17), reason=WHY),))
    frame = points(release, plan=gone)
    assert frame["status"].iloc[-1] == "excluded"
    assert frame["value"].iloc[-1] == 90
    assert frame["centre"].iloc[-1] == pytest.approx(np.mean(STEADY))
    told = left_out(plan=gone, measure="bed_days", department="a", lang="nb")
    assert told == ("punktet for 17.09.2023 er holdt utenfor grensene (ombygging)",)
    assert points(release)["centre"].iloc[-1] > np.mean(STEADY) + 3


def test_missing_month_is_a_gap_or_by_choice_a_zero():
    release = monthly(STEADY, start=None, drop=(4,))
    assert np.isnan(points(release).loc[4, "value"])
    assert points(release).loc[4, "status"] == "no_data"
    assert points(release, plan=plan(gaps="zero")).loc[4, "value"] == 0
    for told, code in ((Process(), "missing_periods"), (plan(gaps="zero"), "gaps_as_zero")):
        assert set(process_charts(release=release, plan=told).notes["code"]) == {code}


def test_survey_waves_are_periods_of_their_own():
    release = monthly([x * 3 for x in STEADY], measure="qpr15_total", start=None, drop=tuple(range(1, 20, 2)))
    assert len(points(release)) == 10


@pytest.mark.parametrize(("values", "measure", "sizes", "code"), [
    ([5.0], "bed_days", None, "one_point"), ([0.0] * 20, "bed_days", None, "all_zero"),
    ([7.0] * 20, "bed_days", None, "no_variation"), ([x / 100 for x in STEADY], SHARE, 10, "rare_events"),
])
def test_bad_input_is_named(values, measure, sizes, code):
    notes = process_charts(release=monthly(values, measure=measure, start=None, sizes=sizes)).notes
    assert code in set(notes["code"])


def test_negative_counts_and_empty_denominators_are_named_and_have_no_limits():
    release = monthly([-3.0, *STEADY], start=None)
    charts = process_charts(release=release, plan=plan(chart="c"))
    assert "negative_count" in set(charts.notes["code"])
    assert charts.points["limits"].eq("none").all()
    share = monthly([x / 100 for x in STEADY], measure="readmission_30d_unplanned", start=None, sizes=400)
    share.series.loc[3, "denominator"] = 0.0
    charts = process_charts(release=share)
    assert set(charts.notes["code"]) == {"empty_denominator"}
    assert np.isnan(charts.points.loc[3, "value"])


def test_overdispersion_is_told():
    wild = monthly([0.1, 0.3] * 12, measure="readmission_30d_unplanned", start=None, sizes=2000)
    assert "overdispersed" in set(process_charts(release=wild).notes["code"])
    calm = process_charts(release=wild, plan=plan(SHARE, chart="pp"))
    assert "overdispersed" not in set(calm.notes["code"])
    assert (calm.points["high"] > process_charts(release=wild).points["high"]).all()


def test_hidden_series_stays_hidden():
    release = monthly(STEADY, start=None)
    series = release.series.assign(status="suppressed", value=np.nan, n=np.nan)
    charts = process_charts(release=replace(release, series=series))
    assert charts.summary["variation"].item() == "hidden"
    assert charts.points[["value", "centre", "low", "high"]].isna().all(axis=None)
    table = overview(charts=charts, release=release, lang="nb")
    assert table[["latest", "mean", "limits", "since"]].eq("–").all(axis=None)


def test_all_departments_keep_the_baseline_from_before_the_first_start():
    release = monthly([*STEADY, *[x + 20 for x in STEADY]], start=20, wash_in=0)
    frame = points(replace(release, series=release.series.assign(department="*")))
    assert frame["centre"].nunique() == 1
    assert frame["centre"].iloc[0] == pytest.approx(np.mean(STEADY))


def test_table_and_sentence_and_chart_say_the_same():
    release = monthly([*STEADY, *[9.0] * 8], start=None)
    charts = process_charts(release=release)
    got, last = charts.summary.iloc[0], charts.points.iloc[-1]
    assert (got["latest"], got["centre"], got["low"], got["high"]) == tuple(last[["value", "centre", "low", "high"]])
    table = overview(charts=charts, release=release, lang="nb").iloc[0]
    told = facts(row=got.to_dict(), lang="nb")
    assert f"Siste tall {table['latest']} " in told
    assert f"midtlinje {table['mean']}" in told
    assert table["since"] == "september 2023"
    assert sentence(row=got.to_dict(), place="A", lang="nb") == "Liggedøgn i A: lavere enn vanlig siden september 2023"


def test_overview_can_show_signals_only():
    release = monthly(STEADY, start=None)
    charts = process_charts(release=release)
    assert len(overview(charts=charts, release=release, lang="en")) == 1
    assert overview(charts=charts, release=release, lang="en", group="signal").empty


@pytest.mark.parametrize(("options", "word"), [
    ({"rule_set": "nhs"}, "nhs"), ({"measures": ("x_y",)}, "x_y"),
    ({"departments": ("zz",)}, "zz"),
])
def test_unknown_names_are_named(options, word):
    with pytest.raises(UsageError, match=word):
        process_charts(release=monthly(STEADY, start=None), **options)


def test_not_a_release_is_refused():
    with pytest.raises(UsageError):
        process_charts(release=register(None, 0))


def test_rare_events_are_put_together_and_nothing_new_is_shown():
    share = [0.1, 0.0, 0.1, 0.2] * 15
    release = monthly(share, measure=SHARE, start=None, sizes=10)
    charts = process_charts(release=release)
    assert charts.points["grain"].unique().tolist() == ["quarter"]
    assert len(charts.points) == 20
    assert charts.points["value"].iloc[:4].tolist() == pytest.approx([2 / 30, 3 / 30, 4 / 30, 3 / 30])
    assert charts.points["n"].iloc[0] == 90
    assert set(charts.notes["code"]) == {"rare_grouped"}
    short = process_charts(release=monthly(share[:36], measure=SHARE, start=None, sizes=10))
    assert short.points["grain"].unique().tolist() == ["month"]
    assert set(short.notes["code"]) == {"rare_events"}


def test_a_longer_period_is_there_only_when_all_of_it_was_shown():
    release = monthly([0.1, 0.0, 0.1, 0.2] * 16, measure=SHARE, start=None, sizes=10, drop=(4,))
    frame = points(release)
    assert frame["grain"].eq("quarter").all()
    assert frame["value"].isna().tolist() == [False, True] + [False] * 19 + [True]
    assert frame["status"].iloc[1] == "no_data"
    series = release.series.copy()
    series.loc[series.index[10], ["status", "value", "numerator", "denominator", "n"]] = ["suppressed", *[np.nan] * 4]
    frame = points(replace(release, series=series))
    assert frame.loc[3, "status"] == "suppressed"
    assert np.isnan(frame.loc[3, "value"])


def test_median_centre_and_screening_by_choice():
    values = [*STEADY[:-1], 60.0]
    release = monthly(values, start=None)
    assert row(release, plan=Process(centre="median"))["centre"] == np.median(values)
    width = {screen: row(release, plan=Process(screen_ranges=screen))["high"] for screen in (True, False)}
    assert row(release)["high"] == width[True] < width[False]
    assert row(release, rule_set="anhoej_1")["high"] == width[False]


def test_rules_are_told_with_their_direction():
    frame = points(monthly([*STEADY, 10.0, 3.0, 4.0, 5.0, 6.0, 7.0, 7.5, 8.0], start=None))
    told = rules_told(rules=frame["rules"].iloc[-1], lang="nb").split("\n")
    assert "sju eller flere på rad som stiger eller synker (oppover)" in told
    assert "sju eller flere på rad på samme side av midtlinjen (nedover)" in told


def test_an_earlier_sign_is_told_when_all_is_quiet_again():
    release = monthly([*STEADY, *[9.0] * 8, *STEADY], start=None)
    told = facts(row=row(release).to_dict(), lang="nb")
    assert row(release)["variation"] == "common"
    assert "Siste tegn på endring begynte september 2023: sju eller flere på rad" in told


def test_annotations_and_breaks_by_department():
    said = Process(
        annotations=(Annotation(date=dt.date(2023, 5, 1), text=WHY), Annotation(date=dt.date(2023, 1, 1), text=WHY, department="b")),
        breaks=(Break(date=dt.date(2022, 5, 1), reason=WHY),))
    here = annotations(plan=said, measure="bed_days", department="a", lang="en")
    assert here["text"].tolist() == ["new limits from here (rebuilding)", "rebuilding"]
    assert len(annotations(plan=said, measure="bed_days", department="b", lang="en")) == 3


@pytest.mark.parametrize(("name", "want"), [("MDC", "mdc_1"), ("Anhøj", "anhoej_1"), ("Western Electric", "western_electric_1"), ("nelson_1", "nelson_1")])
def test_rule_set_by_the_name_people_use(name, want):
    assert rule_set(name=name) == want


def test_an_unknown_rule_set_is_named_with_those_there_are():
    with pytest.raises(UsageError, match=r"nhs.*mdc_1"):
        rule_set(name="nhs")


def test_study_toml_knows_the_rule_sets_there_are():
    assert settings.RULE_SETS == tuple(RULE_SETS)


def test_the_reports_sentence_counts_and_names_what_signals():
    charts = process_charts(release=monthly([*STEADY, *[9.0] * 8], start=None))
    assert now_told(charts=charts, department="a", lang="nb") == (
        "Tegn på endring utover vanlig variasjon nå i 1 av 1 tidsserier: Liggedøgn (lavere, siden september 2023).")
    calm = process_charts(release=monthly(STEADY, start=None))
    assert now_told(charts=calm, department="a", lang="en").startswith("Time series with enough points: 1. None")
    few = process_charts(release=monthly(STEADY[:5], start=None))
    assert now_told(charts=few, department="a", lang="en").startswith("No time series has enough points")
    assert now_told(charts=few, department="b", lang="en").startswith("No time series")


@pytest.mark.parametrize(("group", "count"), [("all", 1), ("signal", 1), ("better", 0), ("worse", 0), ("change", 1), ("target", 0)])
def test_overview_narrowed_to_a_group(group, count):
    release = monthly([*STEADY, *[9.0] * 8], start=None)
    assert len(overview(charts=process_charts(release=release), release=release, lang="nb", group=group)) == count
    with pytest.raises(UsageError, match="best"):
        overview(charts=process_charts(release=release), release=release, lang="nb", group="best")


def test_chosen_periods_keep_the_limits_and_signals_of_the_whole_series():
    """The last eight of 28 months are low: a sign since September 2023, its first month left out of what is drawn or not."""
    whole = process_charts(release=monthly([*STEADY, *[9.0] * 8], start=None))
    late = only(charts=whole, departments=("a",), first=dt.date(2024, 1, 1))
    pd.testing.assert_frame_equal(late.points, whole.points[whole.points["period"] >= "2024-01-01"].reset_index(drop=True))
    assert len(late.points) == 4 and late.summary["since"].iloc[0] == pd.Timestamp("2023-09-01")
    early = only(charts=whole, departments=("a",), last=dt.date(2022, 12, 31))
    assert early.summary["latest_period"].iloc[0] == pd.Timestamp("2022-12-01") and early.summary["variation"].iloc[0] == "common"
    assert early.summary["centre"].iloc[0] == whole.summary["centre"].iloc[0]
    none = only(charts=whole, departments=("a",), first=dt.date(2030, 1, 1))
    assert none.points.empty and none.summary.empty and only(charts=whole, departments=("b",)).summary.empty
