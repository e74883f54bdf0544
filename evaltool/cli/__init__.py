"""The command line. Each command is a few readable lines: the chain is open, import, compare, release, show.

The only part that reads the clock and the user's name; both are passed on. Heavy imports happen inside commands.
"""

from __future__ import annotations

import os

# In the order of --help: from the first look to the finished report.
from . import demo, new, check, import_file, status, prepare, compare, showable, stays, counts, registry, process, power, report, export, log, forget, purge, scales, instruments, dashboard
from .options import app

__all__ = ["app", "main"]


def main() -> None:
    """Entry point of the ``evaltool`` command.

    One thread for linear algebra unless somebody says otherwise: the matrices are small, and threads that wait for each
    other cost more than they give.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    app()
