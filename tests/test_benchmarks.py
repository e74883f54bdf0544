"""The benchmarks keep working: each runs once, small. Times are no tests; that the answers are equal is one.

The table of coverage in METHODS.md is the one that benchmarks/coverage.py makes, and each of its low rows has its warning.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from evaltool.stats.low_coverage import RULES, low_coverage

ROOT = Path(__file__).resolve().parents[1]
BENCHMARKS = ROOT / "benchmarks"

pytestmark = pytest.mark.checkout


@pytest.fixture(scope="module")
def coverage():
    """benchmarks/coverage.py as a module."""
    sys.path.insert(0, str(BENCHMARKS))
    try:
        import coverage as made

        assert Path(made.__file__).parent == BENCHMARKS
        yield made
    finally:
        sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="module")
def printed() -> tuple[str, list[dict]]:
    """The line about the run and the rows of the table in METHODS.md."""
    text = re.search(r"<!-- coverage -->\n(.*?)\n<!-- end coverage -->", (ROOT / "METHODS.md").read_text(encoding="utf8"), re.DOTALL).group(1)
    rows = []
    for line in text.splitlines()[4:]:
        setting, departments, persons, method, answered, held, alarms, *_ = (cell.strip() for cell in line.strip("|").split("|"))
        rows.append({"setting": setting, "departments": int(departments), "persons": int(persons), "method": method.strip("`"),
                     "held": float(held.split()[0]), "low": "low" in held, "answered": float(answered), "alarms": alarms})
    return text.splitlines()[0], rows


@pytest.mark.slow
@pytest.mark.parametrize("command", [("stays.py", "--rows", "4000", "--rounds", "1"), ("spc.py", "--departments", "20"), ("coverage.py", "--runs", "2"), ("scoring.py", "2000"),
                                     ("compare.py",)])
def test_runs_small(command, tmp_path):
    done = subprocess.run([sys.executable, str(BENCHMARKS / command[0]), *command[1:]], cwd=tmp_path,
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) > 3


def test_the_table_was_made_by_one_run_of_these_cases(coverage, printed):
    line, rows = printed
    assert line == coverage.markdown(pd.DataFrame(columns=list(coverage.COLUMNS)), coverage.RUNS).splitlines()[0]
    cases = {c.setting: c for c in coverage.cases()}
    assert list(dict.fromkeys(r["setting"] for r in rows)) == list(cases), "a case was added, taken out or moved: run it again"
    assert all((r["departments"], r["persons"]) == (cases[r["setting"]].departments, cases[r["setting"]].persons) for r in rows)
    assert all(r["low"] == (r["held"] < coverage.TOO_LOW) for r in rows)


def test_every_method_of_the_sample_study_is_in_the_table(printed, fjordvik_release):
    tested = {r["method"] for r in printed[1]}
    used = {re.sub(r"(mixed_department).*", r"\1", m) for m in fjordvik_release.estimates["method"].dropna()}
    assert used - tested - NOT_MEASURED == set()


NOT_MEASURED = {"newcombe_persons"}
"""Rare fallback: persons repeat and a side is flat; Newcombe's interval with persons as the number."""
NO_METHOD = {"crude", "paired_t, complete pairs", "mixed_interaction, F"}
"""Rows that show what goes wrong without a better method, and a test without an interval."""


def test_each_low_row_warns_and_each_warning_has_its_row(printed):
    rows = [r for r in printed[1] if r["method"] not in NO_METHOD]
    silent = [r for r in rows if r["low"] and low_coverage(method=r["method"], departments=r["departments"], persons=r["persons"]) is None]
    assert not silent
    for rule in RULES:
        mine = [r for r in rows if r["low"] and r["method"] == rule.method and rule.least <= r[rule.by] <= rule.most]
        assert mine, f"{rule} has no low row"
        assert rule.coverage == pytest.approx(min(r["held"] for r in mine), abs=0.006)


@pytest.mark.parametrize("setting", ["the same 15 persons", "share, 40 persons once, 30 %", "sizes, 15 persons a side", "12 months a side, alike by 0.4",
                                     "own answers pooled, effects differ, 6 departments"])
def test_a_small_run_holds_its_promise(coverage, setting):
    case = next(c for c in coverage.cases() if c.setting == setting)
    for row in coverage.run(case, 120):
        assert row["coverage"] > 0.87, row
        assert not row["false_alarms"] > 0.17, row
