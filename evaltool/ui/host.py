"""What the command line hands the dashboard when it starts: the study folder, a clock and who sits at this machine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Host:
    """``clock``: the time now; only the command line reads it. ``who``: the user of this machine, where nobody logs in.
    ``prepares``: compute ahead what pages can ask for."""

    folder: Path
    clock: Callable[[], dt.datetime]
    who: str
    prepares: bool = False


_hosts: list[Host] = []


def start(host: Host) -> None:
    """Remember ``host`` for the pages of this process."""
    _hosts[:] = [host]


def host() -> Host:
    """The host of this process; an IndexError where no dashboard was started."""
    return _hosts[0]
