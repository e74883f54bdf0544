"""What is computed ahead ends with the dashboard, also when the dashboard is killed."""

import shutil
import subprocess
import sys

from evaltool.ui.preparing import COMMAND

PROGRAM = """
import sys, time
from pathlib import Path
from evaltool.ui.preparing import start_preparing
start_preparing(folder=Path(sys.argv[1]))
print("started", flush=True)
time.sleep(300)
"""


def test_it_ends_with_a_dashboard_that_is_killed(fjordvik, tmp_path):
    folder = shutil.copytree(fjordvik.folder, tmp_path / "study")
    one = subprocess.Popen([sys.executable, "-c", PROGRAM, str(folder)], stdout=subprocess.PIPE, text=True)
    assert one.stdout.readline() == "started\n"
    one.kill()
    # Both hold the same output open: its end comes when the second has gone too.
    one.communicate(timeout=30)


def test_it_ends_without_a_word_when_its_work_is_done():
    # Standard input stays open, as it does while the dashboard runs.
    with subprocess.Popen([sys.executable, "-c", COMMAND, "--version"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True) as one:
        told, complaints = one.stdout.read(), one.stderr.read()
        assert (one.wait(timeout=30), complaints) == (0, "")
    assert told
