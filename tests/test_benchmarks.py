"""The benchmarks keep working: each runs once, small. Times are no tests; that the answers are equal is one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

pytestmark = [pytest.mark.slow, pytest.mark.checkout]


@pytest.mark.parametrize("command", [("stays.py", "--rows", "4000", "--rounds", "1"), ("spc.py", "--departments", "20"), ("coverage.py", "--runs", "2"), ("scoring.py", "2000"),
                                     ("compare.py",)])
def test_runs_small(command, tmp_path):
    done = subprocess.run([sys.executable, str(ROOT / "benchmarks" / command[0]), *command[1:]], cwd=tmp_path,
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) > 3


def test_the_load_on_the_dashboard_runs_small(fjordvik, fjordvik_release, tmp_path):
    """Two real sessions; every page they ask for is drawn to the end."""
    done = subprocess.run([sys.executable, str(ROOT / "benchmarks" / "dashboard_load.py"), str(fjordvik.folder), "--sessions", "2",
                           "--steps", "8", "--pause", "0.1"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 sessions, 16 steps" in done.stdout
