"""Computing ahead while people look: a process of its own, so that no page shares its time with it."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
from pathlib import Path

COMMAND = """
import os, threading
def wait():
    while os.read(0, 4096):
        pass
    os._exit(0)
threading.Thread(target=wait, daemon=True).start()
from evaltool.cli import main
main()
"""
"""What it is fed with ends when the process that started it does, however that ends; answers are kept whole or not at all.
Read past ``sys.stdin``, whose lock the thread would still hold when the work is done and Python shuts down."""
GENTLY = 10
"""How far the process stands back for others."""

_running: list[subprocess.Popen] = []


def start_preparing(*, folder: Path) -> None:
    """Start ``evaltool prepare`` for ``folder``; it ends with this process at the latest. What is there is not computed
    again, and only one runs at a time: an earlier one for data that have changed is stopped."""
    stop_preparing()
    one = subprocess.Popen([sys.executable, "-c", COMMAND, "prepare", str(folder), "--quiet"], stdin=subprocess.PIPE)
    if hasattr(os, "setpriority"):
        os.setpriority(os.PRIO_PROCESS, one.pid, GENTLY)
    _running.append(one)


@atexit.register
def stop_preparing() -> None:
    """Stop it; what it has computed until now stays in the store."""
    while _running:
        one = _running.pop()
        one.terminate()
        one.wait()
        one.stdin.close()
