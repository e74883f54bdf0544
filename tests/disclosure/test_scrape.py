"""Every output of the sample study, one by one, read as a reader, a program or a screen reader would: no hidden number
stands in any of them, in whatever form. Pages in tests/dashboards, the report in test_same_numbers, what commands say in
test_cli; all pages, tabs, languages and downloads of a study at once: benchmarks/scrape.py."""

from __future__ import annotations

import inspect
import io

import pandas as pd
import pytest
from hidden_truth import by_subtraction, filled
from scraper import of_any, read
from test_select import FOUND

from evaltool.export.export_xlsx import workbook
from evaltool.finest_shown import finest_shown
from evaltool.process.charts import process_charts
from evaltool.result import Release

VIEW = "a release of another view: benchmarks/scrape.py"
OTHERS = dict.fromkeys((
    "components_reach", "scale_table", "group_table", "item_table", "gap_table", "scale_remarks", "view_table", "stacked_bars", "joint_display",
    "respondents_table", "respondent_rows", "waves_table", "after_limit_table", "intake_table", "housing_table", "use_table", "rates_table", "planned_power",
    "kept_chart", "gap_chart", "heat_chart", "views_chart", "return_chart", "definitions_table", "flow_table", "case_mix_table", "lengths_table",
    "return_table", "return_line", "extract_effects", "formula_table", "gap_sentence", "stay_sentence", "filled_columns", "filled_table",
), VIEW) | {
    "write_report": "test_same_numbers", "legend": "part of process_chart", "start_marks": "part of process_chart", "codebook": "part of export_csv",
    "departments_table": "evaltool power in test_cli",
    **dict.fromkeys(("export_counts", "counts_csv", "counts_workbook", "count_rows", "count_table", "count_title", "count_line"), "rounded counts: benchmarks/attack.py --counts"),
    "decided": "decisions are words of people", "checksum": "a digest",
}
SHARE = "readmission_30d_unplanned"
OWN = {"funnel_chart": {"measure": SHARE, "adjusted": True}, "expected": {"measure_id": SHARE}}
"""What some functions need beside the others."""
MEASURE, PLACE = "rsa_r_total", "skogly"
"""Hidden: the staff of a department of four."""


@pytest.fixture(scope="module")
def given(fjordvik, fjordvik_release, tmp_path_factory):
    """What a function is given for a parameter of that name."""
    rows = fjordvik_release.estimates
    hidden = rows[rows["measure"].eq(MEASURE) & rows["department"].eq(PLACE)].iloc[0]
    charts = process_charts(release=fjordvik_release, plan=fjordvik.process, measures=(MEASURE, SHARE))
    handed = pd.DataFrame([{"at": "2026-07-01", "who": "ada", "role": "reader", "purpose": "pack", "sha256": "x"}])
    return {
        "lang": "nb", "measure": MEASURE, "measure_id": MEASURE, "department": PLACE, "place": PLACE, "row": hidden, "charts": charts,
        "study": fjordvik, "folder": tmp_path_factory.mktemp("scraped"), "formats": ("json", "svg"), "name": MEASURE, "kind": "xmr",
        "plan": fjordvik.process, "handed_out": handed, "rows": finest_shown(release=fjordvik_release, department=PLACE), "last": fjordvik_release.provenance.as_of, "quality": None,
    }


def called(function, wanted, given, release):
    """What ``function`` gives of ``release``."""
    params, given = inspect.signature(function).parameters.values(), given | OWN.get(function.__name__, {})
    asked = {p.name: release if p.name in wanted else given[p.name] for p in params
             if p.name in wanted or (p.default is p.empty and p.name in given) or p.name == "department" or p.name in OWN.get(function.__name__, {})}
    keyed = {p.name for p in params if p.kind is p.KEYWORD_ONLY}
    return function(*[asked[name] for name in asked if name not in keyed], **{name: one for name, one in asked.items() if name in keyed})


SHOWN = [(name, function, wanted) for name, function, wanted in FOUND
         if name.rpartition(".")[2] not in OTHERS and "Release" not in str(inspect.signature(function).return_annotation)]


def test_what_is_not_called_here_is_scraped_elsewhere():
    """A new output is called below, or somebody says here where it is scraped instead."""
    assert set(OTHERS) <= {name.rpartition(".")[2] for name, _, _ in FOUND}, "an output that is gone"
    assert len(SHOWN) > 40


@pytest.mark.parametrize(("name", "function", "wanted"), SHOWN, ids=[name for name, _, _ in SHOWN])
def test_no_output_tells_a_hidden_number(name, function, wanted, given, fjordvik_release, hidden_truth):
    records = list(of_any(called(function, wanted, given, fjordvik_release)))
    assert any(text.strip() for _, text in records), "nothing was made: list it in OTHERS"
    assert hidden_truth.leaks(records) == []


def test_neither_cells_nor_differences_of_the_files_tell_it(given, fjordvik_release, hidden_truth):
    sheets = pd.read_excel(io.BytesIO(workbook(release=fjordvik_release, lang="en")), sheet_name=None, engine="calamine")
    for name in ("estimates", "series"):
        frame = getattr(fjordvik_release, name)
        assert frame["status"].eq("suppressed").sum() > 5 and filled(frame) == by_subtraction(frame) == []
        sheet = sheets[name.capitalize()]
        hidden = sheet[sheet["status"].eq("hidden (few persons)")]
        assert len(hidden) == frame["status"].eq("suppressed").sum()
        assert not hidden.drop(columns=["period"], errors="ignore").map(lambda cell: isinstance(cell, float | int) and cell == cell).any(axis=None)


def test_the_differences_and_cells_of_a_table_that_leaks_are_found(fjordvik_release):
    rows = fjordvik_release.series
    rows = rows[rows["measure"].eq(MEASURE) & rows["kind"].eq("phase") & rows["phase"].eq("after")]
    gone = rows["status"].eq("suppressed")
    assert gone.sum() > 1
    others = gone & (gone.cumsum() > 1)
    assert len(by_subtraction(rows.assign(status=rows["status"].mask(others, "shown"), n=rows["n"].mask(others, 30.0)))) == 1
    assert filled(rows.assign(n=rows["n"].fillna(3.0)))


def test_what_the_scraper_reads_of_a_real_file_is_all_of_it(given, fjordvik_release, hidden_truth):
    """A hidden number in the middle of the real workbook, not only in one made for it."""
    secret = max((one for one in hidden_truth.of[PLACE] if MEASURE in one.what), key=lambda one: len(repr(one.value)))
    rows = fjordvik_release.series.copy()
    at = rows.index[rows["department"].eq(PLACE) & rows["status"].eq("suppressed")][0]
    rows.loc[at, "conf_high"] = secret.value
    leaky = Release(**{name: getattr(fjordvik_release, name) for name in ("estimates", "notes", "register", "events", "spec", "provenance", "policy")}, series=rows)
    for name, content in (("x.xlsx", workbook(release=leaky, lang="nb")), ("x.csv", rows.to_csv().encode())):
        assert len(hidden_truth.leaks(read(name, content))) >= 1
