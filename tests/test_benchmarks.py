"""The benchmarks keep working: each runs once, small. Times are no tests; that the answers are equal is one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

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


@pytest.mark.slow
@pytest.mark.parametrize("command", [("stays.py", "--rows", "4000", "--rounds", "1"), ("spc.py", "--departments", "20"), ("coverage.py", "--runs", "2"), ("scoring.py", "2000"), ("intake.py", "--rows", "20000", "--rounds", "1"),
                                     ("compare.py",), ("large_study.py", "grown", "--departments", "3", "--months", "50", "--measures", "14")])
def test_runs_small(command, tmp_path):
    done = subprocess.run([sys.executable, str(BENCHMARKS / command[0]), *command[1:]], cwd=tmp_path,
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) > 3 or command[0] == "large_study.py"


@pytest.mark.slow
def test_the_load_of_a_dashboard_runs_small(fjordvik, fjordvik_release, tmp_path):
    done = subprocess.run([sys.executable, str(BENCHMARKS / "dashboard_load.py"), str(fjordvik.folder), "--sessions", "2", "--steps", "2", "--pause", "0.1"],
                          cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "processor per page" in done.stdout


@pytest.mark.slow
def test_the_first_look_at_a_page_runs_small(fjordvik, fjordvik_release, tmp_path):
    done = subprocess.run([sys.executable, str(BENCHMARKS / "dashboard_pages.py"), str(fjordvik.folder), "--unprepared", "--only", "overview", "rollout"],
                          cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines() if "cpu" in line] == ["overview", "rollout"]


@pytest.mark.parametrize("setting", ["the same 15 persons", "share, 40 persons once, 30 %", "sizes, 15 persons a side", "12 months a side, alike by 0.4",
                                     "own answers pooled, effects differ, 6 departments"])
def test_a_small_run_holds_its_promise(coverage, setting):
    case = next(c for c in coverage.cases() if c.setting == setting)
    for row in coverage.run(case, 120):
        assert row["coverage"] > 0.87, row
        assert not row["false_alarms"] > 0.17, row
